package tutorial.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.CleanUp;
import tutorial.testing.Kernel;
import tutorial.testing.Project;

/** However a run of the tests is ended, its kernels end too, in the middle of a cell, and its folder is gone; and the reverse. */
@Tag("machines")
public class CleanUpTest {
    /** Stands for a run of the tests: it starts a kernel and has it busy. */
    public static void main(String[] folder) throws Exception {
        Kernel kernel = new Project(Path.of(folder[0])).kernel();
        System.out.println(CleanUp.newFolder("left").getParent());
        kernel.executeAndStop("System.out.println(\"busy\"); while (true) Thread.sleep(100);", () -> false);
    }

    @Test
    @Timeout(300)
    public void nothingIsLeft(@TempDir Path project) throws Exception {
        Process asked = start(project);
        Process killed = start(project);
        List<String> folders = List.of(folderOf(asked), folderOf(killed));
        for (String folder : folders) {
            assertTrue(Files.isDirectory(Path.of(folder)));
            assertEquals(3, kernelsWithFilesIn(folder), "the driver, the kernel's launcher and the kernel");
        }
        asked.destroy();
        killed.destroyForcibly();
        for (String folder : folders) {
            while (Files.exists(Path.of(folder))) {
                Thread.sleep(10);
            }
            assertEquals(0, kernelsWithFilesIn(folder));
        }
    }

    /** As for want of memory: a test does not wait for an answer that cannot come. */
    @Test
    public void aKernelThatDiesIsTold(@TempDir Path project) throws Exception {
        try (Kernel kernel = new Project(project).kernel()) {
            assertEquals("the kernel died", kernel.execute("Runtime.getRuntime().halt(1);").outputs().error());
        }
    }

    /**
     * `make run` is ended as by timeout, where make gets SIGTERM, and by kill -9; both in a locale and a folder that do not go
     * together.
     */
    @Test
    @Timeout(300)
    public void aRunThatIsEndedLeavesNoKernel(@TempDir Path temp) throws Exception {
        List<String> signals = List.of("TERM", "KILL");
        List<Process> runs = new ArrayList<>();
        for (String signal : signals) {
            Project project = Project.copyTo(temp.resolve("Größe " + signal));
            Files.writeString(project.folder().resolve(Project.NOTEBOOK), """
                    {"cells": [{"cell_type": "code", "id": "a", "metadata": {}, "execution_count": null, "outputs": [], "source": [
                    "System.out.println(\\"begun\\"); java.nio.file.Files.createFile(java.nio.file.Path.of(\\"bé\\"));",
                    "while (true) Thread.sleep(100);"]}],
                    "metadata": {"kernelspec": {"name": "java", "display_name": "Java"}}, "nbformat": 4, "nbformat_minor": 5}""");
            runs.add(project.beginToMake(temp.resolve(signal), Map.of("RUN", temp + signal, "LC_ALL", "C"), "run"));
        }
        for (int run = 0; run < runs.size(); run++) {
            String signal = signals.get(run);
            Path begun = temp.resolve("Größe " + signal).resolve("bé");
            while (!Files.exists(begun)) {
                assertTrue(runs.get(run).isAlive(), Files.readString(temp.resolve(signal)));
                Thread.sleep(50);
            }
            assertTrue(processes("RUN", temp + signal) >= 5, "make, what it runs, its watchman, the kernel's launcher, the kernel");
            long told = signal.equals("TERM") ? runs.get(run).pid() : runs.get(run).descendants()
                    .filter(process -> process.info().commandLine().orElse("").contains("run_notebook")).findFirst().orElseThrow().pid();
            new ProcessBuilder("kill", "-" + signal, String.valueOf(told)).start().waitFor();
        }
        for (int run = 0; run < runs.size(); run++) {
            String signal = signals.get(run);
            assertNotEquals(0, runs.get(run).waitFor());
            while (processes("RUN", temp + signal) > 0) {
                Thread.sleep(50);
            }
        }
        String log = Files.readString(temp.resolve("TERM"));
        assertTrue(log.contains("FAILED: SIGTERM ended the run."), log);
        assertTrue(Files.readString(temp.resolve("Größe TERM").resolve("build").resolve(Project.NOTEBOOK)).contains("begun"));
    }

    private static Process start(Path project) throws Exception {
        return new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-cp", System.getProperty("java.class.path"),
                "-Dproject.root=" + Project.SOURCE, CleanUpTest.class.getName(), project.toString()).redirectErrorStream(true).start();
    }

    private static String folderOf(Process run) {
        return run.inputReader().lines().filter(line -> line.contains("notebook-tests-")).findFirst().orElseThrow();
    }

    private static long kernelsWithFilesIn(String folder) throws Exception {
        return processes("NOTEBOOK_TESTS", Path.of(folder).getFileName().toString());
    }

    private static long processes(String variable, String value) throws Exception {
        Process marked = new ProcessBuilder(Project.PYTHON.toString(), "-c", """
                import sys
                sys.path.insert(0, sys.argv[1])
                import clean_up
                print(len(list(clean_up.marked(*sys.argv[2:]))))""", Project.SOURCE.resolve("tests").toString(), variable, value).start();
        try (Stream<String> lines = marked.inputReader().lines()) {
            return Long.parseLong(lines.findFirst().orElseThrow());
        }
    }
}
