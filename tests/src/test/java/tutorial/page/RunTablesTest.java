package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static tutorial.photos.DataLoading.CACHED;
import static tutorial.photos.DataLoading.ON_THE_FLY;
import static tutorial.testing.MadeUp.STAND_IN;
import static tutorial.testing.Said.assertSays;
import static tutorial.training.TrainingDevice.CPU;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;
import tutorial.testing.MadeUp;
import tutorial.training.Format;
import tutorial.training.Ladder;
import tutorial.training.Layout;
import tutorial.training.Precision;
import tutorial.training.Race;
import tutorial.training.Roofline;
import tutorial.training.Run;
import tutorial.training.Sweep;
import tutorial.training.TrainingDevice;

class RunTablesTest {
    private final Race race = MadeUp.race(STAND_IN);

    @Test
    void aRowOfTheSummaryIsAnEpoch() {
        Table summary = RunTables.summary(MadeUp.run(CPU, CACHED, 20));
        assertEquals("CPU, cached: 20.0 images/s on " + CPU.processor(), summary.name());
        assertNumbers(summary, "epoch", 1, 2);
        assertNumbers(summary, "images", 64, 64);
        assertNumbers(summary, "seconds", 3.2, 3.2);
        assertNumbers(summary, "wall clock, s", 4.8, 4.8);
        assertNumbers(summary, "images/s", 20, 20);
        assertNumbers(summary, "waiting for data, %", 10, 10);
        assertNumbers(summary, "loss", 1.3, 0.9);
        assertNumbers(summary, "accuracy, %", 25, 50);
    }

    @Test
    void theSummaryOfARunInStretchesDoesNotTellHowLongItWaited() {
        Run stretched = new Run(new Run.Key(CPU, CACHED), 0, List.of(MadeUp.stretched(32, 1, 2)));
        assertFalse(RunTables.summary(stretched).containsColumn("waiting for data, %"));
    }

    @Test
    void timesOfAllPartsMakeUpTheTimeOfAnImage() {
        Table times = RunTables.times(List.of(MadeUp.run(CPU, ON_THE_FLY, 20), MadeUp.run(CPU, CACHED, 25)));
        assertEquals(List.of("CPU, on the fly", "CPU, cached"), times.stringColumn("run").asList());
        assertNumbers(times, "all", 50, 40);
        for (int i = 0; i < 2; i++) {
            int row = i;
            double sum = Run.PARTS.stream().mapToDouble(part -> times.doubleColumn(part).get(row)).sum();
            assertEquals(times.doubleColumn("all").get(i), sum, 1e-9);
        }
    }

    @Test
    void layoutsWithTheOneThatADeviceRacesIn() {
        Table layouts = RunTables.layouts(race);
        String other = STAND_IN.name();
        assertEquals(List.of("CPU", "CPU", other, other), layouts.stringColumn("device").asList());
        assertEquals(List.of("NCHW", "NHWC", "NCHW", "NHWC"), layouts.stringColumn("layout").asList());
        assertEquals(List.of("", "yes", "", "yes"), layouts.stringColumn("used in the race").asList());
        assertEquals(List.of("20.0 ± 0.2", "25.0 ± 0.3", "400 ± 4", "500 ± 5"), layouts.stringColumn("images/s").asList());
    }

    @Test
    void bothSpeedUpsOfEachRun() {
        Table speedUps = RunTables.speedUps(race);
        assertEquals(List.of("CPU, on the fly", STAND_IN + ", on the fly"), speedUps.stringColumn("run").asList());
        assertNumbers(speedUps, "speed-up as fed", 1, 5);
        assertNumbers(speedUps, "speed-up compute only", 1, 20);
        assertNumbers(speedUps, "as fed / compute only, %", 80, 20);
        assertEquals("Speed-ups over CPU, on the fly", speedUps.name());
        assertEquals(List.of("20.0", "100"), speedUps.stringColumn("as fed, images/s").asList());
        assertEquals(List.of("25.0 ± 0.3", "500 ± 5"), speedUps.stringColumn("compute only, images/s").asList());
        assertEquals(List.of("10.0", "10.0"), speedUps.stringColumn("waiting for data, %").asList());
    }

    /** All would be 1. */
    @Test
    void ofOneDeviceThereIsNoSpeedUp() {
        assertFalse(RunTables.speedUps(MadeUp.race()).columnNames().stream().anyMatch(name -> name.contains("speed-up")));
    }

    @Test
    void differencesAreThoseOfTheLossesStepByStep() {
        race.add(MadeUp.run(CPU, ON_THE_FLY, 20, 1.4, 1.2, 1.0));
        race.add(MadeUp.run(CPU, CACHED, 20, 1.4, 1.2));
        race.add(MadeUp.run(STAND_IN, ON_THE_FLY, 100, 1.41, 1.1, 1.05, 0.5));
        Table differences = RunTables.differences(race);
        assertEquals("Losses compared with CPU, on the fly", differences.name());
        assertEquals(List.of("CPU, cached", STAND_IN + ", on the fly"), differences.stringColumn("run").asList());
        assertNumbers(differences, "steps compared", 2, 3);
        assertNumbers(differences, "first step, difference", 0, 0.01);
        assertNumbers(differences, "largest difference", 0, 0.1);
    }

    @Test
    void peaksWithTheirMediansAndTheNumbersThatTheyAreOf() {
        Table peaks = RunTables.peaks(peaks(0.4e12));
        assertEquals(List.of("CPU", STAND_IN.name()), peaks.stringColumn("device").asList());
        assertEquals(List.of("float32", "TF32"), peaks.stringColumn("computed in").asList());
        assertNumbers(peaks, "product, TFLOP/s", 0.4, 8);
        assertNumbers(peaks, "its median", 0.36, 7.2);
        assertNumbers(peaks, "memory, GB/s", 20, 250);
        assertNumbers(peaks, "median of that", 18, 225);
        assertNumbers(peaks, "ridge, FLOP/byte", 20, 32);
    }

    @Test
    void theModelFlopUtilisationIsTheShareOfThePeak() {
        Table arithmetic = RunTables.arithmetic(race, peaks(0.4e12), 10e9);
        assertEquals(List.of("CPU", STAND_IN.name()), arithmetic.stringColumn("device").asList());
        assertNumbers(arithmetic, "reached, TFLOP/s", 0.2, 1);
        assertNumbers(arithmetic, "peak, TFLOP/s", 0.4, 8);
        assertNumbers(arithmetic, "MFU, %", 50, 12.5);
        assertEquals(List.of("product", "product"), arithmetic.stringColumn("peak of").asList());
    }

    /** As results/2026-11-26T17-44-10 has it: 141 % of what a product reached while the machine was busy. */
    @Test
    void whatTrainingReachedIsThePeakWhereTheProductWasSlower() {
        Table arithmetic = RunTables.arithmetic(race, peaks(0.14e12), 10e9);
        assertNumbers(arithmetic, "peak, TFLOP/s", 0.2, 8);
        assertNumbers(arithmetic, "MFU, %", 100, 12.5);
        assertSays(arithmetic.stringColumn("peak of").get(0), "training", "slower");
    }

    private static Map<TrainingDevice, Roofline> peaks(double ofTheCpu) {
        Map<TrainingDevice, Roofline> peaks = new LinkedHashMap<>();
        peaks.put(CPU, MadeUp.roofline("float32", ofTheCpu, 20e9));
        peaks.put(STAND_IN, MadeUp.roofline("TF32", 8e12, 250e9));
        return peaks;
    }

    @Test
    void aRowOfTheSweepIsADeviceAndABatchSize() {
        Sweep sweep = new Sweep();
        sweep.add(CPU, 1, MadeUp.throughput(10));
        sweep.add(CPU, 2, MadeUp.throughput(15));
        sweep.add(STAND_IN, 1, MadeUp.throughput(50));
        assertEquals(List.of(), RunTables.sweep(new Sweep()));
        Table table = RunTables.sweep(sweep).get(0);
        assertEquals(List.of("CPU", "CPU", STAND_IN.name()), table.stringColumn("device").asList());
        assertEquals(List.of(1, 2, 1), table.intColumn("batch").asList());
        assertEquals(List.of("10.00 ± 0.10", "15.00 ± 0.15", "50.0 ± 0.5"), table.stringColumn("images/s").asList());
        assertNumbers(table, "memory, GB", 1, 1, 1);
    }

    @Test
    void passesBeforeAndAfterWaiting() {
        Table passes = RunTables.passes(Map.of(CPU, new double[] {3, 40}));
        assertEquals(List.of("CPU"), passes.stringColumn("device").asList());
        assertNumbers(passes, "clock read at once, ms", 3);
        assertNumbers(passes, "after waiting, ms", 40);
    }

    @Test
    void eachRungOfTheLadderHasItsTimeAndItsOperators() {
        Ladder ladder = new Ladder(Precision.FLOAT32);
        ladder.add(CPU, new Ladder.Rung("plain DJL", new Format(Layout.NCHW, Precision.FLOAT32)), MadeUp.throughput(10));
        ladder.add(CPU, new Ladder.Rung("channels-last", new Format(Layout.NHWC, Precision.FLOAT32)), MadeUp.throughput(16));
        Table table = RunTables.ladder(ladder, 32);
        assertEquals(List.of("plain DJL", "channels-last"), table.stringColumn("change").asList());
        assertNumbers(table, "ms a step", 3200, 2000);
        assertNumbers(table, "operators", 500, 500);
        assertNumbers(table, "loss", 1.25, 1.25);
    }

    private static void assertNumbers(Table table, String column, double... expected) {
        assertEquals(expected.length, table.rowCount());
        for (int row = 0; row < expected.length; row++) {
            assertEquals(expected[row], table.doubleColumn(column).get(row), 1e-9, column);
        }
    }
}
