package tutorial.training;

import java.util.Locale;

/**
 * The share of a run's time in which its device waited for photos.
 *
 * <p>Where the device computes in the call itself, the clock of the loop has seen it: it is the time until the next batch was
 * there. Where it is asynchronous, the loop may wait while the device still has work. Then the race is held against compute
 * only: 1 − as fed ÷ compute only is the share in which the device had nothing to do, for whatever reason. What it waited for
 * photos is no more than that, and no more than the loop waited.
 *
 * @param share 0 to 1
 * @param spread of the share, from those of the two rates; 0 where the clock has seen it
 */
public record Waiting(double share, double spread) {
    static Waiting of(Run run, Rate computeOnly) {
        double seen = run.waiting();
        if (run.inParts()) {
            return new Waiting(seen, 0);
        }
        Rate asFed = run.rate();
        double ratio = asFed.imagesPerSecond() / computeOnly.imagesPerSecond();
        double spread = ratio * (known(asFed.spread()) / asFed.imagesPerSecond() + known(computeOnly.spread()) / computeOnly.imagesPerSecond());
        double idle = Math.max(0, 1 - ratio);
        return idle < seen ? new Waiting(idle, spread) : new Waiting(seen, 0);
    }

    private static double known(double spread) {
        return Double.isNaN(spread) ? 0 : spread;
    }

    /** The share that is beyond doubt. */
    double atLeast() {
        return Math.max(0, share - spread);
    }

    /** In per cent, as "20 ± 3" or "0.4". */
    @Override
    public String toString() {
        return spread > 0 ? String.format(Locale.ROOT, "%.0f ± %.0f", 100 * share, Math.ceil(100 * spread))
                : String.format(Locale.ROOT, "%.1f", 100 * share);
    }
}
