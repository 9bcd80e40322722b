package tutorial.training;

import java.util.LinkedHashMap;
import java.util.Map;

/** Times stretches of work and their parts, for a device that may still be busy when a call to it returns. */
public final class Stopwatch {
    private final Runnable finish;
    private final Map<String, Double> parts = new LinkedHashMap<>();
    private long begin;
    private long lap;
    private double pause;

    /** @param finish waits until the device has done what it was given; runs before the clock is read for a lap */
    public Stopwatch(Runnable finish) {
        this.finish = finish;
    }

    /** A watch that never waits: it times stretches, and tells no parts, which would be those of giving orders only. */
    public static Stopwatch ofWholes() {
        return new Stopwatch(null);
    }

    /** Whether it times the parts of a stretch. */
    boolean timesParts() {
        return finish != null;
    }

    /** Begins a new stretch. */
    public void start() {
        parts.clear();
        begin = System.nanoTime();
        pause = lap == 0 ? 0 : (begin - lap) / 1e9;
        lap = begin;
    }

    /** Adds the time since the last lap, or since the start, to this part. */
    public void lap(String part) {
        if (finish != null) {
            finish.run();
        }
        long now = System.nanoTime();
        if (finish != null) {
            parts.merge(part, (now - lap) / 1e9, Double::sum);
        }
        lap = now;
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
