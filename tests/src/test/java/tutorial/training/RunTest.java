package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.photos.DataLoading.CACHED;
import static tutorial.training.TrainingDevice.CPU;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tutorial.testing.MadeUp;

class RunTest {
    private static final Run.Key KEY = new Run.Key(CPU, CACHED);

    /** Of 32 images in 1 s and 8 in 3 s; the mean of the steps' rates would be 17.3. */
    private final Run uneven = new Run(KEY, 0, List.of(MadeUp.step(1, 32, 1, 2, 16), MadeUp.step(1, 8, 3, 1, 6)));

    @Test
    void theRateIsAllImagesOverAllSeconds() {
        assertEquals(40, uneven.images());
        assertEquals(10, uneven.imagesPerSecond());
        assertEquals(6, uneven.wallSeconds(), "with the pauses");
    }

    /** In sixths: of twelve steps, the fifth and sixth take twice as long. */
    @Test
    void theSpreadOfTheRateIsTheMostByWhichThatOfASixthDiffers() {
        Run run = new Run(KEY, 0, IntStream.range(0, 12).mapToObj(i -> MadeUp.step(1, 32, i / 2 == 2 ? 2 : 1, 1, 0)).toList());
        assertEquals(32 * 12 / 14.0, run.rate().imagesPerSecond(), 1e-9);
        assertEquals(32 * 12 / 14.0 - 16, run.rate().spread(), 1e-9);
        assertEquals(22, uneven.rate().spread(), 1e-9, "of two steps each is a part");
        assertEquals(Double.NaN, run.without(11).rate().spread());
    }

    @Test
    void belowFiveSecondsARunIsTooShortToCompare() {
        Run run = new Run(KEY, 0, List.of(MadeUp.step(1, 32, 4.9, 1, 0)));
        assertTrue(run.isTooShort());
        assertEquals(2, run.timesLonger());
        assertFalse(new Run(KEY, 0, List.of(MadeUp.step(1, 32, 5, 1, 0))).isTooShort());
        assertEquals(13, new Run(KEY, 0, List.of(MadeUp.step(1, 32, 0.4, 1, 0))).timesLonger());
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
        assertEquals(0.2 * 4 * 1000 / 40, uneven.millis("normalise"), 1e-9);
    }

    @Test
    void medianAndSpreadOfSteps() {
        Run run = new Run(KEY, 0, DoubleStream.of(1, 2, 3, 4, 100).mapToObj(seconds -> MadeUp.step(1, 32, seconds, 1, 0)).toList());
        assertEquals(3, run.medianStep());
        assertTrue(run.spread() >= 2 && run.spread() < 98, "hardly moved by an outlier: " + run.spread());
    }

    @Test
    void aRunThatWasReadInStretchesTellsNothingOfSingleStepsAndParts() {
        Run stretched = new Run(KEY, 0, List.of(MadeUp.stretched(32, 1, 2), MadeUp.stretched(32, 1, 1)));
        assertFalse(stretched.inParts());
        assertEquals(List.of(0.1, Double.NaN, Double.NaN), List.of(stretched.waiting(), stretched.medianStep(), stretched.spread()));
        assertEquals(32, stretched.imagesPerSecond());
    }

    @Test
    void stepsOfAnEpochAndStepsAfterTheFirst() {
        Run run = MadeUp.run(CPU, CACHED, 20);
        assertEquals(List.of(1.0, 0.8), run.epoch(2).steps().stream().map(Step::loss).toList());
        assertEquals(List.of(0.8), run.without(3).steps().stream().map(Step::loss).toList());
        assertEquals(KEY, run.without(3).key());
    }

    @Test
    void aTrainingDivergedIfItsLossIsNoNumberOrFarLargerThanItBegan() {
        assertTrue(run(1.4, Double.NaN).diverged());
        assertTrue(run(Double.NaN, Double.NaN).diverged());
        assertTrue(run(1.4, Double.POSITIVE_INFINITY).diverged());
        assertTrue(run(1.4, Double.POSITIVE_INFINITY, 2).diverged(), "also where it came back");
        assertTrue(run(1.4, 140).diverged());
        assertFalse(run(1.4, 139).diverged());
        assertFalse(run(0.001, 99).diverged(), "a tiny loss may rise to one that is still usual");
    }

    @Test
    void theWorstLossIsTheFirstThatIsNoNumber() {
        assertEquals(Double.POSITIVE_INFINITY, run(1.4, Double.POSITIVE_INFINITY, 2).worstLoss());
        assertEquals(Double.NaN, run(1.4, Double.NaN, Double.POSITIVE_INFINITY).worstLoss());
        assertEquals(3.4e38, run(1.4, 3.4e38).worstLoss());
    }

    private static Run run(double... losses) {
        return MadeUp.run(CPU, CACHED, 20, losses);
    }
}
