package tutorial.photos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import ai.djl.training.dataset.SequenceSampler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tutorial.machine.Memory;
import tutorial.testing.MadeUp;
import tutorial.testing.Small;
import tutorial.training.EpochSampler;

class PhotoDatasetTest {
    private static final int SIZE = 2;

    private final ConcurrentLinkedQueue<Integer> decoded = new ConcurrentLinkedQueue<>();

    /** Also where there are fewer photos than threads. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 70})
    void theRateIsThatOfDecodingThePhotosAgainAndAgainForSoLong(int photos) throws Exception {
        long begin = System.nanoTime();
        double rate = new PhotoDataset(MadeUp.photos(photos), 4, this::pixels).decodingRate(0.3);
        double seconds = (System.nanoTime() - begin) / 1e9;
        assertTrue(seconds >= 0.3, seconds + " s");
        assertEquals(IntStream.range(0, photos).boxed().toList(), decoded.stream().distinct().sorted().toList());
        assertTrue(decoded.size() > photos, "more than once");
        assertTrue(rate >= decoded.size() / seconds && rate <= decoded.size() / 0.3, rate + " of " + decoded.size() + " in " + seconds);
    }

    /** In portions of 32, 40 photos would be work for two. */
    @Test
    void allDecodersAreBusyWhileTheirRateIsTaken() throws Exception {
        int decoders = 8;
        Set<Thread> atWork = ConcurrentHashMap.newKeySet();
        CountDownLatch all = new CountDownLatch(decoders);
        new PhotoDataset(MadeUp.photos(40), decoders, (manager, photo) -> {
            if (atWork.add(Thread.currentThread())) {
                all.countDown();
                await(all);
            }
            return pixels(manager, photo);
        }).decodingRate(0);
        assertEquals(0, all.getCount(), "decoders without work");
        assertEquals(decoders, atWork.size());
    }

    @Test
    void theCacheTakesThreeBytesAPixel() {
        assertEquals(3 * 224 * 224 * 7, ofSize(7).cacheBytes(224));
        assertEquals(3_000_000_000_000L, ofSize(1).cacheBytes(1_000_000));
    }

    /** Far enough from the half that other programs may take or free some memory meanwhile. */
    @ParameterizedTest
    @CsvSource({"0.25, true", "0.8, false"})
    void theCacheMayTakeHalfOfTheFreeMemory(double share, boolean fits) {
        int size = (int) Math.sqrt(share * Memory.free(Device.cpu()) / 3);
        assertEquals(fits, ofSize(1).cacheFits(size));
        assertEquals(Device.cpu(), ofSize(1).cacheDevice(size, Device.cpu()));
    }

    @Test
    void itLiesOnTheDeviceIfItTakesLessThanHalfOfWhatIsFreeThere() {
        PhotoDataset photos = ofSize(7);
        long bytes = photos.cacheBytes(224);
        assertEquals(MadeUp.GPU.device(), photos.cacheDevice(224, MadeUp.GPU.device(), 2 * bytes + 2));
        assertEquals(Device.cpu(), photos.cacheDevice(224, MadeUp.GPU.device(), 2 * bytes));
    }

    @Test
    void theCacheHasAllPhotosInOrder() throws Exception {
        try (NDManager owner = Small.manager(); NDManager batches = owner.newSubManager()) {
            List<PhotoFolder.Photo> photos = MadeUp.photos(70);               // more than two portions
            RandomAccessDataset cached = new PhotoDataset(photos, 3, this::pixels).cached(owner, SIZE);
            assertEquals(70, decoded.size());
            Sampler inOrder = new BatchSampler(new SequenceSampler(), 70);
            assertArrayEquals(IntStream.range(0, 70).toArray(), firstNumbers(cached.getData(batches, inOrder, null), 1));
            assertEquals(70, decoded.size(), "nothing is decoded again");
        }
    }

    @Test
    void onTheFlyAndFromTheCacheComeTheSameBatches() throws Exception {
        List<PhotoFolder.Photo> photos = MadeUp.photos(10);
        EpochSampler order = new EpochSampler(photos, 4, 7, 2);
        int[] expected = order.batches().stream().flatMap(List::stream).mapToInt(Long::intValue).toArray();
        PhotoDataset dataset = new PhotoDataset(photos, 2, this::pixels);
        try (NDManager owner = Small.manager(); DecoderPool pool = new DecoderPool(2)) {
            for (RandomAccessDataset each : List.of(dataset, dataset.cached(owner, SIZE))) {
                try (NDManager batches = owner.newSubManager()) {
                    assertArrayEquals(expected, firstNumbers(each.getData(batches, order, pool), 6));
                }
            }
        }
    }

    /** Two batches for each decoder wait for the training. */
    @Test
    void decodersWorkAheadOfTheTraining() throws Exception {
        CountDownLatch ahead = new CountDownLatch(4);
        PhotoDataset dataset = new PhotoDataset(MadeUp.photos(20), 2, (manager, photo) -> {
            ahead.countDown();
            return pixels(manager, photo);
        });
        try (NDManager batches = Small.manager(); DecoderPool pool = new DecoderPool(2)) {
            dataset.getData(batches, new BatchSampler(new SequenceSampler(), 1), pool).iterator();
            await(ahead);
            assertEquals(0, ahead.getCount());
        }
    }

    /** Where there is no GPU, the attempt shows who makes it: a task that is waited for, not the thread that trains. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void batchesAreBroughtToTheDeviceByThoseWhoWorkAhead(boolean cached) throws Exception {
        try (NDManager owner = Small.manager(); NDManager batches = owner.newSubManager(); DecoderPool pool = new DecoderPool(2)) {
            PhotoDataset there = new PhotoDataset(MadeUp.photos(4), 2, this::pixels).on(Device.gpu());
            RandomAccessDataset dataset = cached ? there.cached(owner, SIZE) : there;
            Iterator<Batch> data = dataset.getData(batches, new BatchSampler(new SequenceSampler(), 2), pool).iterator();
            if (Engine.getInstance().getGpuCount() > 0) {
                assertEquals(Device.gpu(), data.next().getData().head().getDevice());
            } else {
                Throwable failed = assertThrows(IllegalStateException.class, data::next).getCause();
                assertInstanceOf(ExecutionException.class, failed);
                assertInstanceOf(EngineException.class, failed.getCause());
            }
        }
    }

    @Test
    void aPhotoThatCannotBeReadAnyMoreEndsIt() {
        PhotoDataset dataset = new PhotoDataset(MadeUp.photos(3), 2, (manager, photo) -> {
            throw new IOException("gone: " + photo);
        });
        Throwable error = assertThrows(Exception.class, () -> dataset.decodingRate(0));
        while (error.getCause() != null) {
            error = error.getCause();
        }
        assertTrue(error.getMessage().startsWith("gone: "), error.toString());
    }

    private PhotoDataset ofSize(int photos) {
        return new PhotoDataset(MadeUp.photos(photos), 1, this::pixels);
    }

    private static int[] firstNumbers(Iterable<Batch> data, int batches) {
        List<Integer> numbers = new ArrayList<>();
        int count = 0;
        for (Batch batch : data) {
            NDArray pixels = batch.getData().singletonOrThrow();
            assertEquals(new Shape(batch.getSize(), SIZE, SIZE, 3), pixels.getShape());
            for (int number : pixels.get(":, 1, 1, 2").toType(DataType.INT32, true).toIntArray()) {
                numbers.add(number);
            }
            batch.close();
            count++;
        }
        assertEquals(batches, count);
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    /** All of a photo's bytes are its number. */
    private NDArray pixels(NDManager manager, Path photo) {
        int number = Integer.parseInt(photo.toString().replace(".png", ""));
        decoded.add(number);
        return manager.full(new Shape(SIZE, SIZE, 3), number, DataType.UINT8);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
