package tutorial.training;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import tutorial.machine.Memory;
import tutorial.machine.TrainingThread;
import tutorial.photos.DataLoading;
import tutorial.photos.DecoderPool;
import tutorial.photos.PhotoDataset;

/** Where a training gets its batches from, on its device: photos decoded on the fly, or cached, on the device if they fit there. */
public final class BatchSource implements AutoCloseable {
    /** Batches one after the other; on the fly, threads decode the next ones and bring them to the device. The stop button ends it. */
    public final class Batches implements Iterator<Batch>, AutoCloseable {
        private final NDManager manager = owner.newSubManager();
        private final DecoderPool pool = new DecoderPool(photos.decoders());
        private final Iterator<Batch> batches;

        private Batches(Sampler sampler) throws Exception {
            batches = dataset.getData(manager, sampler, pool).iterator();
        }

        @Override
        public boolean hasNext() {
            return batches.hasNext();
        }

        @Override
        public Batch next() {
            TrainingThread.checkStop();
            try {
                return batches.next();
            } catch (IllegalStateException e) {            // a thread that worked ahead failed
                throw e.getCause() instanceof ExecutionException failed && failed.getCause() instanceof EngineException ofPyTorch
                        ? ofPyTorch : e;
            }
        }

        @Override
        public void close() {
            pool.close();
            manager.close();
        }
    }

    private final PhotoDataset photos;
    private final DataLoading loading;
    private final NDManager owner;
    private final RandomAccessDataset dataset;
    private final double cachingSeconds;

    /**
     * Fills the cache, if there is to be one.
     *
     * @param on what will train
     */
    public BatchSource(PhotoDataset photos, DataLoading loading, int imageSize, TrainingDevice on) throws Exception {
        this.photos = photos;
        this.loading = loading;
        Memory.freeUnused();                           // the run before this one may have left much
        boolean cached = loading == DataLoading.CACHED;
        owner = NDManager.newBaseManager(cached ? photos.cacheDevice(imageSize, on.device()) : Device.cpu());
        try {
            long begin = System.nanoTime();
            PhotoDataset there = photos.on(on.device());
            dataset = cached ? there.cached(owner, imageSize) : there;
            cachingSeconds = cached ? (System.nanoTime() - begin) / 1e9 : 0;
        } catch (Exception e) {
            owner.close();
            throw e;
        }
    }

    public DataLoading loading() {
        return loading;
    }

    /** Seconds that decoding all photos beforehand took; 0 on the fly. */
    double cachingSeconds() {
        return cachingSeconds;
    }

    /** @param sampler says which photos are in which batch */
    public Batches batches(Sampler sampler) throws Exception {
        return new Batches(sampler);
    }

    @Override
    public void close() {
        owner.close();
    }
}
