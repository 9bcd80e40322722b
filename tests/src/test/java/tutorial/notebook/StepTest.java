package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Method;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tutorial.testing.Kernel;
import tutorial.testing.Notebook;
import tutorial.testing.Profile;

/** What the notebook's own training step asks of PyTorch, counted: none of it depends on how fast the machine is. */
class StepTest extends LiveNotebook {
    /** Trains for so many steps and reads once, at the end, as on a GPU. */
    private static final String RUN = """
            Run runOf(DataLoading loading, int steps) throws Exception {
                EpochSampler order = new EpochSampler(split.training(), batchSize, seed, 100, steps);
                return TrainingThread.run(() -> {
                    try (var photos = new BatchSource(dataset, loading, imageSize, TrainingDevice.CPU);
                         var recorder = new Recorder(TrainingDevice.CPU, photos, order, Stopwatch.ofWholes(), 1000, done -> {})) {
                        return train(TrainingDevice.CPU, race.format(TrainingDevice.CPU), photos, recorder);
                    }
                });
            }""";

    /** On a GPU each of these brings numbers there or waits for numbers from there. */
    private static final List<String> JOURNEYS = List.of("createNdFromByteBuffer", "getByteBuffer", "contentEqual", "to");

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
                         Trainer trainer = newTrainer(model, Device.cpu(), FORMAT)) {
                        NDManager manager = model.getNDManager();
                        NDArray input = Throughput.noise(manager, 4, imageSize, seed, Layout.NHWC);
                        NDArray labels = manager.zeros(new Shape(4), DataType.INT64);
                        learn(trainer, FORMAT, input, labels, Stopwatch.ofWholes());
                        JniUtils.startProfile(false, false, false);
                        learn(trainer, FORMAT, input, labels, Stopwatch.ofWholes());
                        JniUtils.stopProfile("FILE");
                        return 0;
                    }
                });""".replace("FILE", file.toString()).replace("FORMAT", "new Format(Layout.NHWC, Precision.FLOAT32)")).orFail();
        Profile step = Profile.read(file);
        assertEquals(20, step.count("convolution_backward"), step.toString());
        assertEquals(0, step.count("equal"), step.toString());
        assertEquals(8 + 8, step.count("add_"), "8 forks, and where their gradients meet again: " + step);
        assertEquals(1, step.count("_fused_sgd_"), step.toString());
        assertEquals(2, step.count("cat"), "the gradient; loss and right answers: " + step);
        assertTrue(step.computing() <= 300, step.computing() + ": " + step);
    }

    /** Of the same weights and numbers; on a CPU in bfloat16, with three digits or so. */
    @Test
    void stepsInMixedPrecisionHaveAboutTheSameLossesAndAreNotInFloat32() throws IOException {
        List<String> losses = kernel.execute("""
                void printLosses(Precision precision) throws Exception {
                    TrainingThread.run(() -> {
                        try (Model model = Model.newInstance("resnet18", Device.cpu());
                             Trainer trainer = newTrainer(model, Device.cpu(), new Format(Layout.NHWC, precision))) {
                            NDManager manager = model.getNDManager();
                            NDArray labels = manager.zeros(new Shape(4), DataType.INT64);
                            NDArray noise = Throughput.noise(manager, 4, imageSize, seed, Layout.NHWC);
                            for (int step = 0; step < 3; step++) {
                                System.out.println(learn(trainer, new Format(Layout.NHWC, precision), noise, labels, Stopwatch.ofWholes()).getFloat(0));
                            }
                            return null;
                        }
                    });
                }
                for (Precision one : List.of(Precision.FLOAT32, Precision.MIXED, Precision.FLOAT32)) {
                    printLosses(one);
                }""").orFail().words().lines().toList();
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
        kernel.execute("""
                Throughput computeOnly(TrainingDevice on, int images, Format format, double seconds) {
                    return new Throughput(new Rate(format.layout() == Layout.NHWC ? 16 : 32, 1), 0, Double.NaN, Double.NaN, 0);
                }""").orFail();
        List<Notebook.Cell> taken = List.of(notebook.cell("clock-wait"), notebook.cell("clock-rate"), notebook.cell("loading-rate"));
        assertEquals("NHWC", layoutIn(kernel.runAgain(taken, "")), "the setting's");
        kernel.execute("layout = \"faster\"; measureSeconds = 1;").orFail();      // one repeat alone decides nothing
        assertEquals("NCHW", layoutIn(kernel.runAgain(taken, "")));
        assertEquals("32.0", kernel.value("race.computeOnly(TrainingDevice.CPU).imagesPerSecond()"));
        List<Notebook.Cell> rest = notebook.codeCellsFrom("race-cpu").stream()
                .filter(one -> !one.id().matches("sweep-.*|learned-(confusion|gallery|own)|take-model|others-.*")).toList();
        kernel.runAgain(rest, "").orFail();
        String layouts = kernel.value("results.stringColumn(\"layout\").asList()");
        kernel.execute("layout = \"NHWC\"; measureSeconds = 0;\n" + method("clock-rate")).orFail();
        kernel.runAgain(taken, "").orFail();
        assertEquals("[NCHW, NCHW]", layouts);
    }

    /** In which a table of the cell says that the CPU races. */
    private static String layoutIn(Kernel.Answer answer) {
        return answer.orFail().outputs().table("Training steps on synthetic data").stream()
                .filter(row -> row.get("used in the race").equals("yes")).map(row -> row.get("layout")).collect(Collectors.joining(" "));
    }

    /**
     * Bytes become floats, and the number of right answers too: two calls of {@code to}, neither to another device. All takes three
     * times as long in a kernel that a debugger may look into, so this one runs no more than a training needs.
     */
    @Test
    void tenStepsBringNothingToTheDeviceAndReadNothing() throws Exception {
        int port = freePort();
        String debugger = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:" + port;
        try (Kernel debugged = project.kernel(Map.of("JJAVA_JVM_OPTS", debugger))) {
            debugged.runAll(forATraining(notebook.codeCellsUntil("race-cpu")), QUICK).orFail();
            debugged.execute(RUN).orFail();
            VirtualMachine java = attached(port);
            Map<String, Integer> counts = new ConcurrentHashMap<>();
            Thread listener = new Thread(() -> count(java, counts), "journeys");
            listener.setDaemon(true);
            listener.start();
            for (String loading : List.of("ON_THE_FLY", "CACHED")) {
                Map<String, Integer> ofTwoSteps = journeys(debugged, loading, 2, counts);
                assertTrue(ofTwoSteps.get("createNdFromByteBuffer") > 0 && ofTwoSteps.get("getByteBuffer") > 0, ofTwoSteps.toString());
                Map<String, Integer> ofTenMore = journeys(debugged, loading, 12, counts);
                ofTenMore.replaceAll((method, count) -> count - ofTwoSteps.getOrDefault(method, 0));
                ofTenMore.values().removeIf(count -> count == 0);
                assertEquals(Map.of("to", 2 * 10), ofTenMore, loading);
            }
            java.dispose();
        }
    }

    private static Map<String, Integer> journeys(Kernel kernel, String loading, int steps, Map<String, Integer> counts) throws IOException {
        counts.clear();
        kernel.execute("runOf(DataLoading." + loading + ", " + steps + ");").orFail();
        return new HashMap<>(counts);
    }

    private static VirtualMachine attached(int port) throws Exception {
        AttachingConnector socket = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(connector -> connector.name().equals("com.sun.jdi.SocketAttach")).findFirst().orElseThrow();
        Map<String, Connector.Argument> arguments = socket.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(String.valueOf(port));
        VirtualMachine java = socket.attach(arguments);
        for (Method method : java.classesByName("ai.djl.pytorch.jni.JniUtils").get(0).methods()) {
            if (JOURNEYS.contains(method.name())) {
                BreakpointRequest request = java.eventRequestManager().createBreakpointRequest(method.location());
                request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
                request.enable();
            }
        }
        return java;
    }

    private static void count(VirtualMachine java, Map<String, Integer> counts) {
        try {
            while (true) {
                EventSet events = java.eventQueue().remove();
                for (Event event : events) {
                    if (event instanceof BreakpointEvent call && call.thread().name().equals("training")) {
                        counts.merge(call.location().method().name(), 1, Integer::sum);
                    }
                }
                events.resume();
            }
        } catch (InterruptedException | VMDisconnectedException counted) {
            return;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
