package tutorial.training;

import java.util.Locale;

/**
 * What limits a run, and the remedy with its number. The notebook computes one for each device, from what it has measured.
 *
 * @param limit "data loading", "launching", "memory" or "arithmetic"
 * @param because the figures that say so, in a sentence
 * @param remedy what to do about it, in a sentence
 */
public record Verdict(String limit, String because, String remedy) {
    /** Below that, waiting costs less than a shared machine's speed varies. */
    private static final double MUCH_WAITING = 0.05;
    private static final double ALL_ORDERS = 0.9;
    private static final double NEAR_THE_PEAK = 0.5;
    /** From here on how much faster it could be is no more than what the measured peak is uncertain by. */
    private static final double AT_THE_PEAK = 0.9;

    /**
     * @param waiting the share of the run's time in which it had no data, 0 to 1
     * @param cached whether all photos were decoded beforehand
     * @param computeOnly the device on synthetic data
     * @param decoding images/s that this machine decodes with so many threads
     * @param batchSize of the run
     * @param shareOfPeak the arithmetic that it did, over the peak of this device, 0 to 1
     * @param layoutGain how much faster the better memory layout was
     */
    public static Verdict of(double waiting, boolean cached, Burst computeOnly, double decoding, int decoders,
            int batchSize, double shareOfPeak, double layoutGain) {
        if (waiting >= MUCH_WAITING) {
            int needed = (int) Math.ceil(computeOnly.imagesPerSecond() / (decoding / decoders));
            return new Verdict("data loading", text("it waited for photos %.0f %% of the time: %s decode %.0f images/s here, and it can "
                    + "train %.0f", 100 * waiting, threads(decoders), decoding, computeOnly.imagesPerSecond()), cached
                    ? "Cache the photos on the device: a smaller imageSize makes them fit."
                    : text("It needs %s, or dataLoading = \"cached\".", threads(Math.max(needed, decoders + 1))));
        }
        if (computeOnly.launching() >= ALL_ORDERS) {
            return new Verdict("launching", text("Java is still giving orders when %.0f %% of a step's time is over", 100 * computeOnly.launching()),
                    "Give it more to do with each order: batchSize = " + 2 * batchSize + ".");
        }
        if (shareOfPeak >= NEAR_THE_PEAK) {
            return new Verdict("arithmetic", text("it does %.0f %% of the arithmetic that a matrix product does on it", 100 * shareOfPeak),
                    "Only a faster device or shorter numbers would help" + (shareOfPeak >= AT_THE_PEAK ? "."
                            : text(": doing all of it perfectly would be %.1f times as fast.", 1 / shareOfPeak)));
        }
        return new Verdict("memory", text("it does %.0f %% of the arithmetic that a matrix product does on it; the rest of the time goes to "
                + "moving numbers", 100 * shareOfPeak), layoutGain > 1
                ? text("Keep what is close in use close in memory: the better layout is %.2f times as fast as the other.", layoutGain)
                : "Keep what is close in use close in memory: compare both layouts with layout = \"faster\".");
    }

    private static String threads(int count) {
        return count == 1 ? "1 decoder thread" : count + " decoder threads";
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** As HTML, for the page. */
    public String of(String run) {
        return "<b>" + run + "</b> is limited by <b>" + limit + "</b>: " + because + ". " + remedy;
    }
}
