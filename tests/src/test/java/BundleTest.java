import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jshell.JShell;
import jdk.jshell.PersistentSnippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.TypeDeclSnippet;
import jdk.jshell.VarSnippet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
    private static final Path SUPPORT = Project.SOURCE.resolve("support");

    @TempDir
    Path folder;

    @Test
    void eachClassComesAfterThoseItNames() throws IOException {
        file("one/First.java", "class First { Second a; Third b; }");
        file("one/Third.java", "class Third {}");
        file("two/Second.java", "class Second extends Third { Second next; }");
        assertEquals(List.of("Third", "Second", "First"), names(Bundle.inOrder(folder)));
    }

    @Test
    void whatStandsInCommentsStringsAndImportsIsNotNamed() throws IOException {
        file("one/A.java", """
                import some.where.B;
                /** {@link B} */
                class A {
                    String b = "\\"B", c = \"""
                        B "B" \""";                            // B
                    char quote = '"', other = '\\'';
                }
                """);
        file("one/B.java", "class B { A a; String s = \"//\"; C c; }");
        file("one/C.java", "class C { A a; }");
        assertEquals(List.of("A", "C", "B"), names(Bundle.inOrder(folder)));
    }

    @Test
    void theOrderIsAlwaysTheSameAndThatOfTheNamesWhereNothingElseMatters() throws IOException {
        for (String name : List.of("b/D", "c/A", "a/C", "a/B")) {
            file(name + ".java", "class " + name.substring(2) + " {}");
        }
        assertEquals(List.of("A", "B", "C", "D"), names(Bundle.inOrder(folder)));
        assertEquals(Bundle.inOrder(SUPPORT), Bundle.inOrder(SUPPORT));
    }

    @Test
    void onlyClassesInRoomsAreBundled() throws IOException {
        for (String other : List.of("kernel/Bundle.java", "kernel/Hints.java", "kernel/Imports.java", "kernel/Libraries.java",
                "kernel/startup.jsh", "Outside.java", "kernel/.ipynb_checkpoints/Setting-checkpoint.java", ".ipynb_checkpoints/Setting-checkpoint.java")) {
            file(other, "class Setting {}");
        }
        file("kernel/Setting.java", "class Setting {}");
        assertEquals(List.of("Setting"), names(Bundle.inOrder(folder)));
    }

    @Test
    void classesThatNameEachOtherInACircleAreTold() throws IOException {
        file("one/A.java", "class A { B b; }");
        file("one/B.java", "class B { C c; }");
        file("two/C.java", "class C { D d; B b; }");
        file("two/D.java", "class D {}");
        String message = assertThrows(IOException.class, () -> Bundle.inOrder(folder)).getMessage();
        assertEquals(folder.resolve("one/B.java") + ", " + folder.resolve("two/C.java")
                + ": name each other in a circle, so none can be loaded first.", message);
    }

    @Test
    void importsStandAtTheTopEachOnce() throws IOException {
        file("one/A.java", "import java.util.List;\nimport java.util.Map;\n\nclass A {}");
        file("one/B.java", "import java.util.List;\n\nclass B {}");
        assertEquals(List.of("import java.util.List;", "import java.util.Map;", "", "class A {}", "", "class B {}"),
                Files.readAllLines(Path.of(Bundle.of(Bundle.inOrder(folder)))));
    }

    @Test
    void nothingIsLoadedTwiceUnlessItHasChanged() throws Exception {
        file("one/A.java", "import java.util.List;\n\nclass A {}");
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            assertEquals(List.of("List", "A"), load(shell));
            assertEquals(List.of(), load(shell));
            file("one/A.java", "import java.util.List;\n\nclass A { int b; }");
            assertEquals(List.of("List", "A"), load(shell));
            assertEquals(List.of(), load(shell));
        } finally {
            System.clearProperty("support.loaded");
        }
    }

    @Test
    void whatWasRefusedIsLoadedAgain() throws Exception {
        file("one/A.java", "class A {}\nclass B extends Nothing {}");
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            assertEquals(List.of("A"), load(shell));
            assertEquals(List.of("A"), load(shell));
            shell.eval("class Nothing {}");
            assertEquals(List.of("A", "B"), load(shell));
            assertEquals(List.of(), load(shell));
        } finally {
            System.clearProperty("support.loaded");
        }
    }

    /** What a kernel's magic {@code %load} does: it ends at the first trouble. */
    private List<String> load(JShell shell) throws IOException {
        List<String> names = new ArrayList<>();
        CompletionInfo next = shell.sourceCodeAnalysis()
                .analyzeCompletion(Files.readString(Path.of(Bundle.unlessLoaded(Bundle.inOrder(folder)))));
        while (next.completeness().isComplete()) {
            for (SnippetEvent event : shell.eval(next.source())) {
                if (event.causeSnippet() == null && event.status() != Status.VALID) {
                    return names;
                }
                if (event.causeSnippet() == null && event.snippet() instanceof PersistentSnippet declared && !(declared instanceof VarSnippet)) {
                    names.add(declared.name());
                }
            }
            next = shell.sourceCodeAnalysis().analyzeCompletion(next.remaining());
        }
        return names;
    }

    /** In JShell the later of two imports takes the place of the earlier. */
    @Test
    void noTwoImportsMeanDifferentClassesOfOneName() throws IOException {
        Map<String, String> imported = new HashMap<>();
        for (String line : Files.readAllLines(Path.of(Bundle.of(Bundle.inOrder(SUPPORT))))) {
            if (line.startsWith("import ")) {
                assertTrue(!line.contains("*"), line);
                String other = imported.put(line.replaceAll(".*\\.", ""), line);
                assertTrue(other == null, line + " and " + other);
            }
        }
    }

    /** Not even for a moment is a class without another, as IJava asks. */
    @Test
    void theClassesOfTheProjectAreTakenOneAfterTheOther() throws IOException {
        List<String> troubles = new ArrayList<>();
        int classes = 0;
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            for (String entry : System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")).split(java.io.File.pathSeparator)) {
                shell.addToClasspath(entry);
            }
            CompletionInfo next = shell.sourceCodeAnalysis()
                    .analyzeCompletion(Files.readString(Path.of(Bundle.of(Bundle.inOrder(SUPPORT)))));
            while (next.completeness().isComplete()) {
                for (SnippetEvent event : shell.eval(next.source())) {
                    if (event.causeSnippet() == null && event.status() != Status.VALID) {
                        troubles.add(next.source().lines().limit(20).collect(Collectors.joining("\n")) + ": " + event.status()
                                + shell.diagnostics(event.snippet()).map(one -> one.getMessage(null)).toList());
                    }
                    classes += event.causeSnippet() == null && event.snippet() instanceof TypeDeclSnippet ? 1 : 0;
                }
                next = shell.sourceCodeAnalysis().analyzeCompletion(next.remaining());
            }
            assertEquals("", next.remaining().strip());
        }
        assertEquals(List.of(), troubles);
        assertEquals(Bundle.inOrder(SUPPORT).size(), classes);
    }

    private void file(String name, String source) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
    }

    private static List<String> names(List<Path> files) {
        return files.stream().map(file -> file.getFileName().toString().replace(".java", "")).toList();
    }
}
