import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** The notebook on machines that differ from the usual one. */
class NotebookElsewhereTest {
    private static final String QUICK = "epochs = 1; imageSize = 64; partSteps = 2; sweepSeconds = 2;";
    /** A network with nothing but the machine itself, which Jupyter needs to speak to its kernel. */
    private static final List<String> WITHOUT_NETWORK =
            List.of("unshare", "--net", "--map-root-user", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh");

    @TempDir
    Path temp;

    /** Once set up, without a network, with little heap, in a locale of decimal commas and at the other end of the day. */
    @Test
    void itRunsOfflineInLittleHeapAndNumbersStayNumbersInEveryLocale() throws Exception {
        Project project = Project.copyTo(temp.resolve("project"));
        Project.Finished run = project.run(QUICK, Map.of("JJAVA_JVM_OPTS",
                "-Xmx512m -Duser.language=de -Duser.country=DE -Duser.timezone=Pacific/Kiritimati"), canGoOffline() ? WITHOUT_NETWORK : List.of());
        assertEquals(0, run.exitCode(), run.output());
        Notebook page = Notebook.read(project.folder().resolve("build").resolve(Project.NOTEBOOK));
        double shown = Double.parseDouble(page.cell("results-rows").outputs().table("This run").get(0).get("images/s"));
        assertEquals(results(project).doubleColumn("images/s").get(0), shown, 1e-3 * shown);
        assertFalse(page.cell("results-conclusion").outputs().words().matches("(?s).*\\d,\\d.*"));
        assertTrue(page.cell("setup-machine").outputs().words().contains("Java heap up to 0.5 GiB"));
    }

    @Test
    void aWrongPyTorchIsNamedBeforeItIsLoaded() throws IOException {
        Project project = Project.copyTo(temp.resolve("project"));
        try (Kernel kernel = project.kernel(Map.of("PYTORCH_LIBRARY_PATH", temp.toString()))) {
            List<Notebook.Cell> cells = project.notebook().codeCells();
            Kernel.Answer answer = kernel.runAll(cells.subList(0, cells.indexOf(project.notebook().cell("setup-show"))), "");
            assertFalse(answer.ok());
            assertTrue(answer.outputs().error().contains("PYTORCH_LIBRARY_PATH = " + temp + ": no PyTorch library is there"),
                    answer.outputs().error());
        }
    }

    /** Two kernels in one folder, both with nothing unzipped yet. */
    @Test
    void twoNotebooksShareTheData() throws Exception {
        Project project = Project.copyTo(temp.resolve("project"));
        List<Notebook.Cell> cells = project.notebook().codeCells();
        List<Notebook.Cell> data = cells.subList(0, cells.indexOf(project.notebook().cell("data-check")));
        try (Kernel first = project.kernel(); Kernel second = project.kernel()) {
            List<Kernel.Answer> answers = Stream.of(first, second).parallel().map(kernel -> {
                try {
                    return kernel.runAll(data, "");
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }).toList();
            for (Kernel.Answer answer : answers) {
                assertTrue(answer.ok(), answer.outputs().error());
                assertTrue(answer.words().contains("240 photos in 4 classes, 0 files set aside"), answer.words());
            }
        }
    }

    /** Only Linux can, and not in every container. */
    private static boolean canGoOffline() throws InterruptedException {
        try {
            return new ProcessBuilder(Stream.concat(WITHOUT_NETWORK.stream(), Stream.of("true")).toList()).start().waitFor() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }

    private static Table results(Project project) throws IOException {
        try (Stream<Path> files = Files.list(project.folder().resolve("results"))) {
            return Table.read().csv(files.filter(file -> !file.endsWith("0000-original-tutorial.csv")).findFirst().orElseThrow().toFile());
        }
    }
}
