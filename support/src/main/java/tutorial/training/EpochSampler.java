package tutorial.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import tutorial.photos.PhotoFolder;

/**
 * In which order a run sees the photos: shuffled in each epoch, the same way for the same seed, so that all devices learn
 * from the same batches. The last batch of an epoch may be shorter.
 *
 * <p>It hands out the batches of all epochs in one go, so that reading ahead does not stop between two epochs, and all labels
 * go to a device at once. The notebook's race makes one for all devices.
 *
 * @param photos to train on
 * @param maxSteps after so many it ends, whatever the epochs
 */
public record EpochSampler(List<PhotoFolder.Photo> photos, int batchSize, long seed, int epochs, int maxSteps) implements Sampler {
    /** All batches of so many epochs. */
    public EpochSampler(List<PhotoFolder.Photo> photos, int batchSize, long seed, int epochs) {
        this(photos, batchSize, seed, epochs, Integer.MAX_VALUE);
    }

    /** The first steps of as many epochs as they take. */
    public EpochSampler first(int steps) {
        return new EpochSampler(photos, batchSize, seed, Integer.MAX_VALUE, steps);
    }

    @Override
    public int getBatchSize() {
        return batchSize;
    }

    @Override
    public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
        return batches().iterator();
    }

    /** The indices of the photos of each batch. */
    public List<List<Long>> batches() {
        int count = photos.size();
        List<Long> indices = new ArrayList<>(LongStream.range(0, count).boxed().toList());
        Random random = new Random(seed);
        List<List<Long>> batches = new ArrayList<>();
        for (int epoch = 0; epoch < epochs && batches.size() < maxSteps; epoch++) {
            Collections.shuffle(indices, random);
            for (int from = 0; from < count && batches.size() < maxSteps; from += batchSize) {
                batches.add(List.copyOf(indices.subList(from, Math.min(from + batchSize, count))));
            }
        }
        return batches;
    }

    public long images() {
        return batches().stream().mapToLong(List::size).sum();
    }

    /** As many of the first steps as take about so long at a rate, at least one. */
    public EpochSampler lasting(double seconds, Rate rate) {
        return first((int) Math.max(1, Math.ceil(seconds * rate.imagesPerSecond() / batchSize)));
    }

    /** The sizes of batches that a device has to be warmed up with: all that there are, the usual one last; none of a CPU. */
    public List<Integer> warmUpSizes(TrainingDevice on) {
        int last = photos.size() % batchSize;
        return !on.isAsynchronous() ? List.of() : last == 0 ? List.of(batchSize) : List.of(last, batchSize);
    }

    /** Epochs that it begins. */
    int begunEpochs() {
        return (int) ((images() + photos.size() - 1) / photos.size());
    }

    /** Whether it has every photo in every epoch. */
    boolean isWhole() {
        return maxSteps == Integer.MAX_VALUE;
    }

    /** The labels of all batches, one after the other, on the manager's device. */
    public NDArray labels(NDManager manager) {
        return manager.create(batches().stream().flatMap(List::stream)
                .mapToLong(index -> photos.get(index.intValue()).label()).toArray());
    }
}
