package tutorial.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tutorial.machine.Memory;
import tutorial.machine.TrainingThread;

/**
 * Training steps on synthetic data that stays on the device: what the device does when it never waits for photos. The
 * notebook's {@code computeOnly} takes it, for the race, the batch sizes and the memory layouts.
 *
 * @param rate of the steps after the warm-up
 * @param loss of the second step, which every measurement takes
 * @param launching the share of a step's time after which Java had launched all its work, the median of single steps. Near 1,
 *     the device waits for launches; NaN on a device that computes in the call itself
 * @param gigabytes at most in use on the device, on a CPU by the whole process; NaN where that is not known
 * @param operators of PyTorch that a step calls, 0 where its profiler could not count them
 */
public record Throughput(Rate rate, double loss, double launching, double gigabytes, int operators) {
    /** Measures one of the things that are compared, once. */
    @FunctionalInterface
    interface Measurement<T> {
        /** @return null where it cannot be measured */
        Throughput of(T compared) throws Exception;
    }

    private static final int REPEATS = 3;
    private static final int PARTS = 3;
    private static final int GPU_WARM_UP_STEPS = 3;
    private static final int STEP_OF_LOSS = 2;
    /** The warm-up and the steps for {@link #launching}, of the time that is measured. */
    private static final double WARM_UP = 0.4;
    private static final double LAUNCHES = 0.35;
    private static final int MOST_LAUNCHES = 20;

    public double imagesPerSecond() {
        return rate.imagesPerSecond();
    }

    /**
     * Warms up, then measures, in parts of which each ends when the device is done.
     *
     * @param input a batch, (N, C, H, W)
     * @param seconds for at least so long, and at least one step
     * @param step learns from the input; what it returns ends with the loss and the number of right predictions
     */
    public static Throughput measure(NDArray input, double seconds, DeviceClock clock, Supplier<NDArray> step) {
        NDManager manager = input.getManager();
        List<NDArray> first = new ArrayList<>();
        Runnable one = () -> {
            TrainingThread.checkStop();
            try (NDManager scratch = manager.newSubManager()) {
                input.tempAttach(scratch);                  // so that what comes of it is freed with it
                NDArray result = step.get();
                if (first.size() < STEP_OF_LOSS) {
                    result.attach(manager);
                    first.add(result);
                }
            }
        };
        Memory.resetPeak();
        long start = clock.now();
        int operators = OperationProfile.operators(one);        // of the first step, which is slow in any case
        double stepSeconds = warmUp(one, start, WARM_UP * seconds, clock);
        long images = input.getShape().get(0);
        int stepsOfPart = (int) Math.max(1, seconds / PARTS / stepSeconds);
        List<Double> parts = new ArrayList<>();
        long begin = clock.now();
        long end = begin;
        do {
            for (int done = 0; done < stepsOfPart; done++) {
                one.run();
            }
            long now = clock.whenDone();
            parts.add(images * stepsOfPart / ((now - end) / 1e9));
            end = now;
        } while (end - begin < seconds * 1e9);
        double gigabytes = Memory.peak(input.getDevice()) / 1e9;
        double launching = clock.asynchronous() ? launching(one, LAUNCHES * seconds, clock) : Double.NaN;
        float[] numbers = Recorder.numbers(new NDList(first));
        return new Throughput(Rate.of(images * stepsOfPart * parts.size() / ((end - begin) / 1e9), parts), numbers[numbers.length - 2],
                launching, gigabytes, operators);
    }

    /** Goes on with single steps until so long after the first has begun, on a GPU for at least some; how many seconds the last took. */
    private static double warmUp(Runnable step, long begin, double seconds, DeviceClock clock) {
        long end = clock.whenDone();
        long last = begin;
        for (int done = 1; done < (clock.asynchronous() ? GPU_WARM_UP_STEPS : 1) || end - begin < seconds * 1e9; done++) {
            last = end;
            step.run();
            end = clock.whenDone();
        }
        return (end - last) / 1e9;
    }

    private static double launching(Runnable step, double seconds, DeviceClock clock) {
        List<Double> shares = new ArrayList<>();
        long since = clock.now();
        do {
            long begin = clock.now();
            step.run();
            long launched = clock.now();
            shares.add((launched - begin) / (double) (clock.whenDone() - begin));
        } while (shares.size() < MOST_LAUNCHES && clock.now() - since < seconds * 1e9);
        return Rate.median(shares);
    }

    /**
     * Measures what is to be compared in turns, so that whatever slows the machine down for a while slows down all of it.
     *
     * @param seconds of each measurement; of 0, as who only tries the notebook out sets them, there is one repeat
     * @return of each the median of three repeats, without what could not be measured
     */
    static <T> Map<T, Throughput> inTurns(double seconds, Collection<T> compared, Measurement<T> measurement) throws Exception {
        Map<T, List<Throughput>> repeats = new LinkedHashMap<>();
        for (int repeat = 0; repeat < (seconds > 0 ? REPEATS : 1); repeat++) {
            for (T one : compared) {
                Throughput measured = measurement.of(one);
                if (measured != null) {
                    repeats.computeIfAbsent(one, none -> new ArrayList<>()).add(measured);
                }
            }
        }
        Map<T, Throughput> medians = new LinkedHashMap<>();
        repeats.forEach((one, some) -> medians.put(one, ofRepeats(some)));
        return medians;
    }

    private static Throughput ofRepeats(List<Throughput> repeats) {
        return new Throughput(Rate.ofRepeats(repeats.stream().map(Throughput::imagesPerSecond).toList()), repeats.get(0).loss,
                Rate.median(repeats.stream().map(Throughput::launching).toList()),
                Rate.median(repeats.stream().map(Throughput::gigabytes).toList()), repeats.get(0).operators);
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
