package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tutorial.testing.CleanUp;
import tutorial.testing.Kernel;
import tutorial.testing.Notebook;
import tutorial.testing.Project;

/**
 * The notebook in a live kernel, run once from the first cell to the last. All classes of tests that ask for the same
 * settings share it; each finds it with the settings as they were in that run.
 */
@Tag("kernel")
@ExtendWith(Kernel.LastCell.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class LiveNotebook {
    public static final String QUICK = "epochs = 1; imageSize = 64; measureSeconds = 0; sweepSeconds = 0; pretrained = false; "
            + "layout = \"NHWC\";";

    /** The arrays that DJL's managers own. */
    static final String LIVE_ARRAYS = """
            lineMagic("classpath", List.of("target/test-classes"));
            int liveNow() {
                try (NDManager child = NDManager.newBaseManager(Device.cpu())) {
                    return tutorial.testing.Small.liveArrays(child.getParentManager());
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }""".replace("target", Project.SOURCE.resolve("tests/target").toString());

    static final Path REFERENCE = Project.SOURCE.resolve("tests/src/test/resources/resnet18_reference.json");

    /** Of reference_check.java, in both layouts. */
    static final String AGREED = "102 tensors, the logits before, 6 losses and the logits after training agree with PyTorch\n"
            .repeat(8).strip();

    private static LiveNotebook live;   // the last that was run

    public Project project;
    public Notebook notebook;
    public Kernel kernel;
    public Kernel.Answer firstRun;

    /** What this class runs the notebook with. */
    String settings() {
        return QUICK;
    }

    @BeforeAll
    void runAllOnce() throws IOException {
        if (live != null && live.kernel.isAlive() && live.settings().equals(settings())) {
            project = live.project;
            notebook = live.notebook;
            kernel = live.kernel;
            firstRun = live.firstRun;
            with(settings(), "settings-main", "photos-read").orFail();
            return;
        }
        if (live != null) {
            live.kernel.close();
        }
        project = Project.copyTo(CleanUp.newFolder("live-").resolve("project"));
        notebook = project.notebook();
        kernel = project.kernel();
        firstRun = kernel.runAll(notebook.codeCells(), settings()).orFail();
        live = this;
    }

    /** What the code in this file of tests/src/test/resources prints, when it has run in the kernel. */
    String check(String file) throws IOException {
        return kernel.execute(code(file)).orFail().words().strip();
    }

    /** What the code in this file defines, without what it then does with it. */
    static String definitions(String file) throws IOException {
        String code = code(file);
        return code.substring(0, code.lastIndexOf("\n}\n") + 3);
    }

    /** The method that this cell begins with, without what the cell then does with it. */
    String method(String cell) {
        String code = notebook.cell(cell).source();
        return code.substring(0, code.indexOf("\n}") + 3);
    }

    static String code(String file) throws IOException {
        return Files.readString(REFERENCE.resolveSibling(file)).replace("REFERENCE", REFERENCE.toString());
    }

    /** Does once more what the cells from the one id up to the other do, which is left out; to the end where it is null. */
    Kernel.Answer with(String settings, String from, String until) throws IOException {
        return kernel.runAgain(between(from, until), settings);
    }

    private List<Notebook.Cell> between(String from, String until) {
        List<Notebook.Cell> cells = notebook.codeCellsFrom(from);
        return until == null ? cells : cells.subList(0, cells.indexOf(notebook.cell(until)));
    }

    /** Runs what a training needs with these settings, but shows and measures nothing on the way. */
    void prepareRace(String settings) throws IOException {
        List<Notebook.Cell> cells = forATraining(between("settings-main", "race-cpu")).stream()
                .filter(cell -> !cell.id().matches("clock-rate|loading-normalise")).toList();
        kernel.execute("prepared = new Prepared();").orFail();            // which would ask for the others, too
        kernel.runAgain(cells, settings).orFail();
    }

    /** The cells by which the results come about, without those that show and measure other things. */
    List<Notebook.Cell> upToTheResults() {
        return Stream.of("settings-main", "parameters", "settings-check", "photos-read", "loading-rate", "step-trainer",
                "clock-wait", "clock-rate",
                "race-cpu", "time-parts", "limit-peak", "learned-predict", "take-results").map(notebook::cell).toList();
    }

    /** Of these cells those that a training needs; the others show and measure on the way. */
    static List<Notebook.Cell> forATraining(List<Notebook.Cell> cells) {
        return cells.stream().filter(cell -> !cell.id().matches(
                "photos-table")).toList();
    }

    /** Sees to it that the whole notebook has run with {@link #QUICK}, whatever a test before has done. */
    void haveRun() throws IOException {
        String asAfterTheFirstRun = """
                settings();
                System.out.println(race.runs().size() == 2 && race.trained().size() == 1 && predictions.runs().size() == 1 && epochs == 1
                    && batchSize == 32 && imageSize == 64 && heldOut == 0.2 && photos.photos().size() == 240 && tested.size() == 48);""";
        if (!kernel.execute(asAfterTheFirstRun).words().strip().equals("true")) {
            with(QUICK, "settings-main", null).orFail();
        }
    }

    /** In one line. */
    void assertFails(String settings, String... parts) throws IOException {
        String error = with(settings, "settings-main", "photos-table").fails(parts).outputs().error();
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
