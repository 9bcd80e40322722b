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
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.Kernel;
import tutorial.testing.Project;

/** What a person does in JupyterLab, in one kernel: run all, run again, run too early, predict. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NotebookKernelTest extends LiveNotebook {
    /** Nothing listens there. */
    private static final String WITHOUT_A_NETWORK = """
            System.setProperty("https.proxyHost", "127.0.0.1");
            System.setProperty("https.proxyPort", "1");""";
    private static final String WITH_A_NETWORK = """
            System.clearProperty("https.proxyHost");
            System.clearProperty("https.proxyPort");""";

    /** The file, and whether the weights are the random ones. */
    private static final String WEIGHTS =
            "imageNet + \" \" + Arrays.equals(weights, Weights.initial(resnet18(classCount), input, seed, null))";

    @Test
    void theNotebookRunsWithTheCpuAloneAndSaysWhyThereIsNoGpu() throws IOException {
        assumeTrue(kernel.value("engine.getGpuCount()").equals("0"), "needs a machine without a GPU");
        firstRun.says("There is no second device.");
        assertEquals(2, firstRun.outputs().table("This run").size());
    }

    @Test
    void withoutItsFolderTheFirstCellSaysHowToGetTheRest(@TempDir Path elsewhere) throws IOException {
        try (Kernel alone = new Project(elsewhere).kernel()) {
            alone.execute(notebook.codeCells().get(0).source()).fails("support/", "download the whole project");
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
            second.runAll(notebook.codeCellsUntil("settings-main"), "").orFail();
            List<Kernel.Answer> answers = Stream.of(kernel, second).parallel().map(one -> {
                try {
                    return one.runAll(one == kernel ? notebook.codeCellsFrom("setup-machine") : notebook.codeCells(), QUICK).orFail();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).toList();
            for (Kernel.Answer answer : answers) {
                answer.says("240 photos in 4 classes");
                assertFalse(answer.words().contains("Hint: "), answer.words());
                assertEquals(losses(firstRun), losses(answer));
            }
        }
        assertEquals(results + 2, project.ownResults().size());
    }

    @Test
    void whatDoesNotFitIntoMemoryIsOnlyDecodedOnTheFly() throws IOException {
        prepareRace(QUICK);
        String cell = notebook.cell("loading-rate").statements();
        kernel.execute(cell.replace("imageSize", "9_000_000")).says("only decoded on the fly");
        assertEquals("[on the fly]", kernel.value("loadings"));
        kernel.execute(cell).orFail();
        assertEquals("[on the fly, cached]", kernel.value("loadings"));
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
        sweep.says("CPU: no memory for a batch of 8; 4 fits.");
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
        failed.fails("out of memory at batchSize = 32", "Set batchSize = 16 in \"Settings\"");
        kernel.execute("batchSize = 16;").orFail();
        for (String cell : List.of("clock-rate", "loading-rate")) {
            kernel.execute(notebook.cell(cell).statements()).orFail();
        }
        Kernel.Answer trained = kernel.execute(notebook.cell("race-cpu").source()).orFail();
        assertEquals("192", trained.outputs().table("CPU").get(0).get("images"));
    }

    /** Counts the arrays that DJL's managers own: at each step of 20 epochs but the first ones, and before and after. */
    @Test
    void noStepEpochOrRunLeavesAnArrayBehind() throws IOException {
        prepareRace(QUICK + "epochs = 20; heldOut = 0.8; batchSize = 12;");
        String learn = notebook.cell("step-learn").source();
        kernel.execute(LIVE_ARRAYS + "\nSet<Integer> counts = new TreeSet<>();\nint steps = 0;").orFail();
        kernel.execute(learn.replace("    NDArray logits, loss;", """
                    if (++steps > 10) {
                        counts.add(liveNow());
                    }
                    NDArray logits, loss;""")).orFail();
        String before = kernel.value("liveNow()");
        kernel.execute("""
                EpochSampler twenty = new EpochSampler(split.training(), batchSize, seed, epochs);
                Run whole = measure(TrainingDevice.CPU, DataLoading.CACHED, twenty, true);""").orFail();
        assertEquals("80 1", kernel.value("whole.steps().size() + \" \" + counts.size()"), "steps, and different counts");
        kernel.execute(learn + "\nmeasure(TrainingDevice.CPU, DataLoading.ON_THE_FLY, twenty.first(8), true);").orFail();
        assertEquals(before, kernel.value("liveNow()"));
    }

    @Test
    void theNetworkComputesWhatPyTorchComputes() throws IOException {
        assertEquals(AGREED, check("reference_check.java"));
        assertEquals("the logits of weights in float32 and float16 agree with PyTorch", check("imagenet_check.java"));
    }

    /** HintsTest tries every cell; here are some as a kernel takes them. */
    @Test
    void aCellThatIsRunTooEarlyIsAnsweredWithTheOneToRunFirst() throws IOException {
        try (Kernel fresh = project.kernel()) {
            for (String id : List.of("photos-read", "others-rates", "race-cpu", "clock-surprise", "clock-wait")) {
                String words = fresh.execute(notebook.cell(id).source()).fails().words();
                assertTrue(words.matches("(?s).*Hint: .* is not there yet.*([Rr]un first, in \"|run the cells above first).*"), words);
            }
            assertEquals("3", fresh.value("1 + 2"), "still answers");
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
        String alt = answer.orFail().outputs().pictures().get(0).alt();
        assertTrue(alt.contains("2025-damaged.csv"), alt);
    }

    @Test
    void withoutANetworkTrainingBeginsWithRandomWeights() throws IOException {
        kernel.execute(WITHOUT_A_NETWORK);
        Kernel.Answer answer = withImageNet();
        kernel.execute(WITH_A_NETWORK);
        answer.says("Training begins with random weights", "https://huggingface.co/");
        assertEquals("null true", kernel.value(WEIGHTS));
    }

    /** The cells of the settings and of the weights, with a file in the place of ImageNet's; then with a page saved under its name. */
    @Test
    void aLocalFileIsTakenForImageNetsWeightsAndABadOneIsNamed() throws IOException {
        kernel.execute(definitions("reference_check.java")).orFail();
        kernel.execute(definitions("imagenet_check.java")).orFail();
        Path file = project.folder().resolve("data/resnet18.tv_in1k.safetensors");
        kernel.execute("""
                var reference = new com.google.gson.Gson().fromJson(Files.readString(Path.of("REFERENCE")), Map.class);
                ImageNetCheck.write(Path.of("FILE"), "F32", (List<Map<String, Object>>) reference.get("tensors_in_order"));"""
                .replace("REFERENCE", REFERENCE.toString()).replace("FILE", file.toString())).orFail();
        withImageNet().says("Training begins with ImageNet's weights.");
        assertEquals("data/resnet18.tv_in1k.safetensors false", kernel.value(WEIGHTS));
        Files.writeString(file, "<!DOCTYPE html><html><body>Not found</body></html>");
        Kernel.Answer page = withImageNet();
        Files.delete(file);
        page.fails("data/resnet18.tv_in1k.safetensors: ", "HTML", "Delete it");
        kernel.runAgain(List.of(notebook.cell("settings-main"), notebook.cell("parameters"), notebook.cell("step-trainer")), QUICK).orFail();
    }

    private Kernel.Answer withImageNet() throws IOException {
        return kernel.runAgain(Stream.of("settings-main", "parameters", "photos-read", "loading-rate", "step-trainer").map(notebook::cell).toList(),
                QUICK + "pretrained = true;");
    }

    /** No gradient is recorded, and what is predicted for a photo does not depend on the others of its batch. */
    @Test
    @Order(1)   // while the first run still stands
    void predictingIsNotTraining() throws IOException {
        haveRun();
        Kernel.Answer answer = kernel.execute("""
                boolean recorded = TrainingThread.run(() -> {
                    try (Model model = Model.newInstance("resnet18", Device.cpu())) {
                        var parameters = Weights.into(resnet18(classCount), model.getNDManager(), best.weights()).getParameters().values();
                        return parameters.stream().anyMatch(parameter -> parameter.getArray().hasGradient());
                    }
                });
                byte[] before = best.weights().clone();
                var one = predict(Device.cpu(), best.weights(), List.of(myPhoto)).get(0).getProbabilities();
                var amongOthers = predict(Device.cpu(), best.weights(), paths.subList(0, 7)).get(0).getProbabilities();
                double difference = 0;
                for (int i = 0; i < classCount; i++) {
                    difference = Math.max(difference, Math.abs(one.get(i) - amongOthers.get(i)));
                }
                System.out.println(recorded + " " + (difference < 1e-5) + " " + Arrays.equals(before, best.weights()));""").orFail();
        assertEquals("false true true", answer.words().strip());
    }

    @Test
    void withoutATestSetTheNetworkIsJudgedOnWhatItWasTrainedOnAndThePageSaysSo() throws IOException {
        Kernel.Answer answer = kernel.runAgain(upToTheResults(), QUICK + "heldOut = 0;").orFail();
        assertEquals(4, answer.outputs().table("Accuracy on photos trained on, %").size());
        assertEquals("240", kernel.value("predictions.values().iterator().next().photos().size()"));
        assertEquals("", answer.outputs().table("This run").get(0).get("test accuracy, %"));
    }

    /** Whoever changes a setting and runs only the cell whose figure is of interest. */
    @Test
    @Order(1)   // while the first run still stands
    void aCellRefusesToBuildOnWhatWasMadeWithOtherSettings() throws IOException {
        haveRun();
        Map<String, String> sections = Map.of("imageSize = 96", "Getting photos to the device", "batchSize = 16", "One training step, and how to time it",
                "heldOut = 0.5", "The photos", "decoders = 1 + decoders", "Getting photos to the device", "pretrained = true",
                "One training step, and how to time it", "precision = \"mixed\"", "One training step, and how to time it");
        int files = project.ownResults().size();
        for (Map.Entry<String, String> one : sections.entrySet()) {
            kernel.execute(one.getKey() + ";").orFail();
            for (String cell : List.of("race-cpu", "race-answer", "time-cached", "sweep-run", "layout-ladder",
                    "learned-predict", "take-model", "take-results")) {
                String error = kernel.execute(notebook.cell(cell).statements())
                        .fails(one.getKey().split(" ")[0], "\"" + one.getValue() + "\"").outputs().error();
                assertEquals(1, error.lines().count(), error);
            }
            kernel.runAgain(List.of(notebook.cell("settings-main"), notebook.cell("parameters")), QUICK).orFail();
        }
        kernel.execute("epochs = 2;").orFail();
        kernel.execute(notebook.cell("take-results").source()).fails("epochs = 2", "\"The race\" was run with epochs = 1");
        kernel.execute("epochs = 1;").orFail();
        assertEquals(files, project.ownResults().size());
    }

    /** The rate of the answer is of the run just made, however many were made before it; what was made of the older one is refused. */
    @Test
    @Order(2)
    void aRaceThatIsRunAgainReplacesTheOneBeforeIt() throws IOException {
        haveRun();
        kernel.execute("Run older = cpu;").orFail();
        kernel.execute(notebook.cell("race-cpu").statements()).orFail();
        assertEquals("false true", kernel.value("(older == race.cpu()) + \" \" + (cpu == race.cpu())"));
        kernel.execute(notebook.cell("race-answer").source()).orFail();
        kernel.execute(notebook.cell("take-results").source()).fails("CPU, on the fly", "\"Did it learn?\"");
        kernel.execute(notebook.cell("learned-predict").statements()).orFail();
        kernel.execute(notebook.cell("take-results").source()).orFail();
    }

    @Test
    @Order(1)   // while the first run still stands
    void aPhotoOfOnesOwnThatIsNotThereIsNamed() throws IOException {
        haveRun();
        String own = notebook.cell("learned-own").source();
        for (String missing : List.of("none.jpg", "none.jpg", "nothing.jpg")) {     // JDK 21 took a second try otherwise than the first
            kernel.execute(own.replace("paths.get(0)", "Path.of(\"" + missing + "\")")).fails(missing + ": no such file");
            kernel.execute(own).orFail();
        }
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
