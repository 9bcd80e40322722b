import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a person does in JupyterLab, in one kernel: run all, change settings, run again, press stop, bring bad input. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NotebookKernelTest {
    private static final String QUICK = "epochs = 1; imageSize = 64;";

    private Project project;
    private Notebook notebook;
    private Kernel kernel;
    private Kernel.Answer firstRun;

    @BeforeAll
    void runAllOnce(@TempDir Path temp) throws IOException {
        project = Project.copyTo(temp.resolve("project"));
        notebook = project.notebook();
        kernel = project.kernel();
        firstRun = kernel.runAll(notebook.codeCells(), QUICK);
    }

    @AfterAll
    void shutDown() throws IOException {
        if (kernel != null) {
            kernel.close();
        }
    }

    @Test
    void theNotebookRunsWithOneLegAndSaysWhyThereIsNoGpu() throws IOException {
        assertTrue(firstRun.ok(), firstRun.outputs().error());
        assumeTrue(kernel.execute("System.out.println(engine.getGpuCount());").words().strip().equals("0"), "needs a machine without a GPU");
        assertTrue(firstRun.words().contains("There is no second leg."), firstRun.words());
        assertEquals(1, firstRun.outputs().table("This run").size());
    }

    @Test
    void withoutItsFolderTheFirstCellSaysHowToGetTheRest(@TempDir Path elsewhere) throws IOException {
        try (Kernel alone = new Project(elsewhere).kernel()) {
            Kernel.Answer answer = alone.execute(notebook.codeCells().get(0).source());
            assertFalse(answer.ok());
            assertTrue(answer.outputs().error().contains("Clone or download the whole project"), answer.outputs().error());
        }
    }

    @Test
    void theWholeNotebookRunsAgainInTheSameKernelWithTheSameLosses() throws IOException {
        Kernel.Answer again = kernel.runAll(notebook.codeCells(), QUICK);
        assertTrue(again.ok(), again.outputs().error());
        assertEquals(firstRun.outputs().table("This run").get(0).get("loss"), again.outputs().table("This run").get(0).get("loss"));
    }

    @Test
    void theNetworkComputesWhatPyTorchComputes() throws IOException {
        String check = Files.readString(Project.SOURCE.resolve("tests/src/test/resources/reference_check.java"))
                .replace("REFERENCE", Project.SOURCE.resolve("tests/src/test/resources/resnet18_reference.json").toString());
        Kernel.Answer answer = kernel.execute(check);
        assertTrue(answer.ok(), answer.outputs().error());
        assertEquals("102 tensors, the logits before, 6 losses and the logits after training agree with PyTorch", answer.words().strip());
    }

    @Test
    void stopEndsTrainingWithinABatchAndTheCellTrainsAgain() throws IOException {
        Kernel.Answer settings = with("epochs = 500; imageSize = 64; batchSize = 8;", "parameters", "race-cpu");
        assertTrue(settings.ok(), settings.outputs().error());
        String train = notebook.cell("race-cpu").source();
        Kernel.Answer stopped = kernel.executeAndStop(train, "epoch 1 of 500", 0.7);
        assertFalse(stopped.ok());
        // 30 batches are an epoch, so a training that went on to the end of one would show.
        Kernel.Answer ended = kernel.execute("""
                long pressed = System.nanoTime();
                while (Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals("training"))) {
                    Thread.sleep(10);
                }
                System.out.println("ended after " + (System.nanoTime() - pressed) / 1_000_000 + " ms");""");
        // The last progress line of the training that ends may come in between.
        Matcher milliseconds = Pattern.compile("ended after (\\d+) ms").matcher(ended.words());
        assertTrue(milliseconds.find() && Integer.parseInt(milliseconds.group(1)) < 2000, ended.words());
        Kernel.Answer trained = kernel.execute("epochs = 1;\n" + train);
        assertTrue(trained.ok(), trained.outputs().error());
        assertEquals(1, trained.outputs().table("CPU").size());
        assertTrue(trained.words().contains("done in"), trained.words());
    }

    @Test
    void momentumIsFreedWithItsOwner() throws IOException {
        Kernel.Answer answer = kernel.execute("""
                NDManager owner = NDManager.newBaseManager(Device.cpu());
                OwnedSgd sgd = new OwnedSgd(owner, 0.1f, 0.9f);
                sgd.update("w", owner.ones(new Shape(3)), owner.ones(new Shape(3)));
                var field = ai.djl.training.optimizer.Sgd.class.getDeclaredField("momentumStates");
                field.setAccessible(true);
                var states = (Map<String, Map<Device, NDArray>>) field.get(sgd);
                NDArray momentumOfW = states.get("w").get(Device.cpu());
                owner.close();
                System.out.println(momentumOfW.isReleased());""");
        assertEquals("true", answer.words().strip(), answer.outputs().error());
    }

    @Test
    void realPhotosRunThrough() throws IOException {
        Path photos = Project.SHARED_DATA.resolve("recycling.zip");
        assumeTrue(Files.exists(photos), "no shared/data/recycling.zip beside the project");
        Kernel.Answer answer = with(QUICK + "dataZip = \"" + photos + "\";", "parameters", null);
        assertTrue(answer.ok(), answer.outputs().error());
        assertEquals(List.of("glass", "metal", "paper", "plastic"),
                answer.outputs().table("Photos per class").stream().map(row -> row.get("class")).toList());
        assertEquals("400", answer.outputs().table("This run").get(0).get("images"));
    }

    @Test
    void aMissingZipIsNamed() throws IOException {
        assertFails("dataZip = \"data/none.zip\";", "data/none.zip: no such file");
    }

    @Test
    void aFileThatIsNoZipIsNamedAndLeavesNothingAndTheNextRunHeals() throws IOException {
        Path zip = project.folder().resolve("data/mine.zip");
        Files.writeString(zip, "<html>not found</html>");
        assertFails("dataZip = \"data/mine.zip\";", "data/mine.zip: is not a zip archive");
        assertEquals(List.of(), leftOvers("mine"));
        Files.copy(project.folder().resolve("data/sneakers.zip"), zip, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertTrue(with(QUICK + "dataZip = \"data/mine.zip\";", "parameters", "data-table").ok());
    }

    @Test
    void aCorruptZipIsNamedAndLeavesNothing() throws IOException {
        byte[] bytes = Files.readAllBytes(project.folder().resolve("data/sneakers.zip"));
        bytes[bytes.length / 2] ^= 0x55;
        Files.write(project.folder().resolve("data/corrupt.zip"), bytes);
        assertFails("dataZip = \"data/corrupt.zip\";", "data/corrupt.zip");
        assertEquals(List.of(), leftOvers("corrupt"));
    }

    @Test
    void anEntryThatEscapesTheFolderIsNamed() throws IOException {
        zip("escape.zip", "../outside.jpg", "x".getBytes(StandardCharsets.UTF_8));
        assertFails("dataZip = \"data/escape.zip\";", "../outside.jpg");
        assertFalse(Files.exists(project.folder().resolve("outside.jpg")));
        assertEquals(List.of(), leftOvers("escape"));
    }

    @Test
    void oneClassAloneIsRefused() throws IOException {
        byte[] photo = onePhoto();
        zip("one.zip", "only/a.jpg", photo, "only/b.jpg", photo);
        assertFails("batchSize = 1; dataZip = \"data/one.zip\";", "only");
    }

    @Test
    void aTextNamedJpgIsSetAsideAndListed() throws IOException {
        byte[] photo = onePhoto();
        zip("text.zip", "a/a.jpg", photo, "b/b.jpg", photo, "b/note.jpg", "not a photo".getBytes(StandardCharsets.UTF_8));
        Kernel.Answer answer = with("batchSize = 1; dataZip = \"data/text.zip\";", "parameters", "data-table");
        assertTrue(answer.ok(), answer.outputs().error());
        assertTrue(answer.outputs().table("Files set aside").get(0).get("file").endsWith("note.jpg"));
    }

    @Test
    void badSettingsAreRefusedByName() throws IOException {
        assertFails("epochs = 0;", "epochs = 0: must be");
        assertFails("learningRate = -1f;", "learningRate = -1.0: must be");
        assertFails("learningRate = Float.NaN;", "learningRate = NaN: must be");
        assertFails("momentum = 1f;", "momentum = 1.0: must be");
        assertFails("batchSize = 241;", "batchSize = 241: data/sneakers.zip has only 240 photos");
        assertFails("imageSize = 32;", "imageSize = 32: must be");
        assertFails("secondDevice = \"tpu\";", "secondDevice = \"tpu\": must be");
    }

    @Test
    void aGpuThatIsNotThereIsTold() throws IOException {
        Kernel.Answer answer = with(QUICK + "secondDevice = \"gpu99\";", "parameters", null);
        assertTrue(answer.ok(), answer.outputs().error());
        assertTrue(answer.words().contains("There is no second leg."), answer.words());
    }

    /** Runs the cells from the one id up to the other, which is left out; to the end where it is null. */
    private Kernel.Answer with(String settings, String from, String until) throws IOException {
        List<Notebook.Cell> cells = notebook.codeCellsFrom(from);
        int end = until == null ? cells.size() : cells.indexOf(notebook.cell(until));
        return kernel.runAll(cells.subList(0, end), settings);
    }

    private void assertFails(String settings, String message) throws IOException {
        Kernel.Answer answer = with(settings, "parameters", "data-table");
        assertFalse(answer.ok(), () -> settings + " was not refused");
        String error = answer.outputs().error();
        assertTrue(error.contains(message), error);
        assertEquals(1, error.lines().count(), error);
    }

    private List<String> leftOvers(String name) throws IOException {
        try (Stream<Path> files = Files.list(project.folder().resolve("data"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.contains(name) && !file.equals(name + ".zip")).toList();
        }
    }

    private byte[] onePhoto() throws IOException {
        try (Stream<Path> files = Files.walk(project.folder().resolve("data/sneakers"))) {
            return Files.readAllBytes(files.filter(file -> file.toString().endsWith(".jpg")).findFirst().orElseThrow());
        }
    }

    private void zip(String name, Object... namesAndBytes) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(project.folder().resolve("data").resolve(name)))) {
            for (int i = 0; i < namesAndBytes.length; i += 2) {
                zip.putNextEntry(new ZipEntry((String) namesAndBytes[i]));
                zip.write((byte[]) namesAndBytes[i + 1]);
            }
        }
    }
}
