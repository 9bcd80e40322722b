import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** The notebook on machines that differ from the usual one. */
class NotebookElsewhereTest {
    private static final String QUICK = "epochs = 1; imageSize = 64; partSteps = 2; sweepSeconds = 2; pretrained = false;";
    /** A network with nothing but the machine itself, which Jupyter needs to speak to its kernel. */
    private static final List<String> WITHOUT_NETWORK =
            List.of("unshare", "--net", "--map-root-user", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh");

    @TempDir
    Path temp;

    /** Once set up, without a network, with little heap, in a locale of decimal commas, at the other end of the day, with no display. */
    @Test
    void itRunsOfflineInLittleHeapAndNumbersStayNumbersInEveryLocale() throws Exception {
        Project project = Project.copyTo(temp.resolve("project"));
        Project.Finished run = project.run(QUICK, Map.of("JJAVA_JVM_OPTS",
                "-Xmx512m -Duser.language=de -Duser.country=DE -Duser.timezone=Pacific/Kiritimati", "DISPLAY", ":99"),
                canGoOffline() ? WITHOUT_NETWORK : List.of());
        assertEquals(0, run.exitCode(), run.output());
        Notebook page = Notebook.read(project.folder().resolve("build").resolve(Project.NOTEBOOK));
        double shown = Double.parseDouble(page.cell("results-rows").outputs().table("This run").get(0).get("images/s"));
        assertEquals(Table.read().csv(ownResults(project).get(0).toFile()).doubleColumn("images/s").get(0), shown, 1e-3 * shown);
        assertFalse(page.cell("results-conclusion").outputs().words().matches("(?s).*\\d,\\d.*"));
        assertTrue(page.cell("setup-machine").outputs().words().contains("Java heap up to 0.5 GiB"));
    }

    /** Not set up at all: one line says what is missing and where it was looked for, and the page shows no other run's outputs. */
    @Test
    void theFirstRunWithoutNetworkSaysWhatItMisses() throws Exception {
        assumeTrue(canGoOffline(), "no network namespace can be made here");
        Project project = Project.copyTo(temp.resolve("project"));
        Project.Finished run = project.run("", Map.of("JJAVA_JVM_OPTS", "-Duser.home=" + temp), WITHOUT_NETWORK);
        assertEquals(1, run.exitCode(), run.output());
        assertTrue(lastLine(run).matches("FAILED: ai\\.djl:api:\\S+ could not be fetched \\(repo.*maven.*\\)\\. Connect to the network, .*"), run.output());
        Notebook page = Notebook.read(project.folder().resolve("build").resolve(Project.NOTEBOOK));
        assertEquals("", Outputs.join(page.codeCellsFrom("setup-tablesaw").stream().map(Notebook.Cell::outputs).toList()).words());
    }

    @Test
    void aHomeThatCannotBeWrittenIsNamed() throws Exception {
        Project project = Project.copyTo(temp.resolve("project"));
        Path home = Files.createFile(temp.resolve("file")).resolve("home");
        Project.Finished run = project.run("", Map.of("JJAVA_JVM_OPTS", "-Duser.home=" + home), List.of());
        assertEquals(1, run.exitCode(), run.output());
        assertTrue(lastLine(run).contains(home + "/.m2") && lastLine(run).contains("See that this folder can be written to"), run.output());
    }

    /** In a notebook of the settings' cell alone, which does not take as long. */
    @Test
    void settingsThatDoNotCompileAreAnsweredInOneLine() throws Exception {
        Project project = Project.copyTo(temp.resolve("project"));
        Path file = project.folder().resolve(Project.NOTEBOOK);
        ObjectNode json = (ObjectNode) Notebook.JSON.readTree(file.toFile());
        ArrayNode onlySettings = Notebook.JSON.createArrayNode();
        json.get("cells").forEach(cell -> {
            if (cell.get("id").asText().equals("parameters")) {
                onlySettings.add(cell);
            }
        });
        Notebook.JSON.writeValue(file.toFile(), json.set("cells", onlySettings));
        Map<String, String> answers = Map.of("epoch = 1;", "epoch is not there yet. See whether the name is right",
                "batchSize 7;", "batchSize 7; ';' expected", "epochs = ", "Incomplete input: epochs =");
        for (var answer : answers.entrySet()) {
            Project.Finished run = project.run(answer.getKey());
            assertEquals(1, run.exitCode(), run.output());
            assertTrue(lastLine(run).startsWith("FAILED: SETTINGS: " + answer.getValue()), run.output());
        }
    }

    @Test
    void aWrongPyTorchIsNamedBeforeItIsLoaded() throws IOException {
        Project project = Project.copyTo(temp.resolve("project"));
        try (Kernel kernel = project.kernel(Map.of("PYTORCH_LIBRARY_PATH", temp.toString()))) {
            List<Notebook.Cell> cells = project.notebook().codeCells();
            Kernel.Answer answer = kernel.runAll(cells.subList(0, cells.indexOf(project.notebook().cell("setup-show"))), "");
            assertFalse(answer.ok());
            assertTrue(answer.outputs().error().contains("PYTORCH_LIBRARY_PATH = " + temp + ": no PyTorch library is there"),
                    answer.outputs().error());
        }
    }

    /** Two kernels in one folder, both with nothing unzipped yet, run the whole notebook. */
    @Test
    void twoNotebooksShareDataAndResults() throws Exception {
        Project project = Project.copyTo(temp.resolve("project"));
        List<Notebook.Cell> cells = project.notebook().codeCells();
        try (Kernel first = project.kernel(); Kernel second = project.kernel()) {
            List<Kernel.Answer> answers = Stream.of(first, second).parallel().map(kernel -> {
                try {
                    return kernel.runAll(cells, QUICK);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }).toList();
            for (Kernel.Answer answer : answers) {
                assertTrue(answer.ok(), answer.outputs().error());
                assertTrue(answer.words().contains("240 photos in 4 classes, 0 files set aside"), answer.words());
                assertFalse(answer.words().contains("Hint: "), answer.words());
            }
        }
        assertEquals(2, ownResults(project).size());
    }

    /** Only Linux can, and not in every container. */
    private static boolean canGoOffline() throws InterruptedException {
        try {
            return new ProcessBuilder(Stream.concat(WITHOUT_NETWORK.stream(), Stream.of("true")).toList()).start().waitFor() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }

    private static String lastLine(Project.Finished run) {
        return run.output().lines().reduce((before, last) -> last).orElse("");
    }

    private static List<Path> ownResults(Project project) throws IOException {
        try (Stream<Path> files = Files.list(project.folder().resolve("results"))) {
            return files.filter(file -> !file.endsWith("0000-original-tutorial.csv")).toList();
        }
    }
}
