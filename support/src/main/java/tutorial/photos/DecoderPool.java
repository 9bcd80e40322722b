package tutorial.photos;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that decode photos. Closing it waits for what they have begun, so that nothing they use is closed before. */
public final class DecoderPool extends ThreadPoolExecutor implements AutoCloseable {
    /** @param threads how many photos are decoded at the same time */
    public DecoderPool(int threads) {
        super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "decoder");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void close() {
        shutdownNow();
        try {
            awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException pressedStop) {
            Thread.currentThread().interrupt();
        }
    }
}
