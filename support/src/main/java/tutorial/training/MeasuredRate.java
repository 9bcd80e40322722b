package tutorial.training;

import java.util.ArrayList;
import java.util.List;
import tech.tablesaw.api.DoubleColumn;
import tutorial.machine.TrainingThread;

/**
 * How fast some work is done, from several bursts of it. For a peak the best burst counts, since others on the machine only
 * make one slower; how far the median is below it says how much they did.
 *
 * @param best of all bursts, in units of the work per second
 * @param median of all bursts
 */
public record MeasuredRate(double best, double median) {
    /** Seconds: long beside reading the clock and waiting for a GPU. */
    private static final double BURST = 0.02;
    private static final int LEAST_BURSTS = 2;
    /** Seconds after which one burst is enough, on a slow machine. */
    private static final double LONG = 2;
    private static final double WARM_UP = 0.2;

    /**
     * Warms up, then measures.
     *
     * @param amount what one piece of work does, as floating-point operations or bytes
     * @param seconds to measure for at least, after a fifth of that to warm up
     */
    static MeasuredRate of(double amount, double seconds, DeviceClock clock, Runnable work) {
        double one;
        double warm = 0;
        do {
            one = burst(1, clock, work);
            warm += one;
        } while (warm < WARM_UP * seconds);
        int works = (int) Math.max(1, Math.ceil(BURST / one));
        List<Double> rates = new ArrayList<>();
        for (double measured = 0; measured < seconds || rates.size() < LEAST_BURSTS && measured < LONG; ) {
            double burst = burst(works, clock, work);
            measured += burst;
            rates.add(works * amount / burst);
        }
        DoubleColumn all = DoubleColumn.create("rates", rates);
        return new MeasuredRate(all.max(), all.median());
    }

    /** Its seconds. A queue that is never waited for would grow far faster than a GPU works it off. */
    private static double burst(int works, DeviceClock clock, Runnable work) {
        long begin = clock.now();
        for (int done = 0; done < works; done++) {
            work.run();
        }
        long end = clock.whenDone();
        TrainingThread.checkStop();
        return (end - begin) / 1e9;
    }

    /** This one, or another of which the best burst was faster; of none, the other. */
    static MeasuredRate better(MeasuredRate one, MeasuredRate other) {
        return one == null || other.best > one.best ? other : one;
    }
}
