package tutorial.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TrainingThreadTest {
    /** For the tests that come after one that pressed stop. */
    @AfterEach
    void theMomentIsOver() throws ReflectiveOperationException {
        stoppedBefore(3000);
    }

    @Test
    void givesBackTheResult() throws Exception {
        assertEquals(42, TrainingThread.run(() -> 42));
    }

    @Test
    void handsOnWhatTheTrainingThrows() {
        assertEquals("bad", assertThrows(IllegalStateException.class, () -> TrainingThread.run(() -> {
            throw new IllegalStateException("bad");
        })).getMessage());
        assertThrows(OutOfMemoryError.class, () -> TrainingThread.run(() -> {
            throw new OutOfMemoryError("native");
        }));
    }

    @Test
    void anInterruptStopsBetweenBatchesAndNeverReachesTheStep() throws Exception {
        AtomicInteger batches = new AtomicInteger();
        AtomicBoolean stepWasInterrupted = new AtomicBoolean();
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        CountDownLatch training = new CountDownLatch(1);
        Thread cell = new Thread(() -> {
            try {
                TrainingThread.run(() -> {
                    while (true) {
                        try {
                            Thread.sleep(20);
                        } catch (InterruptedException e) {
                            stepWasInterrupted.set(true);
                        }
                        batches.incrementAndGet();
                        training.countDown();
                        TrainingThread.checkStop();
                    }
                });
            } catch (Throwable t) {
                outcome.set(t);
            }
        });
        cell.start();
        training.await();
        cell.interrupt();
        cell.join();
        assertInstanceOf(CancellationException.class, outcome.get());
        assertFalse(stepWasInterrupted.get());
        int whenStopped = batches.get();
        Thread.sleep(60);   // three batches
        assertEquals(whenStopped, batches.get());
    }

    /** The second is refused at first, then waits for the batch of the first. */
    @Test
    void aNewTrainingIsRefusedForAMomentAndThenWaitsForTheOneThatIsAboutToStop() throws Exception {
        AtomicBoolean firstRuns = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch batchDone = new CountDownLatch(1);
        Thread first = new Thread(() -> assertThrows(CancellationException.class, () -> TrainingThread.run(() -> {
            firstRuns.set(true);
            started.countDown();
            batchDone.await();
            firstRuns.set(false);
            TrainingThread.checkStop();
            return null;
        })));
        first.start();
        started.await();
        first.interrupt();
        awaitWaiting(first);
        String refusal = assertThrows(CancellationException.class, () -> TrainingThread.run(() -> 1)).getMessage();
        assertTrue(refusal.startsWith("Not begun: training was stopped a moment ago"), refusal);
        stoppedBefore(2000);
        FutureTask<Boolean> second = new FutureTask<>(() -> TrainingThread.run(() -> {
            TrainingThread.checkStop();
            return !firstRuns.get();
        }));
        Thread waiting = new Thread(second);
        waiting.start();
        awaitWaiting(waiting);
        assertTrue(firstRuns.get());
        batchDone.countDown();
        assertTrue(second.get(), "both ran at once");
        first.join();
    }

    @Test
    void theMomentLastsTwoSeconds() throws Exception {
        stoppedBefore(1900);
        assertThrows(CancellationException.class, () -> TrainingThread.run(() -> 1));
        stoppedBefore(2000);
        assertEquals(1, TrainingThread.run(() -> 1));
    }

    private static void stoppedBefore(long milliseconds) throws ReflectiveOperationException {
        Field stoppedAt = TrainingThread.class.getDeclaredField("stoppedAt");
        stoppedAt.setAccessible(true);
        stoppedAt.setLong(null, System.nanoTime() - milliseconds * 1_000_000);
    }

    private static void awaitWaiting(Thread thread) throws InterruptedException {
        while (thread.getState() != Thread.State.WAITING || thread.isInterrupted()) {
            Thread.sleep(1);
        }
    }
}
