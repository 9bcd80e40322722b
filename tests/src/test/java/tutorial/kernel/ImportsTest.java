package tutorial.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        Path file = file("// The imports.\nimport java.util.List;\nimport static java.util.Map.*;\n");
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
        Path file = file("import java.util.List;\nimport nowhere.Nothing;\n");
        String message = assertThrows(IOException.class, () -> Imports.take(shell, file)).getMessage();
        assertTrue(message.contains("imports.jsh") && message.contains("nowhere"), message);
        Imports.take(shell, file("import java.util.List;\n"));
        assertEquals(Status.VALID, shell.eval("List<String> all = null;").get(0).status());
    }

    /** By their short names, after the notebook's imports and those that the kernels begin with. */
    @Test
    void cellsCanNameEachPublicClassOfSupport() throws IOException {
        shell.addToClasspath(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        for (String name : List.of("math", "net", "util", "util.concurrent", "util.prefs", "util.regex")) {
            shell.eval("import java." + name + ".*;");
        }
        shell.eval("import tutorial.kernel.*;");
        Imports.take(shell, SUPPORT.resolve("imports.jsh"));
        for (Path file : SupportClasses.sources(SUPPORT.resolve("src/main/java")).keySet()) {
            if (Files.readString(file).contains("\npublic ")) {
                SnippetEvent named = shell.eval(file.getFileName().toString().replace(".java", "") + ".class.getName();").get(0);
                assertEquals(Status.VALID, named.status(), file::toString);
            }
        }
    }

    private Path file(String imports) throws IOException {
        return Files.writeString(folder.resolve("imports.jsh"), imports);
    }
}
