package tutorial.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tutorial.machine.GpuMonitor;
import tutorial.machine.Machine;
import tutorial.machine.OutOfMemory;
import tutorial.machine.TrainingThread;
import tutorial.page.ProgressLine;
import tutorial.photos.DecoderPool;
import tutorial.photos.PhotoCache;
import tutorial.photos.PhotoDataset;

/**
 * Does one run of the race around the loop that the notebook shows: fills the cache if there is to be one, warms up, trains
 * on a thread that the stop button ends between two batches, and frees all that the run took, however it ends. The
 * notebook's {@code measure} makes one for each run.
 */
public final class Runner {
    /** Makes a trainer for a model without a network, with the weights that every run begins with. */
    @FunctionalInterface
    public interface NewTrainer {
        Trainer of(Model model) throws Exception;
    }

    /** Trains on all batches. */
    @FunctionalInterface
    public interface Loop {
        void train(Trainer trainer, NDArray labels, Iterator<Batch> batches, Recorder recorder) throws Exception;
    }

    /** Trains on synthetic data until a device is at full speed for a batch of this size. */
    @FunctionalInterface
    public interface WarmUp {
        void with(int images) throws Exception;
    }

    private final String name;
    private final Device device;
    private final PhotoDataset photos;
    private final int imageSize;
    private final int warmUpSteps;
    private final int stepsPerReading;
    private Runnable synchronise = () -> {};
    private NewTrainer newTrainer;
    private Loop loop;
    private WarmUp warmUp = images -> {};
    private BiConsumer<Model, Run> whenTrained = (model, run) -> {};
    private byte[] learned;

    /**
     * @param name of the device on the page
     * @param stepsPerReading how many steps of a GPU are read together, see {@link Recorder}
     */
    public Runner(String name, Device device, PhotoDataset photos, int imageSize, int warmUpSteps, int stepsPerReading) {
        this.name = name;
        this.device = device;
        this.photos = photos;
        this.imageSize = imageSize;
        this.warmUpSteps = warmUpSteps;
        this.stepsPerReading = stepsPerReading;
    }

    /** What the notebook's cells define. */
    public Runner with(NewTrainer newTrainer, Loop loop, Runnable synchronise, WarmUp warmUp) {
        this.newTrainer = newTrainer;
        this.loop = loop;
        this.synchronise = synchronise;
        this.warmUp = warmUp;
        return this;
    }

    /**
     * Each whole training saves its network at its end, before anything else can go wrong.
     *
     * @param tell takes a line, as HTML, if it cannot be saved
     */
    public Runner savingTo(Path folder, List<String> classes, Consumer<String> tell) {
        this.whenTrained = (model, run) -> {
            Shape input = new Shape(1, 3, imageSize, imageSize);
            try {
                model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, input);   // has its weights, and learns its input
            } catch (RuntimeException e) {
                tell.accept("<b>The network is not saved yet.</b> " + e.getMessage());        // but the run is not lost for it
                return;
            }
            ModelFolder.saveOrTell(model, classes, folder, run.diverged(), tell);
        };
        return this;
    }

    /**
     * Trains.
     *
     * @param loading "on the fly" or "cached"
     * @param inParts whether to time each part of a GPU's steps, which makes them slower; a CPU's always are
     * @param show takes the progress line, as HTML
     * @throws IllegalStateException in one line with the remedy, if a batch does not fit into memory
     */
    public Run run(String loading, Order order, boolean inParts, Consumer<String> show) throws Exception {
        learned = null;
        int epochs = order.isWhole() ? order.epochs() : order.begunEpochs();
        try (ProgressLine progress = new ProgressLine(name + ", " + loading, epochs, order.images(), show);
             GpuMonitor monitor = new GpuMonitor(device)) {
            return monitor.keep(TrainingThread.run(() -> warmUpAndRun(loading, order, inParts, progress)), Run::wallSeconds);
        } catch (EngineException e) {
            throw OutOfMemory.explained(e, name, order.batchSize());
        }
    }

    /** The weights after the last run, as DJL saves them; null if it was not a whole training. */
    public byte[] learned() {
        return learned;
    }

    private Run warmUpAndRun(String loading, Order order, boolean inParts, ProgressLine progress) throws Exception {
        Machine.freeUnused();                           // the run before this one may have left much
        boolean cached = loading.equals("cached");
        Device place = cached ? PhotoCache.placeFor(PhotoCache.bytes(order.photos().size(), imageSize), device) : Device.cpu();
        try (NDManager owner = NDManager.newBaseManager(place)) {
            long begin = System.nanoTime();
            RandomAccessDataset dataset = cached ? photos.cached(owner, imageSize) : photos;
            double caching = cached ? (System.nanoTime() - begin) / 1e9 : 0;
            if (device.isGpu()) {
                int last = order.photos().size() % order.batchSize();
                for (int images : last == 0 ? List.of(order.batchSize()) : List.of(last, order.batchSize())) {
                    warmUp.with(images);
                }
            }
            train(newRun(loading, 0), dataset, owner, order.first(warmUpSteps), inParts, ProgressLine.silent());
            Run run = newRun(loading, caching);
            train(run, dataset, owner, order, inParts, progress);
            return run;
        }
    }

    private Run newRun(String loading, double caching) {
        String processor = device.isGpu() ? Machine.gpu(device.getDeviceId()) : Machine.cpu();
        return new Run(name, processor, loading, caching, new ArrayList<>());
    }

    private void train(Run run, RandomAccessDataset dataset, NDManager owner, Order order, boolean inParts, ProgressLine progress)
            throws Exception {
        boolean partByPart = inParts || !device.isGpu();
        Stopwatch watch = partByPart ? new Stopwatch(synchronise) : Stopwatch.ofWholes();
        try (Model model = Model.newInstance("resnet18", device);
             NDManager batches = owner.newSubManager();
             DecoderPool pool = new DecoderPool(photos.decoders())) {
            try (Trainer trainer = newTrainer.of(model)) {
                NDManager results = trainer.getManager();
                Recorder recorder = new Recorder(run, order.photos().size(), partByPart ? 1 : stepsPerReading, watch, results, progress);
                loop.train(trainer, order.labels(results), dataset.getData(batches, order, pool).iterator(), recorder);
            }
            if (order.isWhole()) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                model.getBlock().saveParameters(new DataOutputStream(bytes));
                learned = bytes.toByteArray();
                whenTrained.accept(model, run);
            }
        }
    }
}
