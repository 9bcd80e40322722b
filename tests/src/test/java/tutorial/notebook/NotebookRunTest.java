package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
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
import tutorial.files.ResultsFolder;
import tutorial.testing.Kernel;
import tutorial.testing.Notebook;
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
    /** The CPU's second data loading, over as few steps as measureSeconds allows. */
    private static final int PART_STEPS = 1;
    private static final int BATCH = 32;
    private static final int SIZE = 64;
    private static final String STAND_IN = "CPU standing in for the GPU";
    private static final List<String> RUNS = List.of("CPU, on the fly", "CPU, cached", STAND_IN + ", on the fly", STAND_IN + ", cached");
    /** Those that went through all epochs; the CPU's second is measured over a few steps only. */
    private static final List<String> WHOLE_RUNS = List.of(RUNS.get(0), RUNS.get(2), RUNS.get(3));
    /** Cells that show one picture each. */
    private static final List<String> PICTURES = List.of("photos-table", "race-answer", "race-elsewhere", "network-pixels", "time-chart",
            "limit-roofline", "sweep-chart", "layout-ladder", "learned-loss", "learned-confusion", "learned-gallery",
            "learned-own", "others-rates");
    /** Tables show four significant digits, of percentages one decimal. */
    private static final double AS_SHOWN = 1e-3;
    private static final double ONE_DECIMAL = 0.051;

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
        String settings = "epochs = " + EPOCHS + "; imageSize = " + SIZE + "; measureSeconds = 0; sweepSeconds = 600; "
                + "pretrained = false; layout = \"NHWC\"; secondDevice = \"cpu\"; pricePerHour = Map.of(\"CPU\", 0.5, \"T4\", 2.0);";
        String java = "-Xmx512m -Duser.language=de -Duser.country=DE -Duser.timezone=Pacific/Kiritimati";
        return project.run(settings, Map.of("JJAVA_JVM_OPTS", java, "DISPLAY", ":99"),
                Project.canBeOffline() ? Project.OFFLINE : List.of());
    }

    @Test
    void everyCellRanWithoutError() {
        for (Notebook.Cell cell : page.codeCells()) {
            assertEquals("", cell.outputs().error(), cell.source());
            assertEquals("", cell.outputs().complaints(), cell.id());
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
        assertTrue(run.output().matches("(?s).*] The photos\n.*\\[ *[\\d.]+ s] Where the time goes\n.*"), run.output());
        assertTrue(run.output().matches("(?s).*epoch 2 of 2 · 384 of 384 images · .* done in .*"), run.output());
    }

    @Test
    void thePhotosAreCounted() {
        String words = page.cell("photos-read").outputs().words();
        assertEquals(List.of(IMAGES, 4, 0, TRAINED, IMAGES - TRAINED),
                Pattern.compile("\\d+").matcher(words).results().map(number -> Integer.valueOf(number.group())).toList(), words);
        assertEquals(IMAGES, page.cell("photos-table").outputs().numbers("Photos per class", "photos").sum());
    }

    /** The arithmetic is that of 64 pixels: per pixel the same as the 10.9 GFLOP of 224, but for the head. */
    @Test
    void theTableOfTheNetworkAddsUpToResNet18() {
        Outputs network = page.cell("network-table").outputs();
        assertEquals(11_178_564, network.numbers("ResNet-18", "parameters").sum());
        assertEquals(List.of("(1, 512, 2, 2)", "(1, 4)"), network.column("ResNet-18", "output").subList(4, 6));
        assertEquals(10.88 * SIZE * SIZE / (224 * 224), gflopPerImage(), 0.005);
        for (Map<String, String> row : page.cell("limit-peak").outputs().table("Model FLOP utilisation")) {
            assertShown(gflopPerImage(), row.get("GFLOP per image"), "GFLOP");
        }
    }

    private double gflopPerImage() {
        return page.cell("network-table").outputs().numbers("ResNet-18", "GFLOP per image, training").sum();
    }

    /** The file is refused when it is read if its figures do not follow from each other. */
    @Test
    void thePageShowsTheFiguresOfTheResultsFile() throws IOException {
        Outputs race = Outputs.join(List.of(page.cell("race-cpu").outputs(), page.cell("race-gpu").outputs()));
        List<Map<String, String>> results = page.cell("take-results").outputs().table("This run");
        List<Map<String, String>> speedups = page.cell("time-cached").outputs().table("Speed-ups");
        List<Map<String, String>> costs = page.cell("cost-table").outputs().table("Cost");
        List<Map<String, String>> peaks = page.cell("limit-peak").outputs().table("Peaks");
        List<Map<String, String>> devices = page.cell("limit-peak").outputs().table("Model FLOP utilisation");
        assertEquals(RUNS, results.stream().map(row -> row.get("device") + ", " + row.get("data loading")).toList());
        assertEquals(RUNS, speedups.stream().map(row -> row.get("run")).toList());
        assertEquals(RUNS, costs.stream().map(row -> row.get("run")).toList());
        for (Row row : results()) {
            int i = row.getRowNumber();
            String run = RUNS.get(i);
            boolean whole = WHOLE_RUNS.contains(run);
            assertEquals(whole ? EPOCHS * TRAINED : PART_STEPS * BATCH, row.getLong("images"));
            assertShown(row, results.get(i), "images", "seconds", "images/s", "waiting for data, %", "loss", "speed-up",
                    "speed-up, compute only");
            assertShown(row, speedups.get(i), "speed-up=speed-up as fed", "speed-up, compute only=speed-up compute only");
            assertRate(row, "images/s", speedups.get(i).get("as fed, images/s"));
            assertRate(row, "compute only, images/s", speedups.get(i).get("compute only, images/s"));
            assertEquals(number(row, "waiting for data, %"), rate(speedups.get(i).get("waiting for data, %")), 0.51);
            assertShown(0.5 / 3600 * 1e6 / number(row, "images/s"), costs.get(i).get("price of a million images"), run);
            assertShown(row, peaks.get(i / 2), "peak, TFLOP/s=product, TFLOP/s", "memory bandwidth, GB/s=memory, GB/s");
            assertEquals(row.getDouble("images/s") * gflopPerImage() / 1000, row.getDouble("TFLOP/s"), AS_SHOWN * row.getDouble("TFLOP/s"));
            assertEquals(run.endsWith("cached"), number(row, "preparation, s") > 0, run);
            if (whole) {
                assertShown(row, race.table(run).get(EPOCHS - 1), "loss", "accuracy, %");
                assertEquals(row.getLong("images"), race.numbers(run, "images").sum());
                assertEquals(row.getDouble("seconds"), race.numbers(run, "seconds").sum(), EPOCHS * AS_SHOWN * row.getDouble("seconds"));
            }
        }
        for (int device = 0; device < 2; device++) {
            Row raced = results().row(2 * device);
            assertShown(raced, devices.get(device), "TFLOP/s=reached, TFLOP/s");
            double share = Math.min(100, 100 * raced.getDouble("TFLOP/s") / raced.getDouble("peak, TFLOP/s"));
            assertEquals(share, Double.parseDouble(devices.get(device).get("MFU, %")), 0.1);
        }
        assertTrue(page.cell("take-results").outputs().words().contains(project.ownResults().get(0).getFileName().toString()));
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
            if (row.getString("device").equals("CPU")) {            // what is asynchronous is timed in parts in a run of its own
                assertShown(1000 / row.getDouble("images/s"), cells.get("all"), "all");
                assertEquals(row.getDouble("waiting for data, %"),
                        100 * Double.parseDouble(cells.get("waiting for data")) / all, 0.01 * row.getDouble("waiting for data, %") + 1e-3);
            }
        }
    }

    @Test
    void theSweepDoublesTheBatchOnEachDevice() {
        List<Map<String, String>> sweep = page.cell("sweep-run").outputs().table("Batch sizes");
        for (String device : List.of("CPU", STAND_IN)) {
            List<String> batches = sweep.stream().filter(row -> row.get("device").equals(device)).map(row -> row.get("batch")).toList();
            assertEquals(List.of("1", "2", "4", "8", "16", "32", "64"), batches);
        }
        for (Map<String, String> row : sweep) {
            assertTrue(rate(row.get("images/s")) > 0 && Double.parseDouble(row.get("memory, GB")) > 0, row.toString());
        }
    }

    @Test
    void thePriceAtWhichTheGpuIsWorthItFollowsFromPricesAndRates() throws IOException {
        String breakEven = page.cell("cost-table").outputs().words();
        assertTrue(breakEven.contains("4.0 times as fast"), breakEven);
        assertTrue(breakEven.contains(String.format(Locale.ROOT, "%.1f images/s", 4 * results().row(0).getDouble("images/s"))), breakEven);
    }

    @Test
    void bothLayoutsLearnTheSameAndTheRaceIsInTheOneThatIsSet() throws IOException {
        List<Map<String, String>> layouts = page.cell("clock-rate").outputs().table("Training steps on synthetic data");
        assertEquals(List.of("CPU, NCHW", "CPU, NHWC", STAND_IN + ", NCHW", STAND_IN + ", NHWC"),
                layouts.stream().map(row -> row.get("device") + ", " + row.get("layout")).toList());
        for (Map<String, String> row : layouts) {
            assertEquals(Double.parseDouble(layouts.get(0).get("loss")), Double.parseDouble(row.get("loss")), 1e-3);
        }
        assertEquals(List.of("", "yes", "", "yes"), layouts.stream().map(row -> row.get("used in the race")).toList());
        for (Row row : results()) {
            Map<String, String> chosen = layouts.get(row.getString("device").equals(STAND_IN) ? 3 : 1);
            assertRate(row, "compute only, images/s", chosen.get("images/s"));
        }
    }

    @Test
    void theAnswerIsMadeOfTheseFigures() throws IOException {
        Row second = results().row(2);
        String faster = String.format(Locale.ROOT, "%.1f", second.getDouble("speed-up"));
        String fasterComputing = String.format(Locale.ROOT, "%.1f", second.getDouble("speed-up, compute only"));
        Outputs answer = page.cell("race-answer").outputs();
        Matcher said = Pattern.compile("trains ([\\d.]+( ± [\\d.]+)?) images per second, " + faster + " times .* " + fasterComputing + " times")
                .matcher(answer.words());
        assertTrue(said.find(), answer.words());
        assertRate(second, "images/s", said.group(1));
        String headline = answer.pictures().get(0).alt();
        boolean tooShort = Math.min(second.getDouble("seconds"), results().row(0).getDouble("seconds")) < 5;
        assertEquals(tooShort, answer.words().contains("too short to compare"), answer.words());
        assertTrue(headline.contains(tooShort ? "too short to compare" : faster + "×") && headline.contains(fasterComputing + "×"), headline);
    }

    @Test
    void eachDeviceGetsAVerdict() {
        List<String> verdicts = page.cell("limit-verdict").outputs().html();
        assertEquals(2, verdicts.size());
        for (int device = 0; device < 2; device++) {
            String verdict = Jsoup.parse(verdicts.get(device)).text();
            assertTrue(verdict.matches(Pattern.quote(RUNS.get(2 * device)) + "( is limited by |: too short to tell ).*"), verdict);
        }
    }

    /** Each device's parts of the network under its roofs. */
    @Test
    void theRooflineHasTheDevicesAndTheirParts() {
        String alt = page.cell("limit-roofline").outputs().pictures().get(0).alt();
        for (Map<String, String> device : page.cell("limit-peak").outputs().table("Peaks")) {
            assertTrue(alt.contains(device.get("device") + ": "), alt);
        }
        assertEquals(2, Pattern.compile("stage 1 [\\d.]+ TFLOP/s at").matcher(alt).results().count(), alt);
    }

    @Test
    void aCpuStandingInForTheGpuIsLabelledSoAndLearnsTheSame() throws IOException {
        assertTrue(page.cell("clock-wait").outputs().words().contains("The CPU stands in for the GPU"));
        for (Map<String, String> row : page.cell("learned-loss").outputs().table("Losses compared with CPU, on the fly")) {
            assertTrue(Double.parseDouble(row.get("largest difference")) < 1e-3, row.toString());
            int steps = WHOLE_RUNS.contains(row.get("run")) ? EPOCHS * TRAINED / BATCH : PART_STEPS;
            assertEquals(String.valueOf(steps), row.get("steps compared"));
        }
    }

    /** The page's table of accuracies, and the file's column: each class has 12 photos in the test set. */
    @Test
    void theAccuracyOnTheTestSetFollowsFromItsClassesAndStandsInTheResults() throws IOException {
        Outputs learned = page.cell("learned-predict").outputs();
        assertEquals(List.of("high-top", "low-top", "runner", "slip-on"), learned.column("Accuracy on the test set, %", "class"));
        assertEquals(WHOLE_RUNS, learned.column("Accuracy on the test set", "run"));
        for (Map<String, String> row : learned.table("Accuracy on the test set, %")) {
            assertEquals(1, WHOLE_RUNS.stream().map(row::get).distinct().count(), "the same weights and photos: " + row);
        }
        for (Map<String, String> row : learned.table("Accuracy on the test set")) {
            String run = row.get("run");
            double mean = learned.numbers("Accuracy on the test set, %", run).average().orElseThrow();
            assertEquals(mean, Double.parseDouble(row.get("accuracy, %")), AS_SHOWN * 100, run);
            assertEquals("48", row.get("photos"));
            assertShown(number(results().row(RUNS.indexOf(run)), "test accuracy, %"), row.get("accuracy, %"), ONE_DECIMAL, run);
        }
        assertTrue(results().column("test accuracy, %").isMissing(1), "not of a run that was cut short");
    }

    @Test
    void theResultsTellTheMachineAndHowItWasTrained() throws IOException {
        for (Row row : results()) {
            assertEquals("random", row.getString("weights"));
            assertEquals("float32", row.getString("precision"));
            assertEquals("NHWC", row.getString("layout"));
            assertEquals("sneakers.zip", row.getString("data"));
            List<Integer> numbers = Stream.of("photos", "epochs", "batch", "image size").map(row::getInt).toList();
            assertEquals(List.of(TRAINED, EPOCHS, BATCH, SIZE), numbers);
            assertTrue(row.getString("machine").matches("([\\d.]+ of )?\\d+ cores, [\\d.]+ GiB, .+"), row.getString("machine"));
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
        String model = project.folder().resolve("models/sneakers").toString();
        String path = project.folder().resolve(photo).toString();
        String output = project.classify("--precision float32 '" + model + "' '" + path + "' none.jpg").output();
        assertTrue(output.contains(path + ": " + prediction + "\n"), output);
        assertTrue(output.contains("none.jpg: cannot be read ("), output);
    }

    /** The original's are of larger images; {@link SavedNotebookTest} sees to those. */
    @Test
    void allRunsOfThisImageSizeStandInTheChartTheFastestFirst() throws IOException {
        List<Double> rates = results().stream().map(row -> row.getDouble("images/s")).sorted(Comparator.reverseOrder()).toList();
        String alt = page.cell("others-rates").outputs().pictures().get(0).alt();
        List<Double> told = Pattern.compile("▶ [^:]*: ([\\d.]+) images per second").matcher(alt).results()
                .map(value -> Double.valueOf(value.group(1))).toList();
        assertEquals(rates.size(), told.size(), alt);
        for (int i = 0; i < told.size(); i++) {
            assertEquals(rates.get(i), told.get(i), 0.01 * rates.get(i), alt);
        }
    }

    /** Of images of another size they are estimates; the decoding rate is the one that was measured. */
    @Test
    void whatAGpuElsewhereWouldDoIsToldWithoutOne() {
        Outputs elsewhere = page.cell("race-elsewhere").outputs();
        Matcher decoded = Pattern.compile("(?m)^(.+) images/s decoded").matcher(page.cell("loading-rate").outputs().words());
        assertTrue(decoded.find());
        assertTrue(elsewhere.words().contains("decodes " + decoded.group(1) + " images/s"), elsewhere.words());
        assertTrue(elsewhere.words().contains("estimates") && elsewhere.pictures().get(0).alt().contains("RTX 3090"), elsewhere.words());
    }

    @Test
    void picturesAreThereAndNotBlank() throws IOException {
        for (Notebook.Cell cell : page.codeCells()) {
            List<Outputs.Picture> pictures = cell.outputs().pictures();
            assertEquals(PICTURES.contains(cell.id()) ? 1 : 0, pictures.size(), cell.id());
            for (Outputs.Picture picture : pictures) {
                assertNotBlank(picture.image(), cell.id());
                assertFalse(picture.alt().isBlank(), cell.id());
                assertEquals(2 * picture.width(), picture.image().getWidth(), () -> "not drawn at twice the size shown: " + cell.id());
                assertEquals(2 * picture.height(), picture.image().getHeight(), cell.id());
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
        return ResultsFolder.read(project.ownResults().get(0));
    }

    private static double number(Row row, String column) {
        return ((Number) row.getObject(column)).doubleValue();
    }

    /** @param columns of the file, each with another name behind an equals sign where the page has it under that */
    private static void assertShown(Row row, Map<String, String> shown, String... columns) {
        for (String column : columns) {
            String[] names = column.split("=");
            assertShown(number(row, names[0]), shown.get(names[names.length - 1]), column.endsWith("%") ? ONE_DECIMAL : 0, column + " of " + shown);
        }
    }

    /** Of "21.5 ± 0.3" the first number. */
    private static double rate(String shown) {
        return Double.parseDouble(shown.split(" ")[0]);
    }

    /** With its spread, and with no more digits than that leaves. */
    private static void assertRate(Row row, String column, String shown) {
        double spread = row.getDouble("spread of " + column);
        assertEquals(!Double.isNaN(spread), shown.contains(" ± "), shown);
        assertEquals(row.getDouble(column), rate(shown), Double.isNaN(spread) ? 0.005 * row.getDouble(column) : 0.5 * spread);
        if (shown.contains("±")) {
            assertEquals(spread, Double.parseDouble(shown.split("± ")[1]), 0.34 * spread, shown);
        }
    }

    private static void assertShown(double exact, String shown, String what) {
        assertShown(exact, shown, 0, what);
    }

    private static void assertShown(double exact, String shown, double rounding, String what) {
        assertEquals(exact, Double.parseDouble(shown), AS_SHOWN * Math.abs(exact) + rounding + 1e-9, what);
    }

    private static void assertNotBlank(BufferedImage image, String name) {
        boolean ofPixels = name.contains("network");              // a photo of so many pixels, and its edges
        assertTrue(image.getWidth() >= (ofPixels ? 4 * SIZE : 600), name);
        assertTrue(image.getHeight() >= (ofPixels ? 2 * SIZE : 280), name);
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
