package tutorial.photos;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Sampler;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;

/**
 * Photos that lie in one array. Where it is on the device that trains, a batch is picked from it there, by the numbers of its rows.
 *
 * <p>DJL's own {@link ArrayDataset} brings these numbers to the device batch by batch. A GPU can take them only between
 * two steps, so each batch would wait for the step before. Here those of all batches are brought there at once.
 *
 * <p>Where the array is in the machine's memory, since the device's is too small, threads pick the batches and bring them to the device.
 */
final class CachedPhotoDataset extends ArrayDataset {
    /**
     * @param pixels (N, H, W, 3)
     * @param device where batches are to be
     * @param ahead how many batches are brought there before they are needed
     */
    CachedPhotoDataset(NDArray pixels, Device device, int ahead) {
        super(new ArrayDataset.Builder().setData(pixels).setSampling(1, false).optDevice(device).optPrefetchNumber(ahead));
    }

    /**
     * The batches that the sampler names, in its order, without labels.
     *
     * @param manager on the device of the photos; what is not closed with a batch is closed with it
     * @param threads that bring batches to another device
     */
    @Override
    public Iterable<Batch> getData(NDManager manager, Sampler sampler, ExecutorService threads) throws IOException, TranslateException {
        return data[0].getDevice().equals(device) ? pickedThere(manager, sampler) : super.getData(manager, sampler, threads);
    }

    private Iterable<Batch> pickedThere(NDManager manager, Sampler sampler) {
        List<List<Long>> rows = new ArrayList<>();
        sampler.sample(this).forEachRemaining(rows::add);
        NDArray all = manager.create(rows.stream().flatMap(List::stream).mapToLong(Long::longValue).toArray());
        return () -> new Iterator<>() {
            private int next;
            private long begin;

            @Override
            public boolean hasNext() {
                return next < rows.size();
            }

            @Override
            public Batch next() {
                int size = rows.get(next++).size();
                NDManager owner = manager.newSubManager();
                NDIndex ofBatch = new NDIndex("{}", all.get(owner, new NDIndex("{}:{}", begin, begin + size)));
                begin += size;
                return new Batch(owner, new NDList(data[0].get(owner, ofBatch)), new NDList(), size,
                        Batchifier.STACK, Batchifier.STACK, begin, all.size());
            }
        };
    }
}
