package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tutorial.testing.Kernel;
import tutorial.testing.Notebook;
import tutorial.testing.Patience;

/** What happens when stop is pressed, as in JupyterLab: training, unzipping, reading, decoding, the sweep. */
class NotebookStopTest extends LiveNotebook {
    /** For a moment after a stop no training begins: here it is over at once, or lasts, on a fast machine as on a slow one. */
    @BeforeAll
    void setTheClock() throws IOException {
        kernel.execute("""
                void setStoppedAt(long nanos) throws Exception {
                    var stoppedAt = TrainingThread.class.getDeclaredField("stoppedAt");
                    stoppedAt.setAccessible(true);
                    if (stoppedAt.getLong(null) < System.nanoTime() - HOUR) throw new IllegalStateException("no stop was noted");
                    stoppedAt.setLong(null, nanos);
                }
                void takeTrainingsAgain() throws Exception { setStoppedAt(System.nanoTime() - HOUR / 2); }
                void prolongTheMomentAfterAStop() throws Exception { setStoppedAt(System.nanoTime() + HOUR); }"""
                .replace("HOUR", "3_600_000_000_000L")).orFail();
    }

    @Test
    void stopEndsTrainingWithinABatchAndTheCellTrainsAgain() throws IOException {
        prepareRace("epochs = 500; imageSize = 64; batchSize = 8; pretrained = false;");
        String train = notebook.cell("race-cpu").statements();
        kernel.executeAndStop(train, "epoch 1 of 500", 0.7).fails();
        // 24 batches are an epoch, so a training that went on to the end of one would show.
        assertTheTrainingEnds();
        Kernel.Answer trained = kernel.execute("epochs = 1;\n" + train).says("done in");
        assertEquals(1, trained.outputs().table("CPU").size());
    }

    /** As Run All does: the cells behind wait already when stop is pressed, or when a setting is refused. */
    @Test
    void cellsThatWaitBehindAStopOrARefusedSettingDoNotTrain() throws IOException {
        prepareRace("epochs = 500; imageSize = 64; batchSize = 8; pretrained = false; sweepSeconds = 600;");
        kernel.executeAndStop(notebook.cell("race-cpu").statements(), "epoch 1 of 500", 0.3).fails();
        kernel.execute("prolongTheMomentAfterAStop();").orFail();
        List<Notebook.Cell> waiting = notebook.codeCellsFrom("race-gpu");
        for (Notebook.Cell cell : waiting.subList(0, waiting.indexOf(notebook.cell("learned-translator")))) {
            String words = kernel.execute(cell.statements()).words();
            // The last lines of the training that was stopped, "CPU, on the fly ...", may still come in here.
            assertFalse(words.contains("CPU, cached epoch") || words.contains("Batch sizes"), () -> cell.id() + " trains: " + words);
        }
        assertTheTrainingEnds();
        assertFails("epochs = 0;", "epochs = 0: must be");
        kernel.execute(notebook.cell("race-cpu").source()).fails("epochs = 0: must be");
        with(QUICK, "settings-main", "race-gpu").orFail();
    }

    /** Ten trainings, stopped somewhere in a step, leave no array and no open gradient collector behind. */
    @Test
    void stopAtTenRandomMomentsLeavesNothingBehind() throws IOException {
        prepareRace(QUICK + "epochs = 500; batchSize = 16;");
        kernel.execute(LIVE_ARRAYS);
        String train = notebook.cell("race-cpu").statements();
        Random random = new Random(2207);
        List<String> liveArrays = new ArrayList<>();
        for (int press = 0; press < 10; press++) {
            kernel.executeAndStop(train, "epoch 1 of 500", 0.5 * random.nextDouble()).fails();
            assertTheTrainingEnds();
            liveArrays.add(kernel.value("\"live: \" + liveNow()").replaceAll("(?s).*live: ", ""));
        }
        assertEquals(1, Set.copyOf(liveArrays).size(), liveArrays.toString());
        kernel.execute("epochs = 1;\n" + train).orFail();
    }

    /** Again and again, so that stop finds them at work however fast the machine is. */
    @Test
    void stopEndsThePreparationAndTheSweep() throws IOException {
        prepareRace(QUICK + "sweepSeconds = 600;");
        kernel.executeAndStop(forEver("""
                TrainingThread.run(() -> {
                    new BatchSource(dataset, DataLoading.CACHED, imageSize, TrainingDevice.CPU).close();
                    return 0;
                });"""), "begun", 0.3).fails();
        assertTheTrainingEnds();
        String sweep = notebook.cell("sweep-run").statements();
        kernel.executeAndStop(forEver(sweep), "begun", 1.5).fails();
        assertTheTrainingEnds();
        Kernel.Answer again = kernel.execute("sweepSeconds = 1;\n" + sweep).orFail();
        assertEquals("1", again.outputs().table("Batch sizes").get(0).get("batch"));
    }

    /** Each again and again, so that stop finds them at work: unzipping when some of the files are there. */
    @Test
    void stopEndsUnzippingAndReadingAndTheCellsRunAgain() throws IOException {
        byte[] photo = onePhoto();
        Object[] files = new Object[2 * 2_000];
        for (int i = 0; i < files.length; i += 2) {
            files[i] = "class " + i % 8 + "/" + i + ".jpg";
            files[i + 1] = photo;
        }
        zip("many.zip", files);
        with(QUICK + "dataZip = \"data/many.zip\";", "settings-main", "photos-read").orFail();
        Path data = project.folder().resolve("data");
        String cell = notebook.cell("photos-read").statements();
        String unzipping = forEver(cell + "\nFiles.move(photoFolder, Path.of(\"data/moved \" + System.nanoTime()));");
        kernel.executeAndStop(unzipping, () -> isUnzipping(data, "class 2/2.jpg")).fails();
        assertFalse(Files.exists(data.resolve("many")), "all or nothing");
        kernel.execute(cell).orFail();
        kernel.executeAndStop(forEver(cell), "begun", 0.2).fails();
        kernel.execute(cell).says("2000 photos in 4 classes");
    }

    private static boolean isUnzipping(Path data, String photo) {
        File[] unfinished = data.toFile().listFiles((in, name) -> name.startsWith(".many-") && name.endsWith(".unfinished"));
        return Stream.of(unfinished).anyMatch(folder -> new File(folder, photo).exists());
    }

    /** What is measured without training a network, again and again, so that stop finds it at work. */
    @Test
    void stopEndsWhatIsMeasuredBesideTheTraining() throws IOException {
        prepareRace(QUICK);
        for (String id : List.of("loading-rate", "clock-surprise", "limit-peak")) {
            String cell = notebook.cell(id).statements().replaceAll("show\\(RunTables.*", "");     // as nothing has raced
            kernel.executeAndStop(forEver(cell), "begun", 0.5).fails();
            assertTheTrainingEnds();
            kernel.execute(cell).orFail();
        }
    }

    /** One block, or "begun" would be said while JShell still compiles the loop, when there is nothing that a stop could end. */
    private static String forEver(String code) {
        return "{\nSystem.out.println(\"begun\");\nwhile (true) {\n" + code + "\n}\n}";
    }

    /**
     * Waits for the training that was told to stop, and the cell that waits for it, which may take a batch. Left alone, they would go
     * on for minutes.
     */
    private void assertTheTrainingEnds() throws IOException {
        Kernel.Answer ended = kernel.execute("""
                for (var thread : Thread.getAllStackTraces().entrySet()) {
                    if (thread.getKey() == Thread.currentThread()) continue;
                    if (!thread.getKey().getName().equals("training")
                        && Stream.of(thread.getValue()).noneMatch(frame -> frame.getMethodName().equals("do_it$"))) continue;
                    long until = System.nanoTime() + NANOSECONDS;
                    while (System.nanoTime() < until && Stream.of(thread.getKey().getStackTrace())
                        .anyMatch(frame -> frame.getClassName().contains("REPL"))) Thread.sleep(10);
                    System.out.println(System.nanoTime() < until ? "ended" : thread.getKey().getName() + " runs on");
                }
                takeTrainingsAgain();""".replace("NANOSECONDS", Patience.with(2).toNanos() + "L"));
        assertFalse(ended.orFail().words().contains("runs on"), ended.words());
    }
}
