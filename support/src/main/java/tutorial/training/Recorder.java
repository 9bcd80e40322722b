package tutorial.training;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.dataset.Batch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import tutorial.machine.CpuFigures;
import tutorial.machine.GpuFigures;
import tutorial.machine.GpuMonitor;

/**
 * Keeps the time of a training and what its steps gave; the loop of the notebook calls it.
 *
 * <p>Reading the loss after every step would stall a GPU: its queue runs empty while Java waits. So the results of several
 * steps stay on the device and are read together, and the time of such a stretch is shared evenly among its steps.
 */
public final class Recorder implements AutoCloseable {
    /** What was seen of a device between two times, in nanoseconds of the watch. */
    @FunctionalInterface
    interface Watcher {
        GpuFigures between(long begin, long end);

        /** Ends it. */
        default void close() {}
    }

    private record Unread(int epoch, int images, NDArray lossAndCorrect) {}

    private final Run.Key key;
    private final double caching;
    private final EpochSampler order;
    private final Stopwatch watch;
    private final int stepsPerReading;
    private final Consumer<Progress> progress;
    private final Function<NDList, float[]> reading;
    private final NDManager results;
    private final NDArray labels;
    private final Watcher watcher;
    private final List<Unread> unread = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final long totalImages;
    private long images;
    private long begin;
    private long end;
    private CpuFigures.Reading cpuAtBegin;
    private CpuFigures.Reading cpuAtEnd;

    /**
     * @param source of its batches
     * @param order of the photos in them
     * @param watch times the parts of each step, or never waits for a GPU and times stretches of steps
     * @param stepsPerReading how many steps make a stretch, if parts are not timed
     * @param progress is told after each reading
     */
    public Recorder(TrainingDevice on, BatchSource source, EpochSampler order, Stopwatch watch, int stepsPerReading,
            Consumer<Progress> progress) {
        this(on, source, order, watch, stepsPerReading, progress, Recorder::numbers, watcher(on));
    }

    /** @param reading waits for the device and brings the numbers of several arrays here; closes the arrays */
    Recorder(TrainingDevice on, BatchSource source, EpochSampler order, Stopwatch watch, int stepsPerReading,
            Consumer<Progress> progress, Function<NDList, float[]> reading, Watcher watcher) {
        this.key = new Run.Key(on, source.loading());
        this.caching = source.cachingSeconds();
        this.order = order;
        this.totalImages = order.images();
        this.watch = watch;
        this.stepsPerReading = watch.timesParts() ? 1 : stepsPerReading;
        this.progress = progress;
        this.results = NDManager.newBaseManager(on.device());
        this.labels = order.labels(results);
        this.reading = reading;
        this.watcher = watcher;
    }

    private static Watcher watcher(TrainingDevice on) {
        GpuMonitor monitor = GpuMonitor.of(on.device());
        return new Watcher() {
            @Override
            public GpuFigures between(long begin, long end) {
                return monitor.between(begin, end);
            }

            @Override
            public void close() {
                monitor.close();
            }
        };
    }

    /** Starts the clock. */
    public Stopwatch start() {
        cpuAtBegin = CpuFigures.Reading.now();
        cpuAtEnd = cpuAtBegin;
        watch.start();
        begin = watch.lastLap();
        end = begin;
        return watch;
    }

    /** In which order the photos come. */
    public EpochSampler order() {
        return order;
    }

    /** The labels of the next batch, which are on the device already. */
    public NDArray labels(Batch next) {
        return labels.get(next.getManager(), new NDIndex("{}:{}", images, images + next.getSize()));
    }

    /**
     * Keeps the result of a step, unread.
     *
     * @param lossAndCorrect two numbers, which may be still to be computed
     */
    public void keep(int batchSize, NDArray lossAndCorrect) {
        lossAndCorrect.attach(results);
        unread.add(new Unread(1 + (int) (images / order.photos().size()), batchSize, lossAndCorrect));
        images += batchSize;
    }

    /** Reads the results at the end of a stretch or of the run, and tells the progress while the clock stands still. */
    public void readIfDue() {
        if (unread.size() < stepsPerReading && images < totalImages) {
            return;
        }
        read();
        Run soFar = new Run(key, caching, steps);
        Run epoch = soFar.epoch(soFar.lastEpoch());
        progress.accept(new Progress(soFar.lastEpoch(), order.begunEpochs(), images, totalImages, soFar.seconds(), epoch.loss(), epoch.accuracy()));
        watch.start();
    }

    private void read() {
        float[] numbers = reading.apply(new NDList(unread.stream().map(Unread::lossAndCorrect).toList()));
        watch.lap(Run.READING);
        double seconds = watch.seconds() / unread.size();
        double wall = watch.secondsWithPause() / unread.size();
        end = watch.lastLap();
        if (images == totalImages) {
            cpuAtEnd = CpuFigures.Reading.now();
        }
        Map<String, Double> parts = watch.parts();
        parts.replaceAll((part, sum) -> sum / unread.size());
        for (int i = 0; i < unread.size(); i++) {
            steps.add(new Step(unread.get(i).epoch(), unread.get(i).images(), seconds, wall,
                    parts, numbers[2 * i], (long) numbers[2 * i + 1]));
        }
        unread.clear();
    }

    /** The numbers of several arrays, brought here together; the arrays are closed. */
    static float[] numbers(NDList arrays) {
        try (NDManager scratch = arrays.getManager().newSubManager()) {
            arrays.attach(scratch);
            return NDArrays.concat(arrays).toFloatArray();
        }
    }

    /**
     * What was recorded; of a whole training with the weights that it learned.
     *
     * @param trained the network's model, once its trainer is closed
     */
    public Run run(Model trained) throws IOException {
        byte[] weights = order.isWhole() ? Weights.bytesOf(trained.getBlock()) : null;
        return new Run(key, caching, steps, watcher.between(begin, end), CpuFigures.between(cpuAtBegin, cpuAtEnd), weights);
    }

    @Override
    public void close() {
        watcher.close();
        results.close();
    }
}
