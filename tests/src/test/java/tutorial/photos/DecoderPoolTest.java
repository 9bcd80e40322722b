package tutorial.photos;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DecoderPoolTest {
    @Test
    void closingWaitsForWhatHasBegunAndDropsTheRest() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean done = new AtomicBoolean();
        Future<?> second;
        try (DecoderPool pool = new DecoderPool(1)) {
            pool.submit(() -> {
                begun.countDown();
                long end = System.nanoTime() + 100_000_000L;
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                done.set(true);
            });
            second = pool.submit(() -> {});
            begun.await();
        }
        assertTrue(done.get());
        assertFalse(second.isDone());
    }
}
