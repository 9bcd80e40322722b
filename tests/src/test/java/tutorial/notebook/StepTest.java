package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tutorial.testing.Kernel;
import tutorial.testing.Notebook;
import tutorial.testing.Profile;

/** What the notebook's own training step asks of PyTorch, counted: none of it depends on how fast the machine is. */
class StepTest extends LiveNotebook {
    /** Trains for so many steps and reads once, at the end, as on a GPU. */
    static final String RUN = """
            Run runOf(DataLoading loading, int steps) throws Exception {
                return TrainingThread.run(() -> {
                    var order = new EpochSampler(split.training(), batchSize, seed, 1).first(steps);
                    try (var photos = new BatchSource(dataset, loading, imageSize, TrainingDevice.CPU);
                         var recorder = new Recorder(TrainingDevice.CPU, photos, order, Stopwatch.ofWholes(), 1000, done -> {})) {
                        return train(TrainingDevice.CPU, photos, recorder);
                    }
                });
            }""";

    @BeforeAll
    void defineTheRun() throws IOException {
        prepareRace(QUICK);
        kernel.execute(RUN).orFail();
    }

    @Test
    void aStepComparesNoContentsAndTellsADeviceOfFewOperators() throws IOException {
        Path file = project.folder().resolve("step.json");
        kernel.execute("""
                TrainingThread.run(() -> {
                    try (Model model = Model.newInstance("resnet18", Device.cpu());
                         FlatTrainer trainer = newTrainer(model, Device.cpu(), new Format(Layout.NHWC, Precision.FLOAT32))) {
                        NDManager manager = model.getNDManager();
                        NDArray input = Throughput.noise(manager, 4, imageSize, seed, Layout.NHWC);
                        NDArray labels = manager.zeros(new Shape(4), DataType.INT64);
                        learn(trainer, input, labels, Stopwatch.ofWholes());
                        JniUtils.startProfile(false, false, false);
                        learn(trainer, input, labels, Stopwatch.ofWholes());
                        JniUtils.stopProfile("FILE");
                        return 0;
                    }
                });""".replace("FILE", file.toString())).orFail();
        Profile step = Profile.read(file);
        assertEquals(20, step.count("convolution_backward"), step.toString());
        assertEquals(0, step.count("equal"), step.toString());
        assertEquals(8 + 8 + 1, step.count("add_"), "8 forks, where gradients meet again, and the momentum: " + step);
        assertEquals(2, step.count("cat"), "the gradient; loss and right answers: " + step);
        assertTrue(step.computing() <= 300, step.computing() + ": " + step);
    }

    /** Of the same weights and numbers; on a CPU in bfloat16, with three digits or so. */
    @Test
    void stepsInMixedPrecisionHaveAboutTheSameLossesAndAreNotInFloat32() throws IOException {
        List<String> losses = kernel.execute("""
                void printLosses(Precision numbers) throws Exception {
                    TrainingThread.run(() -> {
                        try (Model model = Model.newInstance("resnet18", Device.cpu());
                             FlatTrainer trainer = newTrainer(model, Device.cpu(), new Format(Layout.NHWC, numbers))) {
                            NDManager manager = model.getNDManager();
                            NDArray labels = manager.zeros(new Shape(4), DataType.INT64);
                            NDArray noise = Throughput.noise(manager, 4, imageSize, seed, Layout.NHWC);
                            for (int step = 0; step < 3; step++) {
                                System.out.println(learn(trainer, noise, labels, Stopwatch.ofWholes()).getFloat(0));
                            }
                            return null;
                        }
                    });
                }
                printLosses(Precision.FLOAT32);
                printLosses(Precision.MIXED);
                printLosses(Precision.FLOAT32);""").orFail().words().lines().toList();
        for (int step = 0; step < 3; step++) {
            double float32 = Double.parseDouble(losses.get(step));
            double mixed = Double.parseDouble(losses.get(3 + step));
            assertEquals(float32, mixed, step == 0 ? 1e-2 * float32 : 5e-2);
            assertNotEquals(float32, mixed, 1e-6);
        }
        assertEquals(losses.subList(0, 3), losses.subList(6, 9), "bit for bit as before");
    }

    @Test
    void aRaceIsRunInTheLayoutThatWasFasterAndSaysSo() throws IOException {
        kernel.execute("Throughput computeOnly(TrainingDevice on, int images, Format format, int steps) {\n"
                + "    return new Throughput(images, format.layout() == Layout.NHWC ? 2 : 1, 0, Double.NaN, Double.NaN);\n}").orFail();
        List<Notebook.Cell> taken = List.of(notebook.cell("clock-wait"), notebook.cell("clock-rate"));
        assertEquals("NHWC", layoutIn(kernel.runAgain(taken, "")), "the setting's");
        kernel.execute("layout = \"faster\";").orFail();
        assertEquals("NCHW", layoutIn(kernel.runAgain(taken, "")));
        assertEquals("32.0", kernel.execute("System.out.println(race.computeOnly(TrainingDevice.CPU).imagesPerSecond());").orFail().words().strip());
        List<Notebook.Cell> rest = notebook.codeCellsFrom("race-cpu").stream()
                .filter(one -> !one.id().matches("sweep-.*|learned-(confusion|gallery|own)|take-model|others-.*")).toList();
        kernel.runAgain(rest, "").orFail();
        Kernel.Answer layouts = kernel.execute("System.out.println(results.stringColumn(\"layout\").asList());");
        kernel.execute("layout = \"NHWC\";\n" + method("clock-rate")).orFail();
        assertEquals("[NCHW, NCHW]", layouts.words().strip());
    }

    /** In which a table of the cell says that the CPU races. */
    private static String layoutIn(Kernel.Answer answer) {
        return answer.orFail().outputs().table("Training steps on synthetic data").stream()
                .filter(row -> row.get("races in it").equals("yes")).map(row -> row.get("layout")).collect(Collectors.joining(" "));
    }
}
