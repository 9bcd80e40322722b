package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tutorial.testing.Kernel;
import tutorial.testing.Notebook;
import tutorial.testing.Outputs;
import tutorial.testing.Project;

/** The notebook on machines that lack what it needs. */
@Tag("machines")
@ExtendWith(Kernel.LastCell.class)
class NotebookElsewhereTest {
    @TempDir
    Path temp;

    /** Not set up at all: one line says what is missing and where it was looked for, and the page shows no other run's outputs. */
    @Test
    void theFirstRunWithoutNetworkSaysWhatItMisses() throws Exception {
        assumeTrue(Project.canBeOffline(), Project.NOT_OFFLINE);
        Project project = Project.copyTo(temp.resolve("project"));
        Project.Finished run = project.run("", Map.of("JJAVA_JVM_OPTS", "-Duser.home=" + temp), Project.OFFLINE);
        assertEquals(1, run.exitCode(), run.output());
        assertTrue(lastLine(run).matches("FAILED: ai\\.djl:api:\\S+ could not be fetched .*maven.* .*HTTPS_PROXY.*"), run.output());
        Notebook page = Notebook.read(project.folder().resolve("build").resolve(Project.NOTEBOOK));
        assertEquals("", Outputs.join(page.codeCellsFrom("setup-machine").stream().map(Notebook.Cell::outputs).toList()).words());
    }

    @Test
    void aHomeThatCannotBeWrittenIsNamed() throws Exception {
        Project project = Project.copyTo(temp.resolve("project"));
        Path home = Files.createFile(temp.resolve("file")).resolve("home");
        Project.Finished run = project.run("", Map.of("JJAVA_JVM_OPTS", "-Duser.home=" + home), List.of());
        assertEquals(1, run.exitCode(), run.output());
        assertTrue(lastLine(run).contains(home + "/.m2") && lastLine(run).contains("See that this folder can be written to"), run.output());
    }

    /** A file of the package that the kernel starts with, and one of those that it compiles later. */
    @ParameterizedTest
    @ValueSource(strings = {"kernel/Network.java", "page/Page.java"})
    void aSupportFileThatDoesNotCompileIsNamedWithItsLine(String name) throws Exception {
        Project project = Project.copyTo(temp.resolve("project"));
        Path file = project.folder().resolve("support/src/main/java/tutorial/" + name);
        Files.writeString(file, Files.readString(file).replaceFirst("\n", "\nimport nowhere.Nothing;"));
        Project.Finished run = project.run("");
        assertEquals(1, run.exitCode(), run.output());
        assertTrue(lastLine(run).contains("support/src/main/java/tutorial/" + name + ":2: "), run.output());
    }

    /** In a notebook of the settings' cells alone, which does not take as long. */
    @Test
    void settingsThatDoNotCompileAreAnsweredInOneLine() throws Exception {
        Project project = Project.copyTo(temp.resolve("project"));
        Notebook.keepSettings(project.folder().resolve(Project.NOTEBOOK));
        Map<String, String> answers = Map.of("epoch = 1;", "epoch is not there yet. See whether the name is right",
                "batchSize 7;", "batchSize 7; ';' expected", "epochs = ", "Incomplete input: epochs =");
        for (var answer : answers.entrySet()) {
            Project.Finished run = project.run(answer.getKey());
            assertEquals(1, run.exitCode(), run.output());
            assertTrue(lastLine(run).startsWith("FAILED: SETTINGS: " + answer.getValue()), run.output());
        }
    }

    /** As an error in JShell ends it: without our last words the run would wait for as long as the cell sleeps, or for ever. */
    @Test
    void aKernelWhoseThreadDiesEndsTheRunAndItsLogSaysWhy() throws Exception {
        Project project = Project.copyTo(temp.resolve("project"));
        Notebook.keepSettings(project.folder().resolve(Project.NOTEBOOK));
        Project.Finished run = project.run("new Thread(() -> { throw new AssertionError(\"typeSig\"); }, \"Shell-7\").start(); "
                + "Thread.sleep(3_000_000);");
        assertEquals("FAILED: The kernel ends, since the thread that runs its cells died: java.lang.AssertionError: typeSig", lastLine(run));
        String log = Files.readString(project.folder().resolve("build/kernel.log"));
        assertTrue(log.contains("Exception in thread \"Shell-7\" java.lang.AssertionError: typeSig"), log);
    }

    @Test
    void aWrongPyTorchIsNamedBeforeItIsLoaded() throws IOException {
        Project project = Project.copyTo(temp.resolve("project"));
        try (Kernel kernel = project.kernel(Map.of("PYTORCH_LIBRARY_PATH", temp.toString()))) {
            Kernel.Answer answer = kernel.runAll(project.notebook().codeCellsUntil("settings-main"), "");
            assertFalse(answer.ok());
            assertTrue(answer.outputs().error().contains("PYTORCH_LIBRARY_PATH = " + temp + ": no PyTorch library is there"),
                    answer.outputs().error());
        }
    }

    private static String lastLine(Project.Finished run) {
        return run.output().lines().reduce((before, last) -> last).orElse("");
    }
}
