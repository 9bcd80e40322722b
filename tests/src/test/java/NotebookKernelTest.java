import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a person does in JupyterLab, in one kernel: run all, change settings, run again, press stop, bring bad input. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NotebookKernelTest {
    private static final String QUICK = "epochs = 1; imageSize = 64; partSteps = 2; sweepSeconds = 0; pretrained = false;";

    private static final String LIVE_ARRAYS = """
            int liveArrays(ai.djl.ndarray.BaseNDManager manager) throws Exception {
                var field = ai.djl.ndarray.BaseNDManager.class.getDeclaredField("resources");
                field.setAccessible(true);
                int arrays = 0;
                for (Object owned : ((Map<?, ?>) field.get(manager)).values()) {
                    arrays += owned instanceof NDArray ? 1
                        : owned instanceof ai.djl.ndarray.BaseNDManager child ? liveArrays(child) : 0;
                }
                return arrays;
            }
            int liveNow() throws Exception {
                try (NDManager child = NDManager.newBaseManager(Device.cpu())) {
                    return liveArrays((ai.djl.ndarray.BaseNDManager) child.getParentManager());
                }
            }""";

    private Project project;
    private Notebook notebook;
    private Kernel kernel;
    private Kernel.Answer firstRun;

    @BeforeAll
    void runAllOnce(@TempDir Path temp) throws IOException {
        project = Project.copyTo(temp.resolve("project"));
        notebook = project.notebook();
        kernel = project.kernel();
        firstRun = kernel.runAll(notebook.codeCells(), QUICK);
    }

    @AfterAll
    void shutDown() throws IOException {
        if (kernel != null) {
            kernel.close();
        }
    }

    @Test
    void theNotebookRunsWithTheCpuAloneAndSaysWhyThereIsNoGpu() throws IOException {
        assertTrue(firstRun.ok(), firstRun.outputs().error());
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

    @Test
    void theWholeNotebookRunsAgainInTheSameKernelWithTheSameLosses() throws IOException {
        Kernel.Answer again = kernel.runAll(notebook.codeCells(), QUICK);
        assertTrue(again.ok(), again.outputs().error());
        assertEquals(losses(firstRun), losses(again));
    }

    /** Every figure of a leg, once more from its steps. */
    @Test
    void theTableFollowsFromTheSteps() throws IOException {
        Kernel.Answer run = with(QUICK + "epochs = 2;", "parameters", null);
        assertTrue(run.ok(), run.outputs().error());
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
        expected.forEach((figure, value) ->
                assertEquals(value, Double.parseDouble(shown.get(figure)), 1e-3 * value, figure));
    }

    @Test
    void theNumberOfStepsBetweenReadingsChangesNoLoss() throws IOException {
        Kernel.Answer answer = with(QUICK, "parameters", "race-cpu");
        assertTrue(answer.ok(), answer.outputs().error());
        answer = kernel.execute("""
                List<List<Double>> losses = new ArrayList<>();
                for (int stretch : List.of(1, 3, 100)) {
                    losses.add(TrainingThread.run(() -> {
                        try (Model model = Model.newInstance("resnet18", Device.cpu()); Trainer trainer = newTrainer(model, Device.cpu());
                             NDManager feed = NDManager.newBaseManager(Device.cpu()); DecoderPool pool = new DecoderPool(decoders)) {
                            Leg leg = newLeg("CPU", "streamed", 0);
                            train(leg, trainer, Device.cpu(), streamed.getData(feed, new Order(1, 99), pool).iterator(),
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
        Kernel.Answer settings = with(QUICK + "sweepSeconds = 600;", "parameters", "race-cpu");
        assertTrue(settings.ok(), settings.outputs().error());
        String measure = notebook.cell("train-compute").source();
        kernel.execute(measure.replace("    Stopwatch watch", """
                if (images > 4) {
                    throw new EngineException("CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 ...");
                }
                Stopwatch watch"""));
        kernel.execute(notebook.cell("scale-sweep").source());
        Kernel.Answer sweep = kernel.execute(notebook.cell("scale-run").source());
        kernel.execute(measure);
        assertTrue(sweep.ok(), sweep.outputs().error());
        assertTrue(sweep.words().contains("CPU: out of memory at a batch of 8; 4 fits."), sweep.words());
        assertEquals(3, sweep.outputs().table("Batch sizes").size());
    }

    /** The error of a GPU, thrown in the middle of the second step. */
    @Test
    void aBatchThatDoesNotFitIsAnsweredWithOneThatMayAndTheCellTrainsAgain() throws IOException {
        Kernel.Answer settings = with(QUICK, "parameters", "race-cpu");
        assertTrue(settings.ok(), settings.outputs().error());
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
                "CPU: out of memory at batchSize = 32. Set batchSize = 16 in section 3, Settings"), failed.outputs().error());
        Kernel.Answer trained = kernel.execute("batchSize = 16;\n" + notebook.cell("race-cpu").source());
        assertTrue(trained.ok(), trained.outputs().error());
        assertEquals("192", trained.outputs().table("CPU").get(0).get("images"));
    }

    /** Counts the arrays that DJL's managers own: after each step of 20 epochs, and before and after a whole leg. */
    @Test
    void noStepEpochOrLegLeavesAnArrayBehind() throws IOException {
        Kernel.Answer settings = with(QUICK + "epochs = 20; batchSize = 48;", "parameters", "race-cpu");
        assertTrue(settings.ok(), settings.outputs().error());
        Kernel.Answer answer = kernel.execute(LIVE_ARRAYS);
        assertTrue(answer.ok(), answer.outputs().error());
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
        assertEquals("102 tensors, the logits before, 6 losses and the logits after training agree with PyTorch", check("reference_check.java"));
        assertEquals("the logits of weights in float32 and float16 agree with PyTorch", check("imagenet_check.java"));
    }

    @Test
    void withoutANetworkTrainingBeginsWithRandomWeights() throws IOException {
        assertTrue(with(QUICK + "pretrained = true;", "parameters", "model-imagenet-fetch").ok());
        String nowhere = notebook.cell("model-imagenet-fetch").source().replace("https://huggingface.co", "http://127.0.0.1:1");
        Kernel.Answer answer = kernel.execute(nowhere);
        assertTrue(answer.ok(), answer.outputs().error());
        assertTrue(answer.words().contains("Training begins with random weights, since ImageNet's could not be fetched. http://127.0.0.1:1/"), answer.words());
        assertTrue(answer.words().contains("Timings stay the same without it, accuracy does not."), answer.words());
        assertEquals("Training begins with random weights.", kernel.execute(notebook.cell("model-weights").source()).words().strip());
    }

    /** The cells from the settings to the weights, with a file in the place of ImageNet's; then the same with a page saved under its name. */
    @Test
    void aLocalFileIsTakenForImageNetsWeightsAndABadOneIsNamed() throws IOException {
        check("reference_check.java");
        check("imagenet_check.java");
        Path file = project.folder().resolve("data/resnet18.tv_in1k.safetensors");
        assertTrue(with(QUICK, "parameters", "model-imagenet-fetch").ok());
        kernel.execute("ImageNetCheck.write(Path.of(\"" + file + "\"), \"F32\", (List<Map<String, Object>>) new com.google.gson.Gson().fromJson("
                + "Files.readString(Path.of(\"" + Project.SOURCE.resolve("tests/src/test/resources/resnet18_reference.json") + "\")), Map.class).get(\"tensors_in_order\"));");
        Kernel.Answer answer = with(QUICK + "pretrained = true;", "parameters", "race-cpu");
        assertTrue(answer.ok(), answer.outputs().error());
        assertTrue(answer.words().contains("Training begins with ImageNet's weights."), answer.words());
        Files.writeString(file, "<!DOCTYPE html><html><body>Not found</body></html>");
        Kernel.Answer page = with(QUICK + "pretrained = true;", "parameters", "race-cpu");
        assertTrue(page.outputs().error().contains("data/resnet18.tv_in1k.safetensors: is a web page (HTML), not a safetensors file. Delete it"), page.outputs().error());
        Files.delete(file);
    }

    /** In a new kernel, which has only run the cells that a network needs; the model is the one that the first run saved. */
    @Test
    void aSavedModelAnswersAlikeInAnotherKernel() throws IOException {
        assertTrue(with(QUICK, "parameters", "results-rows").ok());
        String ask = notebook.cell("learn-load").source().replaceAll("(?m)^.*before: .*$", "").replace("myPhoto", "photos.photos().get(0).file()");
        String here = kernel.execute(ask).words();
        try (Kernel fresh = project.kernel()) {
            List<Notebook.Cell> cells = notebook.codeCells();
            Kernel.Answer ready = fresh.runAll(cells.subList(0, cells.indexOf(notebook.cell("model-initialise"))), QUICK);
            assertTrue(ready.ok(), ready.outputs().error());
            fresh.execute(notebook.cell("learn-translator").source());
            fresh.execute(notebook.cell("learn-answer").source());
            Kernel.Answer there = fresh.execute(ask);
            assertTrue(here.contains(", saved and loaded: ") && here.equals(there.words()), here + there.words() + there.outputs().error());
        }
    }

    /** No gradient is recorded, and a photo's answer does not depend on the others that are asked about. */
    @Test
    void askingIsNotTraining() throws IOException {
        assertTrue(with(QUICK, "parameters", "results-rows").ok());
        Kernel.Answer answer = kernel.execute("""
                byte[] before = learned.get(lastLeg).clone();
                var one = classify(Device.cpu(), learned.get(lastLeg), List.of(myPhoto)).get(0).getProbabilities();
                var amongOthers = classify(Device.cpu(), learned.get(lastLeg), paths.subList(0, 7)).get(0).getProbabilities();
                double difference = IntStream.range(0, classCount).mapToDouble(i -> Math.abs(one.get(i) - amongOthers.get(i))).max().getAsDouble();
                System.out.println(JniUtils.isGradMode() + " " + (difference < 1e-5) + " " + Arrays.equals(before, learned.get(lastLeg)));""");
        assertEquals("false true true", answer.words().strip(), answer.outputs().error());
    }

    @Test
    void whatIsHeldOutIsAShareOfEachClassAndTheSameForTheSameSeed() throws IOException {
        String split = notebook.cell("data-split").source();
        Kernel.Answer answer = kernel.execute("""
                heldOut = 0.25;
                SPLIT
                var first = List.copyOf(testPhotos);
                var each = first.stream().collect(Collectors.groupingBy(photo -> photo.label(), Collectors.counting())).values();
                SPLIT
                System.out.println(each + " " + first.equals(testPhotos) + " " + Collections.disjoint(testPhotos, trainingPhotos) + " " + trainingPhotos.size());
                heldOut = 0;
                SPLIT""".replace("SPLIT", split));
        assertTrue(answer.words().contains("[15, 15, 15, 15] true true 180"), answer.words() + answer.outputs().error());
        assertTrue(answer.words().strip().endsWith("240 photos to train on, 0 to test on"), answer.words());
    }

    @Test
    void withNothingHeldOutTheNetworkIsAskedAboutWhatItWasTrainedOn() throws IOException {
        Kernel.Answer answer = with(QUICK + "heldOut = 0;", "parameters", null);
        assertTrue(answer.ok(), answer.outputs().error());
        assertTrue(answer.words().contains("Asked about 240 photos that were trained on"), answer.words());
        assertEquals("", answer.outputs().table("This run").get(0).get("held-out accuracy, %"));
    }

    @Test
    void fiveHundredClassesOfOnePhotoEachRunThrough() throws IOException {
        byte[] photo = onePhoto();
        Object[] files = new Object[2 * 500];
        for (int i = 0; i < files.length; i += 2) {
            files[i] = "class " + i / 2 + "/photo.jpg";
            files[i + 1] = photo;
        }
        zip("classes.zip", files);
        Kernel.Answer answer = with(QUICK + "dataZip = \"data/classes.zip\";", "parameters", null);
        assertTrue(answer.ok(), answer.outputs().error());
        assertEquals("500", answer.outputs().table("This run").get(0).get("images"));
        for (var chart : answer.outputs().images()) {
            assertTrue(chart.getHeight() <= 1600, "a chart is " + chart.getHeight() + " pixels high");
        }
    }

    @Test
    void aPhotoOfOnesOwnThatIsNotThereIsNamed() throws IOException {
        assertTrue(with(QUICK, "parameters", "learn-own").ok());
        String own = notebook.cell("learn-own").source();
        Kernel.Answer answer = kernel.execute(own.replace("paths.get(0)", "Path.of(\"none.jpg\")"));
        assertTrue(answer.outputs().error().endsWith("none.jpg: no such file. Give the path of a photo."), answer.outputs().error());
        assertTrue(kernel.execute(own).ok());
    }

    @Test
    void aModelsFolderThatCannotBeWrittenIsNamed() throws IOException {
        Files.writeString(project.folder().resolve("taken"), "");
        assertTrue(with(QUICK + "modelsFolder = \"taken/models\";", "parameters", "learn-save").ok());
        String save = notebook.cell("learn-save").source();
        Kernel.Answer answer = kernel.execute(save);
        assertTrue(answer.outputs().error().contains("taken/models: the model cannot be saved (") && answer.outputs().error().contains("set modelsFolder"), answer.outputs().error());
        assertTrue(kernel.execute("modelsFolder = \"models\";\n" + save).ok());
    }

    @Test
    void stopEndsTrainingWithinABatchAndTheCellTrainsAgain() throws IOException {
        Kernel.Answer settings = with("epochs = 500; imageSize = 64; batchSize = 8; pretrained = false;", "parameters", "race-cpu");
        assertTrue(settings.ok(), settings.outputs().error());
        String train = notebook.cell("race-cpu").source();
        Kernel.Answer stopped = kernel.executeAndStop(train, "epoch 1 of 500", 0.7);
        assertFalse(stopped.ok());
        // 24 batches are an epoch, so a training that went on to the end of one would show.
        assertTheTrainingEnds();
        Kernel.Answer trained = kernel.execute("epochs = 1;\n" + train);
        assertTrue(trained.ok(), trained.outputs().error());
        assertEquals(1, trained.outputs().table("CPU").size());
        assertTrue(trained.words().contains("done in"), trained.words());
    }

    /** As Run All does: the cells behind wait already when stop is pressed, or when a setting is refused. */
    @Test
    void cellsThatWaitBehindAStopOrARefusedSettingDoNotTrain() throws IOException {
        assertTrue(with("epochs = 500; imageSize = 64; batchSize = 8; pretrained = false; sweepSeconds = 600;", "parameters", "race-cpu").ok());
        assertFalse(kernel.executeAndStop(notebook.cell("race-cpu").source(), "epoch 1 of 500", 0.3).ok());
        List<Notebook.Cell> waiting = notebook.codeCellsFrom("race-cpu-prepared");
        for (Notebook.Cell cell : waiting.subList(0, waiting.indexOf(notebook.cell("learn-translator")))) {
            Kernel.Answer answer = kernel.execute(cell.source());
            assertFalse(answer.words().contains("images/s ·"), () -> cell.id() + " trains: " + answer.words());
        }
        assertTheTrainingEnds();
        assertFails("epochs = 0;", "epochs = 0: must be");
        Kernel.Answer race = kernel.execute(notebook.cell("race-cpu").source());
        assertTrue(race.outputs().error().contains("Not begun: epochs = 0: must be"), race.outputs().error());
        Kernel.Answer healed = with(QUICK, "parameters", "race-cpu-prepared");
        assertTrue(healed.ok(), healed.outputs().error());
    }

    /** Ten trainings, stopped somewhere in a step, leave no array and no open gradient collector behind. */
    @Test
    void stopAtTenRandomMomentsLeavesNothingBehind() throws IOException {
        Kernel.Answer settings = with(QUICK + "epochs = 500; batchSize = 16;", "parameters", "race-cpu");
        assertTrue(settings.ok(), settings.outputs().error());
        kernel.execute(LIVE_ARRAYS);
        String train = notebook.cell("race-cpu").source();
        Random random = new Random(2207);
        List<String> liveArrays = new ArrayList<>();
        for (int press = 0; press < 10; press++) {
            Kernel.Answer stopped = kernel.executeAndStop(train, "epoch 1 of 500", 0.5 * random.nextDouble());
            assertFalse(stopped.ok());
            assertTheTrainingEnds();
            liveArrays.add(kernel.execute("System.out.println(\"live: \" + liveNow());").words().replaceAll("(?s).*live: (\\d+).*", "$1"));
        }
        assertEquals(1, Set.copyOf(liveArrays).size(), liveArrays.toString());
        Kernel.Answer trained = kernel.execute("epochs = 1;\n" + train);
        assertTrue(trained.ok(), trained.outputs().error());
    }

    @Test
    void stopEndsThePreparationAndTheSweep() throws IOException {
        Kernel.Answer settings = with(QUICK + "imageSize = 1024; sweepSeconds = 600;", "parameters", "train-devices");
        assertTrue(settings.ok(), settings.outputs().error());
        assertTrue(with(QUICK, "train-devices", "train-surprise").ok());
        Kernel.Answer preparation = kernel.executeAndStop("""
                System.out.println("preparing");
                TrainingThread.run(() -> { try (NDManager owner = NDManager.newBaseManager(Device.cpu())) { return prepare(owner); } });""",
                "preparing", 0.3);
        assertFalse(preparation.ok(), preparation.words());
        assertTheTrainingEnds();
        assertTrue(with(QUICK + "sweepSeconds = 600;", "parameters", "race-cpu").ok());
        assertTrue(kernel.execute(notebook.cell("scale-sweep").source()).ok());
        String sweep = notebook.cell("scale-run").source();
        Kernel.Answer stopped = kernel.executeAndStop("System.out.println(\"sweeping\");\n" + sweep, "sweeping", 1.5);
        assertFalse(stopped.ok(), stopped.words());
        assertTheTrainingEnds();
        Kernel.Answer again = kernel.execute("sweepSeconds = 1;\n" + sweep);
        assertTrue(again.ok(), again.outputs().error());
        assertEquals("1", again.outputs().table("Batch sizes").get(0).get("batch"));
    }

    /** 20,000 small files take seconds, enough to press stop in the midst of them. */
    @Test
    void stopEndsUnzippingAndReadingAndTheCellsRunAgain() throws IOException {
        byte[] photo = onePhoto();
        Object[] files = new Object[2 * 20_000];
        for (int i = 0; i < files.length; i += 2) {
            files[i] = "class " + i % 8 + "/" + i + ".jpg";
            files[i + 1] = photo;
        }
        zip("many.zip", files);
        assertTrue(with("dataZip = \"data/many.zip\";", "parameters", "data-unzip").ok());
        for (String id : List.of("data-unzip", "data-scan")) {
            String cell = notebook.cell(id).source();
            Kernel.Answer stopped = kernel.executeAndStop("System.out.println(\"begun\");\n" + cell, "begun", 0.5);
            assertFalse(stopped.ok(), stopped.words());
            assertEquals(id.equals("data-scan"), Files.exists(project.folder().resolve("data/many")), "all or nothing");
            Kernel.Answer again = kernel.execute(cell);
            assertTrue(again.ok(), again.outputs().error());
        }
        assertTrue(kernel.execute(notebook.cell("data-scan").source()).words().contains("20000 photos in 4 classes"));
    }

    @Test
    void stopEndsTheMeasurementOfFeeding() throws IOException {
        Kernel.Answer settings = with(QUICK + "imageSize = 2048;", "parameters", "feeding-rate");
        assertTrue(settings.ok(), settings.outputs().error());
        String cell = notebook.cell("feeding-rate").source();
        assertFalse(kernel.executeAndStop("System.out.println(\"begun\");\n" + cell, "begun", 0.5).ok());
        assertTheTrainingEnds();
        assertTrue(kernel.execute("imageSize = 64;\n" + cell).ok());
    }

    /** In a new kernel, each cell on its own: it runs, or the answer says what to run first. */
    @Test
    void aCellThatIsRunTooEarlyIsAnsweredWithTheOneToRunFirst() throws IOException {
        List<Notebook.Cell> cells = notebook.codeCellsFrom("setup-show");
        int early = 0;
        try (Kernel fresh = project.kernel()) {
            for (Notebook.Cell cell : cells) {
                Kernel.Answer answer = fresh.execute(cell.source());
                assertTrue(answer.ok() || answer.words().matches("(?s).*Hint: .*(Run first, in section|[Rr]un the cells above first).*"),
                        () -> cell.id() + ": " + answer.words());
                early += answer.ok() ? 0 : 1;
            }
            assertTrue(early > cells.size() / 2, early + " of " + cells.size());
            Kernel.Answer race = fresh.execute(notebook.cell("race-cpu").source());
            assertTrue(race.words().contains("Leg is not there yet. Run first, in section 7") || race.words().contains("measure is not"), race.words());
        }
    }

    @Test
    void aDamagedResultsFileIsNamedWithItsLineAndNothingIsLost() throws IOException {
        Path damaged = project.folder().resolve("results/2025-damaged.csv");
        List<String> good = Files.readAllLines(Project.SOURCE.resolve("results/0000-original-tutorial.csv"));
        Files.write(damaged, List.of(good.get(0), good.get(1), good.get(2).replace("6621", "many")));
        assertTrue(with(QUICK, "parameters", "results-all").ok());
        String cell = notebook.cell("results-all").source();
        Kernel.Answer answer = kernel.execute(cell);
        assertTrue(answer.outputs().error().contains("results/2025-damaged.csv, line 3: not a results file"), answer.outputs().error());
        Files.delete(damaged);
        assertTrue(kernel.execute(cell).ok());
    }

    @Test
    void momentumIsFreedWithItsOwner() throws IOException {
        Kernel.Answer answer = kernel.execute("""
                NDManager owner = NDManager.newBaseManager(Device.cpu());
                OwnedSgd sgd = new OwnedSgd(owner, 0.1f, 0.9f);
                sgd.update("w", owner.ones(new Shape(3)), owner.ones(new Shape(3)));
                var field = ai.djl.training.optimizer.Sgd.class.getDeclaredField("momentumStates");
                field.setAccessible(true);
                var states = (Map<String, Map<Device, NDArray>>) field.get(sgd);
                NDArray momentumOfW = states.get("w").get(Device.cpu());
                owner.close();
                System.out.println(momentumOfW.isReleased());""");
        assertEquals("true", answer.words().strip(), answer.outputs().error());
    }

    @Test
    void realPhotosRunThrough() throws IOException {
        Path photos = Project.SHARED_DATA.resolve("recycling.zip");
        assumeTrue(Files.exists(photos), "no shared/data/recycling.zip beside the project");
        Kernel.Answer answer = with(QUICK + "dataZip = \"" + photos + "\";", "parameters", null);
        assertTrue(answer.ok(), answer.outputs().error());
        assertEquals(List.of("glass", "metal", "paper", "plastic"),
                answer.outputs().table("Photos per class").stream().map(row -> row.get("class")).toList());
        assertEquals("320", answer.outputs().table("This run").get(0).get("images"));
    }

    @Test
    void aMissingZipIsNamed() throws IOException {
        assertFails("dataZip = \"data/none.zip\";", "data/none.zip: no such file");
    }

    @Test
    void aFileThatIsNoZipIsNamedAndLeavesNothingAndTheNextRunHeals() throws IOException {
        Path zip = project.folder().resolve("data/mine.zip");
        Files.writeString(zip, "<html>not found</html>");
        assertFails("dataZip = \"data/mine.zip\";", "data/mine.zip: is not a zip archive");
        assertEquals(List.of(), leftOvers("mine"));
        Files.copy(project.folder().resolve("data/sneakers.zip"), zip, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertTrue(with(QUICK + "dataZip = \"data/mine.zip\";", "parameters", "data-table").ok());
    }

    @Test
    void aCorruptZipIsNamedAndLeavesNothing() throws IOException {
        byte[] bytes = Files.readAllBytes(project.folder().resolve("data/sneakers.zip"));
        bytes[bytes.length / 2] ^= 0x55;
        Files.write(project.folder().resolve("data/corrupt.zip"), bytes);
        assertFails("dataZip = \"data/corrupt.zip\";", "data/corrupt.zip");
        assertEquals(List.of(), leftOvers("corrupt"));
    }

    @Test
    void anEntryThatEscapesTheFolderIsNamed() throws IOException {
        zip("escape.zip", "../outside.jpg", "x".getBytes(StandardCharsets.UTF_8));
        assertFails("dataZip = \"data/escape.zip\";", "../outside.jpg");
        assertFalse(Files.exists(project.folder().resolve("outside.jpg")));
        assertEquals(List.of(), leftOvers("escape"));
    }

    @Test
    void oneClassAloneIsRefused() throws IOException {
        byte[] photo = onePhoto();
        zip("one.zip", "only/a.jpg", photo, "only/b.jpg", photo);
        assertFails("batchSize = 1; dataZip = \"data/one.zip\";", "only");
    }

    @Test
    void aTextNamedJpgIsSetAsideAndListed() throws IOException {
        byte[] photo = onePhoto();
        zip("text.zip", "a/a.jpg", photo, "b/b.jpg", photo, "b/note.jpg", "not a photo".getBytes(StandardCharsets.UTF_8));
        Kernel.Answer answer = with("batchSize = 1; dataZip = \"data/text.zip\";", "parameters", "data-table");
        assertTrue(answer.ok(), answer.outputs().error());
        assertEquals(Map.of("reason", "not an image", "files", "1"), answer.outputs().table("Files set aside").get(0));
        assertTrue(answer.outputs().table("The first of them").get(0).get("file").endsWith("note.jpg"));
        assertTrue(answer.words().contains("The same photo lies in several classes: a/a.jpg, b/b.jpg."), answer.words());
        assertFails("batchSize = 1; maxSkippedShare = 0.1; dataZip = \"data/text.zip\";",
                "1 of 3 files had to be skipped (1 not an image). Replace or remove them, or raise maxSkippedShare");
    }

    @Test
    void badSettingsAreRefusedByName() throws IOException {
        for (String bad : List.of("epochs = 0", "epochs = -1", "epochs = 2000000000", "batchSize = 0", "batchSize = -32",
                "batchSize = 2000000000", "imageSize = 0", "imageSize = -224", "imageSize = 32", "imageSize = 2000000000",
                "decoders = 0", "decoders = -1", "decoders = 2000000000", "warmUpSteps = -1", "warmUpSteps = 2000000000",
                "partSteps = 0", "stepsPerReading = 0", "sweepSeconds = -1", "sweepSeconds = 2000000000")) {
            assertFails(bad + ";", bad + ": must be");
        }
        for (String bad : List.of("0.0", "-1.0", "NaN", "Infinity", "1.0E9")) {
            assertFails("learningRate = Float.parseFloat(\"" + bad + "\");", "learningRate = " + bad + ": must be");
        }
        for (String bad : List.of("1.0", "-0.1", "NaN", "Infinity")) {
            assertFails("momentum = Float.parseFloat(\"" + bad + "\");", "momentum = " + bad);
            assertFails("heldOut = Double.parseDouble(\"" + bad + "\");", "heldOut = " + bad);
        }
        assertFails("seed = Long.MAX_VALUE;", "seed = 9223372036854775807: must be");
        assertFails("dataZip = \"\";", "dataZip = \"\": must be given");
        assertFails("dataZip = null;", "dataZip = \"null\": must be given");
        assertFails("resultsFolder = \" \";", "resultsFolder = \" \": must be given");
        assertFails("modelsFolder = null;", "modelsFolder = \"null\": must be given");
        assertFails("secondDevice = null;", "secondDevice = \"null\": must be");
        assertFails("batchSize = 193;", "batchSize = 193: must be at most 192, since data/sneakers.zip has only 192 photos to train on");
        assertFails("secondDevice = \"tpu\";", "secondDevice = \"tpu\": must be");
        assertFails("feeding = \"piped\";", "feeding = \"piped\": must be one of \"streamed\", \"prepared\", \"both\"");
        assertFails("pricePerHour = Map.of(\"CPU\", 1.0);", "pricePerHour.get(\"GPU\") = null: must be");
    }

    @Test
    void aGpuThatIsNotThereIsTold() throws IOException {
        Kernel.Answer answer = with(QUICK + "secondDevice = \"gpu99\";", "parameters", null);
        assertTrue(answer.ok(), answer.outputs().error());
        assertTrue(answer.words().contains("There is no second device."), answer.words());
    }

    /** Waits for the training that was told to stop, which may take a batch. Left alone, it would go on for minutes. */
    private void assertTheTrainingEnds() throws IOException {
        Kernel.Answer ended = kernel.execute("""
                long pressed = System.nanoTime(), ended = pressed;
                while (Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals("training"))) {
                    Thread.sleep(10);
                }
                ended = System.nanoTime();
                Thread.sleep(Math.max(0, 2000 - (System.nanoTime() - pressed) / 1_000_000));   // till new trainings are taken
                System.out.println("ended after " + (ended - pressed) / 1_000_000 + " ms");""");
        // The last progress line of the training that ends may come in between.
        Matcher milliseconds = Pattern.compile("ended after (\\d+) ms").matcher(ended.words());
        assertTrue(milliseconds.find() && Integer.parseInt(milliseconds.group(1)) < 20_000, ended.words());
    }

    /** What the code in this file of tests/src/test/resources prints, when it has run in the kernel. */
    private String check(String file) throws IOException {
        Path resources = Project.SOURCE.resolve("tests/src/test/resources");
        Kernel.Answer answer = kernel.execute(Files.readString(resources.resolve(file))
                .replace("REFERENCE", resources.resolve("resnet18_reference.json").toString()));
        assertTrue(answer.ok(), answer.outputs().error());
        return answer.words().strip();
    }

    private static List<String> losses(Kernel.Answer run) {
        return run.outputs().table("This run").stream().map(row -> row.get("loss")).toList();
    }

    /** Runs the cells from the one id up to the other, which is left out; to the end where it is null. */
    private Kernel.Answer with(String settings, String from, String until) throws IOException {
        List<Notebook.Cell> cells = notebook.codeCellsFrom(from);
        int end = until == null ? cells.size() : cells.indexOf(notebook.cell(until));
        return kernel.runAll(cells.subList(0, end), settings);
    }

    private void assertFails(String settings, String message) throws IOException {
        Kernel.Answer answer = with(settings, "parameters", "data-table");
        assertFalse(answer.ok(), () -> settings + " was not refused");
        String error = answer.outputs().error();
        assertTrue(error.contains(message), error);
        assertEquals(1, error.lines().count(), error);
    }

    private List<String> leftOvers(String name) throws IOException {
        try (Stream<Path> files = Files.list(project.folder().resolve("data"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.contains(name) && !Set.of(name + ".zip", "." + name + ".lock").contains(file)).toList();
        }
    }

    private byte[] onePhoto() throws IOException {
        try (Stream<Path> files = Files.walk(project.folder().resolve("data/sneakers"))) {
            return Files.readAllBytes(files.filter(file -> file.toString().endsWith(".jpg")).findFirst().orElseThrow());
        }
    }

    private void zip(String name, Object... namesAndBytes) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(project.folder().resolve("data").resolve(name)))) {
            for (int i = 0; i < namesAndBytes.length; i += 2) {
                zip.putNextEntry(new ZipEntry((String) namesAndBytes[i]));
                zip.write((byte[]) namesAndBytes[i + 1]);
            }
        }
    }
}
