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
            Run runOf(String loading, int steps) throws Exception {
                return TrainingThread.run(() -> {
                    try (Model model = Model.newInstance("resnet18", Device.cpu()); NDManager owner = NDManager.newBaseManager(Device.cpu());
                         DecoderPool pool = new DecoderPool(decoders); Trainer trainer = newTrainer(model, Device.cpu(), true)) {
                        RandomAccessDataset data = loading.equals("cached") ? dataset.cached(owner, imageSize) : dataset;
                        Order order = new Order(split.training(), batchSize, seed, 100, steps);
                        Run run = new Run("CPU", Machine.cpu(), loading, 0, new ArrayList<>());
                        train(trainer, order.labels(trainer.getManager()), data.getData(owner, order, pool).iterator(), true,
                            new Recorder(run, photoCount, 1000, Stopwatch.ofWholes(), trainer.getManager(), ProgressLine.silent()));
                        return run;
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
                    try (Model model = Model.newInstance("resnet18", Device.cpu()); Trainer trainer = newTrainer(model, Device.cpu(), true)) {
                        NDManager manager = model.getNDManager();
                        NDArray input = Burst.noise(manager, 4, imageSize, seed, true), labels = manager.zeros(new Shape(4), DataType.INT64);
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
    void aStepInMixedPrecisionHasAboutTheSameLossAndIsNotInFloat32() throws IOException {
        String[] losses = kernel.execute("""
                double lossOf(String numbers) throws Exception {
                    precision = numbers;
                    return TrainingThread.run(() -> {
                        try (Model model = Model.newInstance("resnet18", Device.cpu()); Trainer trainer = newTrainer(model, Device.cpu(), true)) {
                            NDManager manager = model.getNDManager();
                            NDArray labels = manager.zeros(new Shape(4), DataType.INT64);
                            return (double) learn(trainer, Burst.noise(manager, 4, imageSize, seed, true), labels, Stopwatch.ofWholes()).getFloat(0);
                        }
                    });
                }
                System.out.println(lossOf("float32") + " " + lossOf("mixed") + " " + lossOf("float32"));""").orFail().words().strip().split(" ");
        double float32 = Double.parseDouble(losses[0]);
        double mixed = Double.parseDouble(losses[1]);
        assertEquals(float32, mixed, 1e-2 * float32);
        assertNotEquals(float32, mixed, 1e-6);
        assertEquals(losses[0], losses[2], "bit for bit as before");
    }

    @Test
    void aRunThatIsReadInStretchesTellsNoPartsOfItsSteps() throws IOException {
        Kernel.Answer answer = kernel.execute("""
                Run stretched = runOf("cached", 3);
                System.out.println(stretched.images() + " " + stretched.inParts() + " " + stretched.waiting() + " " + stretched.medianStep() + " " + stretched.spread()
                    + " " + stretched.summary().columnNames().contains("waiting for data, %") + " " + (stretched.wallSeconds() >= stretched.seconds()));""").orFail();
        assertEquals("96 false NaN NaN NaN false true", answer.words().strip());
    }

    @Test
    void aRaceIsRunInTheLayoutThatWasFasterAndSaysSo() throws IOException {
        kernel.execute("Burst computeOnly(Device device, int images, boolean channelsLast, int steps) {\n"
                + "    return new Burst(images, channelsLast ? 2 : 1, 0, Double.NaN, Double.NaN);\n}").orFail();
        List<Notebook.Cell> taken = List.of(notebook.cell("clock-wait"), notebook.cell("clock-rate"));
        assertEquals("NHWC", layoutIn(kernel.runAgain(taken, "")), "the setting's");
        kernel.execute("layout = \"faster\";").orFail();
        assertEquals("NCHW", layoutIn(kernel.runAgain(taken, "")));
        assertEquals("32.0", kernel.execute("System.out.println(race.ceiling(\"CPU\").imagesPerSecond());").orFail().words().strip());
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

    /** In six batches of the sample there would be work for six. */
    @Test
    void allDecodersAreBusyWhileTheirRateIsTaken() throws IOException {
        kernel.execute("""
                decoders = 8;
                Set<Thread> atWork = java.util.concurrent.ConcurrentHashMap.newKeySet();
                var allAtWork = new java.util.concurrent.CountDownLatch(decoders);
                NDArray pixels(NDManager manager, Path photo) throws IOException {
                    try {
                        if (atWork.add(Thread.currentThread())) {
                            allAtWork.countDown();
                            allAtWork.await(20, java.util.concurrent.TimeUnit.SECONDS);
                        }
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    return manager.zeros(new Shape(1));
                }""").orFail();
        prepareRace(QUICK + "decoders = 8;");
        assertEquals("0", kernel.execute("System.out.println(allAtWork.getCount());").orFail().words().strip(), "decoders without work");
        kernel.execute(method("network-pixels")).orFail();
        prepareRace(QUICK);            // with a data set that has these pixels
    }
}
