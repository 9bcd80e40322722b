package tutorial.training;

import java.util.function.LongSupplier;

/**
 * Reads the time for a device that may still be busy when a call to it returns.
 *
 * @param asynchronous whether it may
 * @param synchronise waits until it has done what it was given
 * @param nanoseconds the time, from wherever
 */
public record DeviceClock(boolean asynchronous, Runnable synchronise, LongSupplier nanoseconds) {
    /** @param synchronise waits until the device has done what it was given */
    public DeviceClock(TrainingDevice on, Runnable synchronise) {
        this(on.isAsynchronous(), synchronise, System::nanoTime);
    }

    /** Nanoseconds now, whatever the device still does. */
    long now() {
        return nanoseconds.getAsLong();
    }

    /** Waits for the device: nanoseconds when it is done. */
    long whenDone() {
        synchronise.run();
        return now();
    }
}
