package tutorial.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jshell.JShell;
import jdk.jshell.Snippet.Kind;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.Notebook;
import tutorial.testing.Project;

class HintsTest {
    private final List<String> hints = new ArrayList<>();
    private final JShell shell = JShell.builder().executionEngine("local").build();

    @TempDir
    Path folder;

    @BeforeEach
    void watch() throws IOException {
        Path notebook = folder.resolve("my.ipynb");
        Path machine = Files.createDirectories(folder.resolve("support/src/main/java/tutorial/machine"));
        Files.writeString(folder.resolve("support/imports.jsh"), "import java.util.concurrent.Phaser;\nint loaded(String line) { return 1; }\n");
        Files.writeString(machine.resolve("GpuMonitor.java"), "class GpuMonitor {}");
        Files.writeString(notebook, Notebook.JSON.writeValueAsString(Map.of("cells", List.of(
                code("String first;"),
                markdown("# Title\n\n## Begin\n\nSay \"source\": []"),
                code("%load support/load/Setting.java\n%load support/load/Machine.java"),
                code("%load support/imports.jsh"),
                code("lineMagic(\"classpath\", List.of(SupportClasses.compiled()));"),
                code("import java.util.List;\nimport java.util.concurrent.Semaphore;"),
                markdown("## 2. Data\n\nText"),
                code("\nint count = 3, rest;\nString \"quoted\\\" ä\";"),
                markdown("## One training step, and how to time it"),
                code("record Leg(int images) {}\nint twice(int of) { return 2 * of; }")))));
        Hints.watch(shell, notebook, hints::add);
    }

    @AfterEach
    void close() {
        shell.close();
    }

    @Test
    void aMissingVariableLeadsToItsCell() {
        run("int more = count + 1;");
        assertEquals(List.of("Hint: count is not there yet. Run first, in section 2, Data, the cell that begins "
                + "\"int count = 3, rest;\". Or choose Run > Run All Above Selected Cell."), hints);
    }

    @Test
    void soDoMethodsTypesLoadedClassesAndImports() {
        assertHint("twice(4);", "Run first, in \"One training step, and how to time it\", the cell that begins \"record Leg(int images) {}\"");
        assertHint("new Leg(3);", "the cell that begins \"record Leg(int images) {}\"");
        assertHint("rest = 4;", "the cell that begins \"int count = 3, rest;\"");
        assertHint("Machine.gpus();", "Run first, in \"Begin\", the cell that begins \"%load support/load/Setting.java\"");
        assertHint("Machine.Listed gpu = null;", "Machine is not there yet. Run first, in \"Begin\", the");
        assertHint("Semaphore turn = null;", "the cell that begins \"import java.util.List;");
        assertHint("import org.nowhere.Thing;", "the library with org.nowhere is not loaded yet. Run \"Set-up\" first. Or choose");
    }

    @Test
    void soDoesWhatStandsInTheFilesThatACellLoads() {
        assertHint("new GpuMonitor();", "GpuMonitor is not there yet. Run first, in \"Begin\", the cell that begins \"lineMagic");
        assertHint("new Phaser();", "Phaser is not there yet. Run first, in \"Begin\", the cell that begins \"%load support/imports.jsh\"");
        assertHint("loaded(\"\");", "the cell that begins \"%load support/imports.jsh\"");
    }

    @Test
    void aCellAboveAllHeadingsIsToldWithoutOne() {
        assertHint("first = null;", "first is not there yet. Run first the cell that begins \"String first;\"");
    }

    @Test
    void aMethodMayBeDefinedEarlyButNotCalledEarly() {
        run("int use() { return twice(count); }");
        assertEquals(List.of(), hints);
        assertHint("use();", "is not there yet. Run first, in ");
    }

    @Test
    void aTypeThatIsNotDefinedForWantOfAnotherIsTold() {
        assertHint("class Race { Leg first; void run(Leg other) {} }", "Leg is not there yet. Run first, in \"One training step");
    }

    @Test
    void aVariableThatWasEmptiedLeadsToItsCell() {
        assertHint("String count = null; count.length();", "count was emptied when a cell was run again. Run first, in section 2");
    }

    @Test
    void aNameThatIsNowhereIsToldSo() {
        assertHint("counts = 3;", "counts is not there yet. See whether the name is right");
    }

    @Test
    void whatCouldNotBeFetchedIsNamedWithTheRemedy() {
        String thrown = "throw new RuntimeException(\"Exception running line magic 'maven': Error resolving dependency: a.b:c:1.0\","
                + " new java.io.IOException(\"%s\"));";
        assertHint(thrown.formatted("repo.maven.apache.org: Name or service not known"), "a.b:c:1.0 could not be fetched "
                + "(repo.maven.apache.org: Name or service not known). Connect to the network");
        assertHint(thrown.formatted("/home/x/.m2/repository: Read-only file system"), "JJAVA_JVM_OPTS=-Duser.home=FOLDER");
        for (String noLocks : List.of("No locks available", "Function not implemented")) {
            assertHint(thrown.formatted(noLocks), "a.b:c:1.0 could not be fetched (" + noLocks + "). The disk of your home folder has no "
                    + "file locks, which the kernel's library cache needs. Give Java a home on another disk: start Jupyter with "
                    + "JAVA_TOOL_OPTIONS=-Duser.home=FOLDER.");
        }
    }

    /** With the words of JJava's own resolver. */
    @Test
    void aProxyOrACertificateIsNamedWhereItIsTheCause() {
        assertTrue(Hints.remedy("unable to find valid certification path to requested target", "proxy.test", "3128")
                .contains("a certificate that Java does not trust") , "whatever the proxy");
        assertTrue(Hints.remedy("PKIX path building failed", null, null).contains("JJAVA_JVM_OPTS=-Djavax.net.ssl.trustStore=FILE"));
        assertTrue(Hints.remedy("status code: 407, reason phrase: Proxy Authentication Required (407)", "proxy.test", "3128")
                .startsWith("The proxy proxy.test:3128 (of HTTPS_PROXY or of Maven's settings.xml) asks for a name and a password."));
        assertTrue(Hints.remedy("Connection refused", "proxy.test", "3128").contains("see that the proxy proxy.test:3128"));
        assertTrue(Hints.remedy("Connection refused", null, null).contains("behind a proxy: set HTTPS_PROXY=http://HOST:PORT"));
    }

    @Test
    void aLocaleThatKnowsAsciiAloneIsNamed() {
        assertHint("throw new java.nio.file.InvalidPathException(\"data/é\", \"Malformed input or input contains unmappable characters\");",
                "Restart Jupyter with LC_ALL=C.UTF-8.");
    }

    @Test
    void otherErrorsAndGoodCodeGetNoHint() {
        for (String cell : List.of("int count = 3;", "throw new IllegalStateException(\"the message is enough\");", "String s = 5;", "int i = \"\";")) {
            run(cell);
        }
        assertEquals(List.of(), hints);
    }

    @Test
    void theCellsOfTheNotebookItselfAreFound() throws IOException {
        Path file = Project.SOURCE.resolve(Project.NOTEBOOK);
        List<String> expected = Notebook.read(file).codeCells().stream().map(Notebook.Cell::source).toList();
        assertEquals(expected, Hints.cells(Files.readString(file)).stream().map(Hints.Cell::source).toList());
    }

    /** Where nothing else was run: it runs, or the answer says what to run first. */
    @Test
    void eachCellOfTheNotebookThatIsRunTooEarlyIsAnswered() throws IOException {
        Notebook notebook = Notebook.read(Project.SOURCE.resolve(Project.NOTEBOOK));
        Path project = Files.createDirectory(folder.resolve("project"));
        Path withoutOutputs = project.resolve(Project.NOTEBOOK);
        Files.writeString(withoutOutputs, Notebook.JSON.writeValueAsString(Map.of("cells",
                notebook.cells().stream().map(cell -> cell.isCode() ? code(cell.source()) : markdown(cell.source())).toList())));
        Files.createSymbolicLink(project.resolve("support"), Project.SOURCE.resolve("support"));
        int early = 0;
        try (JShell alone = JShell.builder().executionEngine("local").build()) {
            run(alone, "import java.io.*; import java.net.*; import java.util.*; import java.util.regex.*;");   // as every kernel does
            Hints.watch(alone, withoutOutputs, hints::add);
            List<Notebook.Cell> tried = notebook.codeCellsFrom("setup-machine");
            for (Notebook.Cell cell : tried) {
                hints.clear();
                boolean ran = run(alone, cell.source().replaceAll("(?m)^%.*", ""));      // only kernels know magics
                assertTrue(ran || hints.stream().anyMatch(hint -> hint.matches("Hint: .*(Run first, in \"|[Rr]un the cells above first).*")),
                        () -> cell.id() + ": " + hints);
                early += ran ? 0 : 1;
                alone.snippets().filter(snippet -> snippet.kind() != Kind.IMPORT && alone.status(snippet).isActive()).toList().forEach(alone::drop);
            }
            assertTrue(early > tried.size() / 2, early + " of " + tried.size());
        }
    }

    private void assertHint(String code, String expected) {
        hints.clear();
        run(code);
        assertEquals(1, hints.size(), hints::toString);
        assertTrue(hints.get(0).contains(expected), hints.get(0));
    }

    private void run(String cell) {
        run(shell, cell);
    }

    /**
     * Up to the first snippet that fails, as a kernel does.
     *
     * @return whether all of the cell ran; a method that names what is not there yet counts as one that did
     */
    private static boolean run(JShell shell, String cell) {
        boolean ran = true;
        CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(cell);
        while (ran && next.completeness().isComplete()) {
            for (SnippetEvent event : shell.eval(next.source())) {
                ran &= event.causeSnippet() != null || event.exception() == null
                        && Set.of(Status.VALID, Status.RECOVERABLE_DEFINED).contains(event.status());
            }
            next = shell.sourceCodeAnalysis().analyzeCompletion(next.remaining());
        }
        return ran;
    }

    private static JsonNode markdown(String text) {
        return Notebook.JSON.createObjectNode().put("cell_type", "markdown").put("source", text);
    }

    private static JsonNode code(String text) {
        ObjectNode cell = Notebook.JSON.createObjectNode().put("cell_type", "code");
        text.lines().forEach(line -> cell.withArray("source").add(line + "\n"));
        return cell;
    }
}
