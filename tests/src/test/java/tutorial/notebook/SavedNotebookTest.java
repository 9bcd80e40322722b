package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tutorial.files.ResultsFolder;
import tutorial.page.Picture;
import tutorial.testing.Notebook;
import tutorial.testing.Outputs;
import tutorial.testing.Project;

/** The notebook as it is saved, with its outputs: that is what GitHub shows, which runs nothing and drops scripts. */
class SavedNotebookTest {
    private static final Path FILE = Project.SOURCE.resolve(Project.NOTEBOOK);
    private static final Path RESULTS = Project.SOURCE.resolve("results");
    /** GitHub's page shows larger notebooks late or not at all. */
    private static final long LARGEST_FILE = 2_000_000;
    private static final Set<String> SHOWN_WITHOUT_SCRIPT = Set.of("text/html", "text/plain", "image/png", "image/jpeg");
    /** What the original was trained on: three epochs of 2,207 images. */
    private static final long ORIGINAL_IMAGES = 3 * 2207;

    private static Notebook notebook;
    private static List<JsonNode> codeCells;

    @BeforeAll
    static void read() throws IOException {
        notebook = Notebook.read(FILE);
        codeCells = StreamSupport.stream(Notebook.JSON.readTree(FILE.toFile()).get("cells").spliterator(), false)
                .filter(cell -> cell.get("cell_type").asText().equals("code")).toList();
    }

    @Test
    void itIsSmallEnoughForGitHub() throws IOException {
        assertTrue(Files.size(FILE) < LARGEST_FILE, Files.size(FILE) + " bytes");
    }

    @Test
    void everyCellWasRunInOrder() {
        assertEquals(IntStream.rangeClosed(1, codeCells.size()).boxed().toList(),
                codeCells.stream().map(cell -> cell.get("execution_count").asInt()).toList());
    }

    @Test
    void nothingWentWrongAndEveryOutputShowsWithoutScript() {
        for (Notebook.Cell cell : notebook.codeCells()) {
            assertEquals("", cell.outputs().error() + cell.outputs().complaints(), cell.id());
            for (JsonNode output : cell.outputs().messages()) {
                output.path("data").fieldNames().forEachRemaining(type -> assertTrue(SHOWN_WITHOUT_SCRIPT.contains(type), type));
            }
            for (Outputs.Picture picture : cell.outputs().pictures()) {
                assertFalse(picture.alt().isBlank(), cell.id() + ": a picture without metadata.alt");
            }
            for (String html : cell.outputs().html()) {
                Document page = Jsoup.parse(html);
                assertEquals("", page.select("script, iframe, object, embed, link, style, [^on]").outerHtml(), cell.id());
                assertFalse(page.text().isBlank(), cell.id());
            }
        }
    }

    @Test
    void theOriginalsFiguresStandAmongThoseOfAllRunsAndThisRunIsMarked() {
        String alt = notebook.cell("others-rates").outputs().pictures().get(0).alt();
        assertTrue(alt.contains("NVIDIA T4, Google Colab, published: ") && alt.contains("▶"), alt);
    }

    @Test
    void whatOthersPublishedOfGpusIsShownAsItStandsInTheFile() {
        String alt = notebook.cell("race-elsewhere").outputs().pictures().get(0).alt();
        for (Row row : Table.read().csv(Project.SOURCE.resolve("docs/published-gpus.csv").toFile())) {
            String bar = Pattern.quote(row.getString("GPU")) + ", [^:;]*batch " + row.getInt("batch") + ": (≥ )?"
                    + Math.round(row.getDouble("images/s")) + " images per second";
            assertTrue(Pattern.compile(bar).matcher(alt).find(), () -> bar + " is not in: " + alt);
        }
    }

    /** So that a reader comes to the answer. */
    @Test
    void itIsShort() {
        List<Notebook.Cell> cells = notebook.codeCells();
        long[] lengths = cells.stream().mapToLong(cell -> lines(cell).count()).sorted().toArray();
        long words = notebook.cells().stream().filter(cell -> !cell.isCode())
                .mapToLong(cell -> Pattern.compile("\\S+").matcher(cell.source()).results().count()).sum();
        long silent = cells.stream().filter(cell -> cell.outputs().messages().isEmpty()).count();
        assertAll(
                () -> assertAtMost(90, notebook.cells().size(), "cells"),
                () -> assertAtMost(540, LongStream.of(lengths).sum(), "lines of code"),
                () -> assertAtMost(8, lengths[lengths.length / 2], "lines of code in the median cell"),
                () -> assertAtMost(20, lengths[lengths.length - 1], "lines of code in the longest cell"),
                () -> assertAtMost(2700, words, "words of prose"),
                () -> assertAtMost(cells.size() / 4, silent, "code cells show nothing"));
        cells.stream().flatMap(SavedNotebookTest::lines).forEach(line -> assertAtMost(100, line.codePointCount(0, line.length()), line));
    }

    /** Counted from 0, as all cells are. */
    @Test
    void pictureRateAndAnswerComeEarly() {
        Notebook.Cell answer = notebook.cell("race-answer");
        assertAll(
                () -> assertAtMost(10, first(cell -> !cell.outputs().pictures().isEmpty()), "is the first cell with a picture"),
                () -> assertAtMost(12, notebook.cells().indexOf(notebook.cell("loading-rate")), "is the first cell with a rate"),
                () -> assertAtMost(22, first(SavedNotebookTest::showsARateOfTraining), "is the first cell with a rate of training"),
                () -> assertAtMost(30, notebook.cells().indexOf(answer), "is the cell with the answer"),
                () -> assertEquals(1, answer.outputs().pictures().size(), "the headline chart"));
    }

    /** Of decoding alone there is one too. */
    private static boolean showsARateOfTraining(Notebook.Cell cell) {
        String said = cell.outputs().messages().toString().toLowerCase(Locale.ROOT);
        return said.contains("images/s") && !said.contains("decod");
    }

    private static int first(Predicate<Notebook.Cell> wanted) {
        return notebook.cells().indexOf(notebook.cells().stream().filter(wanted).findFirst().orElseThrow());
    }

    @Test
    void theFirstCellSaysHowManyMinutesEachPartTakes() {
        List<List<String>> contents = tableOfTheFirstCell("Part I");
        int minutes = contents.get(0).indexOf("min");
        assertTrue(contents.size() > 3, contents.toString());
        assertTrue(contents.stream().skip(1).allMatch(row -> row.get(minutes).matches("\\D*\\d.*")), contents.toString());
    }

    @Test
    void noPlaceholderIsLeft() {
        assertFalse(notebook.cells().stream().anyMatch(cell -> cell.source().contains("@@")));
    }

    /** The rate of the run that is saved below, and those that others published. */
    @Test
    void theFiguresAtTheTopAreThoseOfTheResults() throws IOException {
        Matcher saved = Pattern.compile("Written to \\S*?([^/\\s]+\\.csv)").matcher(notebook.cell("take-results").outputs().words());
        assertTrue(saved.find());
        String top = notebook.cells().get(0).source();
        Matcher own = Pattern.compile("CPU cores .*? train ([\\d.]+) images/s").matcher(top);
        assertTrue(own.find(), top);
        assertTrue(ResultsFolder.read(RESULTS.resolve(saved.group(1))).stream().anyMatch(run -> run.getLong("images") == ORIGINAL_IMAGES
                && run.getString("device").equals("CPU") && isShownAs(own.group(1), run.getDouble("images/s"))), own.group());
        Table published = Table.read().csv(Project.SOURCE.resolve("docs/published-gpus.csv").toFile());
        Map.of("T4", "a T4 trained at least ([\\d,]+)", "RTX 3090", "batches of 512, ([\\d,]+)").forEach((gpu, words) -> {
            Matcher told = Pattern.compile(words).matcher(top);
            assertTrue(told.find(), words);
            assertTrue(published.stream().anyMatch(row -> row.getString("GPU").endsWith(gpu)
                    && isShownAs(told.group(1), row.getDouble("images/s"))), told.group());
        });
    }

    /** With as many decimals as are shown. */
    private static boolean isShownAs(String shown, double exact) {
        return new BigDecimal(exact).setScale(number(shown).scale(), RoundingMode.HALF_UP).equals(number(shown));
    }

    private static BigDecimal number(String shown) {
        return new BigDecimal(shown.replaceAll("[,*]", ""));
    }

    /** Rows of cells, the header first; no matter what is set in bold. */
    private static List<List<String>> tableOfTheFirstCell(String firstColumnBegins) {
        List<List<String>> table = new ArrayList<>();
        for (String line : notebook.cells().get(0).source().lines().toList()) {
            boolean inside = line.startsWith("|") && (!table.isEmpty() || line.startsWith("| " + firstColumnBegins));
            if (!inside && !table.isEmpty()) {
                break;
            }
            if (inside && !line.matches("[|:\\s-]+")) {
                table.add(Stream.of(line.substring(1).split("\\|")).map(cell -> cell.replace("**", "").strip()).toList());
            }
        }
        assertFalse(table.isEmpty(), () -> "no table in the first cell begins with \"" + firstColumnBegins + "\"");
        return table;
    }

    private static Stream<String> lines(Notebook.Cell cell) {
        return cell.source().lines().filter(line -> !line.isBlank());
    }

    private static void assertAtMost(long most, long actual, String what) {
        assertTrue(actual <= most, () -> actual + " " + what + ", " + most + " at most");
    }
}
