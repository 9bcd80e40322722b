package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    static boolean thereIsADevice() throws InterruptedException {
        try {
            return STAND_IN || new ProcessBuilder("nvidia-smi").start().waitFor() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    @Override
    String settings() {
        return QUICK + "imageSize = 96; secondDevice = \"" + DEVICE + "\";";
    }

    @Test
    void bothWaysOfDataLoadingRaceOnTheGpu() {
        assertEquals(List.of("CPU", "CPU", NAME, NAME), firstRun.outputs().column("This run", "device"));
        assertEquals(List.of("on the fly", "cached", "on the fly", "cached"), firstRun.outputs().column("This run", "data loading"));
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
            Kernel.Answer answer = other.execute(check.replace(onTheCpu, "Device.fromName(secondDevice), " + tolerances)).orFail();
            assertEquals(AGREED, answer.words().strip());
        }
    }

    @Test
    void memoryIsFlatOverTwentyEpochsAndWhenTheCellIsRunAgain() throws IOException {
        assumeFalse(STAND_IN, "the CPU's memory is Java's as well");
        kernel.execute("epochs = 20;");
        long[] used = new long[3];
        for (int i = 0; i < used.length; i++) {
            kernel.execute("measure(race.last(), DataLoading.ON_THE_FLY, " + ORDER + ", false);").orFail();
            used[i] = -Long.parseLong(kernel.value("Memory.free(race.last().device())"));
        }
        kernel.execute("epochs = 1;");
        assertTrue(used[1] - used[0] < SOME_MEMORY && used[2] - used[1] < SOME_MEMORY, Arrays.toString(used));
    }

    /**
     * Training takes some 29 MB for a picture of 224 pixels a side, so 70 GB for these. Not all GPUs are too small for that,
     * and no tensor may have more than 2³¹ numbers; so most of the memory is taken beforehand.
     */
    @Test
    void aBatchThatNoGpuHoldsIsAnsweredWithOneThatMayAndThenItTrainsAgain() throws IOException {
        assumeFalse(STAND_IN, "would take all of this machine's memory");
        kernel.execute("""
                NDManager ballast = NDManager.newBaseManager(race.last().device());
                while (Memory.free(race.last().device()) > 3L << 30) {
                    ballast.create(new Shape(1 << 30), DataType.UINT8);
                }""").orFail();
        kernel.execute("batchSize = 120; imageSize = 1024;").orFail();
        Kernel.Answer tooLarge = kernel.execute("measure(race.last(), DataLoading.ON_THE_FLY, " + ORDER + ".first(1), false);");
        kernel.execute("ballast.close();\nbatchSize = 32; imageSize = 96;").orFail();
        tooLarge.fails("out of memory at batchSize = 120", "Set batchSize = 60");
        kernel.execute("Run again = measure(race.last(), DataLoading.ON_THE_FLY, " + ORDER + ", false);").orFail();
        assertEquals("192", kernel.value("again.images()"));
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
                System.out.println(freeBefore - Memory.free(race.last().device()));""").orFail();
        assertEquals(0, Long.parseLong(answer.words().strip()), SOME_MEMORY);
    }

    @Test
    void cachedPhotosLieOnTheGpu() throws IOException {
        assertEquals("true", kernel.value("dataset.cacheDevice(imageSize, race.last().device()).equals(race.last().device())"));
    }

    /** As the page has it: the trained network predicts the same on both, and its model is loaded on the CPU. */
    @Test
    void theGpusNetworkPredictsTheSameOnTheCpu() {
        Matcher said = Pattern.compile(", before: (.*)\n.*, saved and loaded: (.*)\n").matcher(firstRun.words());
        assertTrue(said.find(), firstRun.words());
        assertEquals(said.group(1), said.group(2));
    }
}
