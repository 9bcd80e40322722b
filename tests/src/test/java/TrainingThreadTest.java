import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TrainingThreadTest {
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
        Thread.sleep(2000);   // for the tests that come after this one
        int whenStopped = batches.get();
        assertInstanceOf(CancellationException.class, outcome.get());
        assertFalse(stepWasInterrupted.get());
        assertEquals(whenStopped, batches.get());
    }

    /** The first takes three seconds to its next batch. The second is refused at first, then waits. */
    @Test
    void aNewTrainingIsRefusedForAMomentAndThenWaitsForTheOneThatIsAboutToStop() throws Exception {
        AtomicBoolean firstRuns = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        Thread first = new Thread(() -> assertThrows(CancellationException.class, () -> TrainingThread.run(() -> {
            firstRuns.set(true);
            started.countDown();
            Thread.sleep(3000);
            firstRuns.set(false);
            TrainingThread.checkStop();
            return null;
        })));
        first.start();
        started.await();
        first.interrupt();
        while (first.getState() != Thread.State.WAITING || first.isInterrupted()) {
            Thread.sleep(1);
        }
        String refusal = assertThrows(CancellationException.class, () -> TrainingThread.run(() -> 1)).getMessage();
        assertTrue(refusal.startsWith("Not begun: training was stopped a moment ago"), refusal);
        Thread.sleep(2100);
        assertTrue(firstRuns.get());
        assertTrue(TrainingThread.run(() -> {
            TrainingThread.checkStop();
            return !firstRuns.get();
        }), "both ran at once");
        first.join();
    }

    @Test
    void nothingIsTrainedWhileASettingIsRefused() throws Exception {
        assertThrows(IllegalArgumentException.class, () -> Setting.between("epochs", 0, 1, 10));
        assertEquals("Not begun: epochs = 0: must be a whole number from 1 to 10. Change it in section 3, Settings.",
                assertThrows(IllegalStateException.class, () -> TrainingThread.run(() -> 1)).getMessage());
        Setting.between("epochs", 1, 1, 10);
        assertEquals(1, TrainingThread.run(() -> 1));
    }
}
