package tutorial.photos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import tutorial.testing.Profile;
import tutorial.testing.Small;

class CachedPhotoDatasetTest {
    private static final List<List<Long>> ORDER = List.of(List.of(3L, 0L), List.of(4L, 1L), List.of(2L));

    @Test
    void batchesHaveTheRowsOfTheOrderAndAreFreedWhenClosed() throws Exception {
        try (NDManager manager = Small.manager(); NDManager feed = manager.newSubManager()) {
            NDArray pixels = manager.arange(5).toType(DataType.UINT8, false).reshape(5, 1, 1, 1).broadcast(new Shape(5, 2, 2, 3));
            Iterator<Batch> batches = new CachedPhotoDataset(pixels, Device.cpu(), 1).getData(feed, order(), null).iterator();
            int before = Small.liveArrays(feed);
            for (List<Long> rows : ORDER) {
                assertTrue(batches.hasNext());
                Batch batch = batches.next();
                NDArray data = batch.getData().singletonOrThrow();
                assertEquals(new Shape(rows.size(), 2, 2, 3), data.getShape());
                assertEquals(rows.size(), batch.getSize());
                assertArrayEquals(rows.stream().mapToInt(Long::intValue).toArray(),
                        data.get(":, 0, 0, 0").toType(DataType.INT32, false).toIntArray());
                batch.close();
                assertEquals(before, Small.liveArrays(feed));
            }
            assertEquals(false, batches.hasNext());
        }
    }

    /** One operator picks a batch: its row numbers are on the device already. */
    @Test
    void aBatchIsPickedInOneGo() throws Exception {
        try (NDManager manager = Small.manager()) {
            NDArray pixels = manager.zeros(new Shape(5, 2, 2, 3), DataType.UINT8);
            Iterator<Batch> batches = new CachedPhotoDataset(pixels, Device.cpu(), 1).getData(manager, order(), null).iterator();
            batches.next();
            Profile profile = Small.profile(batches::next);
            assertEquals(1, profile.count("index"), profile.toString());
            assertEquals(1, profile.computing(), profile.toString());
        }
    }

    private static Sampler order() {
        return new Sampler() {
            @Override
            public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
                return ORDER.iterator();
            }

            @Override
            public int getBatchSize() {
                return 2;
            }
        };
    }
}
