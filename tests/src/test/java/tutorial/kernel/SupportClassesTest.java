package tutorial.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.Project;

class SupportClassesTest {
    private static final Path SUPPORT = Project.SOURCE.resolve("support");

    /** As java.class.path is in a kernel; Surefire has a jar there that names the others. */
    private static final String CLASS_PATH = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    @TempDir
    Path folder;
    @TempDir
    Path cache;
    private String before;

    @BeforeEach
    void asInANewKernel() {
        before = System.setProperty("java.class.path", CLASS_PATH);
    }

    @AfterEach
    void forget() {
        System.setProperty("java.class.path", before);
        System.clearProperty("support.loaded");
        System.clearProperty("support.loaded.from");
        System.clearProperty("support.imported");
    }

    @Test
    void classesOfAllRoomsMayNameEachOther() throws Exception {
        file("one/A.java", "package one; import java.util.List; import two.B;\npublic class A { List<B> all = List.of(new B()); public String toString() { return \"\" + all.size(); } }");
        file("two/B.java", "package two; import one.A; public class B { A a; }");
        try (var classes = new URLClassLoader(new URL[] {Path.of(SupportClasses.compiled(folder, cache)).toUri().toURL()})) {
            assertEquals("1", classes.loadClass("one.A").getConstructor().newInstance().toString());
        }
    }

    @Test
    void copiesThatJupyterKeepsAreNotCompiled() throws IOException {
        file("kernel/.ipynb_checkpoints/Setting-checkpoint.java", "class Setting {}");
        file(".ipynb_checkpoints/Setting.java", "class Setting {}");
        file("kernel/Setting.java", "class Setting {}");
        assertEquals(List.of(folder.resolve("kernel/Setting.java")), List.copyOf(SupportClasses.sources(folder).keySet()));
    }

    @Test
    void nothingIsCompiledTwiceAndAChangeAsksForARestart() throws IOException {
        file("one/A.java", "class A {}");
        String jar = SupportClasses.compiled(folder, cache);
        assertEquals(jar, SupportClasses.compiled(folder, cache));
        file("one/A.java", "class A { int b; }");
        String message = assertThrows(IllegalStateException.class, () -> SupportClasses.compiled(folder, cache)).getMessage();
        assertTrue(message.contains("Restart the kernel"), message);
        file("one/A.java", "class A {}");
        assertEquals(jar, SupportClasses.compiled(folder, cache));
    }

    /** As a kernel takes the file, line by line. */
    @Test
    void importsAreTakenOnceAndAgainWhereOneWasRefused() throws IOException {
        file("imports.jsh", "// The imports.\nimport java.util.List;\n");
        Path imports = folder.resolve("imports.jsh");
        List<String> first = Files.readAllLines(Path.of(SupportClasses.imports(imports)));
        assertEquals(List.of("// The imports.", "import java.util.List;"), first.subList(0, 2));
        assertEquals(first, Files.readAllLines(Path.of(SupportClasses.imports(imports))), "the last line was not come to");
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            shell.eval(first.get(2));
        }
        assertEquals(List.of(), Files.readAllLines(Path.of(SupportClasses.imports(imports))));
    }

    @Test
    void whatDoesNotCompileIsToldByFileAndLineAndMayBeMended() throws IOException {
        file("one/A.java", "import java.util.List;\n\nclass A extends Nothing {}");
        String message = assertThrows(IOException.class, () -> SupportClasses.compiled(folder, cache)).getMessage();
        assertTrue(message.startsWith(folder.resolve("one/A.java") + ", line 3: cannot find symbol"), message);
        file("one/A.java", "class A {}");
        SupportClasses.compiled(folder, cache);
    }

    /** By their short names, after the notebook's imports and those that the kernels begin with. */
    @Test
    void cellsCanNameEachClassOfTheProject() throws IOException {
        List<String> refused = new ArrayList<>();
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            for (String entry : CLASS_PATH.split(File.pathSeparator)) {
                shell.addToClasspath(entry);
            }
            shell.addToClasspath(SupportClasses.compiled(SUPPORT.resolve("src/main/java"), cache));
            List<String> code = new ArrayList<>(List.of("import tutorial.kernel.*;", "import java.math.*;", "import java.net.*;", "import java.util.*;",
                    "import java.util.concurrent.*;", "import java.util.prefs.*;", "import java.util.regex.*;"));
            Files.readAllLines(Path.of(SupportClasses.imports(SUPPORT.resolve("imports.jsh")))).stream().filter(line -> line.startsWith("import ")).forEach(code::add);
            for (Path file : SupportClasses.sources(SUPPORT.resolve("src/main/java")).keySet()) {
                if (Files.readString(file).contains("\npublic ")) {
                    code.add(file.getFileName().toString().replace(".java", "") + ".class.getName();");
                }
            }
            for (String line : code) {
                for (SnippetEvent event : shell.eval(line)) {
                    if (event.status() != Status.VALID) {
                        refused.add(line + shell.diagnostics(event.snippet()).map(one -> one.getMessage(null)).toList());
                    }
                }
            }
        }
        assertEquals(List.of(), refused);
    }

    private void file(String name, String source) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
    }
}
