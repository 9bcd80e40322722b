package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tutorial.testing.MadeUpDevice;

class StopwatchTest {
    private final MadeUpDevice device = new MadeUpDevice();
    private final Stopwatch inParts = new Stopwatch(device.clock(), true);

    @Test
    void laterLapsOfAPartAddUpAndThePartsAreTheWhole() {
        inParts.start();
        for (String part : List.of("waiting", "computing", "waiting")) {
            device.passes(0.02);
            inParts.lap(part);
        }
        assertEquals(Map.of("waiting", 0.04, "computing", 0.02), inParts.parts());
        assertEquals(List.of("waiting", "computing"), List.copyOf(inParts.parts().keySet()));
        assertEquals(0.06, inParts.seconds(), 1e-9);
        inParts.start();
        assertTrue(inParts.parts().isEmpty(), "what was before");
    }

    @Test
    void inPartsTheDeviceFinishesBeforeTheClockIsRead() {
        inParts.start();
        device.step(0.001, 0.03);
        inParts.lap("computing");
        assertEquals(0.031, inParts.parts().get("computing"), 1e-9);
    }

    /** Only the orders of the others are given. */
    @Test
    void ofWholesTheDeviceIsNotWaitedForAndOfThePartsOnlyThatIsToldInWhichTheLoopItselfWaits() {
        Stopwatch watch = new Stopwatch(device.clock(), false);
        watch.start();
        device.passes(0.005);
        watch.lap(Run.WAITING);
        device.step(0.001, 0.03);
        watch.lap("computing");
        assertEquals(Map.of(Run.WAITING, 0.005), watch.parts());
        assertEquals(0.006, watch.seconds(), 1e-9);
        assertFalse(watch.timesParts());
        assertFalse(Stopwatch.ofWholes().timesParts());
    }

    @Test
    void aDeviceThatComputesInTheCallItselfIsAlwaysTimedInParts() {
        assertTrue(new Stopwatch(new DeviceClock(TrainingDevice.CPU, () -> {}), false).timesParts());
    }

    @Test
    void thePauseBetweenTwoStretchesIsToldBesides() {
        inParts.start();
        assertEquals(0, inParts.secondsWithPause(), "none before the first");
        inParts.lap("computing");
        device.passes(0.3);
        inParts.start();
        device.passes(0.1);
        inParts.lap("computing");
        assertEquals(0.4, inParts.secondsWithPause(), 1e-9);
        inParts.start();
        assertEquals(0, inParts.secondsWithPause(), "only the pause just before");
    }
}
