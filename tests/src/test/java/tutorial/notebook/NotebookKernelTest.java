package tutorial.notebook;

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
import tutorial.testing.Kernel;
import tutorial.testing.Project;

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
     * Run All once more, beside a second kernel in the same folder, both with nothing unzipped yet. The second runs what fetches
     * its libraries twice: there JShell has not yet much to compile anew.
     */
    @Test
    void theNotebookRunsAgainWithTheSameLossesBesideASecondKernelInTheSameFolder() throws IOException {
        deleteFolder(project.folder().resolve("data/sneakers"));
        int results = project.ownResults().size();
        try (Kernel second = project.kernel()) {
            second.runAll(notebook.codeCellsUntil("setup-machine"), "").orFail();
            List<Kernel.Answer> answers = Stream.of(kernel, second).parallel().map(one -> {
                try {
                    return one.runAll(one == kernel ? notebook.codeCellsFrom("setup-machine") : notebook.codeCells(), QUICK).orFail();
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

    /** Every figure of a run, once more from its steps: in the table of the results, and where the page shows it. */
    @Test
    void theTableFollowsFromTheSteps() throws IOException {
        Kernel.Answer run = kernel.runAgain(upToTheResults(), QUICK + "epochs = 2;").orFail();
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
        Map<String, String> shown = run.outputs().table("This run").get(0);
        assertTrue(shown.keySet().containsAll(Set.of("images", "seconds", "images/s", "waiting for data, %", "loss")), shown.toString());
        for (var figure : expected.entrySet()) {
            Kernel.Answer kept = kernel.execute("System.out.println(results.numberColumn(\"" + figure.getKey() + "\").getDouble(0));").orFail();
            assertEquals(figure.getValue(), Double.parseDouble(kept.words().strip()), 1e-6 * figure.getValue(), figure.getKey());
            if (shown.containsKey(figure.getKey())) {
                assertEquals(figure.getValue(), Double.parseDouble(shown.get(figure.getKey())), 1e-3 * figure.getValue(), figure.getKey());
            }
        }
    }

    @Test
    void theNumberOfStepsBetweenReadingsChangesNoLoss() throws IOException {
        prepareRace(QUICK);
        Kernel.Answer answer = kernel.execute("""
                List<List<Double>> ofStretches = new ArrayList<>();
                for (int stretch : List.of(1, 3, 100)) {
                    ofStretches.add(TrainingThread.run(() -> {
                        try (var photos = new BatchSource(dataset, DataLoading.ON_THE_FLY, imageSize, TrainingDevice.CPU);
                             var recorder = new Recorder(TrainingDevice.CPU, photos, new EpochSampler(split.training(), batchSize, seed, 1),
                                 Stopwatch.ofWholes(), stretch, done -> {})) {
                            return train(TrainingDevice.CPU, photos, recorder).steps().stream().map(Step::loss).toList();
                        }
                    }));
                }
                System.out.println("losses of " + ofStretches.get(0).size() + " steps, alike: " + (Set.copyOf(ofStretches).size() == 1));""");
        assertEquals("losses of 6 steps, alike: true", answer.words().strip(), answer.outputs().error());
    }

    @Test
    void whatDoesNotFitIntoMemoryIsOnlyDecodedOnTheFly() throws IOException {
        prepareRace(QUICK);
        String cell = notebook.cell("loading-rate").statements();
        Kernel.Answer answer = kernel.execute(cell.replace("imageSize", "9_000_000") + "\nSystem.out.println(loadings);");
        assertTrue(answer.words().contains("only decoded on the fly") && answer.words().strip().endsWith("[on the fly]"), answer.words());
        assertTrue(kernel.execute(notebook.cell("settings-check").statements() + "\n" + cell + "\nSystem.out.println(loadings);").words().strip()
                .endsWith("[on the fly, cached]"));
    }

    @Test
    void theSweepIsSkippedAndEndsKindlyWhenMemoryDoes() throws IOException {
        assertTrue(firstRun.outputs().messages().stream().noneMatch(message -> message.toString().contains("Batch sizes, compute only")));
        prepareRace(QUICK + "sweepSeconds = 600;");
        String measure = method("clock-rate");
        kernel.execute(measure.replace("    Memory.freeUnused();", """
                if (images > 4) {
                    throw new EngineException("CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 ...");
                }""")).orFail();
        Kernel.Answer sweep = kernel.execute(notebook.cell("sweep-run").source());
        kernel.execute(measure).orFail();
        sweep.orFail();
        assertTrue(sweep.words().contains("CPU: no memory for a batch of 8; 4 fits."), sweep.words());
        assertEquals(3, sweep.outputs().table("Batch sizes").size());
    }

    /** The error of a GPU, thrown in the middle of the second step. */
    @Test
    void aBatchThatDoesNotFitIsAnsweredWithOneThatMayAndTheCellTrainsAgain() throws IOException {
        prepareRace(QUICK);
        String learn = notebook.cell("step-learn").source();
        kernel.execute("int attempts = 0;");
        kernel.execute(learn.replace("        gradients.backward(", """
                    if (++attempts == 2) {
                        throw new EngineException("CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 ...");
                    }
                    gradients.backward("""));
        Kernel.Answer failed = kernel.execute(notebook.cell("race-cpu").source());
        kernel.execute(learn);
        assertFalse(failed.ok());
        assertTrue(failed.outputs().error().contains(
                "GPU: out of memory at batchSize = 32. Set batchSize = 16 in \"Settings\""), failed.outputs().error());
        Kernel.Answer trained = kernel.execute("batchSize = 16;\n" + notebook.cell("race-cpu").source()).orFail();
        assertEquals("192", trained.outputs().table("CPU").get(0).get("images"));
    }

    /** Counts the arrays that DJL's managers own: after each step of 20 epochs, and before and after a whole run. */
    @Test
    void noStepEpochOrRunLeavesAnArrayBehind() throws IOException {
        prepareRace(QUICK + "epochs = 20; heldOut = 0.8; batchSize = 12;");
        Kernel.Answer answer = kernel.execute(LIVE_ARRAYS).orFail();
        answer = kernel.execute("""
                Set<Integer> counts = new TreeSet<>();
                int before = liveNow();
                Run whole = TrainingThread.run(() -> {
                    try (var photos = new BatchSource(dataset, DataLoading.CACHED, imageSize, TrainingDevice.CPU);
                         var recorder = new Recorder(TrainingDevice.CPU, photos, new EpochSampler(split.training(), batchSize, seed, epochs),
                             Stopwatch.ofWholes(), 1, done -> {
                                 try {
                                     if (done.images() > 5 * batchSize) counts.add(liveNow());
                                 } catch (Exception e) {
                                     throw new IllegalStateException(e);
                                 }
                             })) {
                        return train(TrainingDevice.CPU, photos, recorder);
                    }
                });
                measure(TrainingDevice.CPU, DataLoading.ON_THE_FLY, new EpochSampler(split.training(), batchSize, seed, 1).first(8), true);
                System.out.println(whole.steps().size() + " steps, different counts: " + counts.size() + ", left behind: " + (liveNow() - before));""");
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
            for (String id : List.of("photos-read", "others-rates")) {
                Kernel.Answer early = fresh.execute(notebook.cell(id).source());
                assertFalse(early.ok());
                assertTrue(early.words().matches("(?s).*Hint: .* is not there yet.*([Rr]un first, in \"|run the cells above first).*"), id + ": " + early.words());
            }
            Kernel.Answer race = fresh.execute(notebook.cell("race-cpu").source());
            assertTrue(race.words().matches("(?s).*Hint: \\w+ is not there yet\\. Run first, in \".*"), race.words());
        }
    }

    @Test
    @Order(1)   // while the first run still stands
    void aDamagedResultsFileIsNamedWithItsLineAndNothingIsLost() throws IOException {
        haveRun();
        Path damaged = project.folder().resolve("results/2025-damaged.csv");
        List<String> good = Files.readAllLines(Project.SOURCE.resolve("results/0000-original-tutorial.csv"));
        Files.write(damaged, List.of(good.get(0), good.get(1), good.get(2).replace("6621", "many")));
        String cell = notebook.cell("others-rates").source();
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
        return run.outputs().table("This run").stream().map(row -> row.get("loss")).toList();
    }
}
