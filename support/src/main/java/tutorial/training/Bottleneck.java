package tutorial.training;

import java.util.Locale;
import tutorial.photos.DataLoading;

/**
 * The bottleneck of a run, and the remedy with its number. The notebook computes one for each device, from what it has measured.
 *
 * @param limit "data loading", "kernel launches", "memory" or "arithmetic"
 * @param because the figures that say so, in a sentence
 * @param remedy what to do about it, in a sentence
 */
public record Bottleneck(String limit, String because, String remedy) {
    /** Below that, waiting costs less than a shared machine's speed varies. */
    private static final double MUCH_WAITING = 0.05;
    private static final double MOSTLY_LAUNCHING = 0.9;
    private static final double NEAR_THE_PEAK = 0.5;
    /** From here on how much faster it could be is no more than what the measured peak is uncertain by. */
    private static final double AT_THE_PEAK = 0.9;

    /**
     * @param inParts the run, or some of its steps, timed in parts
     * @param computeOnly the device on synthetic data
     * @param decoding images/s that this machine decodes with so many threads
     * @param batchSize of the run
     * @param shareOfPeak the arithmetic that it did, over the peak of this device, 0 to 1
     * @param layoutGain how much faster the better memory layout was
     */
    public static Bottleneck of(Run inParts, Throughput computeOnly, double decoding, int decoders, int batchSize,
            double shareOfPeak, double layoutGain) {
        double waiting = inParts.waiting();
        if (waiting >= MUCH_WAITING) {
            int needed = (int) Math.ceil(computeOnly.imagesPerSecond() / (decoding / decoders));
            return new Bottleneck("data loading", text("it waited for photos %.0f %% of the time: %s decode %.0f images/s here, and it can "
                    + "train %.0f", 100 * waiting, threads(decoders), decoding, computeOnly.imagesPerSecond()), inParts.key().loading() == DataLoading.CACHED
                    ? "Cache the photos on the device: a smaller imageSize makes them fit."
                    : text("It needs %s, or dataLoading = \"cached\".", threads(Math.max(needed, decoders + 1))));
        }
        if (computeOnly.launching() >= MOSTLY_LAUNCHING) {
            return new Bottleneck("kernel launches", text("Java is still launching work when %.0f %% of a step's time is over", 100 * computeOnly.launching()),
                    "Give it more to do with each launch: batchSize = " + 2 * batchSize + ".");
        }
        if (shareOfPeak >= NEAR_THE_PEAK) {
            return new Bottleneck("arithmetic", text("it reaches %.0f %% of what a matrix product reaches on it", 100 * shareOfPeak),
                    "Only a faster device or lower precision would help" + (shareOfPeak >= AT_THE_PEAK ? "."
                            : text(": doing all of it perfectly would be %.1f times as fast.", 1 / shareOfPeak)));
        }
        return new Bottleneck("memory", text("it reaches %.0f %% of what a matrix product reaches on it; the rest of the time it waits "
                + "for memory", 100 * shareOfPeak), layoutGain > 1
                ? text("The memory layout matters: the better one is %.2f times as fast as the other.", layoutGain)
                : "The memory layout matters: compare both with layout = \"faster\".");
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
