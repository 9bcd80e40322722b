package tutorial.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static tutorial.testing.Said.assertSays;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.CleanUp;
import tutorial.testing.Notebook;
import tutorial.testing.Patience;
import tutorial.testing.Project;

/**
 * What the tools that people bring make of this notebook, each in one version: docs/compatibility.md has the table. Where a tool fails,
 * its message is tested, so that a later version that works is noticed.
 */
@Tag("tools")
class ToolsTest {
    private static final Path TOOLS = Project.SOURCE.resolve("build/tools/bin");
    private static final Path NOTEBOOK = Project.SOURCE.resolve(Project.NOTEBOOK);
    private static final String PAPERMILL_JAVA = Project.SOURCE.resolve("tools/papermill_java.py").toString();
    private static final String OUR_RUNNER = Project.SOURCE.resolve("tools/run_notebook.py").toString();
    private static final String WHAT_WENT_WRONG = "what went wrong";
    private static final List<String> DISPLAYS = List.of(
            "String same = display(\"Same\" + 1, \"text/html\");\nupdateDisplay(same, \"Same\" + 2, \"text/html\");",
            "String other = display(\"Other\" + 1, \"text/html\");", "updateDisplay(other, \"Other\" + 2, \"text/html\");");

    @TempDir
    Path folder;

    @BeforeAll
    static void needsTheTools() {
        assumeTrue(Files.exists(TOOLS.resolve("papermill")), "needs the tools: `make test TIER=tools` gets them");
    }

    @Test
    void papermillAloneKnowsNoJava() throws Exception {
        settingsAlone();
        assertSays(run("papermill", "my.ipynb", "out.ipynb", "-p", "epochs", "1").output(),
                "No parameter translator functions specified for kernel 'java'");
    }

    @Test
    void papermillByOurModuleSetsTheSettings() throws Exception {
        settingsAlone();
        papermill("-p", "epochs", "7", "-p", "dataZip", "a \"b\".zip", "-p", "pretrained", "false",
                "-y", "pricePerHour: {CPU: 1}").orFail();
        assertSays(outputs(folder.resolve("out.ipynb")), "[7, a \"b\".zip, false, {CPU=1.0}]");
    }

    @Test
    void papermillByOurModuleRefusesAValueBeforeTheKernelStarts() throws Exception {
        settingsAlone();
        Project.Finished refused = papermill("-p", "epochs", "1.5");
        assertEquals(1, refused.exitCode());
        assertTrue(refused.output().strip().endsWith("FAILED: epochs takes a value of type int, not 1.5."), refused.output());
        assertFalse(refused.output().contains("Starting kernel"), refused.output());
    }

    @Test
    void papermillByOurModuleListsTheSettings() throws Exception {
        Project.Finished help = run("python", PAPERMILL_JAVA, "--help-notebook", NOTEBOOK.toString());
        assertSays(help.orFail(), "epochs: int (default 3)", "precision: String (default \"float32\")");
    }

    /** Of execute_reply's error they print the frames, and JJava has no more there; papermill looks at the output. */
    @Test
    void nbconvertAndNbclientShowOnlyFramesOfAnErrorAndPapermillAndOurRunnerTheMessage() throws Exception {
        write("my.ipynb", List.of("throw new IllegalStateException(\"%s\");".formatted(WHAT_WENT_WRONG)));
        for (Project.Finished silent : List.of(run("jupyter", "nbconvert", "--execute", "--to", "html", "my.ipynb"),
                run("jupyter", "execute", "my.ipynb"))) {
            assertNotEquals(0, silent.exitCode());
            assertSays(silent.output(), "org.dflib.jjava.kernel.execution.CodeEvaluator");
            assertFalse(silent.output().contains("IllegalStateException: " + WHAT_WENT_WRONG), silent.output());
        }
        assertSays(run("papermill", "my.ipynb", "out.ipynb").output(), "IllegalStateException: " + WHAT_WENT_WRONG);
        assertSays(run("python", OUR_RUNNER, "my.ipynb", "out").output(), "FAILED: " + WHAT_WENT_WRONG);
    }

    /** It shows an update by the cell itself, but not one by a later cell; nbclient, which nbconvert runs, shows both. */
    @Test
    void anUpdateOfAnotherCellsDisplayIsMissingInVoila() throws Exception {
        write("my.ipynb", DISPLAYS);
        String page = voila();
        assertSays(page, "Same2", "Other1");
        assertFalse(page.contains("Other2"));
        run("jupyter", "nbconvert", "--execute", "--to", "notebook", "--output", "out.ipynb", "my.ipynb").orFail();
        assertSays(outputs(folder.resolve("out.ipynb")), "Same2", "Other2");
    }

    @Test
    void jupytextTakesThePercentFormatForJavaBackAndForthButNotAuto() throws Exception {
        Files.copy(NOTEBOOK, folder.resolve("my.ipynb"));
        assertSays(run("jupytext", "--to", "auto:percent", "my.ipynb").output(), "Extension '.jshell' is not a notebook extension");
        run("jupytext", "--to", "java:percent", "my.ipynb").orFail();
        run("jupytext", "--to", "ipynb", "--output", "back.ipynb", "my.java").orFail();
        List<String> before = sources(folder.resolve("my.ipynb"));
        assertTrue(before.stream().anyMatch(source -> source.contains("\n%maven ")));
        assertEquals(before, sources(folder.resolve("back.ipynb")));
    }

    @Test
    void nbvalMissesTheStatusInTheKernelsFirstReply() throws Exception {
        write("my.ipynb", List.of("int one = 1;"));
        assertSays(run("python", "-m", "pytest", "-p", "no:cacheprovider", "--nbval", "my.ipynb").output(), "KeyError: 'status'");
    }

    @Test
    void nbdimeShowsAChangedPictureAsRemovedAndInsertedUnlessItIgnoresOutputs() throws Exception {
        Files.copy(NOTEBOOK, folder.resolve("my.ipynb"));
        StringBuilder changed = new StringBuilder(Files.readString(NOTEBOOK));
        int middle = changed.indexOf("\"image/png\": \"") + 500;
        changed.setCharAt(middle, changed.charAt(middle) == 'A' ? 'B' : 'A');
        Files.writeString(folder.resolve("changed.ipynb"), changed);
        String shown = run("nbdiff", "--no-color", "my.ipynb", "changed.ipynb").output();
        assertSays(shown, "inserted before /cells/", "deleted /cells/");
        assertFalse(run("nbdiff", "--no-color", "--ignore-outputs", "my.ipynb", "changed.ipynb").output().contains("/cells/"));
    }

    @Test
    void nbstripoutTakesTheOutputsAndUnlessToldTheIdsOfTheCells() throws Exception {
        Path file = Files.copy(NOTEBOOK, folder.resolve("my.ipynb"));
        List<String> ids = ids(file);
        run("nbstripout", "--keep-id", "my.ipynb").orFail();
        assertEquals(ids, ids(file));
        assertEquals("", outputs(file));
        run("nbstripout", "my.ipynb").orFail();
        assertNotEquals(ids, ids(file));
    }

    /** Its pages need a theme that it fetches, and were not tried. */
    @Test
    void mystWritesTheCellsAsMarkdownWithoutRunningThem() throws Exception {
        write("my.ipynb", List.of("java.nio.file.Files.writeString(java.nio.file.Path.of(\"" + folder.resolve("ran") + "\"), \"\");"));
        Files.writeString(folder.resolve("myst.yml"), "version: 1\nproject:\n  title: Tried\n");
        run("myst", "build", "my.ipynb", "--execute", "--md").orFail();
        assertSays(Files.readString(folder.resolve("_build/exports/my.md")), "java.nio.file.Files.writeString(");
        assertFalse(Files.exists(folder.resolve("ran")));
    }

    /** A notebook of the settings' cells, which shows some of them. */
    private void settingsAlone() throws IOException {
        Path file = Files.copy(NOTEBOOK, folder.resolve("my.ipynb"));
        Notebook.keepSettings(file);
        ObjectNode notebook = (ObjectNode) Notebook.JSON.readTree(file.toFile());
        notebook.withArray("cells").add(cell("System.out.println(List.of(epochs, dataZip, pretrained, pricePerHour));"));
        Files.writeString(file, notebook.toString());
    }

    private Project.Finished papermill(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(PAPERMILL_JAVA, "my.ipynb", "out.ipynb"));
        command.addAll(List.of(options));
        return run("python", command.toArray(String[]::new));
    }

    private String voila() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process server = command("voila", "my.ipynb", "--no-browser", "--port=" + port)
                .redirectErrorStream(true).redirectOutput(folder.resolve("voila.log").toFile()).start();
        try {
            HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            HttpRequest page = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).timeout(Patience.with(4)).build();
            for (long end = System.nanoTime() + Patience.with(30).toNanos();;) {
                try {
                    return client.send(page, BodyHandlers.ofString()).body();
                } catch (java.net.ConnectException notYet) {
                    assertTrue(server.isAlive() && System.nanoTime() < end, Files.readString(folder.resolve("voila.log")));
                    Thread.sleep(500);
                }
            }
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private Project.Finished run(String tool, String... arguments) throws Exception {
        return Project.finish(command(tool, arguments));
    }

    private ProcessBuilder command(String tool, String... arguments) {
        List<String> command = new ArrayList<>(List.of(TOOLS.resolve(tool).toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder process = new ProcessBuilder(command).directory(folder.toFile());
        process.environment().putAll(CleanUp.environment());
        process.environment().merge("PATH", TOOLS.toString(), (usual, tools) -> tools + ":" + usual);
        process.environment().keySet().removeAll(List.of("JJAVA_STARTUP_SCRIPTS_PATH", "IJAVA_STARTUP_SCRIPTS_PATH", "JUPYTER_PATH"));
        return process;
    }

    private void write(String name, List<String> sources) throws IOException {
        Files.writeString(folder.resolve(name), Notebook.JSON.writeValueAsString(Map.of("nbformat", 4, "nbformat_minor", 5,
                "metadata", Map.of("kernelspec", Map.of("name", "java", "display_name", "Java", "language", "java")),
                "cells", sources.stream().map(ToolsTest::cell).toList())));
    }

    private static JsonNode cell(String source) {
        ObjectNode cell = Notebook.JSON.createObjectNode().put("cell_type", "code").put("source", source).putNull("execution_count")
                .put("id", "a" + Math.floorMod(source.hashCode(), 99_999));
        cell.putObject("metadata");
        cell.putArray("outputs");
        return cell;
    }

    private static String outputs(Path notebook) throws IOException {
        StringBuilder all = new StringBuilder();
        Notebook.JSON.readTree(notebook.toFile()).get("cells").forEach(cell -> cell.path("outputs").forEach(all::append));
        return all.toString().replace("\\\"", "\"");
    }

    private static List<String> sources(Path notebook) throws IOException {
        List<String> all = new ArrayList<>();
        for (JsonNode cell : Notebook.JSON.readTree(notebook.toFile()).get("cells")) {
            StringBuilder source = new StringBuilder(cell.get("cell_type").asText()).append('\n');
            if (cell.get("source").isTextual()) {
                source.append(cell.get("source").asText());
            } else {
                cell.get("source").forEach(line -> source.append(line.asText()));
            }
            all.add(source.toString());
        }
        return all;
    }

    private static List<String> ids(Path notebook) throws IOException {
        List<String> all = new ArrayList<>();
        Notebook.JSON.readTree(notebook.toFile()).get("cells").forEach(cell -> all.add(cell.get("id").asText()));
        return all;
    }
}
