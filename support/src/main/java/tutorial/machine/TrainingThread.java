package tutorial.machine;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/**
 * Runs a training on a thread of its own, so that Jupyter's stop button ends it between two batches.
 *
 * <p>The stop button interrupts the thread of the cell. An interrupt in the middle of a step would leave DJL's gradient
 * collector open for good ("A PtGradientCollector is already collecting"), so the step must never see it: the cell's
 * thread waits here, and the training asks {@link #checkStop()} after each batch.
 *
 * <p>Neither kernel drops the cells that wait behind one that was stopped or failed, as Run All leaves them. So none of
 * them trains: for a moment after a stop no training begins.
 */
public final class TrainingThread {
    private static final Semaphore ONE_AT_A_TIME = new Semaphore(1);
    private static final long A_MOMENT = 2_000_000_000L;
    private static volatile boolean stopRequested;
    private static volatile long stoppedAt = System.nanoTime() - A_MOMENT;

    /** Started with the first training: by then {@link Allocator#keepMemory} has been called. */
    private static final class Own {
        static final Executor THREAD = Allocator.thread("training", Machine.logicalCores());
    }

    private TrainingThread() {}

    /**
     * Runs {@code training} and returns its result; waits first for a training that is still about to stop.
     *
     * @throws CancellationException when the stop button ended it; by then its last batch is done and it has closed
     *     what it opened; or when it was pressed less than two seconds ago
     * @throws Exception whatever the training throws
     */
    public static <T> T run(Callable<T> training) throws Exception {
        if (System.nanoTime() - stoppedAt < A_MOMENT) {
            throw new CancellationException(
                    "Not begun: training was stopped a moment ago, so no cell that was waiting trains. Run this one again.");
        }
        ONE_AT_A_TIME.acquire();
        try {
            stopRequested = false;
            FutureTask<T> task = new FutureTask<>(training);
            Own.THREAD.execute(task);
            return await(task);
        } finally {
            ONE_AT_A_TIME.release();
        }
    }

    /**
     * To be called by the training between two batches.
     *
     * @throws CancellationException if the stop button was pressed
     */
    public static void checkStop() {
        if (stopRequested) {
            throw new CancellationException("Stopped. Run the cell again to train from the start.");
        }
    }

    private static <T> T await(FutureTask<T> task) throws Exception {
        while (true) {
            try {
                return task.get();
            } catch (InterruptedException pressedStop) {
                stopRequested = true;
                stoppedAt = System.nanoTime();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Exception cause) {
                    throw cause;
                }
                throw (Error) e.getCause();
            }
        }
    }
}
