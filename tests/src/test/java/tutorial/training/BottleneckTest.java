package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static tutorial.photos.DataLoading.CACHED;
import static tutorial.photos.DataLoading.ON_THE_FLY;
import static tutorial.testing.Said.assertSays;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tutorial.photos.DataLoading;

class BottleneckTest {
    private static final double NOT_MEASURED = Double.NaN;

    /** A CPU waits for no launches; a run that was read in stretches does not tell whether it waited. */
    @ParameterizedTest
    @CsvSource({"0.05, 0.95, 0.8, data loading", "0.0499, 0.9, 0.8, kernel launches", "0.0499, 0.899, 0.5, arithmetic",
            "0.0499, 0.899, 0.499, memory", "0, NaN, 0.5, arithmetic", "NaN, NaN, 0.2, memory"})
    void eachLimitBeginsAtItsBoundary(double waiting, double launching, double shareOfPeak, String limit) {
        assertEquals(limit, of(waiting, CACHED, 1000, launching, shareOfPeak, 1.2).limit());
    }

    @Test
    void waitingForPhotosTakesAsManyThreadsAsItsRateNeeds() {
        Bottleneck waits = of(0.4, ON_THE_FLY, 1000, NOT_MEASURED, 0.8, 1.2);
        assertSays(waits.because(), "40 %", "2 decoder threads", "200 images/s", "1000");
        assertSays(waits.remedy(), "10 decoder threads", "dataLoading = \"cached\"");
        assertSays(of(0.4, ON_THE_FLY, 1001, NOT_MEASURED, 0.8, 1.2).remedy(), "11 decoder threads");
        assertSays(of(0.4, CACHED, 1000, NOT_MEASURED, 0.8, 1.2).remedy(), "imageSize");
    }

    /** Then it was the order of events that made it wait, not the rate. */
    @Test
    void waitingThoughDecodingIsFastEnoughTakesOneThreadMore() {
        Bottleneck waits = Bottleneck.of(run(0.06, ON_THE_FLY), throughput(50, NOT_MEASURED), 100, 1, 32, 0.8, 1.2);
        assertSays(waits.because(), "1 decoder thread ");
        assertSays(waits.remedy(), "2 decoder threads");
    }

    /** From Ampere on convolutions are computed in TF32, and the matrix product that the peak is taken from is not. */
    @Test
    void eachLimitHasItsFiguresAndItsRemedy() {
        assertBoth(of(0.01, CACHED, 1000, 0.95, 0.8, 1.2), "95 %", "batchSize = 64");
        assertBoth(of(0.01, CACHED, 1000, 0.2, 0.8, 1.2), "80 %", "1.3 times");
        assertFalse(of(0.01, CACHED, 1000, 0.2, 1, 1.2).remedy().contains("times"), "beyond the peak nothing is promised");
        assertBoth(of(0.01, CACHED, 1000, 0.2, 0.2, 1.2), "20 %", "1.20 times");
        assertBoth(of(0.01, CACHED, 1000, 0.2, 0.2, NOT_MEASURED), "20 %", "layout = \"faster\"");
    }

    private static void assertBoth(Bottleneck bottleneck, String because, String remedy) {
        assertSays(bottleneck.because(), because);
        assertSays(bottleneck.remedy(), remedy);
    }

    @Test
    void thePageNamesTheRunTheLimitAndTheRemedy() {
        assertEquals("<b>GPU, cached</b> is limited by <b>memory</b>: so it is. Do this.",
                new Bottleneck("memory", "so it is", "Do this.").of("GPU, cached"));
    }

    /** With two threads that decode 200 images/s, and batches of 32. */
    private static Bottleneck of(double waiting, DataLoading loading, double rate, double launching, double shareOfPeak,
            double layoutGain) {
        return Bottleneck.of(run(waiting, loading), throughput(rate, launching), 200, 2, 32, shareOfPeak, layoutGain);
    }

    /** @param waiting its share of the time; NaN where parts were not timed */
    private static Run run(double waiting, DataLoading loading) {
        Map<String, Double> parts = Double.isNaN(waiting) ? Map.of() : Map.of(Run.WAITING, waiting);
        return new Run(new Run.Key(TrainingDevice.CPU, loading), 0, List.of(new Step(1, 32, 1, 1, parts, 1, 0)));
    }

    private static Throughput throughput(double rate, double launching) {
        return new Throughput(new Rate(rate, rate / 100), 1.25, launching, 1);
    }
}
