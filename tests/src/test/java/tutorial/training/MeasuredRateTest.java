package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** With a made-up device, whose work takes as long as a test says, and whose queue is only worked off while somebody waits. */
class MeasuredRateTest {
    private static final double SECOND = 1e9;

    private final Queue<Double> seconds = new ArrayDeque<>();
    private double typical = 0.1;
    private long now;
    private long queued;
    private int launched;
    private int inQueue;
    private int longestQueue;

    @Test
    void aGpuIsTimedUntilItsQueueIsWorkedOff() {
        MeasuredRate rate = measure(100, 1);
        assertEquals(1000, rate.best(), 1e-6, "100 in 0.1 s");
        assertEquals(1000, rate.median(), 1e-6);
        assertTrue(now >= 1.2 * SECOND && now < 1.5 * SECOND, "a fifth to warm up: " + now);
    }

    @Test
    void theBestBurstIsThePeakAndTheMedianTellsOfTheOthers() {
        seconds.addAll(List.of(5.0, 0.2, 0.4, 0.2, 0.1));              // the first is to warm up
        typical = 0.2;
        assertEquals(new MeasuredRate(1000, 500), measure(100, 1));
    }

    /** Else the clock and the waiting would be measured. */
    @Test
    void shortWorkIsDoneManyTimesInABurstAndNeverPilesUp() {
        typical = 1e-4;
        assertEquals(1e4, measure(1, 0.5).best(), 1);
        assertEquals(200, longestQueue, "0.02 s");
    }

    @Test
    void slowWorkIsDoneTwiceAndVerySlowWorkOnceAfterTheWarmUp() {
        typical = 1.5;
        measure(1, 0.4);
        assertEquals(3, launched);
        typical = 2.5;
        measure(1, 0.4);
        assertEquals(5, launched);
    }

    @Test
    void aPeakIsTheMaximumOverAllShapes() {
        MeasuredRate small = new MeasuredRate(10, 9);
        MeasuredRate large = new MeasuredRate(12, 5);
        assertSame(small, MeasuredRate.better(null, small));
        assertSame(large, MeasuredRate.better(small, large));
        assertSame(large, MeasuredRate.better(large, small));
    }

    private MeasuredRate measure(double amount, double least) {
        return MeasuredRate.of(amount, least, new DeviceClock(true, this::synchronise, () -> now), this::launch);
    }

    private void launch() {
        launched++;
        longestQueue = Math.max(longestQueue, ++inQueue);
        queued += Math.round(SECOND * (seconds.isEmpty() ? typical : seconds.remove()));
    }

    private void synchronise() {
        now += queued;
        queued = 0;
        inQueue = 0;
    }
}
