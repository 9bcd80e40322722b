import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What happens when stop is pressed, as in JupyterLab: training, unzipping, reading, feeding, the sweep. */
class NotebookStopTest extends LiveNotebook {
    @Test
    void stopEndsTrainingWithinABatchAndTheCellTrainsAgain() throws IOException {
        prepareRace("epochs = 500; imageSize = 64; batchSize = 8; pretrained = false;");
        String train = notebook.cell("race-cpu").source();
        Kernel.Answer stopped = kernel.executeAndStop(train, "epoch 1 of 500", 0.7);
        assertFalse(stopped.ok());
        // 24 batches are an epoch, so a training that went on to the end of one would show.
        assertTheTrainingEnds();
        Kernel.Answer trained = kernel.execute("epochs = 1;\n" + train);
        assertTrue(trained.ok(), trained.outputs().error());
        assertEquals(1, trained.outputs().table("CPU").size());
        assertTrue(trained.words().contains("done in"), trained.words());
    }

    /** As Run All does: the cells behind wait already when stop is pressed, or when a setting is refused. */
    @Test
    void cellsThatWaitBehindAStopOrARefusedSettingDoNotTrain() throws IOException {
        prepareRace("epochs = 500; imageSize = 64; batchSize = 8; pretrained = false; sweepSeconds = 600;");
        assertFalse(kernel.executeAndStop(notebook.cell("race-cpu").source(), "epoch 1 of 500", 0.3).ok());
        List<Notebook.Cell> waiting = notebook.codeCellsFrom("race-cpu-prepared");
        for (Notebook.Cell cell : waiting.subList(0, waiting.indexOf(notebook.cell("learn-translator")))) {
            Kernel.Answer answer = kernel.execute(cell.source());
            // The last lines of the training that was stopped, "CPU, streamed ...", may still come in here.
            assertFalse(answer.words().contains("CPU, prepared epoch"), () -> cell.id() + " trains: " + answer.words());
            assertFalse(answer.words().contains("Batch sizes"), () -> cell.id() + " trains: " + answer.words());
        }
        assertTheTrainingEnds();
        assertFails("epochs = 0;", "epochs = 0: must be");
        Kernel.Answer race = kernel.execute(notebook.cell("race-cpu").source());
        assertTrue(race.outputs().error().contains("Not begun: epochs = 0: must be"), race.outputs().error());
        Kernel.Answer healed = with(QUICK, "parameters", "race-cpu-prepared");
        assertTrue(healed.ok(), healed.outputs().error());
    }

    /** Ten trainings, stopped somewhere in a step, leave no array and no open gradient collector behind. */
    @Test
    void stopAtTenRandomMomentsLeavesNothingBehind() throws IOException {
        prepareRace(QUICK + "epochs = 500; batchSize = 16;");
        kernel.execute(LIVE_ARRAYS);
        String train = notebook.cell("race-cpu").source();
        Random random = new Random(2207);
        List<String> liveArrays = new ArrayList<>();
        for (int press = 0; press < 10; press++) {
            Kernel.Answer stopped = kernel.executeAndStop(train, "epoch 1 of 500", 0.5 * random.nextDouble());
            assertFalse(stopped.ok());
            assertTheTrainingEnds();
            liveArrays.add(kernel.execute("System.out.println(\"live: \" + liveNow());").words().replaceAll("(?s).*live: (\\d+).*", "$1"));
        }
        assertEquals(1, Set.copyOf(liveArrays).size(), liveArrays.toString());
        Kernel.Answer trained = kernel.execute("epochs = 1;\n" + train);
        assertTrue(trained.ok(), trained.outputs().error());
    }

    @Test
    void stopEndsThePreparationAndTheSweep() throws IOException {
        Kernel.Answer settings = with(QUICK + "imageSize = 1024; sweepSeconds = 600;", "parameters", "train-surprise");
        assertTrue(settings.ok(), settings.outputs().error());
        Kernel.Answer preparation = kernel.executeAndStop("""
                System.out.println("preparing");
                TrainingThread.run(() -> { try (NDManager owner = NDManager.newBaseManager(Device.cpu())) { return prepare(owner); } });""",
                "preparing", 0.3);
        assertFalse(preparation.ok(), preparation.words());
        assertTheTrainingEnds();
        prepareRace(QUICK + "sweepSeconds = 600;");
        assertTrue(kernel.execute(notebook.cell("scale-sweep").source()).ok());
        String sweep = notebook.cell("scale-run").source();
        Kernel.Answer stopped = kernel.executeAndStop("System.out.println(\"sweeping\");\n" + sweep, "sweeping", 1.5);
        assertFalse(stopped.ok(), stopped.words());
        assertTheTrainingEnds();
        Kernel.Answer again = kernel.execute("sweepSeconds = 1;\n" + sweep);
        assertTrue(again.ok(), again.outputs().error());
        assertEquals("1", again.outputs().table("Batch sizes").get(0).get("batch"));
    }

    /** 20,000 small files take seconds, enough to press stop in the midst of them. */
    @Test
    void stopEndsUnzippingAndReadingAndTheCellsRunAgain() throws IOException {
        byte[] photo = onePhoto();
        Object[] files = new Object[2 * 20_000];
        for (int i = 0; i < files.length; i += 2) {
            files[i] = "class " + i % 8 + "/" + i + ".jpg";
            files[i + 1] = photo;
        }
        zip("many.zip", files);
        assertTrue(with("dataZip = \"data/many.zip\";", "parameters", "data-unzip").ok());
        for (String id : List.of("data-unzip", "data-scan")) {
            String cell = notebook.cell(id).source();
            Kernel.Answer stopped = kernel.executeAndStop("System.out.println(\"begun\");\n" + cell, "begun", 0.5);
            assertFalse(stopped.ok(), stopped.words());
            assertEquals(id.equals("data-scan"), Files.exists(project.folder().resolve("data/many")), "all or nothing");
            Kernel.Answer again = kernel.execute(cell);
            assertTrue(again.ok(), again.outputs().error());
        }
        assertTrue(kernel.execute(notebook.cell("data-scan").source()).words().contains("20000 photos in 4 classes"));
    }

    @Test
    void stopEndsTheMeasurementOfFeeding() throws IOException {
        Kernel.Answer settings = with(QUICK + "imageSize = 2048;", "parameters", "feeding-rate");
        assertTrue(settings.ok(), settings.outputs().error());
        String cell = notebook.cell("feeding-rate").source();
        assertFalse(kernel.executeAndStop("System.out.println(\"begun\");\n" + cell, "begun", 0.5).ok());
        assertTheTrainingEnds();
        assertTrue(kernel.execute("imageSize = 64;\n" + cell).ok());
    }

    /** Waits for the training that was told to stop, which may take a batch. Left alone, it would go on for minutes. */
    private void assertTheTrainingEnds() throws IOException {
        Kernel.Answer ended = kernel.execute("""
                long pressed = System.nanoTime(), ended = pressed;
                while (Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals("training"))) {
                    Thread.sleep(10);
                }
                ended = System.nanoTime();
                Thread.sleep(Math.max(0, 2000 - (System.nanoTime() - pressed) / 1_000_000));   // till new trainings are taken
                System.out.println("ended after " + (ended - pressed) / 1_000_000 + " ms");""");
        // The last progress line of the training that ends may come in between.
        Matcher milliseconds = Pattern.compile("ended after (\\d+) ms").matcher(ended.words());
        assertTrue(milliseconds.find() && Integer.parseInt(milliseconds.group(1)) < 20_000, ended.words() + ended.outputs().error());
    }
}
