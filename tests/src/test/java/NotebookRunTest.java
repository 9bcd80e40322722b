import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

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
    private static final List<String> LEGS = List.of("CPU, streamed", "CPU, prepared",
            "CPU standing in for the GPU, streamed", "CPU standing in for the GPU, prepared");
    /** Those that went through all epochs; the CPU's second is measured over a few steps only. */
    private static final List<String> WHOLE_LEGS = List.of(LEGS.get(0), LEGS.get(2), LEGS.get(3));
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
                online.runAll(project.notebook().codeCellsUntil("parameters"), "").orFail();
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
        return project.run("epochs = " + EPOCHS + "; imageSize = 64; partSteps = " + PART_STEPS + "; sweepSeconds = 600; "
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
        assertFalse(page.cell("results-conclusion").outputs().words().matches("(?s).*\\d,\\d.*"));
        assertTrue(page.cell("setup-machine").outputs().words().contains("Java heap up to 0.5 GiB"));
    }

    @Test
    void theTerminalTellsTheSectionsAndTheProgress() {
        assertAll(
                () -> assertTrue(run.output().contains("4. Data"), run.output()),
                () -> assertTrue(run.output().matches("(?s).*epoch 2 of 2 · 384 of 384 images · .* done in .*"), run.output()));
    }

    @Test
    void theSettingsStandInACellOfTheirOwnBehindTheParameters() {
        List<Notebook.Cell> code = page.codeCells();
        int parameters = code.indexOf(page.cell("parameters"));
        assertEquals(List.of("injected-parameters"), code.get(parameters + 1).tags());
    }

    @Test
    void theDataTablesCountEveryPhoto() {
        List<Map<String, String>> classes = page.cell("data-classes").outputs().table("Photos per class");
        assertEquals(4, classes.size());
        assertEquals(IMAGES, classes.stream().mapToDouble(row -> Double.parseDouble(row.get("photos"))).sum());
        assertEquals("JPEG", page.cell("data-formats").outputs().table("Formats").get(0).get("format"));
    }

    @Test
    void theModelTableAddsUpToResNet18() {
        List<Map<String, String>> parts = page.cell("model-table").outputs().table("ResNet-18");
        assertEquals(11_178_564, parts.stream().mapToLong(row -> Long.parseLong(row.get("parameters"))).sum());
        assertEquals("(32, 512, 2, 2)", parts.get(4).get("output"));
        assertEquals("(32, 4)", parts.get(5).get("output"));
    }

    @Test
    void theResultsFileSaysWhatThePageSays() throws IOException {
        Table file = results();
        List<Map<String, String>> shown = Outputs.join(List.of(page.cell("results-rows").outputs(), page.cell("results-outcome").outputs()))
                .tables("This run", "Outcome");
        assertEquals(LEGS.size(), file.rowCount());
        for (Row row : file) {
            Map<String, String> cells = shown.get(row.getRowNumber());
            assertEquals(LEGS.get(row.getRowNumber()), cells.get("device") + ", " + cells.get("feeding"));
            for (String column : List.of("preparation, s", "seconds", "images/s", "compute only, images/s", "median step, ms",
                    "spread of steps, ms", "waiting for data, %", "loss", "accuracy, %", "speed-up", "speed-up, compute only")) {
                assertShown(file.numberColumn(column).getDouble(row.getRowNumber()), cells.get(column), column);
            }
        }
    }

    @Test
    void theFiguresFollowFromEachOther() throws IOException {
        Table file = results();
        for (Row row : file) {
            Row cpu = file.row(row.getString("feeding").equals("streamed") ? 0 : 1);
            long images = row.getRowNumber() == 1 ? PART_STEPS * BATCH : EPOCHS * TRAINED;
            assertEquals(images, row.getInt("images"));
            assertEquals(images / row.getDouble("seconds"), row.getDouble("images/s"), 1e-6 * row.getDouble("images/s"));
            assertEquals(row.getDouble("images/s") / cpu.getDouble("images/s"), number(row, "speed-up"), 1e-6);
            assertEquals(row.getDouble("compute only, images/s") / cpu.getDouble("compute only, images/s"),
                    number(row, "speed-up, compute only"), 1e-6);
            assertTrue(row.getString("feeding").equals("prepared") == number(row, "preparation, s") > 0, row.toString());
        }
    }

    @Test
    void theSpeedUpsOnThePageAreThoseOfTheFile() throws IOException {
        List<Map<String, String>> shown = page.cell("time-speedups").outputs().table("Speed-ups");
        for (Row row : results()) {
            Map<String, String> cells = shown.get(row.getRowNumber());
            double fed = row.getDouble("images/s");
            double alone = row.getDouble("compute only, images/s");
            assertEquals(LEGS.get(row.getRowNumber()), cells.get("leg"));
            assertShown(fed, cells.get("as fed, images/s"), "as fed");
            assertShown(alone, cells.get("compute only, images/s"), "compute only");
            assertShown(100 * fed / alone, cells.get("fed, % of compute only"), "share");
            assertShown(number(row, "speed-up"), cells.get("speed-up as fed"), "speed-up");
            assertShown(number(row, "speed-up, compute only"), cells.get("speed-up compute only"), "speed-up, compute only");
        }
    }

    @Test
    void thePartsOfAStepAddUpToTheWhole() throws IOException {
        List<Map<String, String>> shown = page.cell("time-table").outputs().table("Milliseconds per image");
        for (Row row : results()) {
            Map<String, String> cells = shown.get(row.getRowNumber());
            double all = Double.parseDouble(cells.get("all"));
            double parts = cells.entrySet().stream().filter(cell -> !List.of("leg", "all").contains(cell.getKey()))
                    .mapToDouble(cell -> Double.parseDouble(cell.getValue())).sum();
            assertEquals(all, parts, 0.03 * all);
            assertShown(1000 / row.getDouble("images/s"), cells.get("all"), "all");
            assertEquals(row.getDouble("waiting for data, %"),
                    100 * Double.parseDouble(cells.get("waiting for data")) / all, 0.01 * row.getDouble("waiting for data, %") + 1e-3);
        }
    }

    @Test
    void theSweepDoublesTheBatchOnEachDevice() {
        List<Map<String, String>> sweep = page.cell("scale-run").outputs().table("Batch sizes");
        for (String device : List.of("CPU", "CPU standing in for the GPU")) {
            List<Integer> batches = sweep.stream().filter(row -> row.get("device").equals(device))
                    .map(row -> Integer.valueOf(row.get("batch"))).toList();
            assertTrue(batches.size() >= 3, batches.toString());
            for (int i = 0; i < batches.size(); i++) {
                assertEquals(1 << i, batches.get(i));
            }
        }
        assertTrue(sweep.stream().allMatch(row -> Double.parseDouble(row.get("images/s")) > 0));
    }

    @Test
    void theCostsFollowFromPricesAndRates() throws IOException {
        List<Map<String, String>> costs = page.cell("cost-table").outputs().table("Cost");
        for (Row row : results()) {
            assertShown(0.5 / 3600 * 1000 / row.getDouble("images/s"), costs.get(row.getRowNumber()).get("price of 1,000 images"), "price");
        }
        String breakEven = page.cell("cost-break-even").outputs().words();
        assertTrue(breakEven.contains("more than 4.0 times as fast") && breakEven.contains(
                String.format(Locale.ROOT, "beyond %.1f images/s", 4 * results().row(0).getDouble("images/s"))), breakEven);
    }

    @Test
    void bothLayoutsLearnTheSame() {
        List<Map<String, String>> layouts = page.cell("train-layout").outputs().table("Memory layout");
        assertEquals(4, layouts.size());
        double[] losses = layouts.stream().mapToDouble(row -> Double.parseDouble(row.get("loss"))).toArray();
        assertEquals(losses[0], losses[1], 1e-3);
        assertEquals(losses[2], losses[3], 1e-3);
    }

    @Test
    void onACpuTheClockNeedNotWait() {
        for (Map<String, String> row : page.cell("train-surprise").outputs().table("One pass")) {
            double finished = Double.parseDouble(row.get("after waiting, ms"));
            assertEquals(finished, Double.parseDouble(row.get("clock read at once, ms")), 0.5 * finished);
        }
    }

    @Test
    void theEpochsAddUpToTheLeg() throws IOException {
        List<Map<String, String>> epochs = page.cell("race-cpu").outputs().table("CPU, streamed");
        double seconds = results().doubleColumn("seconds").get(0);
        assertEquals(EPOCHS, epochs.size());
        assertEquals(seconds, epochs.stream().mapToDouble(row -> Double.parseDouble(row.get("seconds"))).sum(), EPOCHS * AS_SHOWN * seconds);
        assertEquals(EPOCHS * TRAINED, epochs.stream().mapToLong(row -> Long.parseLong(row.get("images"))).sum());
    }

    @Test
    void theConclusionIsMadeOfTheseFigures() throws IOException {
        String conclusion = page.cell("results-conclusion").outputs().words();
        for (Row row : results()) {
            String figures = String.format(Locale.ROOT, "%.1f images/s, waiting for data %.1f %%", row.getDouble("images/s"),
                    row.getDouble("waiting for data, %"));
            assertTrue(conclusion.contains(figures), () -> figures + " is not in: " + conclusion);
        }
    }

    @Test
    void aCpuStandingInForTheGpuIsLabelledSoAndLearnsTheSame() throws IOException {
        assertTrue(page.cell("train-devices").outputs().words().contains("The CPU stands in for the GPU"));
        for (Map<String, String> row : page.cell("race-difference").outputs().table("Losses against")) {
            assertTrue(Double.parseDouble(row.get("largest difference")) < 1e-3, row.toString());
            assertEquals(row.get("leg").equals("CPU, prepared") ? PART_STEPS : EPOCHS * TRAINED / BATCH, Integer.parseInt(row.get("steps compared")));
        }
    }

    /** The page's table of accuracies, and the file's column: each class has 12 photos held out. */
    @Test
    void theAccuracyOnHeldOutPhotosFollowsFromItsClassesAndStandsInTheResults() throws IOException {
        List<Map<String, String>> table = page.cell("learn-accuracy").outputs().table("Accuracy on held-out photos");
        assertEquals(List.of("high-top", "low-top", "runner", "slip-on", "all"), table.stream().map(row -> row.get("class")).toList());
        for (String leg : WHOLE_LEGS) {
            double all = Double.parseDouble(table.get(4).get(leg));
            double mean = table.subList(0, 4).stream().mapToDouble(row -> Double.parseDouble(row.get(leg))).average().orElseThrow();
            assertEquals(mean, all, AS_SHOWN * 100, leg);
            assertShown(results().doubleColumn("held-out accuracy, %").get(LEGS.indexOf(leg)), table.get(4).get(leg), leg);
        }
        assertTrue(results().doubleColumn("held-out accuracy, %").isMissing(1), "not of a leg that was cut short");
    }

    @Test
    void theSameWeightsAndPhotosGiveTheSameAnswers() {
        for (Map<String, String> row : page.cell("learn-accuracy").outputs().table("Accuracy on held-out photos")) {
            assertEquals(1, WHOLE_LEGS.stream().map(row::get).distinct().count(), row.toString());
        }
    }

    @Test
    void theResultsTellTheMachineAndHowItWasTrained() throws IOException {
        for (Row row : results()) {
            assertEquals("random", row.getString("weights"));
            assertEquals("float32", row.getString("precision"));
            assertTrue(row.getString("machine").matches("\\d+ cores, [\\d.]+ GiB, .+"), row.getString("machine"));
            assertTrue(row.getString("software").matches("DJL .*, PyTorch .*, Java .*"), row.getString("software"));
        }
    }

    /** As the notebook says it does, and as the program of examples/ does with the saved model. */
    @Test
    void theSavedModelAnswersAsBefore() throws Exception {
        String[] said = page.cell("learn-load").outputs().words().strip().split("\n");
        String photo = said[0].substring(0, said[0].indexOf(", saved and loaded: "));
        String answer = said[0].substring(said[0].indexOf(": ") + 2);
        assertEquals(photo + ", before: " + answer, said[1]);
        String model = project.folder().resolve("models").toString();
        String path = project.folder().resolve(photo).toString();
        String output = project.classify("'" + model + "' '" + path + "' none.jpg").output();
        assertTrue(output.contains(path + ": " + answer + "\n"), output);
        assertTrue(output.contains("none.jpg: cannot be read (none.jpg (No such file or directory))"), output);
    }

    @Test
    void theOriginalsFiguresStandFirstAmongAllRuns() {
        List<Map<String, String>> all = page.cell("results-all").outputs().table("All runs");
        assertEquals(2 + LEGS.size(), all.size());
        assertEquals("1425", all.get(0).get("seconds"));
        assertEquals("107.1", all.get(1).get("seconds"));
    }

    @Test
    void chartsAreThereAndNotBlank() throws IOException {
        Map<String, Integer> drawn = Map.of("data-chart", 1, "data-grid", 1, "race-loss", 1, "time-chart", 1, "scale-chart", 1,
                "learn-confusion", WHOLE_LEGS.size(), "learn-gallery", 1, "learn-own", 2, "results-seconds", 1, "results-rate", 1);
        for (var cell : drawn.entrySet()) {
            List<BufferedImage> images = page.cell(cell.getKey()).outputs().images();
            assertEquals(cell.getValue(), images.size(), cell.getKey());
            for (BufferedImage image : images) {
                assertNotBlank(image, cell.getKey());
            }
        }
        try (Stream<Path> charts = Files.list(project.folder().resolve("build/charts"))) {
            List<Path> files = charts.sorted().toList();
            assertEquals(drawn.values().stream().mapToInt(Integer::intValue).sum(), files.size(), files.toString());
            for (Path file : files) {
                assertNotBlank(ImageIO.read(file.toFile()), file.toString());
            }
        }
    }

    @Test
    void thePageIsThereAsHtml() throws IOException {
        String html = Files.readString(project.folder().resolve("build").resolve(Project.NOTEBOOK.replace(".ipynb", ".html")));
        assertTrue(html.contains("Photos per class") && html.contains("data:image/png;base64,"));
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
        assertFalse(image.getWidth() < 300 || image.getHeight() < 140, () -> name + " is too small");
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
