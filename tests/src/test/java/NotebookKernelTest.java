import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What a person does in JupyterLab, in one kernel: run all, run again, run too early, with figures that must agree. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NotebookKernelTest extends LiveNotebook {
    @Test
    void theNotebookRunsWithTheCpuAloneAndSaysWhyThereIsNoGpu() throws IOException {
        assumeTrue(kernel.execute("System.out.println(engine.getGpuCount());").words().strip().equals("0"), "needs a machine without a GPU");
        assertTrue(firstRun.words().contains("There is no second device."), firstRun.words());
        assertEquals(2, firstRun.outputs().table("This run").size());
    }

    @Test
    void withoutItsFolderTheFirstCellSaysHowToGetTheRest(@TempDir Path elsewhere) throws IOException {
        try (Kernel alone = new Project(elsewhere).kernel()) {
            Kernel.Answer answer = alone.execute(notebook.codeCells().get(0).source());
            assertFalse(answer.ok());
            assertTrue(answer.outputs().error().contains("Clone or download the whole project"), answer.outputs().error());
        }
    }

    /**
     * From the support files on all is defined anew, beside a second kernel in the same folder, both with nothing unzipped yet.
     * The second runs its imports and what fetches its libraries twice: there JShell has not yet much to compile anew.
     */
    @Test
    void theNotebookRunsAgainWithTheSameLossesBesideASecondKernelInTheSameFolder() throws IOException {
        deleteFolder(project.folder().resolve("data/sneakers"));
        int results = project.ownResults().size();
        try (Kernel second = project.kernel()) {
            second.runAll(notebook.codeCellsUntil("setup-support"), "").orFail();
            List<Kernel.Answer> answers = Stream.of(kernel, second).parallel().map(one -> {
                try {
                    return one.runAll(one == kernel ? notebook.codeCellsFrom("setup-support") : notebook.codeCells(), QUICK).orFail();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).toList();
            for (Kernel.Answer answer : answers) {
                assertTrue(answer.words().contains("240 photos in 4 classes, 0 files set aside"), answer.words());
                assertFalse(answer.words().contains("Hint: "), answer.words());
                assertEquals(losses(firstRun), losses(answer));
            }
        }
        assertEquals(results + 2, project.ownResults().size());
    }

    /** Every figure of a leg, once more from its steps. */
    @Test
    void theTableFollowsFromTheSteps() throws IOException {
        Kernel.Answer run = with(QUICK + "epochs = 2;", "parameters", null).orFail();
        Kernel.Answer raw = kernel.execute("""
                for (Step step : cpu.steps()) {
                    System.out.println("STEP " + step.epoch() + " " + step.images() + " " + step.seconds() + " "
                        + step.part("waiting for data") + " " + step.loss() + " " + step.correct());
                }""");
        List<double[]> steps = raw.words().lines().filter(line -> line.startsWith("STEP ")).map(line ->
                Stream.of(line.substring(5).split(" ")).mapToDouble(Double::parseDouble).toArray()).toList();
        assertEquals(12, steps.size());
        double images = steps.stream().mapToDouble(step -> step[1]).sum();
        double seconds = steps.stream().mapToDouble(step -> step[2]).sum();
        List<double[]> last = steps.stream().filter(step -> step[0] == 2).toList();
        double lastImages = last.stream().mapToDouble(step -> step[1]).sum();
        double[] sorted = steps.stream().mapToDouble(step -> 1000 * step[2]).sorted().toArray();
        Map<String, Double> expected = Map.of("images", images, "seconds", seconds, "images/s", images / seconds,
                "median step, ms", (sorted[5] + sorted[6]) / 2,
                "waiting for data, %", 100 * steps.stream().mapToDouble(step -> step[3]).sum() / seconds,
                "loss", last.stream().mapToDouble(step -> step[4] * step[1]).sum() / lastImages,
                "accuracy, %", 100 * last.stream().mapToDouble(step -> step[5]).sum() / lastImages);
        Map<String, String> shown = run.outputs().tables("This run", "Outcome").get(0);
        expected.forEach((figure, value) ->
                assertEquals(value, Double.parseDouble(shown.get(figure)), 1e-3 * value, figure));
    }

    @Test
    void theNumberOfStepsBetweenReadingsChangesNoLoss() throws IOException {
        prepareRace(QUICK);
        Kernel.Answer answer = kernel.execute("""
                List<List<Double>> losses = new ArrayList<>();
                for (int stretch : List.of(1, 3, 100)) {
                    losses.add(TrainingThread.run(() -> {
                        try (Model model = Model.newInstance("resnet18", Device.cpu()); Trainer trainer = newTrainer(model, Device.cpu(), true);
                             NDManager feed = NDManager.newBaseManager(Device.cpu()); DecoderPool pool = new DecoderPool(decoders)) {
                            Leg leg = newLeg("CPU", "streamed", 0);
                            Order order = new Order(1, 99);
                            train(leg, trainer, order.labels(feed), streamed.getData(feed, order, pool).iterator(),
                                new Stopwatch(() -> {}), stretch, ProgressLine.silent());
                            return leg.steps().stream().map(Step::loss).toList();
                        }
                    }));
                }
                System.out.println("losses of " + losses.get(0).size() + " steps, alike: " + (Set.copyOf(losses).size() == 1));""");
        assertEquals("losses of 6 steps, alike: true", answer.words().strip(), answer.outputs().error());
    }

    @Test
    void anOrderHasEveryPhotoOnceAnEpochAndIsTheSameForTheSameSeed() throws IOException {
        prepareRace(QUICK);
        Kernel.Answer answer = kernel.execute("""
                var batches = new Order(2, Integer.MAX_VALUE).batches();
                var firstEpoch = batches.subList(0, batches.size() / 2).stream().flatMap(List::stream).toList();
                var secondEpoch = batches.subList(batches.size() / 2, batches.size()).stream().flatMap(List::stream).toList();
                System.out.println(firstEpoch.size() + " " + Set.copyOf(firstEpoch).size() + " " + Set.copyOf(secondEpoch).size()
                    + " " + firstEpoch.equals(secondEpoch) + " " + batches.equals(new Order(2, Integer.MAX_VALUE).batches())
                    + " " + new Order(2, 3).batches().equals(batches.subList(0, 3)));""");
        assertEquals("192 192 192 false true true", answer.words().strip(), answer.outputs().error());
    }

    @Test
    void whatDoesNotFitIntoMemoryIsOnlyStreamed() throws IOException {
        String place = notebook.cell("feeding-place").source();
        Kernel.Answer answer = kernel.execute(place.replace("3L * imageSize", "1_000_000_000L * imageSize")
                + "\nSystem.out.println(feedings);");
        assertTrue(answer.words().contains("only streamed") && answer.words().strip().endsWith("[streamed]"), answer.words());
        assertTrue(kernel.execute(place + "\nSystem.out.println(feedings);").words().strip().endsWith("[streamed, prepared]"));
    }

    @Test
    void theSweepIsSkippedAndEndsKindlyWhenMemoryDoes() throws IOException {
        assertTrue(firstRun.outputs().messages().stream().noneMatch(message -> message.toString().contains("Batch sizes, compute only")));
        prepareRace(QUICK + "sweepSeconds = 600;");
        String measure = notebook.cell("train-compute").source();
        kernel.execute(measure.replace("    Stopwatch watch", """
                if (images > 4) {
                    throw new EngineException("CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 ...");
                }
                Stopwatch watch"""));
        kernel.execute(notebook.cell("scale-sweep").source());
        Kernel.Answer sweep = kernel.execute(notebook.cell("scale-run").source());
        kernel.execute(measure);
        sweep.orFail();
        assertTrue(sweep.words().contains("CPU: out of memory at a batch of 8; 4 fits."), sweep.words());
        assertEquals(3, sweep.outputs().table("Batch sizes").size());
    }

    /** The error of a GPU, thrown in the middle of the second step. */
    @Test
    void aBatchThatDoesNotFitIsAnsweredWithOneThatMayAndTheCellTrainsAgain() throws IOException {
        prepareRace(QUICK);
        String learn = notebook.cell("train-learn").source();
        kernel.execute("int learnt = 0;");
        kernel.execute(learn.replace("        gradients.backward(loss);", """
                    if (++learnt == 2) {
                        throw new EngineException("CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 ...");
                    }
                    gradients.backward(loss);"""));
        Kernel.Answer failed = kernel.execute(notebook.cell("race-cpu").source());
        kernel.execute(learn);
        assertFalse(failed.ok());
        assertTrue(failed.outputs().error().contains(
                "GPU: out of memory at batchSize = 32. Set batchSize = 16 in section 3, Settings"), failed.outputs().error());
        Kernel.Answer trained = kernel.execute("batchSize = 16;\n" + notebook.cell("race-cpu").source()).orFail();
        assertEquals("192", trained.outputs().table("CPU").get(0).get("images"));
    }

    /** Counts the arrays that DJL's managers own: after each step of 20 epochs, and before and after a whole leg. */
    @Test
    void noStepEpochOrLegLeavesAnArrayBehind() throws IOException {
        prepareRace(QUICK + "epochs = 20; heldOut = 0.8; batchSize = 12;");
        Kernel.Answer answer = kernel.execute(LIVE_ARRAYS).orFail();
        answer = kernel.execute("""
                Set<Integer> counts = new TreeSet<>();
                int before = liveNow();
                class CountingLeg extends AbstractList<Step> {
                    List<Step> steps = new ArrayList<>();
                    public Step get(int i) { return steps.get(i); }
                    public int size() { return steps.size(); }
                    public void add(int i, Step step) {
                        steps.add(i, step);
                        try { if (steps.size() > 5) counts.add(liveNow()); } catch (Exception e) { throw new IllegalStateException(e); }
                    }
                }
                int steps = TrainingThread.run(() -> {
                    try (NDManager owner = NDManager.newBaseManager(Device.cpu())) {
                        Leg leg = new Leg("CPU", "", "prepared", 0, new CountingLeg());
                        run(leg, prepare(owner), owner, new Order(20, Integer.MAX_VALUE), true, ProgressLine.silent());
                        return leg.steps().size();
                    }
                });
                measure("CPU", "streamed", 8, true);
                System.out.println(steps + " steps, different counts: " + counts.size() + ", left behind: " + (liveNow() - before));""");
        assertTrue(answer.words().strip().endsWith("80 steps, different counts: 1, left behind: 0"),
                answer.words() + answer.outputs().error());
    }

    @Test
    void theNetworkComputesWhatPyTorchComputes() throws IOException {
        String agreed = "102 tensors, the logits before, 6 losses and the logits after training agree with PyTorch\n";
        assertEquals(agreed.repeat(2).strip(), check("reference_check.java"));
        assertEquals("the logits of weights in float32 and float16 agree with PyTorch", check("imagenet_check.java"));
    }

    /** HintsTest tries every cell; here are some as a kernel takes them. */
    @Test
    void aCellThatIsRunTooEarlyIsAnsweredWithTheOneToRunFirst() throws IOException {
        try (Kernel fresh = project.kernel()) {
            for (String id : List.of("data-unzip", "results-all")) {
                Kernel.Answer early = fresh.execute(notebook.cell(id).source());
                assertFalse(early.ok());
                assertTrue(early.words().matches("(?s).*Hint: .* is not there yet.*([Rr]un first, in section|run the cells above first).*"), id + ": " + early.words());
            }
            Kernel.Answer race = fresh.execute(notebook.cell("race-cpu").source());
            assertTrue(race.words().contains("Leg is not there yet. Run first, in section 7") || race.words().contains("measure is not"), race.words());
        }
    }

    @Test
    @Order(1)   // while the first run still stands
    void aDamagedResultsFileIsNamedWithItsLineAndNothingIsLost() throws IOException {
        haveRun();
        Path damaged = project.folder().resolve("results/2025-damaged.csv");
        List<String> good = Files.readAllLines(Project.SOURCE.resolve("results/0000-original-tutorial.csv"));
        Files.write(damaged, List.of(good.get(0), good.get(1), good.get(2).replace("6621", "many")));
        String cell = notebook.cell("results-all").source();
        Kernel.Answer answer = kernel.execute(cell);
        Files.delete(damaged);
        assertTrue(answer.outputs().error().contains("results/2025-damaged.csv, line 3: not a results file"), answer.outputs().error());
        kernel.execute(cell).orFail();
    }

    private static void deleteFolder(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static List<String> losses(Kernel.Answer run) {
        return run.outputs().table("Outcome").stream().map(row -> row.get("loss")).toList();
    }
}
