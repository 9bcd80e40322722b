package tutorial.training;

import java.util.List;
import java.util.Locale;
import tutorial.photos.DataLoading;

/**
 * The bottleneck of a run, and the remedy with its number. The notebook computes one for each device, from what it has measured.
 *
 * @param because the figures that say so, in a sentence
 * @param remedy what to do about it, in a sentence
 */
public record Bottleneck(Limit limit, String because, String remedy) {
    /** What may limit a training. */
    public enum Limit {
        DATA_LOADING("data loading"), KERNEL_LAUNCHES("kernel launches"), MEMORY("memory"), ARITHMETIC("arithmetic"),
        MEMORY_AND_ARITHMETIC("memory and arithmetic alike"), UNKNOWN("");

        private final String words;

        Limit(String words) {
            this.words = words;
        }
    }

    /** Of the time, beyond what the rates vary by. */
    private static final double MUCH_WAITING = 0.05;
    private static final double MUCH_SLOWER = 0.05;
    private static final double MOSTLY_LAUNCHING = 0.9;
    /** Of the time that memory takes: between them, another run could tell the other. */
    private static final double LITTLE = 0.4;
    private static final double MOST = 0.6;

    /**
     * What the device was measured to do.
     *
     * @param before on synthetic data, before the race
     * @param after the same after it, as warm as in the race; of a device that is not known to slow down as before
     * @param roofline what it can do at most
     * @param parts of the network, timed on it
     * @param layoutGain how much faster the better memory layout was
     */
    public record Measured(Throughput before, Throughput after, Roofline roofline, List<NetworkPart> parts, double layoutGain) {
        /** Share of a step's time in parts that are left of the ridge, 0 to 1. */
        double memoryBound() {
            return parts.stream().filter(part -> roofline.isMemoryBound(part.intensity())).mapToDouble(NetworkPart::seconds).sum() / seconds();
        }

        /** How many times as fast a step would be that did all of it as fast as the roofline allows; at least 1. */
        double couldBeFaster() {
            return Math.max(1, seconds() / parts.stream().mapToDouble(roofline::seconds).sum());
        }

        /** A sentence on how much slower it got by working, and why; empty if it did not. */
        private String slowedDown(Run run) {
            double slower = 1 - after.imagesPerSecond() / before.imagesPerSecond();
            return slower < MUCH_SLOWER ? "" : text(" After the race, compute only is %.0f %% slower than before (%.0f images/s instead of %.0f). %s",
                    100 * slower, after.imagesPerSecond(), before.imagesPerSecond(), run.gpu().throttling());
        }

        private double seconds() {
            return parts.stream().mapToDouble(NetworkPart::seconds).sum();
        }
    }

    /**
     * Looks for data loading first, then for launches; what is left is bounded by the roofline.
     *
     * @param run as fed
     * @param decoding images/s that this machine decodes with so many threads
     * @param batchSize of the run
     */
    public static Bottleneck of(Run run, Measured device, Rate decoding, int decoders, int batchSize) {
        Bottleneck found = find(run, device, decoding, decoders, batchSize);
        return new Bottleneck(found.limit, found.because, (found.remedy + device.slowedDown(run)).strip());
    }

    private static Bottleneck find(Run run, Measured device, Rate decoding, int decoders, int batchSize) {
        Throughput computeOnly = device.after;
        if (run.isTooShort()) {
            return new Bottleneck(Limit.UNKNOWN, text("it took %.1f s only", run.seconds()),
                    text("Make it %d times as long, by more epochs or photos.", run.timesLonger()));
        }
        Waiting waiting = Waiting.of(run, computeOnly.rate());
        if (waiting.atLeast() >= MUCH_WAITING) {
            int needed = (int) Math.ceil(computeOnly.imagesPerSecond() / (decoding.imagesPerSecond() / decoders));
            return new Bottleneck(Limit.DATA_LOADING, text("it waited for photos %s %% of the time: %s decode %s images/s here, and it can "
                    + "train %.0f", waiting, threads(decoders), decoding, computeOnly.imagesPerSecond()), run.key().loading() == DataLoading.CACHED
                    ? "Cache the photos on the device: a smaller imageSize makes them fit."
                    : text("It needs %s, or dataLoading = \"cached\".", threads(Math.max(needed, decoders + 1))));
        }
        if (computeOnly.launching() >= MOSTLY_LAUNCHING) {
            return new Bottleneck(Limit.KERNEL_LAUNCHES, text("Java is still launching work when %.0f %% of a step's time is over",
                    100 * computeOnly.launching()), "Give it more to do with each launch: batchSize = " + 2 * batchSize + ".");
        }
        return ofRoofline(device);
    }

    private static Bottleneck ofRoofline(Measured device) {
        double memoryBound = device.memoryBound();
        Limit limit = memoryBound > MOST ? Limit.MEMORY : memoryBound < LITTLE ? Limit.ARITHMETIC : Limit.MEMORY_AND_ARITHMETIC;
        String perfect = text(": a program at its roofline would be %.1f times as fast.", device.couldBeFaster());
        String layout = device.layoutGain > 1 ? text(", and the memory layout matters (the better is %.2f times as fast as the other)", device.layoutGain)
                : ", and the memory layout matters";
        return new Bottleneck(limit, text("parts of the network left of its ridge take %.0f %% of a step", 100 * memoryBound),
                limit == Limit.ARITHMETIC ? "Faster arithmetic or lower precision would help" + perfect
                        : "Fewer bytes would help, as in mixed precision" + layout + perfect);
    }

    private static String threads(int count) {
        return count == 1 ? "1 decoder thread" : count + " decoder threads";
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** As HTML, for the page. */
    public String of(String run) {
        return "<b>" + run + "</b>" + (limit == Limit.UNKNOWN ? ": too short to tell what limits it" : " is limited by <b>" + limit.words + "</b>")
                + ": " + because + ". " + remedy;
    }
}
