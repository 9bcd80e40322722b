package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;
import tutorial.testing.MadeUp;

class RunTest {
    /** Of 32 images in 1 s and 8 in 3 s; the mean of the steps' rates would be 17.3. */
    private final Run uneven = new Run("CPU", "A CPU", "on the fly", 0,
            List.of(MadeUp.step(1, 32, 1, 2, 16), MadeUp.step(1, 8, 3, 1, 6)));

    @Test
    void theRateIsAllImagesOverAllSeconds() {
        assertEquals(40, uneven.images());
        assertEquals(10, uneven.imagesPerSecond());
        assertEquals(6, uneven.wallSeconds(), "with the pauses");
    }

    @Test
    void lossAndAccuracyAreMeansOverImages() {
        assertEquals((32 * 2 + 8 * 1) / 40.0, uneven.loss());
        assertEquals(22 / 40.0, uneven.accuracy());
    }

    @Test
    void waitingIsAShareOfTheTime() {
        assertEquals(0.1, uneven.waiting(), 1e-9);
        assertEquals(0.6 * 4, uneven.part("forward and backward"), 1e-9);
        assertEquals(0, uneven.part("none such"));
        assertEquals(0.2 * 4 * 1000 / 40, uneven.millis("copy and normalise"), 1e-9);
    }

    @Test
    void stepsTellTheirMedianAndTheirSpread() {
        Run run = new Run("CPU", "A CPU", "cached", 0, List.of(1.0, 2.0, 3.0, 4.0, 100.0).stream()
                .map(seconds -> MadeUp.step(1, 32, seconds, 1, 0)).toList());
        assertEquals(3, run.medianStep());
        assertTrue(run.spread() >= 2 && run.spread() < 98, "hardly moved by an outlier: " + run.spread());
    }

    @Test
    void aRunThatWasReadInStretchesTellsNothingOfSingleStepsAndParts() {
        Run stretched = new Run("GPU", "A GPU", "cached", 0, List.of(MadeUp.stretched(32, 1, 2), MadeUp.stretched(32, 1, 1)));
        assertFalse(stretched.inParts());
        assertEquals(List.of(Double.NaN, Double.NaN, Double.NaN), List.of(stretched.waiting(), stretched.medianStep(), stretched.spread()));
        assertFalse(stretched.summary().containsColumn("waiting for data, %"));
        assertEquals(32, stretched.imagesPerSecond());
    }

    @Test
    void aRowOfTheSummaryIsAnEpoch() {
        Table summary = MadeUp.run("CPU", "cached", 20).summary();
        assertEquals("CPU, cached: A CPU", summary.name());
        assertEquals(List.of("epoch", "images", "seconds", "wall clock, s", "images/s", "waiting for data, %", "loss", "accuracy, %"),
                summary.columnNames());
        assertEquals(List.of(1.0, 2.0), summary.doubleColumn("epoch").asList());
        assertEquals(List.of(64.0, 64.0), summary.doubleColumn("images").asList());
        assertEquals(1.3, summary.doubleColumn("loss").get(0), 1e-9);
        assertEquals(0.9, summary.doubleColumn("loss").get(1), 1e-9);
        assertEquals(List.of(25.0, 50.0), summary.doubleColumn("accuracy, %").asList());
    }

    @Test
    void aRunWithoutItsFirstStepsIsWhatComesAfterThem() {
        Run rest = MadeUp.run("CPU", "cached", 20).without(3);
        assertEquals(List.of(0.8), rest.steps().stream().map(Step::loss).toList());
        assertEquals("CPU, cached", rest.name());
    }

    @Test
    void timesOfAllPartsMakeUpTheTimeOfAnImage() {
        Table times = Run.times(List.of(MadeUp.run("CPU", "on the fly", 20), MadeUp.run("CPU", "cached", 25)));
        assertEquals(List.of("CPU, on the fly", "CPU, cached"), times.stringColumn("run").asList());
        assertEquals(50, times.doubleColumn("all").get(0), 1e-9);
        for (int row = 0; row < 2; row++) {
            int at = row;
            assertEquals(times.doubleColumn("all").get(row), Run.PARTS.stream().mapToDouble(part -> times.doubleColumn(part).get(at)).sum(), 1e-9);
        }
    }

    @Test
    void itDivergedIfItsLossIsNoNumberOrFarLargerThanItBegan() {
        assertTrue(run(1.4, Double.NaN).diverged());
        assertTrue(run(Double.NaN, Double.NaN).diverged());
        assertTrue(run(1.4, Double.POSITIVE_INFINITY).diverged());
        assertTrue(run(1.4, Double.POSITIVE_INFINITY, 2).diverged(), "also where it came back");
        assertTrue(run(1.4, 140).diverged());
        assertFalse(run(1.4, 139).diverged());
        assertFalse(run(0.001, 99).diverged(), "a tiny loss may rise to one that is still usual");
        assertEquals("<b>The training diverged</b>: its loss went from 1.40 to NaN. Set a lower learningRate in \"Settings\".",
                run(1.4, Double.NaN).divergence());
    }

    @Test
    void theFindingOnTheLossComparesEpochsAndOfOneEpochItsSteps() {
        assertEquals("The loss falls, from 1.30 to 0.90", run(1.4, 1.2, 1.0, 0.8).lossFinding());
        assertEquals("The loss does not fall: from 1.30 to 1.45", run(1.4, 1.2, 1.5, 1.4).lossFinding());
        assertEquals("The loss falls, from 1.40 to 1.20", run(1.4, 1.2).lossFinding());
        assertEquals("The loss does not fall: from 1.40 to 1.50", run(1.4, 1.5).lossFinding());
        assertEquals("The training diverged: its loss went from 1.40 to NaN", run(1.4, Double.NaN).lossFinding());
        assertEquals("The training diverged: its loss went from 1.40 to Infinity", run(1.4, Double.POSITIVE_INFINITY, 2).lossFinding());
        assertEquals("The training diverged: its loss went from 1.40 to 3.40e+38", run(1.4, 3.4e38).lossFinding());
    }

    private static Run run(double... losses) {
        return MadeUp.run("CPU", "on the fly", 20, losses);
    }
}
