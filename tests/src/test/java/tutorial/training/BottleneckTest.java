package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.photos.DataLoading.CACHED;
import static tutorial.photos.DataLoading.ON_THE_FLY;
import static tutorial.testing.Said.assertSays;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tutorial.machine.CpuFigures;
import tutorial.machine.GpuFigures;
import tutorial.photos.DataLoading;
import tutorial.testing.MadeUp;

class BottleneckTest {
    private static final Rate DECODED = new Rate(200, 3);
    private static final double NOT_MEASURED = Double.NaN;
    /** 1 TFLOP/s and 100 GB/s: its ridge is at 10 FLOP for each byte. */
    private static final Roofline ROOFLINE = new Roofline("float32", new MeasuredRate(1e12, 0.9e12), new MeasuredRate(100e9, 90e9));

    /** A CPU waits for no launches. */
    @ParameterizedTest
    @CsvSource({"0.05, 0.95, 0.2, DATA_LOADING", "0.0499, 0.9, 0.2, KERNEL_LAUNCHES", "0.0499, 0.899, 0.39, ARITHMETIC",
            "0.0499, 0.899, 0.41, MEMORY_AND_ARITHMETIC", "0, NaN, 0.59, MEMORY_AND_ARITHMETIC", "0, NaN, 0.61, MEMORY",
            "0, NaN, 1, MEMORY", "0, NaN, 0, ARITHMETIC"})
    void eachLimitBeginsAtItsBoundary(double waiting, double launching, double leftOfTheRidge, Bottleneck.Limit limit) {
        assertEquals(limit, of(run(waiting, CACHED), throughput(1000, launching), parts(leftOfTheRidge)).limit());
    }

    @Test
    void waitingForPhotosTakesAsManyThreadsAsItsRateNeeds() {
        Bottleneck waits = of(run(0.4, ON_THE_FLY), throughput(1000, NOT_MEASURED), parts(0));
        assertSays(waits.because(), "40.0 %", "2 decoder threads", "200 ± 3 images/s", "1000");
        assertSays(waits.remedy(), "10 decoder threads", "dataLoading = \"cached\"");
        assertSays(of(run(0.4, ON_THE_FLY), throughput(1001, NOT_MEASURED), parts(0)).remedy(), "11 decoder threads");
        assertSays(of(run(0.4, CACHED), throughput(1000, NOT_MEASURED), parts(0)).remedy(), "imageSize");
    }

    /** Then it was the order of events that made it wait, not the rate. */
    @Test
    void waitingThoughDecodingIsFastEnoughTakesOneThreadMore() {
        Throughput computeOnly = throughput(50, NOT_MEASURED);
        Bottleneck waits = Bottleneck.of(measured(run(0.06, ON_THE_FLY), computeOnly, computeOnly, parts(0)), new Rate(100, 2), 1, 32);
        assertSays(waits.because(), "1 decoder thread ");
        assertSays(waits.remedy(), "2 decoder threads");
    }

    /** A GPU is timed in stretches, which do not tell when it waited: but its rate without photos does, within 1 %. */
    @ParameterizedTest
    @CsvSource({"60, 40, DATA_LOADING", "93.5, 6, DATA_LOADING", "95, 5, ARITHMETIC", "105, 0, ARITHMETIC"})
    void whatWasTimedInStretchesWaitedForAsMuchAsItIsSlowerThanWithoutPhotos(double asFed, String percent, Bottleneck.Limit limit) {
        Bottleneck found = of(stretched(asFed, GpuFigures.UNKNOWN), throughput(100, 0.3), parts(0));
        assertEquals(limit, found.limit());
        assertEquals(limit == Bottleneck.Limit.DATA_LOADING, found.because().contains(percent + " ± 1 % of the time"), found.because());
    }

    /** A T4 in a small server: 100 images/s while it is cool, 80 in the race and after it, since it is at its limit of power. */
    @Test
    void aGpuThatThrottlesDoesNotWaitForPhotos() {
        GpuFigures hot = new GpuFigures(99, 3000, 69, 900, 1590, 84, 0.9, 0);
        Bottleneck found = Bottleneck.of(measured(stretched(79, hot), throughput(100, 0.3), throughput(80, 0.3), parts(0)), DECODED, 2, 32);
        assertEquals(Bottleneck.Limit.ARITHMETIC, found.limit());
        assertSays(found.remedy(), "20 % slower", "80.0 ± 0.8 images/s, not 100", "900 of 1590 MHz", "power");
        Bottleneck steady = Bottleneck.of(measured(stretched(79, hot), throughput(82, 0.3), throughput(80, 0.3), parts(0)), DECODED, 2, 32);
        assertFalse(steady.remedy().contains("slower"), steady.remedy());
    }

    /** As of an A100: 29 TFLOP/s are more than its product in float32, and a quarter of that in TF32, in which it trains. */
    @Test
    void aGpuThatTrainsInTf32IsHeldAgainstThePeakOfTf32() {
        Roofline a100 = new Roofline("TF32", new MeasuredRate(130e12, 128e12), new MeasuredRate(1.4e12, 1.4e12));
        List<NetworkPart> parts = List.of(part(15e9, 1.9e9, 2.1), part(89e9, 2.3e9, 2.9), part(79e9, 1.4e9, 2.1), part(79e9, 0.78e9, 1.7),
                part(79e9, 0.63e9, 1.9));
        Throughput computeOnly = throughput(2700, 0.5);
        Run run = stretched(2690, GpuFigures.UNKNOWN);
        Bottleneck found = Bottleneck.of(new Bottleneck.Measured(run, computeOnly, computeOnly, a100, parts, 1.2),
                new Rate(10000, 100), 2, 32);
        assertEquals(Bottleneck.Limit.MEMORY, found.limit());
        assertSays(found.because(), "66 %");
        assertFalse((found.because() + found.remedy()).contains("150 %"), found.toString());
    }

    @Test
    void eachLimitHasItsRemedy() {
        assertSays(of(run(0, CACHED), throughput(1000, 0.95), parts(0.8)).remedy(), "batchSize = 64");
        assertSays(of(run(0, CACHED), throughput(1000, 0.2), parts(0)).remedy(), "lower precision", "2.0 times");
        assertSays(of(run(0, CACHED), throughput(1000, 0.2), parts(1)).remedy(), "1.20 times", "4.0 times");
    }

    /** A part may be above its roof, since its data was in a cache. */
    @Test
    void nothingIsPromisedBeyondTheRoofline() {
        assertSays(of(run(0, CACHED), throughput(1000, 0.2), List.of(part(100e9, 1e9, 0.05))).remedy(), "1.0 times");
    }

    @Test
    void aRaceThatIsTooShortToCompareIsTooShortToTell() {
        Throughput computeOnly = throughput(100, NOT_MEASURED);
        Run run = new Run(new Run.Key(TrainingDevice.CPU, CACHED), 0, List.of(MadeUp.step(1, 32, 2.6, 1, 0)));
        Bottleneck found = Bottleneck.of(measured(run, computeOnly, computeOnly, parts(0)), DECODED, 2, 32);
        assertEquals(Bottleneck.Limit.UNKNOWN, found.limit());
        assertSays(found.remedy(), "2 times as long");
        assertTrue(found.inWords().startsWith("<b>CPU, cached</b>: too short"), found.inWords());
    }

    /** A busy machine does that, too. */
    @Test
    void whatIsSlowerWithinItsSpreadIsNotToldAsSlower() {
        Throughput unsure = new Throughput(new Rate(100, 15), 1.25, 0.3, 1, 500);
        Run run = stretched(90, GpuFigures.UNKNOWN);
        Bottleneck found = Bottleneck.of(measured(run, unsure, throughput(90, 0.3), parts(0)), DECODED, 2, 32);
        assertFalse(found.remedy().contains("slower"), found.remedy());
    }

    @Test
    void itIsOfTheFirstRunOfADevice() {
        Race race = MadeUp.race(MadeUp.STAND_IN);
        Throughput after = race.computeOnly(MadeUp.STAND_IN);
        Bottleneck.Measured device = Bottleneck.Measured.of(race, MadeUp.STAND_IN, after, ROOFLINE, parts(0));
        assertEquals(MadeUp.STAND_IN + ", on the fly", Bottleneck.of(device, DECODED, 2, 32).run());
        assertEquals(1.25, device.layoutGain(), 1e-9);
    }

    @Test
    void thePageNamesTheRunTheLimitAndTheRemedy() {
        assertEquals("<b>GPU, cached</b> is limited by <b>memory</b>: so it is. Do this.",
                new Bottleneck("GPU, cached", Bottleneck.Limit.MEMORY, "so it is", "Do this.").inWords());
    }

    @Test
    void theRidgeIsWhereBothRoofsMeet() {
        assertEquals(10, ROOFLINE.ridge(), 1e-9);
        assertTrue(ROOFLINE.isMemoryBound(9.99));
        assertFalse(ROOFLINE.isMemoryBound(10.01));
        assertEquals(0.1, ROOFLINE.seconds(part(100e9, 1e9, 1)), 1e-9, "under the flat roof");
        assertEquals(0.1, ROOFLINE.seconds(part(1e9, 10e9, 1)), 1e-9, "under the slanted one");
    }

    /** A peak is a maximum. */
    @Test
    void thePeakIsNeverBelowWhatTrainingReached() {
        assertEquals(1e12, ROOFLINE.peak(0.9e12));
        assertEquals(1.1e12, ROOFLINE.peak(1.1e12));
    }

    /** With two threads that decode 200 images/s, and batches of 32. */
    private static Bottleneck of(Run run, Throughput computeOnly, List<NetworkPart> parts) {
        return Bottleneck.of(measured(run, computeOnly, computeOnly, parts), DECODED, 2, 32);
    }

    private static Bottleneck.Measured measured(Run run, Throughput before, Throughput after, List<NetworkPart> parts) {
        return new Bottleneck.Measured(run, before, after, ROOFLINE, parts, 1.2);
    }

    /** A step of a second, of which that share is left of the ridge, at a quarter of its roof, and the rest at half of its own. */
    private static List<NetworkPart> parts(double left) {
        return List.of(part(2.5e9 * left, 25e9 * left, left), part(0.5e12 * (1 - left), 0.5e9 * (1 - left), 1 - left));
    }

    private static NetworkPart part(double flop, double bytes, double seconds) {
        return new NetworkPart("", flop, bytes, seconds);
    }

    /** @param waiting its share of the time */
    private static Run run(double waiting, DataLoading loading) {
        return new Run(new Run.Key(TrainingDevice.CPU, loading), 0, List.of(
                new Step(1, 32, 10, 10, Map.of(Run.WAITING, 10 * waiting, Run.COMPUTING, 10 * (1 - waiting)), 1, 0)));
    }

    private static Run stretched(double rate, GpuFigures gpu) {
        return new Run(new Run.Key(MadeUp.GPU, ON_THE_FLY), 0, List.of(
                new Step(1, (int) (10 * rate), 10, 10, Map.of(Run.WAITING, 8.0), 1, 0)), gpu, CpuFigures.UNKNOWN, null);
    }

    private static Throughput throughput(double rate, double launching) {
        return new Throughput(new Rate(rate, rate / 100), 1.25, launching, 1, 500);
    }
}
