package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.modality.Classifications;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tutorial.files.ResultsFolder;
import tutorial.machine.Machine;
import tutorial.testing.MadeUp;

class RaceTest {
    private static final String STAND_IN = "CPU standing in for the GPU";

    private final Race race = new Race(twoDevices(), "faster", "float32");

    @TempDir
    Path folder;

    @Test
    void withoutASecondDeviceTheCpuRacesAloneAndThePageSaysWhy() {
        List<String> told = new ArrayList<>();
        assertEquals(List.of("CPU"), List.copyOf(Race.devices("none", told::add).keySet()));
        assertEquals(List.of("<b>There is no second device</b>, since secondDevice = \"none\".", "In this race: CPU"), told);
    }

    @Test
    void theCpuCanStandInForAGpuAndIsNotMistakenForOne() {
        List<String> told = new ArrayList<>();
        Map<String, Device> devices = Race.devices("cpu", told::add);
        assertEquals(List.of("CPU", STAND_IN), List.copyOf(devices.keySet()));
        assertEquals(Device.cpu(), devices.get(STAND_IN));
        assertTrue(told.get(0).contains("says nothing about a GPU"), told.toString());
    }

    @Test
    void aDeviceRacesInTheLayoutInWhichItIsFaster() {
        assertEquals("NHWC", race.layoutOf("CPU"), "until it is known");
        race.add("CPU", "NHWC", MadeUp.burst(20));
        race.add("CPU", "NCHW", MadeUp.burst(25));
        race.add(STAND_IN, "NHWC", MadeUp.burst(200));
        race.add(STAND_IN, "NCHW", MadeUp.burst(100));
        assertEquals("NCHW", race.layoutOf("CPU"));
        assertFalse(race.channelsLast("CPU"));
        assertTrue(race.channelsLast(STAND_IN));
        assertEquals(25, race.ceiling("CPU").imagesPerSecond(), 1e-9);
        assertEquals(1.25, race.layoutGain("CPU"), 1e-9);
        assertEquals(2, race.layoutGain(STAND_IN), 1e-9);
        Table layouts = race.layouts();
        assertEquals(List.of("CPU", "CPU", STAND_IN, STAND_IN), layouts.stringColumn("device").asList());
        assertEquals(List.of("", "yes", "yes", ""), layouts.stringColumn("races in it").asList());
    }

    @Test
    void aSettingOfTheLayoutCountsWhicheverIsFaster() {
        Race set = new Race(twoDevices(), "NHWC", "float32");
        set.add("CPU", "NHWC", MadeUp.burst(20));
        assertEquals(Double.NaN, set.layoutGain("CPU"), "one layout alone tells of no gain");
        set.add("CPU", "NCHW", MadeUp.burst(25));
        assertEquals("NHWC", set.layoutOf("CPU"));
        assertEquals("NCHW", set.fasterLayout("CPU"));
        assertEquals(20, set.ceiling("CPU").imagesPerSecond(), 1e-9);
    }

    @Test
    void aCellThatIsRunAgainReplacesWhatItHadAdded() {
        race.add(MadeUp.run(STAND_IN, "on the fly", 90), null);
        race.add(MadeUp.run("CPU", "on the fly", 20), new byte[] {1});
        race.add(MadeUp.run(STAND_IN, "cached", 100), null);
        Run again = MadeUp.run("CPU", "on the fly", 21);
        assertSame(again, race.add(again, new byte[] {2}));
        assertEquals(List.of("CPU, on the fly", STAND_IN + ", on the fly", STAND_IN + ", cached"), race.runs().stream().map(Run::name).toList());
        assertSame(again, race.cpu());
        assertArrayEquals(new byte[] {2}, race.learned().get("CPU, on the fly"));
        race.add("CPU", "NHWC", MadeUp.burst(20));
        race.add("CPU", "NHWC", MadeUp.burst(30));
        assertEquals(30, race.ceiling("CPU").imagesPerSecond(), 1e-9);
    }

    @Test
    void theFirstWayOfDataLoadingStaysFirst() {
        race.add(MadeUp.run("CPU", "on the fly", 20), null);
        race.add(MadeUp.run("CPU", "cached", 30), null);
        assertEquals("CPU, on the fly", race.cpu().name());
        race.add(MadeUp.run(STAND_IN, "cached", 200), null);
        assertEquals(STAND_IN + ", cached", race.first(STAND_IN).name());
    }

    @Test
    void weightsAreThoseOfTheRunsThatHaveSomeInTheOrderOfTheRuns() {
        race.add(MadeUp.run(STAND_IN, "cached", 100), new byte[] {3});
        race.add(MadeUp.run("CPU", "cached", 30), null);
        race.add(MadeUp.run("CPU", "on the fly", 20), new byte[] {1});
        assertEquals(List.of("CPU, on the fly", STAND_IN + ", cached"), List.copyOf(race.learned().keySet()));
        race.add(MadeUp.run("CPU", "on the fly", 20), null);
        assertNull(race.learned().get("CPU, on the fly"), "those of the run before are not this one's");
    }

    @Test
    void asFedComparesWithTheCpuThatLoadedItsDataAlike() {
        race.add(MadeUp.run("CPU", "on the fly", 20), null);
        Run onTheFly = race.add(MadeUp.run(STAND_IN, "on the fly", 100), null);
        Run cached = race.add(MadeUp.run(STAND_IN, "cached", 120), null);
        assertEquals(5, race.asFed(onTheFly), 1e-9);
        assertEquals(6, race.asFed(cached), 1e-9, "of the CPU's only run, where there is no other");
        race.add(MadeUp.run("CPU", "cached", 40), null);
        assertEquals(5, race.asFed(onTheFly), 1e-9);
        assertEquals(3, race.asFed(cached), 1e-9);
        assertEquals(1, race.asFed(race.cpu()));
    }

    @Test
    void computeOnlyComparesTheDevicesOnSyntheticData() {
        measuredRace();
        assertEquals(10, race.computeOnly(race.first(STAND_IN)), 1e-9);
        Table speedups = race.speedups();
        assertEquals(List.of("CPU, on the fly", STAND_IN + ", on the fly"), speedups.stringColumn("run").asList());
        assertEquals(5, speedups.doubleColumn("speed-up as fed").get(1), 1e-9);
        assertEquals(10, speedups.doubleColumn("speed-up compute only").get(1), 1e-9);
        assertEquals(40, speedups.doubleColumn("as fed, % of compute only").get(1), 1e-9);
    }

    @Test
    void beforeAnythingHasRunOneLineSaysWhatToRun() {
        String race = "No run has come to its end. Run \"The race\" first.";
        assertEquals(race, refusal(() -> this.race.runs()));
        assertEquals(race, refusal(() -> this.race.learned()));
        assertEquals(race, refusal(() -> this.race.cpu()));
        assertEquals(race, refusal(() -> this.race.first("CPU")));
        assertEquals("CPU: its speed on synthetic data is not known yet. Run \"One training step, and how to time it\" first.",
                refusal(() -> this.race.ceiling("CPU")));
        this.race.add(MadeUp.run("CPU", "on the fly", 20), null);
        assertEquals(STAND_IN + " has no run yet. Run \"The race\" first.", refusal(() -> this.race.first(STAND_IN)));
    }

    /** As when the CPU's run was stopped and the cells behind it were not. */
    @Test
    void withoutARunOfTheCpuNothingIsCompared() {
        Run other = race.add(MadeUp.run(STAND_IN, "on the fly", 100), null);
        assertEquals("CPU has no run yet. Run \"The race\" first.", refusal(() -> race.asFed(other)));
        assertEquals("CPU has no run yet. Run \"The race\" first.", refusal(() -> race.differences()));
    }

    @Test
    void differencesAreThoseOfTheLossesStepByStep() {
        race.add(MadeUp.run("CPU", "on the fly", 20, 1.4, 1.2, 1.0), null);
        race.add(MadeUp.run("CPU", "cached", 20, 1.4, 1.2), null);
        race.add(MadeUp.run(STAND_IN, "on the fly", 100, 1.41, 1.1, 1.05, 0.5), null);
        Table differences = race.differences();
        assertEquals("Losses compared with CPU, on the fly", differences.name());
        assertEquals(List.of("CPU, cached", STAND_IN + ", on the fly"), differences.stringColumn("run").asList());
        assertEquals(List.of(2.0, 3.0), differences.doubleColumn("steps compared").asList());
        assertEquals(0.01, differences.doubleColumn("first step, difference").get(1), 1e-9);
        assertEquals(0.1, differences.doubleColumn("largest difference").get(1), 1e-9);
        assertEquals(0, differences.doubleColumn("largest difference").get(0));
    }

    @Test
    void reachedIsTheShareOfThePeak() {
        measuredRace();
        Map<String, Double> peaks = new LinkedHashMap<>();
        peaks.put("CPU", 0.4e12);
        peaks.put(STAND_IN, 8e12);
        Table reached = race.reached(peaks, 10e9);
        assertEquals(List.of("CPU", STAND_IN), reached.stringColumn("device").asList());
        assertEquals(0.2, reached.doubleColumn("reached, TFLOP/s").get(0), 1e-9);
        assertEquals(0.4, reached.doubleColumn("peak measured, TFLOP/s").get(0), 1e-9);
        assertEquals(50, reached.doubleColumn("share, %").get(0), 1e-9);
        assertEquals(12.5, reached.doubleColumn("share, %").get(1), 1e-9);
    }

    @Test
    void resultsNameTheNumbersOfMixedPrecision() {
        Race mixed = new Race(Map.of("CPU", Device.cpu()), "NHWC", "mixed");
        mixed.add("CPU", "NHWC", MadeUp.burst(25));
        mixed.add(MadeUp.run("CPU", "on the fly", 20), null);
        assertEquals(List.of("bfloat16, mixed"), mixed.results(Map.of(), Map.of(), Map.of(), 10e9).stringColumn("precision").asList());
    }

    @Test
    void resultsHaveARowForEachRunWithItsFigures() {
        measuredRace();
        Run cached = race.add(MadeUp.run("CPU", "cached", 25), null);
        Run run = race.cpu();
        Table results = race.results(Map.of(), Map.of(run.name(), predictions()), Map.of("CPU", 0.4e12), 10e9);
        assertEquals(ResultsFolder.emptyTable().columnNames(), results.columnNames());
        assertEquals(List.of("CPU", "CPU", STAND_IN), results.stringColumn("device").asList());
        Row row = results.row(0);
        assertEquals("A CPU", row.getString("processor"));
        assertEquals(Machine.summary(), row.getString("machine"));
        assertEquals("on the fly", row.getString("data loading"));
        assertEquals("float32", row.getString("precision"));
        assertEquals("NHWC", row.getString("layout"));
        assertEquals(128, row.getLong("images"));
        Map<String, Double> figures = new LinkedHashMap<>(Map.of("seconds", 6.4, "wall clock, s", 9.6, "images/s", 20.0,
                "compute only, images/s", 25.0, "median step, ms", 1600.0, "waiting for data, %", 10.0));
        figures.putAll(Map.of("loss", 0.9, "accuracy, %", 50.0, "test accuracy, %", 75.0, "speed-up", 1.0, "speed-up, compute only", 1.0,
                "TFLOP/s", 0.2, "peak, TFLOP/s", 0.4, "preparation, s", 0.0));
        figures.forEach((column, value) -> assertEquals(value, row.getDouble(column), 1e-9, column));
        assertEquals(cached.caching(), results.row(1).getDouble("preparation, s"));
        assertTrue(results.doubleColumn("test accuracy, %").isMissing(1), "of a run that was not tested");
        assertTrue(results.doubleColumn("peak, TFLOP/s").isMissing(2), "of a device without a peak");
        assertEquals(10, results.row(2).getDouble("speed-up, compute only"), 1e-9);
    }

    /** A GPU is timed in stretches; how long it waits is known from some steps that were timed in parts. */
    @Test
    void waitingIsTakenFromTheRunThatWasTimedInParts() {
        measuredRace();
        Run stretched = race.add(new Run(STAND_IN, "A GPU", "cached", 0, List.of(MadeUp.stretched(32, 0.32, 1))), null);
        Table results = race.results(Map.of(stretched.name(), MadeUp.run(STAND_IN, "cached", 50)), Map.of(), Map.of(), 10e9);
        assertEquals(10, results.row(2).getDouble("waiting for data, %"), 1e-9);
        assertEquals(100, results.row(2).getDouble("images/s"), 1e-9);
        assertTrue(results.doubleColumn("median step, ms").isMissing(2));
    }

    /** A file that the notebook has written must not be refused when it reads it. */
    @Test
    void resultsDoNotContradictThemselves() throws IOException {
        measuredRace();
        race.add(MadeUp.run("CPU", "cached", 25), null);
        race.add(MadeUp.run(STAND_IN, "cached", 210), null);
        Table results = race.results(Map.of(), Map.of(), Map.of("CPU", 0.4e12), 10e9);
        for (Row row : results) {
            row.setString("date", "2026-11-26T10:00:00");
            row.setInt("photos", 64);
            row.setInt("epochs", 2);
        }
        Table read = ResultsFolder.read(ResultsFolder.save(results, folder));
        assertEquals(4, read.rowCount());
        assertEquals(results.doubleColumn("speed-up").asList(), read.doubleColumn("speed-up").asList());
    }

    @Test
    void memoryThatIsFullIsToldWithTheDeviceAndABatchThatMayFit() throws Exception {
        List<String> seen = new ArrayList<>();
        race.onEachDevice(32, (name, device) -> seen.add(name));
        assertEquals(List.of("CPU", STAND_IN), seen);
        String full = refusal(() -> race.onEachDevice(32, (name, device) -> {
            throw new EngineException("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory");
        }));
        assertTrue(full.startsWith("CPU: out of memory at batchSize = 32. Set batchSize = 16"), full);
        assertEquals("other", assertThrows(EngineException.class, () -> race.onEachDevice(32, (name, device) -> {
            throw new EngineException("other");
        })).getMessage());
    }

    private void measuredRace() {
        race.add("CPU", "NHWC", MadeUp.burst(25));
        race.add(STAND_IN, "NHWC", MadeUp.burst(250));
        race.add(MadeUp.run("CPU", "on the fly", 20), null);
        race.add(MadeUp.run(STAND_IN, "on the fly", 100), null);
    }

    private static Predictions predictions() {
        Classifications first = new Classifications(List.of("a", "b"), List.of(0.9, 0.1));
        return new Predictions(List.of("a", "b"), MadeUp.photosOf(0, 0, 0, 1), List.of(first, first, first, first));
    }

    private static Map<String, Device> twoDevices() {
        return Race.devices("cpu", line -> {});
    }

    private static String refusal(Executable tooEarly) {
        String message = assertThrows(IllegalStateException.class, tooEarly).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }
}
