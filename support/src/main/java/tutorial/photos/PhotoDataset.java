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
import ai.djl.training.dataset.SequenceSampler;
import ai.djl.util.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tutorial.machine.TrainingThread;

/**
 * Photos that are decoded on the fly, each whenever it is needed, by threads that work ahead of the training. The notebook
 * makes one of its training photos, measures its decoding rate, and lets it fill the cache.
 */
public final class PhotoDataset extends RandomAccessDataset {
    /** Decodes a photo into an array of bytes, (height, width, 3). */
    @FunctionalInterface
    public interface Pixels {
        NDArray of(NDManager manager, Path photo) throws IOException;
    }

    /** What DJL's data sets are built with. */
    public static final class Builder extends BaseBuilder<Builder> {
        @Override
        protected Builder self() {
            return this;
        }
    }

    private final List<PhotoFolder.Photo> photos;
    private final int decoders;
    private final Pixels pixels;

    /** @param decoders threads that decode */
    public PhotoDataset(List<PhotoFolder.Photo> photos, int decoders, Pixels pixels) {
        super(new Builder().setSampling(1, false).optPrefetchNumber(2 * decoders));
        this.photos = photos;
        this.decoders = decoders;
        this.pixels = pixels;
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

    /** Without a label: those of all batches go to a device at once, see {@link Order}. */
    @Override
    public Record get(NDManager manager, long index) throws IOException {
        return new Record(new NDList(pixels.of(manager, photos.get((int) index).file())), new NDList());
    }

    /** Decodes every photo once and throws it away; to be called twice, since Java compiles hot code only after a while. */
    public double decodingRate() throws Exception {
        int portion = Math.max(1, Math.min(32, photos.size() / (4 * decoders)));     // else a thread runs out of work
        long start = System.nanoTime();
        eachPortion(portion, batch -> {});
        return photos.size() / ((System.nanoTime() - start) / 1e9);
    }

    /** Decodes every photo once, into one array of bytes (N, size, size, 3) that the manager owns. */
    public RandomAccessDataset cached(NDManager owner, int size) throws Exception {
        NDArray all = owner.create(new Shape(photos.size(), size, size, 3), DataType.UINT8);
        long[] from = {0};
        eachPortion(32, batch -> {
            NDArray decoded = batch.getData().head().toDevice(owner.getDevice(), false);
            all.set(new NDIndex("{}:{}", from[0], from[0] + batch.getSize()), decoded);
            from[0] += batch.getSize();
        });
        return new CachedPhotos(all);
    }

    private interface Use {
        void of(Batch batch) throws Exception;
    }

    private void eachPortion(int portion, Use use) throws Exception {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu()); DecoderPool pool = new DecoderPool(decoders)) {
            for (Batch batch : getData(manager, new BatchSampler(new SequenceSampler(), portion, false), pool)) {
                use.of(batch);
                batch.close();
                TrainingThread.checkStop();
            }
        }
    }
}
