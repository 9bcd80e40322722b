package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.testing.MadeUp.STAND_IN;
import static tutorial.training.TrainingDevice.CPU;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tutorial.machine.GpuFigures;
import tutorial.photos.DataLoading;
import tutorial.photos.PhotoDataset;
import tutorial.testing.MadeUp;
import tutorial.testing.MadeUpDevice;
import tutorial.testing.Small;

/** A whole leg of an asynchronous device, with its queue and photos that are decoded at a known rate. */
class WaitingTest {
    private static final int BATCH = 32;
    private static final double LAUNCHING = 0.002;
    private static final double COMPUTING = 0.1;

    /** Alone, in steps of 100 ms. */
    private static final Rate COMPUTE_ONLY = new Rate(BATCH / COMPUTING, 3.2);

    @Test
    void aDeviceThatTrainsTwiceAsFastAsPhotosAreDecodedWaitsHalfOfTheTime() throws Exception {
        Run run = race(2 * COMPUTING, 0);
        assertEquals(BATCH / (2 * COMPUTING), run.imagesPerSecond(), 3);
        Waiting waiting = Waiting.of(run, COMPUTE_ONLY);
        assertEquals(0.5, waiting.share(), 0.02);
        assertTrue(waiting.spread() >= 0.5 * 0.01 && waiting.spread() < 0.1, waiting.toString());
        assertEquals(Bottleneck.Limit.DATA_LOADING, limitOf(run));
        assertTrue(run.waiting() > 0.8, "the loop itself waits longer, since the device still has work: " + run.waiting());
    }

    @Test
    void aDeviceThatIsFedFastEnoughDoesNotWait() throws Exception {
        Run run = race(0.5 * COMPUTING, 0);
        assertEquals(BATCH / COMPUTING, run.imagesPerSecond(), 5);
        assertEquals(0, Waiting.of(run, COMPUTE_ONLY).atLeast(), 1e-9);
        assertEquals(Bottleneck.Limit.ARITHMETIC, limitOf(run));
    }

    /** As a copy does that waits for the step before; decoded are the photos long since. */
    @Test
    void whatTheLoopDoesNotWaitForPhotosIsNotWaitingForThem() throws Exception {
        Run run = race(0, COMPUTING);
        assertTrue(run.imagesPerSecond() < 0.6 * BATCH / COMPUTING, "half of the time the device has nothing to do");
        assertEquals(new Waiting(0, 0), Waiting.of(run, COMPUTE_ONLY));
        assertEquals(Bottleneck.Limit.ARITHMETIC, limitOf(run));
    }

    @Test
    void aDeviceThatThrottlesIsNotSaidToWait() {
        Run run = new Run(new Run.Key(STAND_IN, DataLoading.CACHED), 0, List.of(MadeUp.stretched(BATCH, 0.2, 1), MadeUp.stretched(BATCH, 0.2, 1)));
        assertEquals(0.1, Waiting.of(run, COMPUTE_ONLY).share(), 1e-9, "no more than the loop waited");
        assertEquals(0, Waiting.of(run, new Rate(BATCH / 0.2, 1)).share(), 1e-9);
        assertEquals(0, Waiting.of(run, new Rate(BATCH / 0.3, 1)).share(), 1e-9, "not below 0");
    }

    @Test
    void ofADeviceThatComputesInTheCallItselfTheClockHasSeenIt() {
        Waiting seen = Waiting.of(MadeUp.run(CPU, DataLoading.ON_THE_FLY, 20), new Rate(100, 1));
        assertEquals(0.1, seen.share(), 1e-9);
        assertEquals(0, seen.spread());
    }

    @Test
    void inPerCentWithItsSpread() {
        assertEquals("20 ± 3", new Waiting(0.2, 0.021).toString());
        assertEquals("0.4", new Waiting(0.004, 0).toString());
        assertEquals(0.17, new Waiting(0.2, 0.03).atLeast(), 1e-9);
        assertEquals(0, new Waiting(0.02, 0.03).atLeast());
    }

    /** Whose network is right of the ridge. */
    private static Bottleneck.Limit limitOf(Run run) {
        Throughput computeOnly = new Throughput(COMPUTE_ONLY, 1, LAUNCHING / COMPUTING, 1, 500);
        List<NetworkPart> parts = List.of(new NetworkPart("", 0.5e12, 0.5e9, 1));
        return Bottleneck.of(new Bottleneck.Measured(run, computeOnly, computeOnly, MadeUp.roofline("float32", 1e12, 100e9), parts, 1.2),
                new Rate(160, 2), 1, BATCH).limit();
    }

    /**
     * Sixty steps, in stretches of ten.
     *
     * @param decoding seconds for a batch, ahead of the loop
     * @param copying seconds that the loop waits with the device, before each step
     */
    private static Run race(double decoding, double copying) throws Exception {
        EpochSampler order = new EpochSampler(MadeUp.photos(BATCH), BATCH, 7, 60).first(60);
        MadeUpDevice device = new MadeUpDevice();
        Stopwatch watch = new Stopwatch(device.clock(), false);
        Function<NDList, float[]> reading = arrays -> {
            device.synchronise();
            return Recorder.numbers(arrays);
        };
        try (BatchSource source = new BatchSource(new PhotoDataset(order.photos(), 1, null), DataLoading.ON_THE_FLY, 16, STAND_IN);
             Recorder recorder = new Recorder(STAND_IN, source, order, watch, 10, now -> {}, reading, (begin, end) -> GpuFigures.UNKNOWN);
             NDManager manager = Small.manager(); Model untrained = Model.newInstance("none", CPU.device())) {
            recorder.start();
            for (int i = 1; i <= 60; i++) {
                try (NDManager step = manager.newSubManager()) {
                    device.until(i * decoding);
                    watch.lap(Run.WAITING);
                    if (copying > 0) {
                        device.synchronise();
                        device.passes(copying);
                    }
                    watch.lap("normalise");
                    device.step(LAUNCHING, COMPUTING);
                    watch.lap(Run.COMPUTING);
                    recorder.keep(BATCH, step.create(new float[] {1, 0}));
                }
                recorder.readIfDue();
            }
            return recorder.run(untrained);
        }
    }
}
