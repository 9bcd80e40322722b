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
import java.util.Locale;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tutorial.testing.Notebook;
import tutorial.testing.Project;

class HintsTest {
    private final List<String> hints = new ArrayList<>();
    private final Locale locale = Locale.getDefault();
    private final JShell shell = JShell.builder().executionEngine("local").build();

    @TempDir
    Path folder;

    @BeforeEach
    void watch() throws IOException {
        Path sources = Files.createDirectories(folder.resolve("support/src/main/java/tutorial/machine"));
        Files.writeString(folder.resolve("support/imports.jsh"), "import java.util.concurrent.Phaser;\n");
        Files.writeString(sources.resolve("GpuMonitor.java"), "class GpuMonitor {}");
        Hints.watch(shell, notebook(folder, List.of(
                code("String first;"),
                markdown("# Title\n\n## Begin\n\nSay \"source\": []"),
                code("lineMagic(\"classpath\", List.of(SupportClasses.compiled()));"),
                code("%maven a.b:c:1.0\nimport java.util.List;\nimport java.util.concurrent.Semaphore;"),
                markdown("## Data\n\nText"),
                code("\nint count = 3, rest;\nString \"quoted\\\" ä\";"),
                markdown("## One training step, and how to time it"),
                code("record Leg(int images) {}\nint twice(int of) { return 2 * of; }"))), hints::add);
    }

    @AfterEach
    void close() {
        shell.close();
        Locale.setDefault(locale);
    }

    @Test
    void aMissingVariableLeadsToItsCell() {
        run(shell, "int more = count + 1;");
        assertEquals(List.of("Hint: count is not there yet. Run first, in \"Data\", the cell that begins \"int count = 3, rest;\". "
                + "Or choose Run > Run All Above Selected Cell."), hints);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "twice(4);               | twice is not there yet. Run first, in \"One training step, and how to time it\", the cell",
        "new Leg(3);             | Leg is not there yet. Run first, in \"One training step",
        "class Race { Leg leg; } | Leg is not there yet. Run first, in \"One training step",
        "rest = 4;               | the cell that begins \"int count = 3, rest;\"",
        "Semaphore turn = null;  | in \"Begin\", the cell that begins \"%maven a.b:c:1.0\"",
        "new GpuMonitor();       | GpuMonitor is not there yet. Run first, in \"Begin\", the cell that begins \"lineMagic",
        "GpuMonitor.Figures all; | GpuMonitor is not there yet. Run first, in \"Begin\", the cell that begins \"lineMagic",
        "new Phaser();           | Phaser is not there yet. Run first, in \"Begin\", the cell that begins \"lineMagic",
        "first = null;           | first is not there yet. Run first the cell that begins \"String first;\"",
        "counts = 3;             | counts is not there yet. See whether the name is right",
        "import org.nowhere.One; | org.nowhere is not loaded yet. Run \"Set-up\" first",
        "import org.nowhere.*;   | org.nowhere is not loaded yet. Run \"Set-up\" first",
        "org.nowhere.One one;    | org.nowhere is not loaded yet. Run \"Set-up\" first",
        "int 数 = größe;          | größe is not there yet. See whether the name is right",
        "String count = null; count.length(); | count was emptied when a cell was run again. Run first, in \"Data\""})
    void whatIsMissingLeadsToTheCellThatDefinesIt(String code, String hint) {
        for (Locale language : List.of(Locale.ENGLISH, Locale.JAPANESE, Locale.SIMPLIFIED_CHINESE)) {
            Locale.setDefault(language);
            assertHint(code, hint);
        }
    }

    @Test
    void aClassThatTheSetUpImportsWithAStarLeadsToTheSetUpUntilItHasRun() {
        assertHint("Trainer trainer = null;", "Trainer is not there yet. Run first, in \"Begin\", the cell that begins \"lineMagic");
        run(shell, "import java.util.concurrent.Phaser;");
        assertHint("Trainer trainer = null;", "Trainer is not there yet. See whether the name is right");
    }

    /** On JDK 17 to 25, JShell itself ends in an error at the second method if the first is kept. */
    @Test
    void aMethodWithUnknownParametersIsDroppedBehindItsHint() {
        assertHint("""
                double[] pass(Device device) throws Exception {
                    try (Model model = Model.newInstance("resnet18", device); Trainer trainer = newTrainer(model, device, true)) {
                        synchronise(device);
                        return new double[] {(atOnce - begin) / 1e6, (System.nanoTime() - begin) / 1e6};
                    }
                }""", "Device is not there yet");
        assertHint("""
                void synchronise(Device device) {
                    try (NDManager manager = NDManager.newBaseManager(device)) {
                    }
                }""", "Device is not there yet");
        assertEquals(0, shell.methods().count());
        run(shell, "class Device {} String pass(Device device) { return \"passed\"; }");
        assertEquals("\"passed\"", shell.eval("pass(null);").get(0).value());
    }

    @Test
    void aVariableThatIsGoneSinceItsClassChangedIsToldFromOneThatIsNotThereYet() {
        run(shell, "record Leg(int images) {} Leg leg = new Leg(1); record Leg(int images, int seconds) {}");
        assertEquals(List.of(), hints);
        assertHint("leg.images();", "leg is gone, since a class that it was made with was defined anew");
        assertHint("leg = new Leg(1, 2);", "leg is gone, since a class that it was made with was defined anew with other parts. Run again");
        run(shell, "Missing later;");
        assertHint("later.toString();", "Missing is not there yet");
    }

    /** As JJava and IJava turn such a line into code. */
    @ParameterizedTest
    @ValueSource(strings = {"org.dflib.jjava.BaseNotebookStatics.", ""})
    void aLineOfATextBlockThatBecameTheCallOfAMagicIsNamed(String kernel) {
        String call = kernel + "lineMagic(new String(java.util.Base64.getDecoder().decode(\"ZA==\")),java.util.List.of());";
        assertHint("String text = \"\"\"\n    a\n    " + call + "\n    \"\"\";", "A line of a text block that begins with %");
        hints.clear();
        run(shell, "String before = \"\"\"\n    a\n    \"\"\" + \"" + call.replace("\"", "\\\"") + "\";");
        assertEquals(List.of(), hints);
    }

    @Test
    void aMethodMayBeDefinedEarlyButNotCalledEarly() {
        run(shell, "int use() { return twice(count); }");
        assertEquals(List.of(), hints);
        assertHint("use();", "is not there yet. Run first, in ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "repo.maven.apache.org: Name or service not known | Connect to the network (behind a proxy: set HTTPS_PROXY",
        "/home/x/.m2/repository: Read-only file system    | JJAVA_JVM_OPTS=-Duser.home=FOLDER",
        "No locks available                               | JAVA_TOOL_OPTIONS=-Duser.home=FOLDER",
        "Function not implemented                         | JAVA_TOOL_OPTIONS=-Duser.home=FOLDER"})
    void aLibraryThatCouldNotBeFetchedIsNamedWithReasonAndRemedy(String reason, String remedy) {
        assertHint("throw new RuntimeException(\"Exception running line magic 'maven': Error resolving dependency: a.b:c:1.0\", "
                + "new java.io.IOException(\"" + reason + "\"));", "a.b:c:1.0 could not be fetched (" + reason + ")");
        assertTrue(hints.get(0).contains(remedy), hints::toString);
    }

    /** With the words of JJava's own resolver. */
    @ParameterizedTest
    @CsvSource(nullValues = "none", value = {
        "unable to find valid certification path to requested target, proxy.test, -Djavax.net.ssl.trustStore=FILE",
        "PKIX path building failed, none, -Djavax.net.ssl.trustStore=FILE",
        "'status code: 407, reason phrase: Proxy Authentication Required (407)', proxy.test, The proxy proxy.test:3128",
        "'status code: 407, reason phrase: Proxy Authentication Required (407)', proxy.test, ~/.m2/settings.xml",
        "Connection refused, proxy.test, the proxy proxy.test:3128",
        "Connection refused, none, HTTPS_PROXY=http://HOST:PORT"})
    void aProxyOrACertificateIsNamedWhereItIsTheCause(String reason, String proxy, String remedy) {
        String told = NotFetched.remedy(reason, proxy, "3128");
        assertTrue(told.contains(remedy), told);
    }

    @Test
    void aLocaleOfAsciiAloneIsNamed() {
        assertHint("throw new java.nio.file.InvalidPathException(\"é\", \"input contains unmappable characters\");", "LC_ALL=C.UTF-8");
    }

    @Test
    void aDiskWithoutProgramsIsNamed() {
        assertHint("throw new IllegalStateException(\"no engine\", new UnsatisfiedLinkError(\"/home/x/.djl.ai/libtorch.so: libtorch.so: "
                + "failed to map segment from shared object\"));", "DJL_CACHE_DIR=FOLDER");
    }

    @ParameterizedTest
    @ValueSource(strings = {"int count = 3;", "throw new IllegalStateException(\"enough\");", "String s = 5;", "int i = \"\";", "import static java.lang.Math.nope;"})
    void otherErrorsAndGoodCodeGetNoHint(String code) {
        run(shell, code);
        assertEquals(List.of(), hints);
    }

    @Test
    void withoutTheNotebookTheCellsAboveAreNamed() throws IOException {
        Files.delete(folder.resolve("my.ipynb"));
        assertHint("counts = 3;", "counts is not there yet. Run the cells above first");
    }

    @Test
    void theCellsOfTheNotebookItselfAreFound() throws Exception {
        Path file = Project.SOURCE.resolve(Project.NOTEBOOK);
        List<String> expected = Notebook.read(file).codeCells().stream().map(Notebook.Cell::source).toList();
        assertEquals(expected, Hints.cells(file).stream().map(Hints.Cell::source).toList());
    }

    /** Where nothing else was run: it runs, or the answer says what to run first. */
    @Test
    void eachCellOfTheNotebookThatIsRunTooEarlyIsAnswered() throws IOException {
        Notebook notebook = Notebook.read(Project.SOURCE.resolve(Project.NOTEBOOK));
        Path project = Files.createDirectory(folder.resolve("project"));
        Files.createSymbolicLink(project.resolve("support"), Project.SOURCE.resolve("support"));
        Path withoutOutputs = notebook(project, notebook.cells().stream()
                .map(cell -> cell.isCode() ? code(cell.source()) : markdown(cell.source())).toList());
        int early = 0;
        try (JShell alone = JShell.builder().executionEngine("local").build()) {
            run(alone, "import java.io.*; import java.net.*; import java.util.*; import java.util.regex.*;");   // as every kernel does
            Hints.watch(alone, withoutOutputs, hints::add);
            List<Notebook.Cell> tried = notebook.codeCellsFrom("setup-machine");
            for (Notebook.Cell cell : tried) {
                hints.clear();
                boolean ran = run(alone, cell.source().replaceAll("(?m)^%.*", ""));      // only kernels know magics
                boolean answered = hints.stream().anyMatch(hint -> hint.matches(".*(Run first, in \"|[Rr]un the cells above first).*"));
                assertTrue(ran || answered, () -> cell.id() + ": " + hints);
                early += ran ? 0 : 1;
                alone.snippets().filter(snippet -> snippet.kind() != Kind.IMPORT && alone.status(snippet).isActive()).toList()
                        .forEach(alone::drop);
            }
            assertTrue(early > tried.size() / 2, early + " of " + tried.size());
        }
    }

    private void assertHint(String code, String expected) {
        hints.clear();
        run(shell, code);
        assertEquals(1, hints.size(), hints::toString);
        assertTrue(hints.get(0).contains(expected), hints.get(0));
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

    private static Path notebook(Path folder, List<JsonNode> cells) throws IOException {
        return Files.writeString(folder.resolve("my.ipynb"), Notebook.JSON.writeValueAsString(Map.of("cells", cells)));
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
