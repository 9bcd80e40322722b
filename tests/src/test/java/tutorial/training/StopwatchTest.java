package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StopwatchTest {
    @Test
    void laterLapsOfAPartAddUpAndThePartsAreTheWhole() throws InterruptedException {
        Stopwatch watch = new Stopwatch(() -> {});
        watch.start();
        for (String part : List.of("waiting", "computing", "waiting")) {
            Thread.sleep(20);
            watch.lap(part);
        }
        double seconds = watch.seconds();
        Map<String, Double> parts = watch.parts();
        assertEquals(List.of("waiting", "computing"), List.copyOf(parts.keySet()));
        assertTrue(parts.get("waiting") >= 0.04 && parts.get("computing") >= 0.02, parts.toString());
        assertEquals(seconds, parts.get("waiting") + parts.get("computing"), 1e-9);
        watch.start();
        assertTrue(watch.parts().isEmpty(), "what was before");
    }

    @Test
    void theDeviceFinishesBeforeTheClockIsRead() {
        AtomicInteger waits = new AtomicInteger();
        Stopwatch watch = new Stopwatch(() -> {
            waits.incrementAndGet();
            long end = System.nanoTime() + 30_000_000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        });
        watch.start();
        watch.lap("computing");
        assertEquals(1, waits.get());
        assertTrue(watch.parts().get("computing") >= 0.03);
    }

    /** As of a GPU that is only given its work in between. */
    @Test
    void aWatchOfWholesTellsNoParts() {
        Stopwatch watch = Stopwatch.ofWholes();
        watch.start();
        watch.lap("computing");
        assertTrue(watch.parts().isEmpty());
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
