package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tutorial.machine.Machine;
import tutorial.testing.Kernel;

/**
 * What only a machine with an NVIDIA GPU can show; elsewhere it is skipped. The environment variable CHECK_DEVICE names
 * another device: {@code cpu} tries these tests themselves, with the CPU in the GPU's place.
 */
@Tag("gpu")
@EnabledIf(value = "thereIsADevice", disabledReason = "needs an NVIDIA GPU")
class GpuTest extends LiveNotebook {
    private static final String DEVICE = System.getenv().getOrDefault("CHECK_DEVICE", "gpu0");
    private static final boolean STAND_IN = DEVICE.equals("cpu");
    private static final String NAME = STAND_IN ? "CPU standing in for the GPU" : "GPU";
    /** All batches of as many epochs as the settings say now; the notebook's own order keeps to what they were. */
    private static final String ORDER = "new EpochSampler(split.training(), batchSize, seed, epochs)";
    /** How far used memory may go up and down between two looks at it. */
    private static final long SOME_MEMORY = 64L << 20;

    static boolean thereIsADevice() {
        return STAND_IN || Machine.hasNvidiaDriver();
    }

    @Override
    String settings() {
        return QUICK + "imageSize = 96; secondDevice = \"" + DEVICE + "\";";
    }

    @Test
    void bothWaysOfDataLoadingRaceOnTheGpu() {
        List<String> runs = firstRun.outputs().table("This run").stream().map(row -> row.get("device") + ", " + row.get("data loading")).toList();
        assertEquals(List.of("CPU, on the fly", "CPU, cached", NAME + ", on the fly", NAME + ", cached"), runs);
    }

    @Test
    void theGpuLearnsWhatTheCpuLearns() {
        for (Map<String, String> row : firstRun.outputs().table("Losses compared with CPU, on the fly")) {
            assertTrue(Double.parseDouble(row.get("first step, difference")) < 1e-3, row.toString());
            assertTrue(Double.parseDouble(row.get("largest difference")) < 1e-1, row.toString());
        }
        double cpu = accuracy("CPU, on the fly");
        for (String run : List.of(NAME + ", on the fly", NAME + ", cached")) {
            assertEquals(cpu, accuracy(run), 3, run);
        }
    }

    /** In per cent, of the last epoch. */
    private double accuracy(String run) {
        List<Map<String, String>> epochs = firstRun.outputs().table(run);
        return Double.parseDouble(epochs.get(epochs.size() - 1).get("accuracy, %"));
    }

    /** With TF32 in convolutions, as PyTorch has it by default from Ampere on, in full float32, and in mixed precision. */
    @ParameterizedTest
    @CsvSource({"true, float32, '1e-2, 1e-2, 5e-2'", "false, float32, '1e-3, 1e-3, 1e-2'", "true, mixed, '1e-2, 5e-2, 5e-1'"})
    void theGpuComputesWhatPyTorchComputes(boolean tf32, String precision, String tolerances) throws IOException {
        String onTheCpu = "Device.cpu(), 1e-4, 1e-3, 1e-2";
        String check = code("reference_check.java");
        assertTrue(check.contains(onTheCpu));
        Map<String, String> environment = tf32 ? Map.of() : Map.of("NVIDIA_TF32_OVERRIDE", "0");
        try (Kernel other = project.kernel(environment)) {
            other.runAll(notebook.codeCellsUntil("race-cpu"), settings() + "precision = \"" + precision + "\";").orFail();
            Kernel.Answer answer = other.execute(check.replace(onTheCpu, "Device.fromName(secondDevice), " + tolerances));
            String agreed = "102 tensors, the logits before, 6 losses and the logits after training agree with PyTorch\n";
            assertEquals(agreed.repeat(2).strip(), answer.words().strip(), answer.outputs().error());
        }
    }

    @Test
    void memoryIsFlatOverTwentyEpochsAndWhenTheCellIsRunAgain() throws IOException {
        assumeFalse(STAND_IN, "the CPU's memory is Java's as well");
        kernel.execute("epochs = 20;");
        long[] used = new long[3];
        for (int i = 0; i < used.length; i++) {
            Kernel.Answer answer = kernel.execute("measure(race.last(), DataLoading.ON_THE_FLY, " + ORDER + ", false);\n"
                    + "System.out.println(\"free: \" + Memory.free(race.last().device()));");
            answer.orFail();
            used[i] = -Long.parseLong(answer.words().replaceAll("(?s).*free: (\\d+).*", "$1"));
        }
        kernel.execute("epochs = 1;");
        assertTrue(used[1] - used[0] < SOME_MEMORY && used[2] - used[1] < SOME_MEMORY, java.util.Arrays.toString(used));
    }

    /**
     * Training takes some 29 MB for a picture of 224 pixels a side, so 70 GB for these. Not all GPUs are too small for that,
     * and no tensor may have more than 2³¹ numbers; so most of the memory is taken beforehand.
     */
    @Test
    void aBatchThatNoGpuHoldsIsAnsweredWithOneThatMayAndThenItTrainsAgain() throws IOException {
        assumeFalse(STAND_IN, "would take all of this machine's memory");
        Kernel.Answer taken = kernel.execute("""
                NDManager ballast = NDManager.newBaseManager(race.last().device());
                while (Memory.free(race.last().device()) > 3L << 30) {
                    ballast.create(new Shape(1 << 30), DataType.UINT8);
                }""");
        assertTrue(taken.ok(), taken.outputs().error());
        Kernel.Answer tooLarge = kernel.execute("batchSize = 120; imageSize = 1024;\nmeasure(race.last(), DataLoading.ON_THE_FLY, " + ORDER + ".first(1), false);");
        kernel.execute("ballast.close();");
        assertFalse(tooLarge.ok());
        assertTrue(tooLarge.outputs().error().contains("GPU: out of memory at batchSize = 120. Set batchSize = 60"), tooLarge.outputs().error());
        Kernel.Answer again = kernel.execute("batchSize = 32; imageSize = 96;\nshow(RunTables.summary(measure(race.last(), DataLoading.ON_THE_FLY, " + ORDER + ", false)));").orFail();
        assertEquals("192", again.outputs().table("GPU").get(0).get("images"));
    }

    /** Of what the batch that did not fit has left to PyTorch, nothing is in the way of one that does. */
    @Test
    void whatPyTorchKeepsForItselfIsGivenBack() throws IOException {
        assumeFalse(STAND_IN, "a CPU's memory is given back to the operating system");
        Kernel.Answer answer = kernel.execute("""
                Memory.freeUnused();
                long freeBefore = Memory.free(race.last().device());
                try (NDManager passing = NDManager.newBaseManager(race.last().device())) {
                    passing.create(new Shape(1 << 30), DataType.UINT8);
                }
                Memory.freeUnused();
                System.out.println(freeBefore - Memory.free(race.last().device()));""");
        assertTrue(Math.abs(Long.parseLong(answer.words().strip())) < SOME_MEMORY, answer.words() + answer.outputs().error());
    }

    @Test
    void cachedPhotosLieOnTheGpu() throws IOException {
        Kernel.Answer answer = kernel.execute("Device itself = race.last().device();\n"
                + "System.out.println(dataset.cacheDevice(imageSize, itself).equals(itself));");
        assertEquals("true", answer.words().strip(), answer.outputs().error());
    }

    /** As the page has it: the trained network predicts the same on both, and its model is loaded on the CPU. */
    @Test
    void theGpusNetworkPredictsTheSameOnTheCpu() {
        Map<String, String> said = Stream.of(firstRun.words().split("\n")).filter(line -> line.matches(".*, (before|saved and loaded): .*"))
                .collect(Collectors.toMap(line -> line.replaceFirst(".*, (before|saved and loaded): .*", "$1"), line -> line.replaceFirst(".*, (before|saved and loaded): ", "")));
        assertEquals(Set.of("before", "saved and loaded"), said.keySet());
        assertEquals(said.get("before"), said.get("saved and loaded"));
    }
}
