package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StopwatchTest {
    @Test
    void laterLapsOfAPartAddUpAndThePartsAreTheWhole() throws InterruptedException {
        Stopwatch watch = new Stopwatch(() -> {});
        watch.start();
        Thread.sleep(20);
        watch.lap("waiting");
        Thread.sleep(40);
        watch.lap("computing");
        Thread.sleep(20);
        watch.lap("waiting");
        double seconds = watch.seconds();
        var parts = watch.parts(1);
        assertEquals(List.of("waiting", "computing"), List.copyOf(parts.keySet()));
        assertTrue(parts.get("waiting") >= 0.04 && parts.get("computing") >= 0.04, parts.toString());
        assertEquals(seconds, parts.get("waiting") + parts.get("computing"), 0.03 * seconds);
        assertEquals(parts.get("waiting") / 4, watch.parts(4).get("waiting"), 1e-12);
    }

    @Test
    void theDeviceFinishesBeforeTheClockIsRead() {
        AtomicInteger waits = new AtomicInteger();
        Stopwatch watch = new Stopwatch(() -> {
            waits.incrementAndGet();
            try {
                Thread.sleep(30);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        watch.start();
        watch.lap("computing");
        assertEquals(1, waits.get());
        assertTrue(watch.parts(1).get("computing") >= 0.03);
    }

    @Test
    void startForgetsWhatWasBefore() {
        Stopwatch watch = new Stopwatch(() -> {});
        watch.start();
        watch.lap("waiting");
        watch.start();
        assertTrue(watch.parts(1).isEmpty());
    }

    /** As of a GPU that is only given its orders in between. */
    @Test
    void aWatchOfWholesTellsNoParts() {
        Stopwatch watch = Stopwatch.ofWholes();
        watch.start();
        watch.lap("computing");
        assertTrue(watch.parts(1).isEmpty());
        assertTrue(watch.seconds() > 0);
    }

    @Test
    void thePauseBetweenTwoStretchesIsToldBesides() throws InterruptedException {
        Stopwatch watch = new Stopwatch(() -> {});
        watch.start();
        assertEquals(watch.seconds(), watch.secondsWithPause(), 0.2, "none before the first");
        watch.lap("computing");
        Thread.sleep(300);
        watch.start();
        double seconds = watch.seconds();
        assertTrue(watch.secondsWithPause() >= seconds + 0.3, watch.secondsWithPause() + " " + seconds);
        watch.lap("computing");
        watch.start();
        assertEquals(watch.seconds(), watch.secondsWithPause(), 0.2, "only the pause just before");
    }
}
