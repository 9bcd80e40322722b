package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import tutorial.machine.Memory;
import tutorial.testing.MadeUp;
import tutorial.testing.MadeUpDevice;
import tutorial.testing.Small;

class ThroughputTest {
    private final MadeUpDevice device = new MadeUpDevice();
    private int steps;

    /** In 0.1 s each: 0.8 s of warm-up, 2 s measured. */
    @Test
    void aCpuIsTimedForAtLeastTheSecondsAfterAWarmUp() {
        Throughput measured = measure(2, new DeviceClock(false, () -> {}, device.clock().nanoseconds()), 0.1, 0);
        assertEquals(Small.BATCH / 0.1, measured.imagesPerSecond(), 1e-6);
        assertEquals(0, measured.rate().spread(), 1e-6);
        assertTrue(device.seconds() >= 2.8 && device.seconds() < 3.3, device.seconds() + " s");
        assertEquals(Double.NaN, measured.launching(), "it computes in the call itself");
        assertEquals(Memory.used(Device.cpu()) / 1e9, measured.gigabytes(), 0.5);
    }

    /** One before the clock starts. */
    @Test
    void aSlowDeviceTakesTwoSteps() {
        Throughput measured = measure(0, new DeviceClock(false, () -> {}, device.clock().nanoseconds()), 5, 0);
        assertEquals(2, steps);
        assertEquals(10, device.seconds(), 1e-6);
        assertEquals(Small.BATCH / 5.0, measured.imagesPerSecond(), 1e-9);
    }

    /** The rate is the queue's, not that at which steps are put on it. */
    @Test
    void aGpuIsTimedUntilItIsDone() {
        Throughput measured = measure(2, device.clock(), 0.001, 0.01);
        assertEquals(Small.BATCH / 0.01, measured.imagesPerSecond(), 2);
        assertEquals(1 / 11.0, measured.launching(), 1e-9, "a millisecond of eleven, after which Java had launched it");
        assertTrue(device.seconds() > 3 && device.seconds() < 3.8, device.seconds() + " s: 0.8 of warm-up, 2, and twenty steps");
    }

    @Test
    void aGpuThatComputesFasterThanJavaLaunchesWaitsForLaunches() {
        Throughput measured = measure(2, device.clock(), 0.01, 0.001);
        assertEquals(Small.BATCH / 0.01, measured.imagesPerSecond(), 2);
        assertEquals(10 / 11.0, measured.launching(), 1e-9);
    }

    @Test
    void launchingIsTheMedianOfTwentySteps() {
        List<Double> shares = new ArrayList<>();
        try (NDManager manager = Small.manager()) {
            NDArray input = manager.ones(Small.INPUT);
            DeviceClock clock = device.clock();
            Throughput measured = Throughput.measure(input, 2, clock, () -> {
                double launching = steps % 3 == 0 ? 0.008 : 0.002;            // a third of them is disturbed
                shares.add(launching);
                device.step(launching, 0.01);
                return result(input);
            });
            assertEquals(0.002 / 0.012, measured.launching(), 0.05);
        }
    }

    /** A warm-up of 0.8 s in single steps, then parts of two thirds of a second until 2 s are over. */
    @Test
    void launchingTakesTwentyStepsOrAsManyAsAThirdOfTheTimeAllows() {
        measure(2, device.clock(), 0.001, 0.01);
        assertEquals(73 + 4 * 60 + 20, steps);
        steps = 0;
        measure(2, device.clock(), 0.001, 0.1);
        assertEquals(8 + 4 * 6 + 7, steps);
        steps = 0;
        measure(0, device.clock(), 0.001, 0.01);
        assertEquals(3 + 1 + 1, steps);
    }

    /** One step of 500 ms, as where the JIT compiles. */
    @Test
    void theWarmUpIsNotCounted() {
        try (NDManager manager = Small.manager()) {
            NDArray input = manager.ones(Small.INPUT);
            Throughput measured = Throughput.measure(input, 1, device.clock(), () -> {
                device.step(steps == 0 ? 0.5 : 0.001, 0.01);
                return result(input);
            });
            assertEquals(Small.BATCH / 0.01, measured.imagesPerSecond(), 4);
        }
    }

    @Test
    void partsThatDifferMakeTheSpread() {
        try (NDManager manager = Small.manager()) {
            NDArray input = manager.ones(Small.INPUT);
            Rate rate = Throughput.measure(input, 3, device.clock(), () -> {
                device.step(0.001, device.seconds() > 3 ? 0.02 : 0.01);       // throttled
                return result(input);
            }).rate();
            assertTrue(rate.imagesPerSecond() < 400 && rate.imagesPerSecond() > 200, rate.toString());
            assertTrue(rate.spread() > 40 && rate.spread() < 200, rate.toString());
        }
    }

    /** On a T4, 300 images/s, with a second for what is made anew for each size; the cell stops where twice the last would be too long. */
    @Test
    void aSweepOfAGpuGetsToBatchesOf256InThirtySeconds() {
        double took = 0;
        for (int batch = 1; batch <= 256; batch *= 2) {
            double begin = device.seconds();
            assertTrue(begin + 2 * took < 30, "no time for " + batch);
            device.passes(1);
            measure(0.7, device.clock(), 0.007, batch / 300.0);
            took = device.seconds() - begin;
        }
        assertTrue(device.seconds() > 9 * 0.7, device.seconds() + " s");
    }

    @Test
    void itsLossIsThatOfTheSecondStepHoweverLongItIsMeasured() {
        assertEquals(1.5, measure(0, device.clock(), 0.001, 0.01).loss());
        steps = 0;
        assertEquals(1.5, measure(2, device.clock(), 0.001, 0.01).loss());
    }

    @Test
    void noArrayIsLeftBehind() throws Exception {
        try (NDManager manager = Small.manager()) {
            NDArray input = manager.ones(Small.INPUT);
            int before = Small.liveArrays(manager);
            Throughput.measure(input, 1, device.clock(), step(input, 0.001, 0.01));
            assertEquals(before, Small.liveArrays(manager));
            assertEquals(Small.INPUT.size(), input.sum().getFloat(), "the input itself is still there");
        }
    }

    /** What slows the machine down for a while must not decide. */
    @Test
    void whatIsComparedIsMeasuredInTurnsAndItsMedianCounts() throws Exception {
        List<String> order = new ArrayList<>();
        Iterator<Double> rates = List.of(5.0, 10.0, 20.0, 40.0, 21.0, 42.0).iterator();
        Map<String, Throughput> measured = Throughput.inTurns(1, List.of("slow", "no", "fast"), name -> {
            order.add(name);
            return name.equals("no") ? null : new Throughput(new Rate(rates.next(), 0), order.size(), order.size() / 10.0, 1, 500);
        });
        assertEquals(List.of("slow", "no", "fast", "slow", "no", "fast", "slow", "no", "fast"), order);
        assertEquals(List.of("slow", "fast"), List.copyOf(measured.keySet()));
        assertEquals(new Throughput(new Rate(20, 15), 1, 0.4, 1, 500), measured.get("slow"));
        assertEquals(new Rate(40, 30), measured.get("fast").rate());
        order.clear();
        Throughput.inTurns(0, List.of("no", "none"), name -> {
            order.add(name);
            return null;
        });
        assertEquals(List.of("no", "none"), order, "of no seconds there is one repeat");
    }

    @Test
    void noiseIsTheSameEachTimeAndForEverySeedAnother() {
        try (NDManager manager = Small.manager()) {
            NDArray noise = Throughput.noise(manager, 4, 8, 7, Layout.NHWC);
            assertEquals(new Shape(4, 3, 8, 8), noise.getShape());
            assertEquals(0, noise.mean().getFloat(), 0.2);
            assertEquals(noise, Throughput.noise(manager, 4, 8, 7, Layout.NHWC));
            assertNotEquals(noise, Throughput.noise(manager, 4, 8, 8, Layout.NHWC));
        }
    }

    @Test
    void theLayoutChangesWhereNumbersAreAndNotWhatTheyAre() throws Exception {
        try (NDManager manager = Small.manager()) {
            int before = Small.liveArrays(manager);
            NDArray last = Throughput.noise(manager, 2, 4, 7, Layout.NHWC);
            NDArray first = Throughput.noise(manager, 2, 4, 7, Layout.NCHW);
            assertEquals(before + 2, Small.liveArrays(manager), "and nothing beside the two");
            assertEquals(last, first);
            assertEquals(1, copies(last), "its channels lie side by side");
            assertEquals(0, copies(first), "its channels lie one after the other");
        }
    }

    /** To bring the numbers into their order (N, C, H, W). */
    private static int copies(NDArray array) throws IOException {
        return Small.profile(array::flatten).count("copy_");
    }

    private Throughput measure(double seconds, DeviceClock clock, double launching, double computing) {
        try (NDManager manager = Small.manager()) {
            NDArray input = manager.ones(Small.INPUT);
            return Throughput.measure(input, seconds, clock, step(input, launching, computing));
        }
    }

    private Supplier<NDArray> step(NDArray input, double launching, double computing) {
        return () -> {
            device.step(launching, computing);
            return result(input);
        };
    }

    /** Its loss is its number, from 0, and a half. */
    private NDArray result(NDArray input) {
        return input.getManager().create(new float[] {steps++ + 0.5f, 2}).add(input.sum().mul(0));
    }
}
