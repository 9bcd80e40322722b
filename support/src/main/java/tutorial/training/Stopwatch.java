package tutorial.training;

import java.util.LinkedHashMap;
import java.util.Map;

/** Times stretches of work and their parts, for a device that may still be busy when a call to it returns. */
public final class Stopwatch {
    private final DeviceClock clock;
    private final boolean timesParts;
    private final Map<String, Double> parts = new LinkedHashMap<>();
    private long begin;
    private long lap;
    private double pause;

    /**
     * @param inParts whether to wait for an asynchronous device after each part. Else it is never waited for, and of the parts
     *     only {@link Run#WAITING} is told, in which the loop waits itself: of the others only the orders are given
     */
    public Stopwatch(DeviceClock clock, boolean inParts) {
        this.clock = clock;
        this.timesParts = inParts || !clock.asynchronous();
    }

    /** A watch that never waits for the device. */
    public static Stopwatch ofWholes() {
        return new Stopwatch(new DeviceClock(true, () -> {}, System::nanoTime), false);
    }

    /** Whether it times the parts of a stretch. */
    boolean timesParts() {
        return timesParts;
    }

    /** Begins a new stretch. */
    public void start() {
        parts.clear();
        begin = clock.now();
        pause = lap == 0 ? 0 : (begin - lap) / 1e9;
        lap = begin;
    }

    /** Adds the time since the last lap, or since the start, to this part. */
    public void lap(String part) {
        long now = timesParts ? clock.whenDone() : clock.now();
        if (timesParts || part.equals(Run.WAITING)) {
            parts.merge(part, (now - lap) / 1e9, Double::sum);
        }
        lap = now;
    }

    /** Nanoseconds at the last lap, or at the start of the stretch. */
    long lastLap() {
        return lap;
    }

    /** Seconds from the start to the last lap: the sum of all parts. */
    public double seconds() {
        return (lap - begin) / 1e9;
    }

    /** The same, and the seconds before, since the last lap of the stretch before: those in which the clock stood still. */
    double secondsWithPause() {
        return pause + seconds();
    }

    /** Seconds of each part since the start, in the order of their first laps. */
    public Map<String, Double> parts() {
        return new LinkedHashMap<>(parts);
    }
}
