package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.photos.DataLoading.CACHED;
import static tutorial.photos.DataLoading.ON_THE_FLY;
import static tutorial.testing.MadeUp.STAND_IN;
import static tutorial.testing.Said.assertRefused;
import static tutorial.training.TrainingDevice.CPU;

import ai.djl.modality.Classifications;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tutorial.files.ResultsFolder;
import tutorial.machine.CpuFigures;
import tutorial.machine.GpuFigures;
import tutorial.machine.Machine;
import tutorial.photos.PhotoSplit;
import tutorial.testing.MadeUp;

class ResultsTest {
    private static final int PHOTOS = 64;
    private static final double FLOP = 10e9;

    private final Race race = MadeUp.race(STAND_IN);
    private final ByRun<Predictions> predictions = new ByRun<>("Did it learn?");

    @Test
    void aRowForEachRunWithItsFigures() {
        Run cached = race.add(MadeUp.run(CPU, CACHED, 25));
        Run trained = race.add(MadeUp.trained(MadeUp.run(CPU, ON_THE_FLY, 20)));
        Classifications first = new Classifications(List.of("a", "b"), List.of(0.9, 0.1));
        predictions.put(trained, new Predictions(List.of("a", "b"), MadeUp.photosOf(0, 0, 0, 1), List.of(first, first, first, first)));
        Table results = results(race);
        assertEquals(ResultsFolder.emptyTable().columnNames(), results.columnNames());
        assertEquals(List.of("CPU", "CPU", STAND_IN.name()), results.stringColumn("device").asList());
        Row row = results.row(0);
        Map<String, String> words = new HashMap<>(Map.of("data", "sneakers.zip", "weights", "random", "processor", Machine.cpu(),
                "machine", Machine.summary(), "data loading", "on the fly", "precision", "float32", "layout", "NHWC"));
        words.forEach((column, value) -> assertEquals(value, row.getString(column), column));
        assertTrue(row.getString("software").matches("DJL .*, PyTorch .*, Java .*"), row.getString("software"));
        Map.of("photos", PHOTOS, "epochs", 2, "batch", 32, "image size", 224)
                .forEach((column, value) -> assertEquals(value, row.getInt(column), column));
        assertEquals(128, row.getLong("images"));
        Map<String, Double> figures = new HashMap<>(Map.of("seconds", 6.4, "wall clock, s", 9.6, "images/s", 20.0,
                "compute only, images/s", 25.0, "median step, ms", 1600.0, "spread of steps, ms", 0.0, "waiting for data, %", 10.0));
        figures.putAll(Map.of("loss", 0.9, "accuracy, %", 50.0, "test accuracy, %", 75.0, "speed-up", 1.0, "speed-up, compute only", 1.0,
                "TFLOP/s", 0.2, "peak, TFLOP/s", 0.4, "memory bandwidth, GB/s", 20.0, "preparation, s", 0.0));
        figures.forEach((column, value) -> assertEquals(value, row.getDouble(column), 1e-9, column));
        assertEquals(0.25, row.getDouble("spread of compute only, images/s"), 1e-9);
        assertEquals(cached.caching(), results.row(1).getDouble("preparation, s"));
        assertTrue(results.doubleColumn("test accuracy, %").isMissing(1), "of a run that was not tested");
        assertTrue(results.doubleColumn("peak, TFLOP/s").isMissing(2), "of a device without a peak");
        assertTrue(results.doubleColumn("GPU power, W").isMissing(0), "of a CPU");
        assertEquals(5, results.row(2).getDouble("speed-up"), 1e-9);
        assertEquals(20, results.row(2).getDouble("speed-up, compute only"), 1e-9);
    }

    /** Of 32 images in 1, 2, 3, 4 and 5 s. */
    @Test
    void theSpreadOfTheStepsIsInMillisecondsAndThatOfTheRateInImagesPerSecond() {
        race.add(new Run(new Run.Key(CPU, ON_THE_FLY), 0,
                IntStream.rangeClosed(1, 5).mapToObj(seconds -> MadeUp.step(1, 32, seconds, 1, 0)).toList()));
        Row row = results(race).row(0);
        assertEquals(3000, row.getDouble("median step, ms"), 1e-9);
        assertEquals(2000, row.getDouble("spread of steps, ms"), 1000);
        assertEquals(32 - 160 / 15.0, row.getDouble("spread of images/s"), 1e-9);
    }

    @Test
    void theNumbersOfMixedPrecision() {
        Race mixed = new Race(List.of(CPU), Layout.NHWC, Precision.MIXED, true);
        mixed.add(CPU, Layout.NHWC, MadeUp.throughput(25));
        mixed.add(MadeUp.run(CPU, ON_THE_FLY, 20));
        assertEquals(List.of("bfloat16, mixed"), results(mixed).stringColumn("precision").asList());
    }

    /** A GPU is timed in stretches; it waited no longer than the loop did. */
    @Test
    void ofAGpuItIsToldHowLongItWaitedAndNotWhatASingleStepTook() {
        Run.Key key = new Run.Key(STAND_IN, CACHED);
        race.add(new Run(key, 0, List.of(MadeUp.stretched(32, 0.32, 1)), new GpuFigures(95, 6000, 65, 1350, 1590, 80, 0.75, 0.25), new CpuFigures(0.5, 0.1, 0), null));
        Table results = results(race);
        Map.of("waiting for data, %", 10.0, "images/s", 100.0, "GPU utilisation, %", 95.0, "GPU memory, peak MiB", 6000.0,
                "GPU power, W", 65.0, "GPU clock, MHz", 1350.0, "GPU temperature, C", 80.0, "GPU throttled, %", 75.0,
                "used by others, cores", 0.6).forEach((column, value) -> assertEquals(value, results.row(2).getDouble(column), 1e-9, column));
        assertTrue(results.doubleColumn("median step, ms").isMissing(2));
    }

    /** A file that the notebook has written must not be refused when it reads it. */
    @Test
    void resultsDoNotContradictThemselves(@TempDir Path folder) throws IOException {
        race.add(MadeUp.run(CPU, CACHED, 25));
        race.add(MadeUp.run(STAND_IN, CACHED, 210));
        Table results = results(race);
        Table read = ResultsFolder.read(ResultsFolder.save(results, folder));
        assertEquals(4, read.rowCount());
        assertEquals(results.doubleColumn("speed-up").asList(), read.doubleColumn("speed-up").asList());
    }

    @Test
    void aRunThatIsNewerThanItsTestIsNoResult() {
        race.add(MadeUp.trained(MadeUp.run(CPU, ON_THE_FLY, 20)));
        assertRefused(IllegalStateException.class, () -> results(race), "CPU, on the fly", "\"Did it learn?\"");
    }

    private Table results(Race race) {
        return Results.of(race, MadeUp.settings("epochs", 2), predictions, Map.of(CPU, MadeUp.roofline("float32", 0.4e12, 20e9)), FLOP,
                new PhotoSplit(MadeUp.photos(PHOTOS), MadeUp.photos(4), List.of()), "random");
    }
}
