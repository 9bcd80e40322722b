import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The notebook as it is saved, with its outputs: that is what GitHub shows, which runs nothing and drops scripts. */
class SavedNotebookTest {
    private static final Path FILE = Project.SOURCE.resolve(Project.NOTEBOOK);
    /** GitHub's page shows larger notebooks late or not at all. */
    private static final long LARGEST_FILE = 2_000_000;
    private static final Set<String> SHOWN_WITHOUT_SCRIPT = Set.of("text/html", "text/plain", "image/png");

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
        assertFalse(notebook.cell("results-all").outputs().table("All runs").isEmpty());
        assertFalse(notebook.cell("results-rate").outputs().images().isEmpty());
    }
}
