package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tutorial.page.Picture;
import tutorial.testing.Kernel;
import tutorial.testing.Notebook;
import tutorial.testing.Offline;
import tutorial.testing.Outputs;
import tutorial.testing.Project;

/**
 * The whole notebook, run once as {@code make run} does, with the CPU standing in for the GPU. It runs where much is unlike
 * the usual: without a network once it is set up, with little heap, in a locale of decimal commas, at the other end of the
 * day, with a display that is not there, in a folder whose name is not plain.
 */
@Tag("run")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NotebookRunTest {
    private static final int EPOCHS = 2;
    private static final int IMAGES = 240;
    private static final int TRAINED = 192;
    private static final int PART_STEPS = 3;
    private static final int BATCH = 32;
    private static final int SIZE = 64;
    private static final String STAND_IN = "CPU standing in for the GPU";
    private static final List<String> RUNS = List.of("CPU, on the fly", "CPU, cached", STAND_IN + ", on the fly", STAND_IN + ", cached");
    /** Those that went through all epochs; the CPU's second is measured over a few steps only. */
    private static final List<String> WHOLE_RUNS = List.of(RUNS.get(0), RUNS.get(2), RUNS.get(3));
    /** Cells that show one picture each. */
    private static final List<String> PICTURES = List.of("photos-grid", "network-pixels", "race-answer", "time-chart", "time-limits",
            "sweep-chart", "layout-ladder", "learned-loss", "learned-confusion", "learned-gallery", "learned-own", "others-rates",
            "others-seconds");
    /** Tables show four significant digits. */
    private static final double AS_SHOWN = 1e-3;

    private Project project;
    private Project.Finished run;
    private Notebook page;

    @BeforeAll
    void run(@TempDir Path temp) throws Exception {
        project = Project.copyTo(temp.resolve("a folder with späces"));
        run = runNotebook();
        if (run.output().contains(" could not be ")) {        // on a new machine its libraries have to be fetched first
            try (Kernel online = project.kernel()) {
                online.runAll(project.notebook().codeCellsUntil("settings-main"), "").orFail();
            }
            run = runNotebook();
        }
        page = Notebook.read(project.folder().resolve("build").resolve(Project.NOTEBOOK));
        if (run.exitCode() != 0) {
            throw new AssertionError(run.output() + "\nThe last cell: " + page.failedCell());
        }
    }

    private Project.Finished runNotebook() throws IOException, InterruptedException {
        // The sweep ends by itself at its largest batch.
        return project.run("epochs = " + EPOCHS + "; imageSize = " + SIZE + "; partSteps = " + PART_STEPS + "; sweepSeconds = 600; "
                + "pretrained = false; layout = \"NHWC\"; secondDevice = \"cpu\"; pricePerHour = Map.of(\"CPU\", 0.5, \"GPU\", 2.0);",
                Map.of("JJAVA_JVM_OPTS", "-Xmx512m -Duser.language=de -Duser.country=DE -Duser.timezone=Pacific/Kiritimati", "DISPLAY", ":99"),
                Offline.isPossible() ? Offline.COMMAND : List.of());
    }

    @Test
    void itRanWithoutANetwork() throws InterruptedException {
        assumeTrue(Offline.isPossible(), Offline.NOT_POSSIBLE);
        assertEquals(0, run.exitCode(), run.output());
    }

    @Test
    void everyCellRanWithoutError() {
        for (Notebook.Cell cell : page.codeCells()) {
            assertEquals("", cell.outputs().error(), cell.source());
            cell.outputs().messages().forEach(output -> assertFalse(output.path("name").asText().equals("stderr"), cell.id() + ": " + output));
        }
    }

    @Test
    void numbersStayNumbersInALocaleOfCommasAndLittleHeapIsTold() {
        for (Notebook.Cell cell : page.codeCells()) {
            String words = cell.outputs().words();
            assertFalse(words.matches("(?s).*\\d,\\d.*"), () -> cell.id() + ": " + words);
        }
        assertTrue(page.cell("setup-machine").outputs().words().contains("Java heap up to 0.5 GiB"));
    }

    @Test
    void theTerminalTellsTheSectionsAndTheProgress() {
        assertAll(
                () -> assertTrue(run.output().contains("] The photos\n"), run.output()),
                () -> assertTrue(run.output().matches("(?s).*] Part II: why, and what else\\?\n\\[ *[\\d.]+ s] Where the time goes\n.*"), run.output()),
                () -> assertTrue(run.output().matches("(?s).*epoch 2 of 2 · 384 of 384 images · .* done in .*"), run.output()));
    }

    @Test
    void theSettingsStandInACellOfTheirOwnBehindTheParameters() {
        List<Notebook.Cell> code = page.codeCells();
        int parameters = code.indexOf(page.cell("parameters"));
        assertEquals(List.of("injected-parameters"), code.get(parameters + 1).tags());
    }

    @Test
    void thePhotosAreCounted() {
        assertEquals(IMAGES + " photos in 4 classes, 0 files set aside; " + TRAINED + " photos to train on, " + (IMAGES - TRAINED) + " to test on",
                page.cell("photos-read").outputs().words().strip());
        List<Map<String, String>> classes = page.cell("photos-table").outputs().table("Photos per class");
        assertEquals(4, classes.size());
        assertEquals(IMAGES, classes.stream().mapToDouble(row -> Double.parseDouble(row.get("photos"))).sum());
    }

    /** The arithmetic is that of 64 pixels: per pixel the same as the 10.9 GFLOP of 224, but for the head. */
    @Test
    void theTableOfTheNetworkAddsUpToResNet18() {
        List<Map<String, String>> parts = page.cell("network-table").outputs().table("ResNet-18");
        assertEquals(11_178_564, parts.stream().mapToLong(row -> Long.parseLong(row.get("parameters"))).sum());
        assertEquals("(1, 512, 2, 2)", parts.get(4).get("output"));
        assertEquals("(1, 4)", parts.get(5).get("output"));
        assertEquals(10.88 * SIZE * SIZE / (224 * 224), gflopPerImage(), 0.005);
        for (Map<String, String> row : page.cell("limit-peak").outputs().table("Arithmetic")) {
            assertShown(gflopPerImage(), row.get("GFLOP per image"), "GFLOP");
        }
    }

    private double gflopPerImage() {
        return page.cell("network-table").outputs().table("ResNet-18").stream()
                .mapToDouble(row -> Double.parseDouble(row.get("GFLOP per image, training"))).sum();
    }

    @Test
    void theResultsFileSaysWhatThePageSays() throws IOException {
        Table file = results();
        List<Map<String, String>> shown = page.cell("take-results").outputs().table("This run");
        assertEquals(RUNS.size(), file.rowCount());
        for (Row row : file) {
            Map<String, String> cells = shown.get(row.getRowNumber());
            assertEquals(RUNS.get(row.getRowNumber()), cells.get("device") + ", " + cells.get("data loading"));
            for (String column : List.of("images", "seconds", "images/s", "waiting for data, %", "loss", "test accuracy, %", "speed-up",
                    "speed-up, compute only")) {
                if (file.column(column).isMissing(row.getRowNumber())) {
                    assertEquals("", cells.get(column), column);
                } else {
                    assertShown(number(row, column), cells.get(column), column);
                }
            }
            assertEpoch(row);
        }
        assertTrue(page.cell("take-results").outputs().words().contains("Written to results/" + project.ownResults().get(0).getFileName()));
    }

    /** Of the last one the file has loss and accuracy; of a run that was cut short the page has no table. */
    private void assertEpoch(Row row) {
        String name = RUNS.get(row.getRowNumber());
        if (WHOLE_RUNS.contains(name)) {
            Map<String, String> last = race().table(name).get(EPOCHS - 1);
            assertShown(number(row, "loss"), last.get("loss"), name);
            assertShown(number(row, "accuracy, %"), last.get("accuracy, %"), name);
        }
    }

    private Outputs race() {
        return Outputs.join(List.of(page.cell("race-cpu").outputs(), page.cell("race-gpu").outputs()));
    }

    @Test
    void theFiguresFollowFromEachOther() throws IOException {
        Table file = results();
        List<Map<String, String>> reached = page.cell("limit-peak").outputs().table("Arithmetic");
        for (Row row : file) {
            boolean cached = row.getString("data loading").equals("cached");
            Row cpu = file.row(cached ? 1 : 0);
            long images = row.getRowNumber() == 1 ? PART_STEPS * BATCH : EPOCHS * TRAINED;
            assertEquals(images, row.getInt("images"));
            assertEquals(images / row.getDouble("seconds"), row.getDouble("images/s"), 1e-6 * row.getDouble("images/s"));
            assertEquals(row.getDouble("images/s") / cpu.getDouble("images/s"), number(row, "speed-up"), 1e-6);
            assertEquals(row.getDouble("compute only, images/s") / cpu.getDouble("compute only, images/s"),
                    number(row, "speed-up, compute only"), 1e-6);
            assertEquals(cached, number(row, "preparation, s") > 0, row.toString());
            assertTrue(number(row, "median step, ms") > 0 && number(row, "spread of steps, ms") >= 0, row.toString());
            double teraflops = row.getDouble("images/s") * gflopPerImage() / 1000;
            assertEquals(teraflops, row.getDouble("TFLOP/s"), AS_SHOWN * teraflops);
            Map<String, String> device = reached.get(row.getString("device").equals(STAND_IN) ? 1 : 0);
            assertShown(row.getDouble("peak, TFLOP/s"), device.get("peak measured, TFLOP/s"), "peak");
            if (!cached) {
                assertShown(row.getDouble("TFLOP/s"), device.get("reached, TFLOP/s"), "reached");
                assertEquals(100 * row.getDouble("TFLOP/s") / row.getDouble("peak, TFLOP/s"), Double.parseDouble(device.get("share, %")), 0.1);
            }
        }
    }

    @Test
    void theSpeedUpsOnThePageAreThoseOfTheFile() throws IOException {
        List<Map<String, String>> shown = page.cell("time-cached").outputs().table("Speed-ups");
        for (Row row : results()) {
            Map<String, String> cells = shown.get(row.getRowNumber());
            double fed = row.getDouble("images/s");
            double alone = row.getDouble("compute only, images/s");
            assertEquals(RUNS.get(row.getRowNumber()), cells.get("run"));
            assertShown(fed, cells.get("as fed, images/s"), "as fed");
            assertShown(alone, cells.get("compute only, images/s"), "compute only");
            assertShown(100 * fed / alone, cells.get("as fed, % of compute only"), "share");
            assertShown(number(row, "speed-up"), cells.get("speed-up as fed"), "speed-up");
            assertShown(number(row, "speed-up, compute only"), cells.get("speed-up compute only"), "speed-up, compute only");
        }
    }

    @Test
    void thePartsOfAStepAddUpToTheWhole() throws IOException {
        List<Map<String, String>> shown = page.cell("time-parts").outputs().table("Milliseconds per image");
        for (Row row : results()) {
            Map<String, String> cells = shown.get(row.getRowNumber());
            double all = Double.parseDouble(cells.get("all"));
            double parts = cells.entrySet().stream().filter(cell -> !List.of("run", "all").contains(cell.getKey()))
                    .mapToDouble(cell -> Double.parseDouble(cell.getValue())).sum();
            assertEquals(all, parts, 0.03 * all);
            assertShown(1000 / row.getDouble("images/s"), cells.get("all"), "all");
            assertEquals(row.getDouble("waiting for data, %"),
                    100 * Double.parseDouble(cells.get("waiting for data")) / all, 0.01 * row.getDouble("waiting for data, %") + 1e-3);
        }
    }

    @Test
    void theSweepDoublesTheBatchOnEachDevice() {
        List<Map<String, String>> sweep = page.cell("sweep-run").outputs().table("Batch sizes");
        for (String device : List.of("CPU", STAND_IN)) {
            List<Integer> batches = sweep.stream().filter(row -> row.get("device").equals(device))
                    .map(row -> Integer.valueOf(row.get("batch"))).toList();
            assertTrue(batches.size() >= 3, batches.toString());
            for (int i = 0; i < batches.size(); i++) {
                assertEquals(1 << i, batches.get(i));
            }
        }
        assertTrue(sweep.stream().allMatch(row -> Double.parseDouble(row.get("images/s")) > 0 && Double.parseDouble(row.get("memory, GB")) > 0));
    }

    /** Prices of another image size are no business of this run's. */
    @Test
    void theCostsFollowFromPricesAndRates() throws IOException {
        List<Map<String, String>> costs = page.cell("cost-table").outputs().table("Cost");
        assertEquals(RUNS, costs.stream().map(row -> row.get("run")).toList());
        for (Row row : results()) {
            assertShown(0.5 / 3600 * 1e6 / row.getDouble("images/s"), costs.get(row.getRowNumber()).get("price of a million images"), "price");
        }
        String breakEven = page.cell("cost-table").outputs().words();
        assertTrue(breakEven.contains("more than 4.0 times as fast") && breakEven.contains(
                String.format(Locale.ROOT, "beyond %.1f images/s", 4 * results().row(0).getDouble("images/s"))), breakEven);
    }

    @Test
    void bothLayoutsLearnTheSameAndTheRaceIsInTheOneThatIsSet() throws IOException {
        List<Map<String, String>> layouts = page.cell("clock-rate").outputs().table("Training steps on synthetic data");
        assertEquals(List.of("CPU, NCHW", "CPU, NHWC", STAND_IN + ", NCHW", STAND_IN + ", NHWC"),
                layouts.stream().map(row -> row.get("device") + ", " + row.get("layout")).toList());
        double[] losses = layouts.stream().mapToDouble(row -> Double.parseDouble(row.get("loss"))).toArray();
        for (double loss : losses) {
            assertEquals(losses[0], loss, 1e-3);
        }
        assertEquals(List.of("", "yes", "", "yes"), layouts.stream().map(row -> row.get("races in it")).toList());
        for (Row row : results()) {
            Map<String, String> chosen = layouts.get(row.getString("device").equals(STAND_IN) ? 3 : 1);
            assertShown(row.getDouble("compute only, images/s"), chosen.get("images/s"), "compute only");
        }
    }

    @Test
    void onACpuTheClockNeedNotWait() {
        for (Map<String, String> row : page.cell("clock-surprise").outputs().table("One pass")) {
            double finished = Double.parseDouble(row.get("after waiting, ms"));
            assertEquals(finished, Double.parseDouble(row.get("clock read at once, ms")), 0.5 * finished);
        }
    }

    @Test
    void theEpochsAddUpToTheRun() throws IOException {
        List<Map<String, String>> epochs = page.cell("race-cpu").outputs().table("CPU, on the fly");
        double seconds = results().doubleColumn("seconds").get(0);
        assertEquals(EPOCHS, epochs.size());
        assertEquals(seconds, epochs.stream().mapToDouble(row -> Double.parseDouble(row.get("seconds"))).sum(), EPOCHS * AS_SHOWN * seconds);
        assertEquals(EPOCHS * TRAINED, epochs.stream().mapToLong(row -> Long.parseLong(row.get("images"))).sum());
    }

    @Test
    void theAnswerIsMadeOfTheseFigures() throws IOException {
        Outputs answer = page.cell("race-answer").outputs();
        Row cpu = results().row(0);
        Row second = results().row(2);
        double asFed = second.getDouble("images/s") / cpu.getDouble("images/s");
        double computeOnly = second.getDouble("compute only, images/s") / cpu.getDouble("compute only, images/s");
        String said = answer.words();
        assertTrue(said.matches(String.format(Locale.ROOT, "(?s)%s \\(.+\\) trains ([\\d.]+) images per second, %.1f times as many as the CPU .*"
                + "on the device it would be %.1f times as many\\.\\s*", STAND_IN, asFed, computeOnly)), said);
        double rate = Double.parseDouble(said.replaceFirst("(?s).* trains ([\\d.]+) images.*", "$1"));
        assertEquals(second.getDouble("images/s"), rate, 0.005 * rate);
        String headline = answer.pictures().get(0).alt();
        assertTrue(headline.startsWith(String.format(Locale.ROOT, "%s trains %.1f× as fast as the CPU, %.1f× compute only.", STAND_IN, asFed, computeOnly)), headline);
    }

    @Test
    void eachDeviceGetsAVerdictOfItsFigures() throws IOException {
        List<String> verdicts = page.cell("limit-verdict").outputs().html().stream().map(html -> Jsoup.parse(html).text()).toList();
        assertEquals(2, verdicts.size());
        for (int device = 0; device < 2; device++) {
            Row row = results().row(2 * device);
            double share = 100 * row.getDouble("TFLOP/s") / row.getDouble("peak, TFLOP/s");
            String verdict = verdicts.get(device);
            assertTrue(verdict.startsWith(RUNS.get(2 * device) + " is limited by "), verdict);
            assertTrue(verdict.contains(String.format(Locale.ROOT, "waited for photos %.0f %% of the time", number(row, "waiting for data, %")))
                    || verdict.contains(String.format(Locale.ROOT, "reaches %.0f %% of what", share)), verdict);
        }
    }

    @Test
    void aCpuStandingInForTheGpuIsLabelledSoAndLearnsTheSame() throws IOException {
        assertTrue(page.cell("clock-wait").outputs().words().contains("The CPU stands in for the GPU"));
        for (Map<String, String> row : page.cell("learned-loss").outputs().table("Losses compared with CPU, on the fly")) {
            assertTrue(Double.parseDouble(row.get("largest difference")) < 1e-3, row.toString());
            assertEquals(row.get("run").equals("CPU, cached") ? PART_STEPS : EPOCHS * TRAINED / BATCH, Integer.parseInt(row.get("steps compared")));
        }
    }

    /** The page's table of accuracies, and the file's column: each class has 12 photos in the test set. */
    @Test
    void theAccuracyOnTheTestSetFollowsFromItsClassesAndStandsInTheResults() throws IOException {
        List<Map<String, String>> table = page.cell("learned-predict").outputs().table("Accuracy on the test set, %");
        assertEquals(List.of("high-top", "low-top", "runner", "slip-on"), table.stream().map(row -> row.get("class")).toList());
        List<Map<String, String>> whole = page.cell("learned-predict").outputs().table("Accuracy on the test set");
        assertEquals(WHOLE_RUNS, whole.stream().map(row -> row.get("run")).toList());
        for (Map<String, String> row : whole) {
            String run = row.get("run");
            double mean = table.stream().mapToDouble(one -> Double.parseDouble(one.get(run))).average().orElseThrow();
            assertEquals(mean, Double.parseDouble(row.get("accuracy, %")), AS_SHOWN * 100, run);
            assertEquals("48", row.get("photos"));
            assertShown(number(results().row(RUNS.indexOf(run)), "test accuracy, %"), row.get("accuracy, %"), run);
        }
        assertTrue(results().column("test accuracy, %").isMissing(1), "not of a run that was cut short");
    }

    @Test
    void theSameWeightsAndPhotosGiveTheSamePredictions() {
        for (Map<String, String> row : page.cell("learned-predict").outputs().table("Accuracy on the test set, %")) {
            assertEquals(1, WHOLE_RUNS.stream().map(row::get).distinct().count(), row.toString());
        }
    }

    @Test
    void theResultsTellTheMachineAndHowItWasTrained() throws IOException {
        for (Row row : results()) {
            assertEquals("random", row.getString("weights"));
            assertEquals("float32", row.getString("precision"));
            assertEquals("NHWC", row.getString("layout"));
            assertEquals("sneakers.zip", row.getString("data"));
            assertEquals(List.of(TRAINED, EPOCHS, BATCH, SIZE), Stream.of("photos", "epochs", "batch", "image size").map(row::getInt).toList());
            assertTrue(row.getString("machine").matches("\\d+ cores, [\\d.]+ GiB, .+"), row.getString("machine"));
            assertTrue(row.getString("software").matches("DJL .*, PyTorch .*, Java .*"), row.getString("software"));
        }
    }

    /** As the notebook says it does, and as the program of examples/ does with the saved model. */
    @Test
    void theSavedModelPredictsAsBefore() throws Exception {
        String[] said = page.cell("take-model").outputs().words().strip().split("\n");
        String photo = said[0].substring(0, said[0].indexOf(", before: "));
        String prediction = said[0].substring(said[0].indexOf(": ") + 2);
        assertEquals(photo + ", saved and loaded: " + prediction, said[1]);
        String model = project.folder().resolve("models").toString();
        String path = project.folder().resolve(photo).toString();
        String output = project.classify("'" + model + "' '" + path + "' none.jpg").output();
        assertTrue(output.contains(path + ": " + prediction + "\n"), output);
        assertTrue(output.contains("none.jpg: cannot be read (none.jpg (No such file or directory))"), output);
    }

    /** The original's are of larger images; {@link SavedNotebookTest} sees to those. */
    @Test
    void allRunsOfThisImageSizeStandInTheChartsTheFastestFirst() throws IOException {
        List<Double> rates = results().stream().map(row -> row.getDouble("images/s")).sorted(Comparator.reverseOrder()).toList();
        assertAll(
                () -> assertValues("others-rates", "images per second", rates),
                () -> assertValues("others-seconds", "seconds", rates.stream().map(rate -> 3 * 2207 / rate).toList()));
    }

    /** The values that a chart's alternative text tells, in its order, each with the name of this run's mark. */
    private void assertValues(String cell, String unit, List<Double> expected) {
        String alt = page.cell(cell).outputs().pictures().get(0).alt();
        List<Double> told = Pattern.compile("▶ [^:]*: ([\\d.,]+) " + unit).matcher(alt).results()
                .map(value -> Double.valueOf(value.group(1).replace(",", ""))).toList();
        assertEquals(expected.size(), told.size(), alt);
        for (int i = 0; i < told.size(); i++) {
            assertEquals(expected.get(i), told.get(i), 0.01 * expected.get(i), alt);
        }
    }

    @Test
    void picturesAreThereAndNotBlank() throws IOException {
        for (Notebook.Cell cell : page.codeCells()) {
            List<Outputs.Picture> pictures = cell.outputs().pictures();
            assertEquals(PICTURES.contains(cell.id()) ? 1 : 0, pictures.size(), cell.id());
            for (Outputs.Picture picture : pictures) {
                assertNotBlank(picture.image(), cell.id());
                assertFalse(picture.alt().isBlank(), cell.id());
                assertEquals(List.of(2 * picture.width(), 2 * picture.height()), List.of(picture.image().getWidth(), picture.image().getHeight()),
                        "drawn at twice the size that it is shown at: " + cell.id());
            }
        }
        try (Stream<Path> charts = Files.list(project.folder().resolve("build/charts"))) {
            List<Path> files = charts.sorted().toList();
            List<String> names = files.stream().map(file -> file.getFileName().toString()).toList();
            assertEquals(PICTURES.size(), files.size(), names.toString());
            assertTrue(names.contains("01-the-photos.jpg") && names.contains("12-your-machine-among-others.png"), names.toString());
            for (Path file : files) {
                assertNotBlank(ImageIO.read(file.toFile()), file.toString());
            }
            BufferedImage headline = ImageIO.read(project.folder().resolve("build/charts/headline.png").toFile());
            BufferedImage shown = page.cell("race-answer").outputs().images().get(0);
            assertEquals(List.of(shown.getWidth(), shown.getHeight()), List.of(headline.getWidth(), headline.getHeight()));
        }
    }

    @Test
    void thePageIsThereAsHtmlWithTheTextsOfItsPictures() throws IOException {
        Document html = Jsoup.parse(project.folder().resolve("build").resolve(Project.NOTEBOOK.replace(".ipynb", ".html")).toFile());
        assertTrue(html.text().contains("Photos per class"));
        assertEquals(PICTURES.stream().map(id -> page.cell(id).outputs().pictures().get(0).alt()).toList(),
                html.select("img[src^=data:image/]").eachAttr("alt"));
    }

    private Table results() throws IOException {
        return Table.read().csv(project.ownResults().get(0).toFile());
    }

    private static double number(Row row, String column) {
        return ((Number) row.getObject(column)).doubleValue();
    }

    private static void assertShown(double exact, String shown, String what) {
        assertEquals(exact, Double.parseDouble(shown), AS_SHOWN * Math.abs(exact) + 1e-9, what);
    }

    private static void assertNotBlank(BufferedImage image, String name) {
        boolean ofPixels = name.contains("network");              // a photo of so many pixels, and its edges
        assertFalse(image.getWidth() < (ofPixels ? 4 * SIZE : 600) || image.getHeight() < (ofPixels ? 2 * SIZE : 280), () -> name + " is too small");
        long drawn = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                drawn += image.getRGB(x, y) == image.getRGB(0, 0) ? 0 : 1;
            }
        }
        double share = drawn / (double) (image.getWidth() * image.getHeight());
        assertTrue(share > 0.02, () -> name + ": only " + share + " of its pixels differ from the background");
    }
}
