package tutorial.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import tutorial.machine.Memory;
import tutorial.machine.TrainingThread;

/**
 * Training steps on synthetic data that stays on the device: what the device does when it never waits for photos. The
 * notebook's {@code computeOnly} takes it, for the race, the batch sizes and the memory layouts.
 *
 * @param images trained on
 * @param seconds that these took
 * @param loss of the last step that every device takes
 * @param launching of one more step: the share of its time after which Java had launched all its work. Near 1, the device
 *     waits for launches; NaN on a CPU, which computes in the call itself
 * @param gigabytes in use on the device at the end, on a CPU by the whole process; NaN where that is not known
 */
public record Throughput(long images, double seconds, double loss, double launching, double gigabytes) {
    /** A CPU's steps are counted, a GPU's timed: that many would take it no time. */
    private static final double GPU_WARM_UP = 1;
    private static final double GPU_SECONDS = 2.5;

    public double imagesPerSecond() {
        return images / seconds;
    }

    /**
     * Warms up, then measures.
     *
     * @param input a batch, (N, C, H, W)
     * @param steps at least so many; 0 only warms up
     * @param synchronise waits for the device
     * @param step learns from the input; what it returns ends with the loss and the number of right predictions
     */
    public static Throughput measure(NDArray input, int warmUpSteps, int steps, Runnable synchronise, Supplier<NDArray> step) {
        NDManager manager = input.getManager();
        boolean gpu = input.getDevice().isGpu();
        List<NDArray> results = new ArrayList<>();
        Runnable one = () -> {
            try (NDManager scratch = manager.newSubManager()) {
                input.tempAttach(scratch);                  // so that what comes of it is freed with it
                NDArray result = step.get();
                if (results.size() < warmUpSteps + steps) {
                    result.attach(manager);
                    results.add(result);
                }
            }
        };
        repeat(warmUpSteps, gpu ? GPU_WARM_UP : 0, one);
        synchronise.run();
        if (steps == 0) {
            new NDList(results).close();
            return new Throughput(0, 0, Double.NaN, Double.NaN, Double.NaN);
        }
        long begin = System.nanoTime();
        int done = repeat(steps, gpu ? GPU_SECONDS : 0, one);
        synchronise.run();
        double seconds = (System.nanoTime() - begin) / 1e9;
        double gigabytes = Memory.used(input.getDevice()) / 1e9;
        double launching = gpu ? launching(one, synchronise) : Double.NaN;
        float[] numbers = Recorder.numbers(new NDList(results));
        return new Throughput(input.getShape().get(0) * done, seconds, numbers[numbers.length - 2], launching, gigabytes);
    }

    private static int repeat(int steps, double seconds, Runnable step) {
        int done = 0;
        long begin = System.nanoTime();
        while (done < steps || System.nanoTime() - begin < seconds * 1e9) {
            step.run();
            done++;
            TrainingThread.checkStop();
        }
        return done;
    }

    private static double launching(Runnable step, Runnable synchronise) {
        long begin = System.nanoTime();
        step.run();
        long launched = System.nanoTime();
        synchronise.run();
        return (launched - begin) / (double) (System.nanoTime() - begin);
    }

    /**
     * A batch of normalised noise, (N, 3, size, size), the same on all devices, as data loading leaves one.
     *
     * @param layout how it lies in memory
     */
    public static NDArray noise(NDManager manager, int images, int size, long seed, Layout layout) {
        try (NDManager cpu = NDManager.newBaseManager(Device.cpu())) {
            cpu.getEngine().setRandomSeed((int) seed);
            NDArray pixels = cpu.randomNormal(0, 1, new Shape(images, size, size, 3), DataType.FLOAT32);
            NDArray there = layout.arrange(pixels.transpose(0, 3, 1, 2)).toDevice(manager.getDevice(), false);
            there.attach(manager);
            return there;
        }
    }
}
