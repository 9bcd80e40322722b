package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.photos.DataLoading.CACHED;
import static tutorial.photos.DataLoading.ON_THE_FLY;
import static tutorial.training.TrainingDevice.CPU;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tutorial.machine.GpuFigures;
import tutorial.photos.DataLoading;
import tutorial.photos.PhotoDataset;
import tutorial.photos.PhotoFolder;
import tutorial.testing.MadeUp;
import tutorial.testing.Small;

/** The parts of a training together, as in the cells of "The race", with a small network. */
class TrainingLoopTest {
    private static final int SIZE = 16;
    private static final List<PhotoFolder.Photo> PHOTOS = MadeUp.photosOf(IntStream.range(0, 10).map(i -> i % Small.CLASSES).toArray());
    private static final EpochSampler ORDER = new EpochSampler(PHOTOS, 4, 7, 2);

    private final List<Progress> told = new ArrayList<>();
    private final byte[] weights = Small.randomWeights(1);

    TrainingLoopTest() throws Exception {}

    @Test
    void aRunHasTheStepsOfAllEpochsAndNoneOfTheWarmUp() throws Exception {
        Run run = measure(ON_THE_FLY, ORDER, 3);
        assertEquals(List.of(4, 4, 2, 4, 4, 2), run.steps().stream().map(Step::images).toList());
        assertEquals(new Run.Key(CPU, ON_THE_FLY), run.key());
        assertTrue(run.inParts());
        assertEquals(0, run.caching());
        assertEquals(GpuFigures.UNKNOWN, run.gpu());
        assertEquals(20, told.get(told.size() - 1).images());
        assertEquals(20, told.get(told.size() - 1).totalImages());
    }

    @Test
    void whateverTheDataLoadingAndTheWarmUpARunLearnsTheSame() throws Exception {
        List<Double> expected = losses(measure(ON_THE_FLY, ORDER, 2));
        assertTrue(expected.get(4) < expected.get(0), expected.toString());
        Run cached = measure(CACHED, ORDER, 0);
        assertEquals(expected, losses(cached));
        assertTrue(cached.caching() > 0);
    }

    @Test
    void onlyAWholeTrainingLeavesItsWeights() throws Exception {
        byte[] learned = measure(CACHED, ORDER, 1).weights();
        assertEquals(weights.length, learned.length);
        assertFalse(Arrays.equals(weights, learned));
        Run part = measure(CACHED, ORDER.first(2), 1);
        assertEquals(2, part.steps().size());
        assertNull(part.weights());
    }

    private static List<Double> losses(Run run) {
        return run.steps().stream().map(Step::loss).toList();
    }

    /** As the notebook's method of this name. */
    private Run measure(DataLoading loading, EpochSampler order, int warmUpSteps) throws Exception {
        Stopwatch watch = new Stopwatch(new DeviceClock(CPU, () -> {}), false);
        try (BatchSource source = new BatchSource(dataset(), loading, SIZE, CPU);
             Recorder warmUp = new Recorder(CPU, source, order.first(warmUpSteps), watch, 1, done -> {});
             Recorder recorder = new Recorder(CPU, source, order, watch, 10, told::add)) {
            train(source, warmUp);
            return train(source, recorder);
        }
    }

    /** As the notebook's method of this name; labels must be those of the photos. */
    private Run train(BatchSource source, Recorder recorder) throws Exception {
        try (Model model = Small.model(weights)) {
            try (FlatTrainer trainer = Small.trainer(model); BatchSource.Batches batches = source.batches(recorder.order())) {
                Stopwatch watch = recorder.start();
                while (batches.hasNext()) {
                    Batch batch = batches.next();
                    watch.lap(Run.WAITING);
                    NDArray pixels = batch.getData().head();
                    NDArray labels = recorder.labels(batch);
                    assertArrayEquals(pixels.get(":, 0, 0, 0").toType(DataType.INT64, true).toLongArray(), labels.mul(50).toLongArray());
                    NDArray images = pixels.toType(DataType.FLOAT32, false).div(255).transpose(0, 3, 1, 2);
                    recorder.keep(batch.getSize(), Small.learn(trainer, images, labels));
                    watch.lap(Run.COMPUTING);
                    batch.close();
                    recorder.readIfDue();
                }
            }
            return recorder.run(model);
        }
    }

    private static PhotoDataset dataset() {
        return new PhotoDataset(PHOTOS, 2, TrainingLoopTest::pixels);
    }

    /** Each class has a colour of its own, whose red is 50 times its label. */
    private static NDArray pixels(NDManager manager, Path photo) {
        int label = Integer.parseInt(photo.toString().replace(".png", "")) % Small.CLASSES;
        return manager.create(new int[] {50 * label, 200 - 40 * label, label % 2 * 200}).toType(DataType.UINT8, false)
                .reshape(1, 1, 3).broadcast(new Shape(SIZE, SIZE, 3));
    }
}
