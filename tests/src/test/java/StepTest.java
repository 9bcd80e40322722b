import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the notebook's own training step asks of PyTorch, counted: none of it depends on how fast the machine is. */
class StepTest extends LiveNotebook {
    /** Trains for so many steps and reads once, at the end, as on a GPU. */
    static final String LEG = """
            Leg legOf(String feeding, int steps) throws Exception {
                return TrainingThread.run(() -> {
                    try (Model model = Model.newInstance("resnet18", Device.cpu()); NDManager owner = NDManager.newBaseManager(Device.cpu());
                         DecoderPool pool = new DecoderPool(decoders); Trainer trainer = newTrainer(model, Device.cpu(), true)) {
                        RandomAccessDataset dataset = feeding.equals("prepared") ? prepare(owner) : streamed;
                        Order order = new Order(100, steps);
                        Leg leg = newLeg("CPU", feeding, 0);
                        train(leg, trainer, order.labels(trainer.getManager()), dataset.getData(owner, order, pool).iterator(),
                            Stopwatch.ofWholes(), 1000, ProgressLine.silent());
                        return leg;
                    }
                });
            }""";

    @BeforeAll
    void defineTheLeg() throws IOException {
        haveRun();
        kernel.execute(LEG).orFail();
    }

    @BeforeEach
    void beAsAfterTheFirstRun() throws IOException {
        haveRun();
    }

    @Test
    void aStepComparesNoContentsAndTellsADeviceOfFewOperators() throws IOException {
        Path file = project.folder().resolve("step.json");
        kernel.execute("""
                TrainingThread.run(() -> {
                    try (Model model = Model.newInstance("resnet18", Device.cpu()); Trainer trainer = newTrainer(model, Device.cpu(), true)) {
                        NDManager manager = model.getNDManager();
                        NDArray input = new Normaliser(manager, true).of(noise(manager, 4)), labels = manager.zeros(new Shape(4), DataType.INT64);
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

    @Test
    void aLegThatIsReadInStretchesTellsNoPartsOfItsSteps() throws IOException {
        Kernel.Answer answer = kernel.execute("""
                Leg stretched = legOf("prepared", 3);
                System.out.println(stretched.images() + " " + stretched.inParts() + " " + stretched.waiting() + " " + stretched.medianStep() + " " + stretched.spread()
                    + " " + summary(stretched).columnNames().contains("waiting for data, %") + " " + (stretched.wallSeconds() >= stretched.seconds()));""").orFail();
        assertEquals("96 false NaN NaN NaN false true", answer.words().strip());
    }

    @Test
    void aRaceIsRunInTheLayoutThatWasFasterAndSaysSo() throws IOException {
        String cell = notebook.cell("train-layout").source();
        kernel.execute("Burst computeOnly(Device device, int images, int steps, boolean channelsLast) {\n"
                + "    return new Burst(images, channelsLast ? 2 : 1, 0);\n}").orFail();
        assertTrue(kernel.execute(cell).orFail().words().contains("CPU: races in NHWC"), "the setting's");
        Kernel.Answer chosen = kernel.execute("layout = \"faster\";\n" + cell).orFail();
        assertTrue(chosen.words().contains("CPU: races in NCHW"), chosen.words());
        assertEquals("32.0", kernel.execute("System.out.println(ceiling.get(\"CPU\").imagesPerSecond());").orFail().words().strip());
        List<Notebook.Cell> rest = notebook.codeCellsFrom("race-cpu").stream()
                .filter(one -> !one.id().matches("scale-.*|learn-(confusion|gallery|own|save|load)")).toList();
        kernel.runAgain(rest.subList(0, rest.indexOf(notebook.cell("results-save"))), "").orFail();
        Kernel.Answer layouts = kernel.execute("System.out.println(results.stringColumn(\"layout\").asList());");
        kernel.execute(notebook.cell("train-compute").source()).orFail();
        assertEquals("[NCHW, NCHW]", layouts.words().strip());
    }

    /** In six batches of the sample there would be work for six. */
    @Test
    void allDecodersAreBusyWhileTheirRateIsTaken() throws IOException {
        kernel.execute("""
                decoders = 8;
                Set<Thread> atWork = java.util.concurrent.ConcurrentHashMap.newKeySet();
                var all = new java.util.concurrent.CountDownLatch(decoders);
                NDArray pixels(NDManager manager, Path photo) throws IOException {
                    try {
                        if (atWork.add(Thread.currentThread())) {
                            all.countDown();
                            all.await(20, java.util.concurrent.TimeUnit.SECONDS);
                        }
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    return manager.zeros(new Shape(1));
                }""").orFail();
        with(QUICK + "decoders = 8;", "parameters", "feeding-place").orFail();
        assertEquals("0", kernel.execute("System.out.println(all.getCount());").orFail().words().strip(), "decoders without work");
        kernel.execute(notebook.cell("feeding-pixels").source()).orFail();
    }

    /** The whole notebook, with a step so long that the loss is no number after a few. */
    @Test
    void aTrainingThatDivergesRunsToItsEndAndSaysSo() throws IOException {
        Kernel.Answer run = with(QUICK + "learningRate = 100f; batchSize = 4;", "parameters", null).orFail();
        assertTrue(run.words().matches("(?s).*The training diverged: its loss went from [0-9.]+ to NaN\\. Set a lower learningRate in section 3\\..*"), run.words());
        assertEquals("", run.outputs().table("Outcome").get(0).get("loss"));
    }
}
