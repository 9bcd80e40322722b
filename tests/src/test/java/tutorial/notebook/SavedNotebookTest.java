package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tutorial.files.ResultsFolder;
import tutorial.page.Picture;
import tutorial.testing.Notebook;
import tutorial.testing.Outputs;
import tutorial.testing.Project;

/**
 * The notebook as it is saved, with its outputs: that is what GitHub shows, which runs nothing and drops scripts. And how
 * long it may be, so that a reader comes to the answer: each bound is what the notebook was once rewritten to keep.
 */
class SavedNotebookTest {
    private static final Path FILE = Project.SOURCE.resolve(Project.NOTEBOOK);
    private static final Path RESULTS = Project.SOURCE.resolve("results");
    private static final Path ORIGINAL = RESULTS.resolve("0000-original-tutorial.csv");
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
    void nothingWentWrong() {
        for (Notebook.Cell cell : notebook.codeCells()) {
            assertEquals("", cell.outputs().error(), cell.id());
            cell.outputs().messages().forEach(output -> assertFalse(output.path("name").asText().equals("stderr"), cell.id()));
        }
    }

    @Test
    void everyOutputShowsWithoutScript() {
        for (Notebook.Cell cell : notebook.codeCells()) {
            for (JsonNode output : cell.outputs().messages()) {
                output.path("data").fieldNames().forEachRemaining(type -> assertTrue(SHOWN_WITHOUT_SCRIPT.contains(type), cell.id() + ": " + type));
            }
            for (String html : cell.outputs().html()) {
                Document page = Jsoup.parse(html);
                assertEquals("", page.select("script, iframe, object, embed, link, style, [^on]").outerHtml(), cell.id());
                assertFalse(page.text().isBlank(), cell.id());
            }
        }
    }

    @Test
    void itHasTablesAndCharts() {
        assertFalse(notebook.cell("take-results").outputs().table("This run").isEmpty());
        assertFalse(notebook.cell("others-rates").outputs().pictures().isEmpty());
    }

    @Test
    void theOriginalsFiguresStandAmongThoseOfAllRunsAndThisRunIsMarked() {
        for (String chart : List.of("others-rates", "others-seconds")) {
            String alt = notebook.cell(chart).outputs().pictures().get(0).alt();
            assertAll(chart, () -> assertTrue(alt.contains("NVIDIA T4, Google Colab, published: "), alt), () -> assertTrue(alt.contains("▶"), alt));
        }
    }

    @Test
    void everyPictureHasAnAlternativeText() {
        for (Notebook.Cell cell : notebook.codeCells()) {
            for (Outputs.Picture picture : cell.outputs().pictures()) {
                assertFalse(picture.alt().isBlank(), cell.id() + ": a picture without metadata.alt");
            }
        }
    }

    @Test
    void itIsShort() {
        long codeLines = notebook.codeCells().stream().mapToLong(cell -> lines(cell).count()).sum();
        long words = prose().mapToLong(text -> Pattern.compile("\\S+").matcher(text).results().count()).sum();
        assertAll(
                () -> assertAtMost(80, notebook.cells().size(), "cells"),
                () -> assertAtMost(450, codeLines, "lines of code"),
                () -> assertAtMost(2600, words, "words of prose"),
                () -> assertTrue(words >= 2000, words + " words of prose are too few to explain it"));
    }

    @Test
    void itsCodeCellsAreShortAndNoLineIsWide() {
        List<Notebook.Cell> cells = notebook.codeCells();
        long[] lengths = cells.stream().mapToLong(cell -> lines(cell).count()).sorted().toArray();
        double median = (lengths[(lengths.length - 1) / 2] + lengths[lengths.length / 2]) / 2.0;
        List<Executable> bounds = new ArrayList<>(List.of(() -> assertTrue(median <= 8, "the median cell has " + median + " lines")));
        for (Notebook.Cell cell : cells) {
            bounds.add(() -> assertAtMost(20, lines(cell).count(), "lines of code in " + cell.id()));
            lines(cell).forEach(line -> bounds.add(
                    () -> assertAtMost(100, line.codePointCount(0, line.length()), "characters in " + cell.id() + ": " + line)));
        }
        assertAll(bounds);
    }

    @Test
    void mostCodeCellsShowSomethingAndNeverManyInARowDoNot() {
        List<Notebook.Cell> cells = notebook.codeCells();
        List<Notebook.Cell> silent = new ArrayList<>();
        int shown = 0;
        for (Notebook.Cell cell : cells) {
            if (cell.outputs().messages().isEmpty()) {
                silent.add(cell);
            } else {
                silent.clear();
                shown++;
            }
            assertTrue(silent.size() <= 3, () -> "four in a row show nothing, up to " + cell.id());
        }
        assertTrue(shown >= 0.75 * cells.size(), shown + " of " + cells.size() + " code cells show something");
    }

    /** Counted from 0, as all cells are. */
    @Test
    void pictureRateAndAnswerComeEarly() {
        Notebook.Cell answer = notebook.cell("race-answer");
        String said = answer.outputs().words();
        assertAll(
                () -> assertAtMost(14, first(cell -> !cell.outputs().pictures().isEmpty()), "is the first cell with a picture"),
                () -> assertAtMost(26, first(SavedNotebookTest::showsARateOfTraining), "is the first cell with a rate of training"),
                () -> assertAtMost(40, notebook.cells().indexOf(answer), "is the cell with the answer"),
                () -> assertEquals(1, answer.outputs().pictures().size(), "the headline chart"),
                () -> assertTrue(said.matches("(?s).*\\d images per second.*"), said));
    }

    /** Of decoding alone there is one too. */
    private static boolean showsARateOfTraining(Notebook.Cell cell) {
        String said = cell.outputs().messages().toString().toLowerCase(Locale.ROOT);
        return said.contains("images/s") && !said.contains("decod");
    }

    private static int first(Predicate<Notebook.Cell> wanted) {
        return IntStream.range(0, notebook.cells().size()).filter(i -> wanted.test(notebook.cells().get(i))).findFirst().orElse(Integer.MAX_VALUE);
    }

    @Test
    void theFirstCellSaysHowManyMinutesEachPartTakes() {
        List<List<String>> contents = tableOfTheFirstCell("Part I");
        List<String> columns = contents.get(0);
        assertTrue(contents.size() > 3 && columns.contains("min"), contents.toString());
        for (List<String> row : contents.subList(1, contents.size())) {
            for (int i = 0; i < columns.size(); i++) {
                assertEquals(columns.get(i).equals("min"), row.get(i).matches("[^A-Za-z]*\\d[^A-Za-z]*"), row.toString());
            }
        }
    }

    @Test
    void noPlaceholderIsLeft() {
        assertFalse(notebook.cells().stream().anyMatch(cell -> cell.source().contains("@@")));
    }

    /** The table at the top, row by row, against results/: the original's two figures, and that of the run that is saved below. */
    @Test
    void theFiguresAtTheTopAreThoseOfTheResults() throws IOException {
        List<List<String>> table = tableOfTheFirstCell("measured by");
        int rate = table.get(0).indexOf("images/s");
        int seconds = table.get(0).indexOf("seconds for 3 × 2,207 images");
        Table all = ResultsFolder.read(ORIGINAL, RESULTS);
        List<Boolean> published = new ArrayList<>();
        for (List<String> row : table.subList(1, table.size())) {
            Row found = find(row.get(rate), row.get(seconds), all);
            assertNotNull(found, () -> row + ": no run in results/ has these figures");
            published.add(found.getString("date").isEmpty());
        }
        assertEquals(List.of(true, true, false), published, "the original's rows come first");
        Matcher file = Pattern.compile("Written to \\S*?([^/\\s]+\\.csv)").matcher(notebook.cell("take-results").outputs().words());
        assertTrue(file.find());
        List<String> last = table.get(table.size() - 1);
        assertNotNull(find(last.get(rate), last.get(seconds), ResultsFolder.read(RESULTS.resolve(file.group(1)))), () -> last + ": not of the run that is saved");
    }

    private static Row find(String rate, String seconds, Table runs) {
        for (int i = 0; i < runs.rowCount(); i++) {
            Row run = runs.row(i);
            if (run.getLong("images") == ORIGINAL_IMAGES && number(rate).scale() == 1
                    && isShownAs(rate, run.getDouble("images/s")) && isShownAs(seconds, run.getDouble("seconds"))) {
                return run;
            }
        }
        return null;
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

    private static Stream<String> prose() {
        return notebook.cells().stream().filter(cell -> !cell.isCode()).map(Notebook.Cell::source);
    }

    private static void assertAtMost(long most, long actual, String what) {
        assertTrue(actual <= most, () -> actual + " " + what + ", " + most + " at most");
    }
}
