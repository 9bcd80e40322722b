import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The notebook in a live kernel, run once from the first cell to the last; a class of tests shares it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LiveNotebook {
    static final String QUICK = "epochs = 1; imageSize = 64; partSteps = 2; sweepSeconds = 0; pretrained = false;";

    static final String LIVE_ARRAYS = """
            int liveArrays(ai.djl.ndarray.BaseNDManager manager) throws Exception {
                var field = ai.djl.ndarray.BaseNDManager.class.getDeclaredField("resources");
                field.setAccessible(true);
                int arrays = 0;
                for (Object owned : ((Map<?, ?>) field.get(manager)).values()) {
                    arrays += owned instanceof NDArray ? 1
                        : owned instanceof ai.djl.ndarray.BaseNDManager child ? liveArrays(child) : 0;
                }
                return arrays;
            }
            int liveNow() throws Exception {
                try (NDManager child = NDManager.newBaseManager(Device.cpu())) {
                    return liveArrays((ai.djl.ndarray.BaseNDManager) child.getParentManager());
                }
            }""";

    Project project;
    Notebook notebook;
    Kernel kernel;
    Kernel.Answer firstRun;

    /** What this class runs the notebook with. */
    String settings() {
        return QUICK;
    }

    @BeforeAll
    void runAllOnce(@TempDir Path temp) throws IOException {
        project = Project.copyTo(temp.resolve("project"));
        notebook = project.notebook();
        kernel = project.kernel();
        firstRun = kernel.runAll(notebook.codeCells(), settings());
        assertTrue(firstRun.ok(), firstRun.outputs().error());
    }

    @AfterAll
    void shutDown() throws IOException {
        if (kernel != null) {
            kernel.close();
        }
    }

    /** What the code in this file of tests/src/test/resources prints, when it has run in the kernel. */
    String check(String file) throws IOException {
        Kernel.Answer answer = kernel.execute(code(file));
        assertTrue(answer.ok(), answer.outputs().error());
        return answer.words().strip();
    }

    static String code(String file) throws IOException {
        Path resources = Project.SOURCE.resolve("tests/src/test/resources");
        return Files.readString(resources.resolve(file))
                .replace("REFERENCE", resources.resolve("resnet18_reference.json").toString());
    }

    /** Runs the cells from the one id up to the other, which is left out; to the end where it is null. */
    Kernel.Answer with(String settings, String from, String until) throws IOException {
        List<Notebook.Cell> cells = notebook.codeCellsFrom(from);
        int end = until == null ? cells.size() : cells.indexOf(notebook.cell(until));
        return kernel.runAll(cells.subList(0, end), settings);
    }

    /** Runs what a training needs with these settings, but shows and measures nothing on the way. */
    void prepareRace(String settings) throws IOException {
        List<Notebook.Cell> cells = notebook.codeCellsFrom("parameters").stream()
                .filter(cell -> !cell.id().matches("data-(skipped|table|classes|formats|chart|grid)|feeding-rate|train-(surprise|layout)")).toList();
        Kernel.Answer answer = kernel.runAll(cells.subList(0, cells.indexOf(notebook.cell("race-cpu"))), settings);
        assertTrue(answer.ok(), answer.outputs().error());
    }

    /** Sees to it that the whole notebook has run with {@link #QUICK}, whatever a test before has done. */
    void haveRun() throws IOException {
        String asAfterTheFirstRun = """
                System.out.println(legs.size() == 2 && learned.size() == 1 && answers.size() == 1 && epochs == 1 && batchSize == 32
                    && imageSize == 64 && heldOut == 0.2 && photos.photos().size() == 240 && asked.size() == 48);
                Setting.requireAccepted();""";
        if (!kernel.execute(asAfterTheFirstRun).words().strip().equals("true")) {
            Kernel.Answer answer = with(QUICK, "parameters", null);
            assertTrue(answer.ok(), answer.outputs().error());
        }
    }

    void assertFails(String settings, String message) throws IOException {
        Kernel.Answer answer = with(settings, "parameters", "data-table");
        assertFalse(answer.ok(), () -> settings + " was not refused");
        String error = answer.outputs().error();
        assertTrue(error.contains(message), error);
        assertEquals(1, error.lines().count(), error);
    }

    byte[] onePhoto() throws IOException {
        try (Stream<Path> files = Files.walk(project.folder().resolve("data/sneakers"))) {
            return Files.readAllBytes(files.filter(file -> file.toString().endsWith(".jpg")).findFirst().orElseThrow());
        }
    }

    void zip(String name, Object... namesAndBytes) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(project.folder().resolve("data").resolve(name)))) {
            for (int i = 0; i < namesAndBytes.length; i += 2) {
                zip.putNextEntry(new ZipEntry((String) namesAndBytes[i]));
                zip.write((byte[]) namesAndBytes[i + 1]);
            }
        }
    }
}
