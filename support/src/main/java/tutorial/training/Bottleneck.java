package tutorial.training;

import java.util.List;
import java.util.Locale;
import tutorial.photos.DataLoading;

/**
 * The bottleneck of a run, and the remedy with its number. The notebook computes one for each device, from what it has measured.
 *
 * @param run its name
 * @param because the figures that say so, in a sentence
 * @param remedy what to do about it, in a sentence
 */
public record Bottleneck(String run, Limit limit, String because, String remedy) {
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
    /** Of a step, left of the ridge: between them, another run could tell the other. */
    private static final double LITTLE = 0.4;
    private static final double MOST = 0.6;

    /**
     * What a device was measured to do.
     *
     * @param run as fed
     * @param before on synthetic data, before the race
     * @param after the same after it, as warm as in the race; of a device that is not known to slow down as before
     * @param roofline what it can do at most
     * @param parts of the network, timed on it
     * @param layoutGain how much faster the better memory layout was
     */
    public record Measured(Run run, Throughput before, Throughput after, Roofline roofline, List<NetworkPart> parts, double layoutGain) {
        /** With its first run of the race. */
        public static Measured of(Race race, TrainingDevice on, Throughput after, Roofline roofline, List<NetworkPart> parts) {
            return new Measured(race.first(on), race.computeOnly(on), after, roofline, parts, race.layoutGain(on));
        }

        /** Share of a step's time in parts that are left of the ridge, 0 to 1. */
        private double memoryBound() {
            return parts.stream().filter(part -> roofline.isMemoryBound(part.intensity()))
                    .mapToDouble(NetworkPart::seconds).sum() / seconds();
        }

        /** How many times as fast a step would be that did all of it as fast as the roofline allows; at least 1. */
        private double couldBeFaster() {
            return Math.max(1, seconds() / parts.stream().mapToDouble(roofline::seconds).sum());
        }

        private double seconds() {
            return parts.stream().mapToDouble(NetworkPart::seconds).sum();
        }

        /** A sentence on how much slower it got by working, and why; empty if it did not, beyond what the rates vary by. */
        private String slowedDown() {
            double slower = 1 - after.imagesPerSecond() / before.imagesPerSecond();
            boolean isSlower = slower >= MUCH_SLOWER && before.rate().isAbove(after.rate());
            return !isSlower ? "" : text(" After the race, compute only is %.0f %% slower than before (%s images/s, not %s). %s",
                    100 * slower, after.rate(), before.rate(), run.gpu().throttling());
        }
    }

    /**
     * Looks for data loading first, then for launches; what is left is bounded by the roofline.
     *
     * @param decoding images/s that this machine decodes with so many threads
     * @param batchSize of the run
     */
    public static Bottleneck of(Measured device, Rate decoding, int decoders, int batchSize) {
        Run run = device.run;
        Throughput computeOnly = device.after;
        if (run.isTooShort()) {
            return of(device, Limit.UNKNOWN, text("it took %.1f s only", run.seconds()), run.howToMakeItLonger());
        }
        Waiting waiting = Waiting.of(run, computeOnly.rate());
        if (waiting.atLeast() >= MUCH_WAITING) {
            int needed = (int) Math.ceil(computeOnly.imagesPerSecond() / (decoding.imagesPerSecond() / decoders));
            return of(device, Limit.DATA_LOADING, text("it waited for photos %s %% of the time: %s decode %s images/s here, and it can "
                    + "train %.0f", waiting, threads(decoders), decoding, computeOnly.imagesPerSecond()),
                    run.key().loading() == DataLoading.CACHED ? "Cache the photos on the device: a smaller imageSize makes them fit."
                            : text("It needs %s, or dataLoading = \"cached\".", threads(Math.max(needed, decoders + 1))));
        }
        if (computeOnly.launching() >= MOSTLY_LAUNCHING) {
            return of(device, Limit.KERNEL_LAUNCHES, text("Java is still launching work when %.0f %% of a step's time is over",
                    100 * computeOnly.launching()), "Give it more to do with each launch: batchSize = " + 2 * batchSize + ".");
        }
        double memoryBound = device.memoryBound();
        Limit limit = memoryBound > MOST ? Limit.MEMORY : memoryBound < LITTLE ? Limit.ARITHMETIC : Limit.MEMORY_AND_ARITHMETIC;
        String layout = device.layoutGain > 1
                ? text(", as the better memory layout does, %.2f times as fast as the other", device.layoutGain) : "";
        String help = limit == Limit.ARITHMETIC ? "Faster arithmetic or lower precision would help"
                : "Fewer bytes would help, as in mixed precision" + layout;
        return of(device, limit, text("parts of the network left of the ridge take %.0f %% of a step", 100 * memoryBound),
                help + text("; a program at its roofline would be %.1f times as fast.", device.couldBeFaster()));
    }

    private static Bottleneck of(Measured device, Limit limit, String because, String remedy) {
        return new Bottleneck(device.run.name(), limit, because, (remedy + device.slowedDown()).strip());
    }

    private static String threads(int count) {
        return count == 1 ? "1 decoder thread" : count + " decoder threads";
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** As HTML, for the page. */
    public String inWords() {
        String found = limit == Limit.UNKNOWN ? ": too short to tell what limits it" : " is limited by <b>" + limit.words + "</b>";
        return "<b>" + run + "</b>" + found + ": " + because + ". " + remedy;
    }
}
