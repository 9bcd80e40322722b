package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import tutorial.machine.Memory;
import tutorial.testing.Small;

class ThroughputTest {
    private static final int MILLIS = 10;

    private int millisOfTheFirst = MILLIS;
    private final AtomicInteger steps = new AtomicInteger();
    private final AtomicInteger waits = new AtomicInteger();

    @Test
    void imagesAndSecondsAreThoseOfTheStepsAfterTheWarmUp() {
        millisOfTheFirst = 500;
        Throughput measured = measure(3, 4);
        assertEquals(7, steps.get());
        assertEquals(4 * Small.BATCH, measured.images());
        assertTrue(measured.seconds() >= 4 * MILLIS / 1e3 && measured.seconds() < millisOfTheFirst / 1e3, measured.toString());
        assertEquals(measured.images() / measured.seconds(), measured.imagesPerSecond());
        assertEquals(2, waits.get(), "before the clock is read, at the begin and at the end");
    }

    /** A CPU computes in the call itself, and waits for no launches. */
    @Test
    void lossOfTheLastStepAndMemoryOfTheProcess() {
        Throughput measured = measure(3, 4);
        assertEquals(6.5, measured.loss());
        assertEquals(Double.NaN, measured.launching());
        assertEquals(Memory.used(Device.cpu()) / 1e9, measured.gigabytes(), 0.5);
    }

    @Test
    void withoutStepsItOnlyWarmsUp() {
        Throughput measured = measure(3, 0);
        assertEquals(3, steps.get());
        assertEquals(0, measured.images());
        assertEquals(Double.NaN, measured.imagesPerSecond());
    }

    @Test
    void noArrayIsLeftBehind() throws Exception {
        try (NDManager manager = Small.manager()) {
            NDArray input = manager.ones(Small.INPUT);
            int before = Small.liveArrays(manager);
            for (int some : new int[] {0, 3}) {
                Throughput.measure(input, 2, some, () -> {}, step(input));
                assertEquals(before, Small.liveArrays(manager), some + " steps");
            }
            assertEquals(Small.INPUT.size(), input.sum().getFloat(), "the input itself is still there");
        }
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

    private Throughput measure(int warmUpSteps, int some) {
        try (NDManager manager = Small.manager()) {
            NDArray input = manager.ones(Small.INPUT);
            return Throughput.measure(input, warmUpSteps, some, waits::incrementAndGet, step(input));
        }
    }

    /** Its loss is its number, from 0, and a half. */
    private Supplier<NDArray> step(NDArray input) {
        return () -> {
            try {
                Thread.sleep(steps.get() == 0 ? millisOfTheFirst : MILLIS);
            } catch (InterruptedException e) {
                throw new CancellationException();
            }
            return input.getManager().create(new float[] {steps.getAndIncrement() + 0.5f, 2}).add(input.sum().mul(0));
        };
    }
}
