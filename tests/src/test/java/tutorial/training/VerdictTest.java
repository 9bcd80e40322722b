package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final double NOT_MEASURED = Double.NaN;

    @Test
    void whatWaitsNeedsAsManyThreadsAsItsSpeedTakes() {
        Verdict verdict = Verdict.of(0.4, false, burst(1000, NOT_MEASURED), 200, 2, 32, 0.8, 1.2);
        assertEquals(new Verdict("data loading", "it waited for photos 40 % of the time: 2 decoder threads decode 200 images/s here, "
                + "and it can train 1000", "It needs 10 decoder threads, or dataLoading = \"cached\"."), verdict);
        assertEquals("It needs 11 decoder threads, or dataLoading = \"cached\".",
                Verdict.of(0.4, false, burst(1001, NOT_MEASURED), 200, 2, 32, 0.8, 1.2).remedy());
    }

    /** Then it was the order of events that made it wait, not the rate. */
    @Test
    void whatWaitsThoughDecodingIsFastEnoughNeedsOneThreadMore() {
        Verdict verdict = Verdict.of(0.06, false, burst(50, NOT_MEASURED), 100, 1, 32, 0.8, 1.2);
        assertTrue(verdict.because().contains("1 decoder thread decode"), verdict.because());
        assertEquals("It needs 2 decoder threads, or dataLoading = \"cached\".", verdict.remedy());
    }

    @Test
    void whatWaitsForCachedPhotosNeedsNoThreads() {
        Verdict verdict = Verdict.of(0.4, true, burst(1000, NOT_MEASURED), 200, 2, 32, 0.8, 1.2);
        assertEquals("data loading", verdict.limit());
        assertEquals("Cache the photos on the device: a smaller imageSize makes them fit.", verdict.remedy());
    }

    @Test
    void whatWaitsForOrdersGetsTwiceTheBatch() {
        assertEquals(new Verdict("launching", "Java is still giving orders when 95 % of a step's time is over",
                "Give it more to do with each order: batchSize = 64."), Verdict.of(0.01, true, burst(1000, 0.95), 200, 2, 32, 0.8, 1.2));
    }

    @Test
    void whatIsNearItsPeakIsLimitedByArithmetic() {
        assertEquals(new Verdict("arithmetic", "it does 80 % of the arithmetic that a matrix product does on it",
                "Only a faster device or shorter numbers would help: doing all of it perfectly would be 1.3 times as fast."),
                Verdict.of(0.01, true, burst(1000, 0.2), 200, 2, 32, 0.8, 1.2));
    }

    /** From Ampere on convolutions are computed in TF32, and the matrix product that the peak is taken from is not. */
    @Test
    void whatDoesMoreThanTheMatrixProductIsPromisedNothing() {
        assertEquals("Only a faster device or shorter numbers would help.", Verdict.of(0.01, true, burst(1000, 0.2), 200, 2, 32, 1, 1.2).remedy());
    }

    @Test
    void theRestIsLimitedByMemoryAndTheLayoutTellsHowMuchItMatters() {
        assertEquals(new Verdict("memory", "it does 20 % of the arithmetic that a matrix product does on it; the rest of the time goes to "
                + "moving numbers", "Keep what is close in use close in memory: the better layout is 1.20 times as fast as the other."),
                Verdict.of(0.01, true, burst(1000, 0.2), 200, 2, 32, 0.2, 1.2));
    }

    @Test
    void whereOnlyOneLayoutWasMeasuredTheOtherIsToBe() {
        assertEquals("Keep what is close in use close in memory: compare both layouts with layout = \"faster\".",
                Verdict.of(0.01, true, burst(1000, 0.2), 200, 2, 32, 0.2, NOT_MEASURED).remedy());
    }

    @Test
    void eachLimitBeginsAtItsBoundary() {
        assertEquals("data loading", limit(0.05, 0.95, 0.8));
        assertEquals("launching", limit(0.0499, 0.9, 0.8));
        assertEquals("arithmetic", limit(0.0499, 0.899, 0.5));
        assertEquals("memory", limit(0.0499, 0.899, 0.499));
    }

    /** A CPU has no orders to wait for; a run that was read in stretches does not tell whether it waited. */
    @Test
    void whatWasNotMeasuredIsNoLimit() {
        assertEquals("arithmetic", limit(0, NOT_MEASURED, 0.5));
        assertEquals("memory", limit(NOT_MEASURED, NOT_MEASURED, 0.2));
    }

    @Test
    void thePageNamesTheRunTheLimitAndTheRemedy() {
        assertEquals("<b>GPU, cached</b> is limited by <b>memory</b>: so it is. Do this.", new Verdict("memory", "so it is", "Do this.").of("GPU, cached"));
    }

    private static String limit(double waiting, double launching, double shareOfPeak) {
        return Verdict.of(waiting, true, burst(1000, launching), 200, 2, 32, shareOfPeak, 1.2).limit();
    }

    private static Burst burst(double rate, double launching) {
        return new Burst(100, 100 / rate, 1.25, launching, 1);
    }
}
