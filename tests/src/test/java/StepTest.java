import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the notebook's own training step asks of PyTorch, counted: none of it depends on how fast the machine is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StepTest {
    private static final String SETTINGS = LiveNotebook.QUICK;

    /** On a GPU each of these brings numbers there or waits for numbers from there. */
    private static final List<String> JOURNEYS = List.of("createNdFromByteBuffer", "getByteBuffer", "contentEqual", "to");

    /** Trains for so many steps and reads once, at the end, as on a GPU. */
    private static final String LEG = """
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

    private Project project;
    private Notebook notebook;
    private Kernel kernel;
    private int port;

    @BeforeAll
    void runUpToTheRace(@TempDir Path temp) throws IOException {
        project = Project.copyTo(temp.resolve("project"));
        notebook = project.notebook();
        port = CallCounter.freePort();
        String options = System.getenv().getOrDefault("JJAVA_JVM_OPTS", "") + " " + CallCounter.option(port);
        kernel = project.kernel(Map.of("JJAVA_JVM_OPTS", options.strip()));
        List<Notebook.Cell> cells = notebook.codeCells();
        ok(kernel.runAll(cells.subList(0, cells.indexOf(notebook.cell("race-cpu"))), SETTINGS));
        ok(kernel.execute(LEG));
    }

    @AfterAll
    void shutDown() throws IOException {
        if (kernel != null) {
            kernel.close();
        }
    }

    /** In float32 bytes become floats, and the number of right answers too: two calls of {@code to}, neither to another device. */
    @ParameterizedTest
    @ValueSource(strings = {"streamed", "prepared"})
    void tenStepsBringNothingToTheDeviceAndReadNothing(String feeding) throws Exception {
        Map<String, Integer> more = new HashMap<>();
        try (CallCounter calls = new CallCounter(port, "training", "ai.djl.pytorch.jni.JniUtils", JOURNEYS)) {
            ok(kernel.execute("legOf(\"" + feeding + "\", 2);"));
            Map<String, Integer> ofTwoSteps = calls.take();
            ok(kernel.execute("legOf(\"" + feeding + "\", 12);"));
            calls.take().forEach((method, count) -> more.put(method, count - ofTwoSteps.getOrDefault(method, 0)));
            assertTrue(ofTwoSteps.get("createNdFromByteBuffer") > 0 && ofTwoSteps.get("getByteBuffer") > 0, ofTwoSteps.toString());
        }
        more.values().removeIf(count -> count == 0);
        assertEquals(Map.of("to", 2 * 10), more);
    }

    @Test
    void aStepComparesNoContentsAndTellsADeviceOfFewOperators() throws IOException {
        Path file = project.folder().resolve("step.json");
        ok(kernel.execute("""
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
                });""".replace("FILE", file.toString())));
        Profile step = Profile.read(file);
        assertEquals(20, step.count("convolution_backward"), step.toString());
        assertEquals(0, step.count("equal"), step.toString());
        assertEquals(8 + 8 + 1, step.count("add_"), "8 forks, where gradients meet again, and the momentum: " + step);
        assertEquals(2, step.count("cat"), "the gradient; loss and right answers: " + step);
        assertTrue(step.computing() <= 300, step.computing() + ": " + step);
    }

    @Test
    void aLegThatIsReadInStretchesTellsNoPartsOfItsSteps() throws IOException {
        Kernel.Answer answer = ok(kernel.execute("""
                Leg whole = legOf("prepared", 3);
                System.out.println(whole.images() + " " + whole.inParts() + " " + whole.waiting() + " " + whole.medianStep() + " " + whole.spread()
                    + " " + summary(whole).columnNames().contains("waiting for data, %") + " " + (whole.wallSeconds() >= whole.seconds()));"""));
        assertEquals("96 false NaN NaN NaN false true", answer.words().strip());
    }

    @Test
    @Order(Integer.MAX_VALUE - 2)   // the last three leave the kernel changed
    void aRaceIsRunInTheLayoutThatWasFasterAndSaysSo() throws IOException {
        String cell = notebook.cell("train-layout").source();
        ok(kernel.execute("Burst computeOnly(Device device, int images, int steps, boolean channelsLast) {\n"
                + "    return new Burst(images, channelsLast ? 2 : 1, 0);\n}"));
        Kernel.Answer chosen = ok(kernel.execute(cell));
        assertTrue(chosen.words().contains("CPU: races in NCHW"), chosen.words());
        assertEquals("32.0", ok(kernel.execute("System.out.println(ceiling.get(\"CPU\").imagesPerSecond());")).words().strip());
        List<Notebook.Cell> rest = notebook.codeCellsFrom("race-cpu").stream()
                .filter(one -> !one.id().matches("scale-.*|learn-(confusion|gallery|own|save|load)")).toList();
        ok(kernel.runAll(rest.subList(0, rest.indexOf(notebook.cell("results-save"))), ""));
        Kernel.Answer layouts = kernel.execute("System.out.println(results.stringColumn(\"layout\").asList());");
        assertEquals("[NCHW, NCHW]", layouts.words().strip());
    }

    /** In six batches of the sample there would be work for six. */
    @Test
    @Order(Integer.MAX_VALUE)
    void allDecodersAreBusyWhileTheirRateIsTaken() throws IOException {
        ok(kernel.execute("""
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
                }"""));
        ok(cells("feeding-dataset", "feeding-place"));
        assertEquals("0", ok(kernel.execute("System.out.println(all.getCount());")).words().strip(), "decoders without work");
    }

    /** The whole notebook, with a step so long that the loss is no number after a few. */
    @Test
    @Order(Integer.MAX_VALUE - 1)
    void aTrainingThatDivergesRunsToItsEndAndSaysSo() throws IOException {
        Kernel.Answer run = kernel.runAll(notebook.codeCellsFrom("parameters"), SETTINGS + "learningRate = 100f; batchSize = 4;");
        ok(run);
        assertTrue(run.words().matches("(?s).*The training diverged: its loss went from [0-9.]+ to NaN\\. Set a lower learningRate in section 3\\..*"), run.words());
        assertEquals("", run.outputs().table("Outcome").get(0).get("loss"));
    }

    private Kernel.Answer cells(String from, String until) throws IOException {
        List<Notebook.Cell> cells = notebook.codeCellsFrom(from);
        return kernel.runAll(cells.subList(0, cells.indexOf(notebook.cell(until))), SETTINGS);
    }

    private static Kernel.Answer ok(Kernel.Answer answer) {
        assertTrue(answer.ok(), answer.words() + answer.outputs().error());
        return answer;
    }
}
