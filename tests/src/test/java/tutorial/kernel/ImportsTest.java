package tutorial.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.Project;

class ImportsTest {
    private static final Path SUPPORT = Project.SOURCE.resolve("support");

    private final JShell shell = JShell.builder().executionEngine("local").build();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        shell.close();
    }

    @Test
    void importsAreTakenOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("imports.jsh"), "// The imports.\nimport java.util.List;\nimport static java.util.Map.*;\n");
        for (int run = 0; run < 2; run++) {
            Imports.take(shell, file);
            assertEquals(1, shell.imports().count());
        }
        for (String code : List.of("List<String> all = null;", "Entry<String, String> one = entry(\"a\", \"b\");")) {
            assertEquals(Status.VALID, shell.eval(code).get(0).status(), code);
        }
    }

    @Test
    void anImportThatIsNotThereIsNamedAndMayBeMended() throws IOException {
        Path file = Files.writeString(folder.resolve("imports.jsh"), "import java.util.List;\nimport nowhere.Nothing;\n");
        String message = assertThrows(IOException.class, () -> Imports.take(shell, file)).getMessage();
        assertTrue(message.contains("imports.jsh") && message.contains("nowhere"), message);
        Imports.take(shell, Files.writeString(file, "import java.util.List;\n"));
        assertEquals(Status.VALID, shell.eval("List<String> all = null;").get(0).status());
    }

    /** By their short names, after the notebook's imports and those that the kernels begin with. */
    @Test
    void cellsCanNameEachPublicClassOfSupport() throws IOException {
        for (String entry : System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")).split(File.pathSeparator)) {
            shell.addToClasspath(entry);
        }
        for (String name : List.of("tutorial.kernel", "java.math", "java.net", "java.util", "java.util.concurrent", "java.util.prefs", "java.util.regex")) {
            shell.eval("import " + name + ".*;");
        }
        Imports.take(shell, SUPPORT.resolve("imports.jsh"));
        for (Path file : SupportClasses.sources(SUPPORT.resolve("src/main/java")).keySet()) {
            if (Files.readString(file).contains("\npublic ")) {
                SnippetEvent named = shell.eval(file.getFileName().toString().replace(".java", "") + ".class.getName();").get(0);
                assertEquals(Status.VALID, named.status(), () -> file + ": " + shell.diagnostics(named.snippet()).map(one -> one.getMessage(null)).toList());
            }
        }
    }
}
