package tutorial.photos;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.training.dataset.Sampler;
import ai.djl.training.dataset.SequenceSampler;
import ai.djl.util.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import tutorial.machine.Memory;
import tutorial.machine.TrainingThread;

/** Photos that are decoded on the fly, each whenever it is needed, by threads that work ahead of the training; can fill a cache. */
public final class PhotoDataset extends RandomAccessDataset {
    /** Decodes a photo into an array of bytes, (height, width, 3). */
    @FunctionalInterface
    public interface Pixels {
        NDArray of(NDManager manager, Path photo) throws IOException;
    }

    private static final class Builder extends BaseBuilder<Builder> {
        @Override
        protected Builder self() {
            return this;
        }
    }

    private static final int PORTION = 32;

    private final List<PhotoFolder.Photo> photos;
    private final int decoders;
    private final Pixels pixels;

    /** @param decoders threads that decode */
    public PhotoDataset(List<PhotoFolder.Photo> photos, int decoders, Pixels pixels) {
        this(photos, decoders, pixels, Device.cpu());
    }

    private PhotoDataset(List<PhotoFolder.Photo> photos, int decoders, Pixels pixels, Device device) {
        super(new Builder().setSampling(1, false).optPrefetchNumber(2 * decoders).optDevice(device));
        this.photos = photos;
        this.decoders = decoders;
        this.pixels = pixels;
    }

    /**
     * The same photos, whose batches come on a device. The threads that decode them bring them there: such a copy waits for all that a
     * GPU has been given before, and in the thread that trains nothing would be launched meanwhile.
     */
    public PhotoDataset on(Device device) {
        return new PhotoDataset(photos, decoders, pixels, device);
    }

    /** Threads that decode. */
    public int decoders() {
        return decoders;
    }

    @Override
    protected long availableSize() {
        return photos.size();
    }

    @Override
    public void prepare(Progress progress) {}

    /** Without a label: those of all batches go to a device at once, before the training. */
    @Override
    public Record get(NDManager manager, long index) throws IOException {
        return new Record(new NDList(pixels.of(manager, photos.get((int) index).file())), new NDList());
    }

    /**
     * Decodes the photos again and again for so long, at least one portion for each thread, and throws them away.
     *
     * @return photos per second
     */
    public double decodingRate(double seconds) throws Exception {
        int portion = Math.max(1, Math.min(PORTION, photos.size() / (4 * decoders)));     // else a thread runs out of work
        long begin = System.nanoTime();
        long[] decoded = {0};
        Sampler untilTheEnd = new Sampler() {
            @Override
            public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
                return LongStream.iterate(0, from -> from + portion)
                        .takeWhile(from -> from < portion * decoders || System.nanoTime() - begin < seconds * 1e9)
                        .mapToObj(from -> LongStream.range(from, from + portion).map(photo -> photo % photos.size()).boxed().toList()).iterator();
            }

            @Override
            public int getBatchSize() {
                return portion;
            }
        };
        eachBatch(untilTheEnd, batch -> decoded[0] += batch.getSize());
        return decoded[0] / ((System.nanoTime() - begin) / 1e9);
    }

    /** Bytes of the cache: all photos, of so many pixels a side. */
    public long cacheBytes(int size) {
        return 3L * size * size * photos.size();
    }

    /** Whether the cache takes at most half of this machine's free memory. */
    public boolean cacheFits(int size) {
        return cacheBytes(size) <= Memory.free(Device.cpu()) / 2;
    }

    /** Where the cache would lie: on the device if it takes less than half of its free memory, else in the machine's. */
    public Device cacheDevice(int size, Device device) {
        return cacheDevice(size, device, Memory.free(device));
    }

    Device cacheDevice(int size, Device device, long free) {
        return cacheBytes(size) < free / 2 ? device : Device.cpu();
    }

    /** Decodes every photo once, into one array of bytes (N, size, size, 3) that the manager owns, be it on the batches' device or not. */
    public RandomAccessDataset cached(NDManager owner, int size) throws Exception {
        NDArray all = owner.create(new Shape(photos.size(), size, size, 3), DataType.UINT8);
        long[] from = {0};
        on(owner.getDevice()).eachBatch(new BatchSampler(new SequenceSampler(), PORTION, false), batch -> {
            all.set(new NDIndex("{}:{}", from[0], from[0] + batch.getSize()), batch.getData().head());
            from[0] += batch.getSize();
        });
        return new CachedPhotoDataset(all, device, prefetchNumber);
    }

    private void eachBatch(Sampler order, Consumer<Batch> use) throws Exception {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu()); DecoderPool pool = new DecoderPool(decoders)) {
            for (Batch batch : getData(manager, order, pool)) {
                use.accept(batch);
                batch.close();
                TrainingThread.checkStop();
            }
        }
    }
}
