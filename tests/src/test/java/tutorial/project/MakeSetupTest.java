package tutorial.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.Project;

/** `make setup` with a requirement that needs no network. */
class MakeSetupTest {
    private static final String SETTING_UP = "Setting up .venv";

    @TempDir
    Path temp;
    private Path project;

    @BeforeEach
    void copy() throws IOException {
        project = Project.copyTo(temp.resolve("project")).folder();
        Files.delete(project.resolve(".venv"));                              // a link to that of these tests
        Files.writeString(project.resolve("requirements.txt"), "--no-index\n./tiny-1-py3-none-any.whl\n");
        wheel(project.resolve("tiny-1-py3-none-any.whl"), Map.of("tiny.py", "", "tiny-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1\n",
                "tiny-1.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
                "tiny-1.dist-info/entry_points.txt", "[console_scripts]\ntiny = tiny:__name__.strip\n",
                "tiny-1.dist-info/RECORD", "tiny.py,,\ntiny-1.dist-info/METADATA,,\ntiny-1.dist-info/WHEEL,,\ntiny-1.dist-info/entry_points.txt,,\ntiny-1.dist-info/RECORD,,\n"));
    }

    @Test
    void whatWasMovedOrHasAnotherPythonIsSetUpAgain() throws Exception {
        assertEquals(0, new ProcessBuilder("python3", "-m", "venv", "--without-pip", project.resolve(".venv").toString()).start().waitFor());
        Files.writeString(project.resolve(".venv/installed"), "/where/it/was/.venv\n3 11\n");
        assertTrue(make("setup").contains(SETTING_UP));
        assertFalse(make("setup").contains(SETTING_UP), "nothing has changed");
        assertEquals(0, new ProcessBuilder(project.resolve(".venv/bin/tiny").toString()).start().waitFor(), "its programs name this folder");

        Files.move(project, project = temp.resolve("moved here"));
        assertTrue(make("--dry-run", "setup").contains(SETTING_UP));
        Files.move(project, project = temp.resolve("project"));
        assertFalse(make("--dry-run", "setup").contains(SETTING_UP));
        Path installed = project.resolve(".venv/installed");
        String ours = Files.readString(installed);
        Files.writeString(installed, ours.replaceFirst("3 \\d+\\s*$", "3 9\n"));
        assertTrue(make("--dry-run", "setup").contains(SETTING_UP), "as after an upgrade");
        Files.writeString(installed, "");
        assertFalse(make("--dry-run", "setup").contains(SETTING_UP), "made by an earlier version");
        Files.writeString(installed, ours);
        Path python = project.resolve(".venv/bin/python");
        Files.delete(python);
        Files.createSymbolicLink(python, Path.of("/usr/bin/python-that-was"));
        assertTrue(make("--dry-run", "setup").contains(SETTING_UP), "as after an upgrade that removed the old one");
    }

    /** By a person who has pip install for the user always. */
    private String make(String... arguments) throws IOException, InterruptedException {
        Project.Finished make = new Project(project).make(Map.of("PIP_USER", "1"), arguments);
        assertEquals(0, make.exitCode(), make.output());
        return make.output();
    }

    private static void wheel(Path file, Map<String, String> entries) throws IOException {
        try (OutputStream out = Files.newOutputStream(file); ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes());
            }
        }
    }
}
