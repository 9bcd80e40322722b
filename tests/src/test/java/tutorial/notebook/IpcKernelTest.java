package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.Kernel;
import tutorial.testing.Notebook;
import tutorial.testing.Project;

/** The Java kernel as it is installed in Google Colab: started over ipc, which it does not know, from another folder. */
@Tag("kernel")
@ExtendWith(Kernel.LastCell.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IpcKernelTest {
    private Project project;
    private Project elsewhere;
    private Path jupyter;
    private Kernel kernel;

    @BeforeAll
    void installAndStart(@TempDir Path temp) throws Exception {
        project = Project.copyTo(temp.resolve("project"));
        elsewhere = new Project(Files.createDirectories(temp.resolve("content")));
        jupyter = temp.resolve("jupyter");
        Path install = project.folder().resolve("tools/install_ipc_kernel.py");
        Project.Finished installed = elsewhere.python(install.toString(), "--jupyter", jupyter.toString());
        assertEquals(0, installed.exitCode(), installed.output());
        kernel = elsewhere.kernel(Map.of("JUPYTER_PATH", jupyter.toString(), "KERNEL_TRANSPORT", "ipc"));
    }

    @AfterAll
    void end() throws IOException {
        kernel.close();
    }

    @Test
    void runsTheFirstSectionFromTheProjectsFolder() throws IOException {
        Kernel.Answer answer = kernel.runAll(project.notebook().codeCellsUntil("settings-main"), "").orFail();
        assertTrue(answer.words().contains("Loading DJL"), answer.words());
        assertTrue(answer.words().contains("kept for the next training step"), answer.words());
    }

    @Test
    void losesNoOutput() throws IOException {
        Kernel.Answer answer = kernel.execute("""
                for (int i = 0; i < 5000; i++) {
                    System.out.println("line " + i);
                    System.out.flush();
                }""").orFail();
        assertEquals(5000, answer.words().lines().filter(line -> line.startsWith("line ")).count());
    }

    @Test
    void canBeStopped() throws IOException {
        Kernel.Answer answer = kernel.executeAndStop("{ System.out.println(\"Asleep\"); Thread.sleep(600_000); }", "Asleep", 1);
        assertFalse(answer.ok());
        assertTrue(answer.seconds() < 60, answer.seconds() + " s");
        assertEquals("still there", kernel.execute("System.out.println(\"still there\")").orFail().words().strip());
    }

    /** Colab starts it from its own server, whose environment is not that of `make lab`. */
    @Test
    void isToldWhatMakeSets() throws IOException {
        JsonNode spec = Notebook.JSON.readTree(jupyter.resolve("kernels/java/kernel.json").toFile());
        assertEquals("message", spec.get("interrupt_mode").asText());
        assertEquals("PCI_BUS_ID", spec.get("env").get("CUDA_DEVICE_ORDER").asText());
        assertTrue(Path.of(spec.get("argv").get(4).asText()).isAbsolute(), spec.toString());
    }
}
