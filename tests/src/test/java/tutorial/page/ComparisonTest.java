package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tutorial.files.ResultsFolder;
import tutorial.testing.MadeUp;
import tutorial.testing.Project;
import tutorial.training.Ladder;
import tutorial.training.Race;
import tutorial.training.Run;
import tutorial.training.Step;

/** With made-up runs in a folder of its own, since nothing that was not measured goes into results/. */
class ComparisonTest {
    private static final Path ORIGINAL = Project.SOURCE.resolve("results/0000-original-tutorial.csv");
    private static final Map<String, Double> PRICES = Map.of("CPU", 0.1, "GPU", 0.5);
    private static final String OWN = "2026-12-24T10:00:00";

    @TempDir
    Path folder;

    private final Race alone = new Race(Map.of("CPU", Device.cpu()), "faster", "float32");
    private final Race two = new Race(twoDevices(), "faster", "float32");

    @BeforeEach
    void race() {
        for (Race race : List.of(alone, two)) {
            race.add("CPU", "NHWC", MadeUp.burst(25));
            race.add("CPU", "NCHW", MadeUp.burst(20));
            race.add(MadeUp.run("CPU", "on the fly", 20), null);
        }
        two.add("GPU", "NHWC", MadeUp.burst(500));
        two.add("GPU", "NCHW", MadeUp.burst(400));
        two.add(MadeUp.run("GPU", "on the fly", 100), null);
    }

    @Test
    void withoutAGpuTheHeadlineShowsARecordedRunAndThePublishedFigures() throws IOException {
        recordGpu(folder, "2026-12-01T10:00:00", 224);
        String alt = comparison(alone, 224).headline(1, 1).alt();
        assertTrue(alt.startsWith("This CPU trains 20.0 images per second. CPU: A CPU: 20 "), alt);
        assertTrue(alt.contains("recorded: A T4, on the fly: 100 images per second ×5.0; compute only: 600; 8 cores, 2026-12-01"), alt);
        assertTrue(alt.contains("recorded: A T4, cached: 480 images per second"), alt);
        assertTrue(alt.contains("published: Intel Xeon: 4.65 ") && alt.contains("published: NVIDIA T4: 61.8 images per second ×13.3 over its CPU"), alt);
    }

    @Test
    void withAGpuOfItsOwnTheHeadlineShowsNothingElse() throws IOException {
        recordGpu(folder, "2026-12-01T10:00:00", 224);
        String alt = comparison(two, 224).headline(5, 20).alt();
        assertTrue(alt.startsWith("The GPU trains 5.0× as fast as the CPU, 20.0× compute only. "), alt);
        assertTrue(alt.contains("GPU: A GPU: 100 images per second ×5.0; compute only: 500, ×20.0"), alt);
        assertFalse(alt.contains("recorded") || alt.contains("published"), alt);
    }

    @Test
    void theStandInForAGpuIsNamedSo() throws IOException {
        Race race = new Race(Race.devices("cpu", line -> {}), "NHWC", "float32");
        for (String device : race.devices().keySet()) {
            race.add(device, "NHWC", MadeUp.burst(25));
            race.add(MadeUp.run(device, "on the fly", 20), null);
        }
        String alt = comparison(race, 224).headline(1, 1).alt();
        assertTrue(alt.startsWith("CPU standing in for the GPU trains 1.0× as fast as the CPU"), alt);
        assertTrue(alt.contains("published: "), "there is no GPU: " + alt);
    }

    /** A figure for images of one size says nothing of another. */
    @Test
    void figuresForAnotherImageSizeAreLeftOut() throws IOException {
        recordGpu(folder, "2026-12-01T10:00:00", 224);
        Comparison small = comparison(alone, 96);
        assertFalse(small.headline(1, 1).alt().matches("(?s).*(published|recorded).*"), small.headline(1, 1).alt());
        assertFalse(small.speedLimits(300, 2).alt().contains("recorded"));
        assertEquals(List.of("CPU, on the fly"), small.costs(PRICES, (price, rate) -> 0).stringColumn("run").asList());
        assertFalse(small.answer(1, 1).contains("published"), small.answer(1, 1));
        assertFalse(small.breakEven(PRICES).contains("original"), small.breakEven(PRICES));
    }

    @Test
    void aDamagedFileThatSomebodyContributedHidesNeitherTheAnswerNorTheOthers() throws IOException {
        recordGpu(folder, "2026-12-01T10:00:00", 224);
        Files.writeString(folder.resolve("2026-12-02-damaged.csv"), "date,device\n1,2\n");
        String alt = comparison(alone, 224).headline(1, 1).alt();
        assertTrue(alt.contains("CPU: A CPU: 20 ") && alt.contains("published: NVIDIA T4"), alt);
        assertTrue(alt.contains("recorded: A T4, on the fly"), alt);
        assertTrue(comparison(alone, 224, folder.resolve("none")).headline(1, 1).alt().contains("published: NVIDIA T4"), "nor a folder that is missing");
    }

    @Test
    void whatARecordedRunDoesNotTellIsLeftOut() throws IOException {
        recordGpu(folder, "2026-12-01T10:00:00", 224);
        Path file = onlyFile();
        Table run = ResultsFolder.read(file);
        for (Row row : run) {
            row.setMissing("machine");
            row.setMissing("speed-up");
            row.setMissing("speed-up, compute only");
            row.setMissing("compute only, images/s");
        }
        run.write().csv(file.toFile());
        String alt = comparison(alone, 224).headline(1, 1).alt();
        assertTrue(alt.contains("recorded: A T4, on the fly: 100 images per second 2026-12-01"), alt);
        assertFalse(alt.contains("NaN"), alt);
    }

    @Test
    void theAnswerWithoutAGpuSaysHowToGetOne() throws IOException {
        assertEquals("<b>This CPU (A CPU) trains 20.0 images per second.</b> The original tutorial published 4.65 for its CPU and 61.8 for its GPU, "
                + "a T4: ×13.3. There is no GPU here to race it. <a href=\"docs/free-gpus.md\">docs/free-gpus.md</a> says how to get one for free.",
                comparison(alone, 224).answer(1, 1));
    }

    @Test
    void theAnswerWhereNoneWasAskedForSaysSo() throws IOException {
        Race race = new Race("none", "NHWC", "float32", line -> {});
        race.add(MadeUp.run("CPU", "on the fly", 20), null);
        String answer = comparison(race, 96).answer(1, 1);
        assertEquals("<b>This CPU (A CPU) trains 20.0 images per second.</b> No GPU was asked for, since secondDevice = \"none\".", answer);
    }

    @Test
    void theAnswerWithAGpuHasBothSpeedUps() throws IOException {
        assertEquals("<b>GPU (A GPU) trains 100 images per second, 5.0 times as many as the CPU (A CPU). On data that is already on the device "
                + "it would be 20.0 times as many.</b>", comparison(two, 224).answer(5, 20));
    }

    @Test
    void aDeviceThatTrainsFasterThanPhotosAreDecodedWaits() throws IOException {
        String alt = comparison(two, 224).speedLimits(300, 2).alt();
        assertTrue(alt.startsWith("GPU trains faster than photos are decoded: it waits. "), alt);
        assertTrue(alt.contains("GPU: A GPU: 500 ") && alt.contains("decoding, 2 threads: 300 "), alt);
        assertTrue(comparison(two, 224).speedLimits(1000, 1).alt().startsWith("Photos are decoded 2.0 times as fast as they are trained on. "),
                "by the faster device");
    }

    /** Its photos were decoded by another machine. */
    @Test
    void aRecordedGpuIsShownBesideTheLimitsAndDoesNotChangeWhatIsFoundHere() throws IOException {
        recordGpu(folder, "2026-12-01T10:00:00", 224);
        String alt = comparison(alone, 224).speedLimits(300, 2).alt();
        assertTrue(alt.startsWith("Photos are decoded 12.0 times as fast as they are trained on. "), alt);
        assertTrue(alt.contains("recorded: A T4: 600 images per second, compute only 8 cores, 2026-12-01"), alt);
        assertEquals(2, alt.split("recorded: ").length, "one bar, though it has two rows: " + alt);
        assertFalse(comparison(two, 224).speedLimits(300, 2).alt().contains("recorded"));
    }

    @Test
    void costsAreThoseOfAllRunsAtThePriceOfTheirDevice() throws IOException {
        recordGpu(folder, "2026-12-01T10:00:00", 224);
        Table costs = comparison(alone, 224).costs(PRICES, (price, rate) -> price / rate);
        assertEquals(List.of("CPU, on the fly", "recorded: A T4, on the fly, 8 cores, 2026-12-01", "recorded: A T4, cached, 8 cores, 2026-12-01",
                "published: Intel Xeon, Google Colab", "published: NVIDIA T4, Google Colab"), costs.stringColumn("run").asList());
        assertEquals(List.of(0.1, 0.5, 0.5, 0.1, 0.5), costs.doubleColumn("price per hour").asList());
        assertEquals(0.1 / 20, costs.doubleColumn("price of a million images").get(0), 1e-12);
        assertEquals(0.5 / 480, costs.doubleColumn("price of a million images").get(2), 1e-12);
        assertEquals(List.of("CPU, on the fly", "GPU, on the fly", "published: Intel Xeon, Google Colab", "published: NVIDIA T4, Google Colab"),
                comparison(two, 224).costs(PRICES, (price, rate) -> 0).stringColumn("run").asList());
    }

    @Test
    void aGpuIsCheaperFromTheRatioOfThePricesOn() throws IOException {
        assertEquals("At these prices a GPU is cheaper if it is more than 5.0 times as fast as this CPU, which is beyond 100.0 images/s. "
                + "The original's T4, at 61.8 images/s, was not: beside this CPU it would have cost more.", comparison(alone, 224).breakEven(PRICES));
        assertTrue(comparison(alone, 224).breakEven(Map.of("CPU", 0.1, "GPU", 0.2)).endsWith("at 61.8 images/s, was beyond it."));
    }

    @Test
    void theLadderHasEachRungWithItsGainAndItsLoss() {
        Ladder ladder = new Ladder(two);
        double[] rates = {20, 25, 400, 440, 500, 900};
        List<Ladder.Rung> rungs = new ArrayList<>(Ladder.rungs(false, null));
        rungs.addAll(Ladder.rungs(true, "bfloat16, mixed"));
        for (int i = 0; i < rates.length; i++) {
            ladder.add(i < 2 ? "CPU" : "GPU", rungs.get(i), MadeUp.burst(rates[i]));
        }
        String unit = " images per second, compute only ";
        assertEquals(List.of("CPU is fastest with NHWC; GPU is fastest with NHWC, bfloat16, mixed",
                "CPU, NCHW: 20" + unit + "×1.00, loss 1.2500", "CPU, NHWC: 25" + unit + "×1.25, loss 1.2500",
                "GPU, NCHW: 400" + unit + "×1.00, loss 1.2500", "GPU, NCHW, TF32: 440" + unit + "×1.10, loss 1.2500",
                "GPU, NHWC, TF32: 500" + unit + "×1.25, loss 1.2500", "GPU, NHWC, bfloat16, mixed: 900" + unit + "×2.25, loss 1.2500"),
                List.of(Comparison.ladder(ladder).alt().replaceFirst("\\.$", "").split("(?<=NHWC|mixed)\\. |; (?=CPU,|GPU,)")));
    }

    @Test
    void theTitleOfTheTimesNamesTheRunThatWaitsMost() {
        Run waiting = new Run("GPU", "A GPU", "on the fly", 0, List.of(
                new Step(1, 32, 1, 1, Map.of(Run.WAITING, 0.75, "forward and backward", 0.25), 1, 0)));
        assertTrue(Comparison.times(List.of(alone.cpu(), waiting)).alt().startsWith("GPU, on the fly waits for data 75.0 % of the time. "));
    }

    @Test
    void theTitleOfTheSweepTellsWhatLargerBatchesGain() {
        Table sweep = Race.emptySweep();
        for (int batch : new int[] {1, 2, 4}) {
            sweep(sweep, "CPU", batch, 10 + batch);
            sweep(sweep, "GPU", batch, 50 * batch);
        }
        assertTrue(Comparison.sweep(sweep, 32).alt().startsWith("What a larger batch gains over one image: CPU ×1.3, GPU ×4.0. "));
    }

    @Test
    void ratesOfAllRunsAreSortedAndTheOwnOnesMarkedWithTheirDataLoading() throws IOException {
        recordGpu(folder, "2026-12-01T10:00:00", 224);
        recordGpu(folder, "2026-12-02T10:00:00", 96);
        recordGpu(folder, OWN, 224);
        Table all = ResultsFolder.read(ORIGINAL, folder);
        String alt = Comparison.rates(all, 224, OWN).alt();
        assertEquals(List.of("All runs on images of 224 × 224 pixels", "▶ A T4, 8 cores, 2026-12-24: 480 images per second cached",
                "A T4, 8 cores, 2026-12-01: 100 images per second", "▶ A T4, 8 cores, 2026-12-24: 100 images per second on the fly",
                "NVIDIA T4, Google Colab, published: 61.8 images per second"), parts(alt).subList(0, 5));
        assertEquals(List.of("▶ A CPU, 8 cores, 2026-12-24: 40 images per second cached", "A CPU, 8 cores, 2026-12-01: 20 images per second",
                "▶ A CPU, 8 cores, 2026-12-24: 20 images per second on the fly"), parts(alt).subList(5, 8));
        assertEquals(9, parts(alt).size(), "with the original's CPU, and without the runs on small images: " + alt);
    }

    /** The original's figures and one's own are what the others are there for. */
    @Test
    void ofManyRunsTheFastestAreShownAndAlwaysThePublishedAndTheOwnOnes() throws IOException {
        for (int day = 10; day < 25; day++) {
            recordGpu(folder, "2026-11-" + day + "T10:00:00", 224);
        }
        recordGpu(folder, OWN, 224);
        String alt = Comparison.rates(ResultsFolder.read(ORIGINAL, folder), 224, OWN).alt();
        assertEquals(4, alt.split("▶").length - 1, alt);
        assertEquals(2, alt.split("published").length - 1, alt);
        assertTrue(parts(alt).size() < 20, alt);
    }

    @Test
    void aRunInMixedPrecisionSaysSo() throws IOException {
        recordGpu(folder, "2026-12-01T10:00:00", 224);
        Path file = onlyFile();
        Table run = ResultsFolder.read(file);
        run.row(2).setString("precision", "bfloat16, mixed");
        run.row(3).setString("precision", "bfloat16, mixed");
        run.write().csv(file.toFile());
        Table all = ResultsFolder.read(ORIGINAL, folder);
        List<String> rates = parts(Comparison.rates(all, 224, OWN).alt());
        assertTrue(rates.contains("A T4, 8 cores, 2026-12-01: 100 images per second mixed"), rates.toString());
        assertTrue(rates.contains("A CPU, 8 cores, 2026-12-01: 20 images per second"), rates.toString());
        List<String> seconds = parts(Comparison.seconds(all, 224, "2026-12-01T10:00:00").alt());
        assertTrue(seconds.contains("▶ A T4, 8 cores, 2026-12-01: 13.8 seconds projected, cached, mixed"), seconds.toString());
        String headline = comparison(alone, 224).headline(1, 1).alt();
        assertTrue(headline.contains("recorded: A T4, on the fly, mixed: 100 images per second "), headline);
    }

    @Test
    void secondsAreProjectedFromTheRateUnlessTheRunHadAsManyImages() throws IOException {
        recordGpu(folder, OWN, 224);
        List<String> seconds = parts(Comparison.seconds(ResultsFolder.read(ORIGINAL, folder), 224, OWN).alt());
        assertEquals("Time for the original's training, 6,621 images", seconds.get(0));
        assertEquals("▶ A T4, 8 cores, 2026-12-24: 13.8 seconds projected, cached", seconds.get(1));
        assertEquals("▶ A T4, 8 cores, 2026-12-24: 66.2 seconds measured, on the fly", seconds.get(2));
        assertEquals("NVIDIA T4, Google Colab, published: 107 seconds measured", seconds.get(3));
    }

    /** Of a CPU and a GPU, each on the fly with as many images as the original, and cached with fewer. */
    private static void recordGpu(Path folder, String date, int imageSize) throws IOException {
        Table run = ResultsFolder.emptyTable();
        row(run, date, imageSize, "CPU", "on the fly", 20, 30, 1, 1);
        row(run, date, imageSize, "CPU", "cached", 40, 30, 1, 1);
        row(run, date, imageSize, "GPU", "on the fly", 100, 600, 5, 20);
        row(run, date, imageSize, "GPU", "cached", 480, 600, 12, 20);
        ResultsFolder.save(run, folder);
    }

    private static void row(Table run, String date, int imageSize, String device, String loading, double rate, double ceiling, double speedup,
            double computeOnly) {
        Row row = run.appendRow();
        long images = loading.equals("cached") ? 640 : Comparison.ORIGINAL_IMAGES;
        Map.of("date", date, "device", device, "processor", device.equals("GPU") ? "A T4" : "A CPU", "machine", "8 cores, 30.0 GiB, Linux amd64",
                "data loading", loading, "software", "DJL 0.36.0, PyTorch 2.7.1, Java 17").forEach(row::setString);
        row.setInt("image size", imageSize);
        row.setLong("images", images);
        Map.of("seconds", images / rate, "images/s", rate, "compute only, images/s", ceiling, "speed-up", speedup,
                "speed-up, compute only", computeOnly).forEach(row::setDouble);
    }

    private static void sweep(Table sweep, String device, int batch, double rate) {
        Row row = sweep.appendRow();
        row.setString("device", device);
        row.setInt("batch", batch);
        row.setDouble("images/s", rate);
        row.setDouble("memory, GB", 1);
    }

    /** The title of a chart, and what its text says of each bar. */
    private static List<String> parts(String alt) {
        return List.of(alt.replaceFirst("\\.$", "").replaceFirst("\\. ", "; ").split("; "));
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findFirst().orElseThrow();
        }
    }

    private Comparison comparison(Race race, int imageSize) throws IOException {
        return comparison(race, imageSize, folder);
    }

    private static Comparison comparison(Race race, int imageSize, Path folder) throws IOException {
        return new Comparison(race, imageSize, ORIGINAL, folder);
    }

    /** A GPU that is only asked for its name. */
    private static Map<String, Device> twoDevices() {
        Map<String, Device> devices = new LinkedHashMap<>();
        devices.put("CPU", Device.cpu());
        devices.put("GPU", Device.gpu(0));
        return devices;
    }
}
