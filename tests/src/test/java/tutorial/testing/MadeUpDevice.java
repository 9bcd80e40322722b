package tutorial.testing;

import java.util.ArrayDeque;
import java.util.Deque;
import tutorial.training.DeviceClock;

/**
 * An asynchronous device with a queue, as a GPU, and its host, in a time of their own: what takes seconds takes none, and all
 * figures are exact.
 */
public final class MadeUpDevice {
    /** CUDA's queue holds about a thousand kernels; then a launch waits. */
    private static final int MOST_STEPS_AHEAD = 3;

    private final Deque<Long> queue = new ArrayDeque<>();
    private long now = 1;
    private long done;

    public DeviceClock clock() {
        return new DeviceClock(true, this::synchronise, () -> now);
    }

    /** Time passes on the host. */
    public void passes(double seconds) {
        now += Math.round(seconds * 1e9);
    }

    /** The host waits until then, if it is not yet. */
    public void until(double seconds) {
        now = Math.max(now, Math.round(seconds * 1e9));
    }

    /**
     * A step is put on the queue.
     *
     * @param launching seconds that the host is busy with that
     * @param computing seconds that the device will be
     */
    public void step(double launching, double computing) {
        passes(launching);
        if (queue.size() == MOST_STEPS_AHEAD) {
            now = Math.max(now, queue.remove());
        }
        done = Math.max(done, now) + Math.round(computing * 1e9);
        queue.add(done);
    }

    /** The host waits until the queue is empty. */
    public void synchronise() {
        now = Math.max(now, done);
        queue.clear();
    }

    /** Since the beginning, on the host. */
    public double seconds() {
        return now / 1e9;
    }
}
