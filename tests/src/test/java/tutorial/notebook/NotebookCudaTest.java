package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.CudaStub;
import tutorial.testing.Kernel;
import tutorial.testing.Notebook;
import tutorial.testing.Project;

/** The notebook on a machine that has an NVIDIA GPU, as {@link CudaStub} has it, but cannot get PyTorch with CUDA. */
@Tag("machines")
@ExtendWith(Kernel.LastCell.class)
@EnabledIf(value = "tutorial.testing.CudaStub#canBeCompiled", disabledReason = "needs a C compiler, on Linux (x86-64)")
class NotebookCudaTest {
    private static final String QUICK = "epochs = 1; imageSize = 64; measureSeconds = 0; sweepSeconds = 0; pretrained = false; "
            + "dataLoading = \"on the fly\";";

    @TempDir
    Path temp;

    /** No proxy listens there; Maven's repositories are reached without one, if they have to be. */
    @Test
    void withDjlsSiteOutOfReachTheCpuRacesAloneAndALineSaysWhy() throws Exception {
        CudaStub machine = new CudaStub(temp.resolve("machine")).driver("Tesla T4|15843721216|75");
        machine.runtime(temp.resolve("machine/lib/libcudart.so"), 11080);
        Map<String, String> environment = new TreeMap<>(machine.environment());
        environment.put("JJAVA_JVM_OPTS", "-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=9 -Dhttp.nonProxyHosts=*maven*");
        Project project = Project.copyTo(temp.resolve("project"));
        try (Kernel kernel = project.kernel(environment)) {
            List<Notebook.Cell> cells = LiveNotebook.forATraining(project.notebook().codeCellsUntil("time-cached"));
            Kernel.Answer answer = kernel.runAll(cells, QUICK).orFail();
            String why = "Tesla T4 is there, but PyTorch with CUDA could not be fetched (https://publish.djl.ai/";
            assertTrue(answer.words().contains("The CPU goes on alone. " + why), answer.words());
            assertTrue(answer.words().contains("There is no second device. " + why), answer.words());
            assertEquals("192", answer.outputs().table("CPU, on the fly").get(0).get("images"));

            Kernel.Answer none = kernel.execute("secondDevice = \"none\";\n" + project.notebook().cell("clock-wait").source());
            none.says("There is no second device, since secondDevice = \"none\".", "In this race: CPU");
            // By which the set-up finds the folder with the wheel of the CUDA runtime.
            Kernel.Answer classPath = kernel.execute("System.out.println(System.getProperty(\"java.class.path\"));");
            assertTrue(classPath.words().contains(Project.SOURCE + "/.venv/share/jupyter/"), classPath.words());
        }
    }
}
