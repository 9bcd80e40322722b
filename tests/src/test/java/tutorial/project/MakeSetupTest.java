package tutorial.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.Project;

/** `make setup` with a requirement that needs no network. */
class MakeSetupTest {
    private static final String SETTING_UP = "Setting up .venv";
    private static final String INFO = "tiny-1.dist-info/";

    @TempDir
    Path temp;
    private Path project;

    @BeforeEach
    void copy() throws IOException {
        project = Project.copyTo(temp.resolve("project")).folder();
        Files.delete(project.resolve(".venv"));                              // a link to that of these tests
        Files.writeString(project.resolve("requirements.txt"), "--no-index\n./tiny-1-py3-none-any.whl\n");
        Map<String, String> files = new TreeMap<>(Map.of("tiny.py", "",
                INFO + "METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1\n",
                INFO + "WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
                INFO + "entry_points.txt", "[console_scripts]\ntiny = tiny:__name__.strip\n"));
        files.put(INFO + "RECORD", String.join(",,\n", files.keySet()) + ",,\n" + INFO + "RECORD,,\n");
        try (ZipOutputStream wheel = new ZipOutputStream(Files.newOutputStream(project.resolve("tiny-1-py3-none-any.whl")))) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                wheel.putNextEntry(new ZipEntry(file.getKey()));
                wheel.write(file.getValue().getBytes());
            }
        }
    }

    @Test
    void whatWasMovedOrHasAnotherPythonIsSetUpAgain() throws Exception {
        succeeds("python3", "-m", "venv", "--without-pip", project.resolve(".venv").toString());
        Files.writeString(project.resolve(".venv/installed"), "/where/it/was/.venv\n3 11\n");
        assertTrue(make("setup").contains(SETTING_UP));
        assertFalse(make("setup").contains(SETTING_UP), "nothing has changed");
        succeeds(project.resolve(".venv/bin/tiny").toString());     // its programs name this folder

        Files.move(project, project = temp.resolve("moved here"));
        assertTrue(make("--dry-run", "setup").contains(SETTING_UP));
        Files.move(project, project = temp.resolve("project"));
        assertFalse(make("--dry-run", "setup").contains(SETTING_UP));
        Path installed = project.resolve(".venv/installed");
        String ours = Files.readString(installed);
        Files.writeString(installed, ours.replaceFirst("3 \\d+\\s*$", "3 9\n"));
        assertTrue(make("--dry-run", "setup").contains(SETTING_UP), "as after an upgrade");
        Files.writeString(installed, ours);
        Path python = project.resolve(".venv/bin/python");
        Files.delete(python);
        Files.createSymbolicLink(python, Path.of("/usr/bin/python-that-was"));
        assertTrue(make("--dry-run", "setup").contains(SETTING_UP), "as after an upgrade that removed the old one");
    }

    /** By a person who has pip install for the user always. */
    private String make(String... arguments) throws IOException, InterruptedException {
        return new Project(project).make(Map.of("PIP_USER", "1"), arguments).orFail();
    }

    private static void succeeds(String... command) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder(command).start().waitFor(), () -> String.join(" ", command));
    }
}
