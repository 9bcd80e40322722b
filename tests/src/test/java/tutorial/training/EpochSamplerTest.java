package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tutorial.photos.PhotoFolder;
import tutorial.testing.MadeUp;
import tutorial.testing.Small;

class EpochSamplerTest {
    private final EpochSampler order = new EpochSampler(MadeUp.photos(10), 4, 7, 3);

    @Test
    void everyEpochHasEveryPhotoOnceAndAShorterLastBatch() {
        List<List<Long>> batches = order.batches();
        assertEquals(List.of(4, 4, 2, 4, 4, 2, 4, 4, 2), batches.stream().map(List::size).toList());
        for (int epoch = 0; epoch < 3; epoch++) {
            List<Long> photos = indices(batches.subList(3 * epoch, 3 * epoch + 3));
            assertEquals(LongStream.range(0, 10).boxed().toList(), photos.stream().sorted().toList());
        }
        assertEquals(30, order.images());
    }

    @Test
    void eachEpochIsShuffledAnewButAlikeForTheSameSeed() {
        List<List<Long>> batches = order.batches();
        assertNotEquals(indices(batches.subList(0, 3)), indices(batches.subList(3, 6)));
        assertEquals(batches, new EpochSampler(MadeUp.photos(10), 4, 7, 3).batches());
        assertNotEquals(batches, new EpochSampler(MadeUp.photos(10), 4, 8, 3).batches());
    }

    /** All devices and ways of data loading are asked for the same batches, through DJL's interface too. */
    @Test
    void djlGetsTheSameBatchesEachTime() {
        for (int time = 0; time < 2; time++) {
            List<List<Long>> batches = new ArrayList<>();
            order.sample(null).forEachRemaining(batches::add);
            assertEquals(order.batches(), batches);
        }
        assertEquals(4, order.getBatchSize());
    }

    @Test
    void theFirstStepsAreThoseThatTheWholeBeginsWithAndGoBeyondItsEpochs() {
        assertEquals(order.batches().subList(0, 5), order.first(5).batches());
        assertEquals(20, order.first(20).batches().size());
        assertEquals(order.batches(), order.first(20).batches().subList(0, 9));
        assertEquals(List.of(), order.first(0).batches());
        assertEquals(List.of(true, false, false), List.of(order.isWhole(), order.first(1).isWhole(), order.first(1_000).isWhole()));
    }

    @Test
    void anEpochCountsFromItsFirstImageOn() {
        assertEquals(3, order.begunEpochs());
        assertEquals(List.of(0, 1, 1, 2), Stream.of(0, 1, 3, 4).map(steps -> order.first(steps).begunEpochs()).toList());
    }

    @Test
    void anAsynchronousDeviceIsWarmedUpWithAllSizesOfBatchesTheUsualOneLast() {
        for (TrainingDevice on : List.of(MadeUp.GPU, MadeUp.STAND_IN)) {
            assertEquals(List.of(2, 4), order.warmUpSizes(on));
            assertEquals(List.of(5), new EpochSampler(MadeUp.photos(10), 5, 7, 3).warmUpSizes(on));
        }
        assertEquals(List.of(), order.warmUpSizes(TrainingDevice.CPU));
    }

    @Test
    void asManyStepsAsTakeSoLong() {
        assertEquals(order.first(6), order.lasting(2, new Rate(10.1, 1)));
        assertEquals(order.first(5), order.lasting(2, new Rate(9.9, 1)));
        assertEquals(order.first(1), order.lasting(0, new Rate(10, 1)));
    }

    @Test
    void labelsFollowThePhotosThroughAllBatches() {
        List<PhotoFolder.Photo> photos = MadeUp.photosOf(3, 1, 2, 0, 3);
        EpochSampler some = new EpochSampler(photos, 2, 7, 2);
        try (NDManager manager = Small.manager()) {
            assertArrayEquals(indices(some.batches()).stream().mapToLong(index -> photos.get(index.intValue()).label()).toArray(),
                    some.labels(manager).toLongArray());
            assertEquals(0, some.first(0).labels(manager).size());
        }
    }

    private static List<Long> indices(List<List<Long>> batches) {
        return batches.stream().flatMap(List::stream).toList();
    }
}
