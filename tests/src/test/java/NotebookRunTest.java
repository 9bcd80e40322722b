import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** The whole notebook, run once as {@code make run} does, with the CPU standing in for the GPU. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NotebookRunTest {
    private static final int EPOCHS = 2;
    private static final int IMAGES = 240;
    /** Tables show four significant digits. */
    private static final double AS_SHOWN = 1e-3;

    private Project project;
    private Project.Finished run;
    private Notebook page;

    @BeforeAll
    void run(@TempDir Path temp) throws Exception {
        project = Project.copyTo(temp.resolve("a folder with späces"));
        run = project.run("epochs = " + EPOCHS + "; imageSize = 64; secondDevice = \"cpu\";");
        page = Notebook.read(project.folder().resolve("build").resolve(Project.NOTEBOOK));
    }

    @Test
    void everyCellRunsWithoutError() {
        assertEquals(0, run.exitCode(), run.output());
        for (Notebook.Cell cell : page.codeCells()) {
            assertEquals("", cell.outputs().error(), cell.source());
        }
    }

    @Test
    void theTerminalTellsTheSectionsAndTheProgress() {
        assertAll(
                () -> assertTrue(run.output().contains("4. Data"), run.output()),
                () -> assertTrue(run.output().matches("(?s).*epoch 2 of 2 · 480 of 480 images · .* done in .*"), run.output()));
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
        List<Map<String, String>> shown = page.cell("results-rows").outputs().table("This run");
        assertEquals(2, file.rowCount());
        for (int row = 0; row < 2; row++) {
            for (String column : List.of("seconds", "images/s", "median step, ms", "loss", "accuracy, %", "speed-up")) {
                double exact = file.doubleColumn(column).get(row);
                assertEquals(exact, Double.parseDouble(shown.get(row).get(column)), AS_SHOWN * exact + 1e-9, column);
            }
        }
    }

    @Test
    void theFiguresFollowFromEachOther() throws IOException {
        Table file = results();
        double cpuSeconds = file.doubleColumn("seconds").get(0);
        for (int row = 0; row < 2; row++) {
            double seconds = file.doubleColumn("seconds").get(row);
            assertEquals(EPOCHS * IMAGES, file.numberColumn("images").getDouble(row));
            assertEquals(EPOCHS * IMAGES / seconds, file.doubleColumn("images/s").get(row), 1e-6 * EPOCHS * IMAGES);
            assertEquals(cpuSeconds / seconds, file.doubleColumn("speed-up").get(row), 1e-6);
        }
    }

    @Test
    void theEpochsAddUpToTheLeg() throws IOException {
        double shown = page.cell("race-cpu").outputs().table("CPU").stream()
                .mapToDouble(row -> Double.parseDouble(row.get("seconds"))).sum();
        double seconds = results().doubleColumn("seconds").get(0);
        assertEquals(seconds, shown, EPOCHS * AS_SHOWN * seconds);
    }

    @Test
    void theConclusionIsMadeOfTheseFigures() throws IOException {
        String conclusion = page.cell("results-conclusion").outputs().words();
        for (double rate : results().doubleColumn("images/s").asDoubleArray()) {
            String figure = String.format(java.util.Locale.ROOT, "%.1f images/s", rate);
            assertTrue(conclusion.contains(figure), () -> figure + " is not in: " + conclusion);
        }
    }

    @Test
    void aCpuStandingInForTheGpuIsLabelledSoAndLearnsTheSame() throws IOException {
        Table file = results();
        assertEquals("CPU standing in for the GPU", file.stringColumn("device").get(1));
        assertTrue(page.cell("race-gpu-there").outputs().words().contains("The CPU stands in for the GPU"));
        assertEquals(file.doubleColumn("loss").get(0), file.doubleColumn("loss").get(1), 1e-3);
        assertEquals(file.doubleColumn("accuracy, %").get(0), file.doubleColumn("accuracy, %").get(1), 1);
    }

    @Test
    void theOriginalsFiguresStandFirstAmongAllRuns() {
        List<Map<String, String>> all = page.cell("results-all").outputs().table("All runs");
        assertEquals(4, all.size());
        assertEquals("1425", all.get(0).get("seconds"));
        assertEquals("107.1", all.get(1).get("seconds"));
    }

    @Test
    void chartsAreThereAndNotBlank() throws IOException {
        for (String id : List.of("data-chart", "data-grid", "results-seconds", "results-rate", "results-loss")) {
            List<BufferedImage> images = page.cell(id).outputs().images();
            assertEquals(1, images.size(), id);
            assertNotBlank(images.get(0), id);
        }
        try (Stream<Path> charts = Files.list(project.folder().resolve("build/charts"))) {
            List<Path> files = charts.sorted().toList();
            assertEquals(5, files.size(), files.toString());
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
        try (Stream<Path> files = Files.list(project.folder().resolve("results"))) {
            Path own = files.filter(file -> !file.endsWith("0000-original-tutorial.csv")).findFirst().orElseThrow();
            return Table.read().csv(own.toFile());
        }
    }

    private static void assertNotBlank(BufferedImage image, String name) {
        assertFalse(image.getWidth() < 300 || image.getHeight() < 150, () -> name + " is too small");
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
