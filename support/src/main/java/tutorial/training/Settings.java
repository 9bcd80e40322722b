package tutorial.training;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tutorial.photos.DataLoading;

/**
 * The notebook's settings, checked: a bad value ends in one line that names the setting, its value and the remedy, before it
 * costs time. The notebook's {@code settings()} makes them anew for each training, so that none begins with a bad one.
 */
public final class Settings {
    private static final String BOTH = "both";
    private static final String FASTER = "faster";

    /** What a value must be, in words and as a test. */
    private record Rule(String words, Predicate<Object> test) {}

    private static final Map<String, Rule> RULES = Map.ofEntries(
            Map.entry("dataZip", text()),
            Map.entry("epochs", whole(1, 10_000)),
            Map.entry("batchSize", whole(1, 65_536)),
            Map.entry("imageSize", whole(64, 4_096)),
            Map.entry("secondDevice", new Rule("\"gpu0\" for the first GPU, \"none\" for the CPU alone, or \"cpu\"",
                    value -> value instanceof String name && name.matches("none|cpu|gpu\\d{1,3}"))),
            Map.entry("dataLoading", oneOf(DataLoading.ON_THE_FLY, DataLoading.CACHED, BOTH)),
            Map.entry("pretrained", new Rule("true or false", Boolean.class::isInstance)),
            Map.entry("heldOut", fraction()),
            Map.entry("maxUnzippedGB", positive(100_000)),
            Map.entry("maxSkippedShare", positive(1)),
            Map.entry("learningRate", positive(100)),
            Map.entry("momentum", fraction()),
            Map.entry("seed", whole(Integer.MIN_VALUE, Integer.MAX_VALUE)),
            Map.entry("decoders", whole(1, 1_024)),
            Map.entry("warmUpSteps", whole(0, 1_000)),
            Map.entry("measureSeconds", new Rule("a number from 0 to 3600",
                    value -> value instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= 3_600)),
            Map.entry("stepsPerReading", whole(1, 10_000)),
            Map.entry("layout", oneOf(FASTER, Layout.NHWC, Layout.NCHW)),
            Map.entry("precision", oneOf(Precision.FLOAT32, Precision.MIXED)),
            Map.entry("sweepSeconds", whole(0, 86_400)),
            Map.entry("pricePerHour", new Rule("a price above 0 for \"CPU\" and for a GPU by a part of its name, as \"T4\"", Settings::hasPrices)),
            Map.entry("resultsFolder", text()),
            Map.entry("modelsFolder", text()));

    private final Map<String, Object> values;

    private Settings(Map<String, Object> values) {
        this.values = values;
    }

    /**
     * @param namesAndValues each setting's name, followed by its value
     * @throws IllegalArgumentException in one line that names the setting, its value and the remedy
     */
    public static Settings of(Object... namesAndValues) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String name = (String) namesAndValues[i];
            Object value = namesAndValues[i + 1];
            Rule rule = RULES.get(name);
            require(rule != null, name, value, "left out: there is no such setting");
            require(rule.test.test(value), name, value, rule.words);
            values.put(name, value);
        }
        RULES.keySet().stream().filter(name -> !values.containsKey(name)).sorted()
                .forEach(missing -> require(false, missing, null, RULES.get(missing).words));
        Settings settings = new Settings(values);
        if (settings.precision() == Precision.MIXED) {
            require(Autocast.whyNot() == null, "precision", values.get("precision"), "\"float32\" here, since " + Autocast.whyNot());
        }
        return settings;
    }

    private static void require(boolean good, String name, Object value, String words) {
        if (!good) {
            throw new IllegalArgumentException(inWords(name, value) + ": must be " + words + ". Change it in \"Settings\".");
        }
    }

    private static String inWords(String name, Object value) {
        return name + " = " + (value instanceof String text ? '"' + text + '"' : value);
    }

    static Set<String> names() {
        return RULES.keySet();
    }

    /** One setting as it is written in its cell, without its type. */
    String inWords(String name) {
        return inWords(name, values.get(name));
    }

    /** The first of these settings whose value differs; null if none does. */
    String differing(Settings other, List<String> names) {
        return names.stream().filter(name -> !values.get(name).equals(other.values.get(name))).findFirst().orElse(null);
    }

    /**
     * These settings, if there are photos enough.
     *
     * @throws IllegalArgumentException if a batch is larger than all photos to train on
     */
    public Settings requireBatchAtMost(int photos) {
        require(batchSize() <= photos, "batchSize", batchSize(), "at most " + photos + ", since " + dataZip() + " has no more photos to train on");
        return this;
    }

    public String dataZip() {
        return (String) values.get("dataZip");
    }

    public Path results() {
        return Path.of((String) values.get("resultsFolder"));
    }

    /** Where this data set's trained networks go: a folder of its own, named like the zip. */
    public Path models() {
        String zip = Path.of(dataZip()).getFileName().toString();
        return Path.of((String) values.get("modelsFolder"), zip.replaceFirst("(?i)(.)\\.zip$", "$1"));
    }

    public int epochs() {
        return whole("epochs");
    }

    public int batchSize() {
        return whole("batchSize");
    }

    public int imageSize() {
        return whole("imageSize");
    }

    public String secondDevice() {
        return (String) values.get("secondDevice");
    }

    /**
     * How photos get to a device, one way after the other in the race.
     *
     * @param cacheFits whether all photos together fit into memory, else they are only decoded on the fly
     */
    public List<DataLoading> loadings(boolean cacheFits) {
        if (!cacheFits) {
            return List.of(DataLoading.ON_THE_FLY);
        }
        String loading = (String) values.get("dataLoading");
        return loading.equals(BOTH) ? List.of(DataLoading.values()) : List.of(DataLoading.of(loading));
    }

    /** The layout in which all devices train; null if each takes its faster one. */
    Layout layout() {
        String layout = (String) values.get("layout");
        return layout.equals(FASTER) ? null : Layout.valueOf(layout);
    }

    public Precision precision() {
        return Precision.valueOf(((String) values.get("precision")).toUpperCase(Locale.ROOT));
    }

    /** Those that matter most, in a line, as HTML. */
    public String inWords() {
        int epochs = epochs();
        int size = imageSize();
        String line = String.format(Locale.ROOT, "%d %s of %s in batches of %d, %d × %d pixels, %s kept for the test",
                epochs, epochs == 1 ? "epoch" : "epochs", dataZip(), batchSize(), size, size, keptForTheTest((double) values.get("heldOut")));
        return precision() == Precision.MIXED ? line + inMixedPrecision(Autocast.whyNotFaster(Device.cpu())) : line;
    }

    /** The zip is not opened yet. */
    private static String keptForTheTest(double share) {
        return share == 0 ? "no picture" : String.format(Locale.ROOT, "%.0f %% of the pictures, or the zip's own test set,", 100 * share);
    }

    /** @param whyNotFaster on the CPU; null where it may be faster */
    static String inMixedPrecision(String whyNotFaster) {
        return ", in mixed precision" + (whyNotFaster == null ? "" : ". <b>On the CPU that will be slower.</b> " + whyNotFaster);
    }

    private int whole(String name) {
        return ((Number) values.get(name)).intValue();
    }

    private static Rule whole(long least, long most) {
        return new Rule("a whole number from " + least + " to " + most, value -> (value instanceof Integer || value instanceof Long)
                && ((Number) value).longValue() >= least && ((Number) value).longValue() <= most);
    }

    private static Rule positive(double most) {
        return new Rule("a number above 0, at most " + most, value -> value instanceof Number number && number.doubleValue() > 0
                && number.doubleValue() <= most);
    }

    private static Rule fraction() {
        return new Rule("at least 0 and below 1", value -> value instanceof Number number && number.doubleValue() >= 0
                && number.doubleValue() < 1);
    }

    private static Rule text() {
        return new Rule("given, and a whole path where it begins with ~, which Java does not know",
                value -> value instanceof String text && !text.isBlank() && !text.matches("~([/\\\\].*)?"));
    }

    private static Rule oneOf(Object... choices) {
        List<String> names = Stream.of(choices).map(Object::toString).toList();
        return new Rule("one of \"" + String.join("\", \"", names) + '"', value -> value instanceof String && names.contains(value));
    }

    private static boolean hasPrices(Object value) {
        return value instanceof Map<?, ?> prices && prices.size() > 1 && prices.containsKey("CPU")
                && prices.entrySet().stream().allMatch(one -> one.getKey() instanceof String name && !name.isBlank()
                        && one.getValue() instanceof Double price && price > 0 && price < 1e6);
    }
}
