package tutorial.photos;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
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

    /**
     * Waits for all tasks.
     *
     * @return what each has returned, in the order of the tasks
     */
    <T> List<T> results(List<Callable<T>> tasks) throws InterruptedException, ExecutionException {
        List<Future<T>> done = invokeAll(tasks);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        List<T> results = new ArrayList<>();
        for (Future<T> one : done) {
            results.add(one.get());
        }
        return results;
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
