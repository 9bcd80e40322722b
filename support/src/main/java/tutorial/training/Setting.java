package tutorial.training;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Checks the notebook's settings: a bad value ends in one line that names the setting, its value and the remedy. The
 * kernels go on with the cells that wait behind one that failed; so what was refused is remembered until it is corrected.
 */
public final class Setting {
    /** Where the notebook has its settings, for messages that name one. */
    public static final String PLACE = "in \"Settings\"";

    private static final Map<String, String> REFUSED = new ConcurrentHashMap<>();

    private Setting() {}

    /** @throws IllegalStateException if the last value of a setting was refused */
    public static void requireAccepted() {
        REFUSED.values().stream().findFirst().ifPresent(refusal -> {
            throw new IllegalStateException("Not begun: " + refusal);
        });
    }

    /** @throws IllegalArgumentException unless {@code least <= value <= most} */
    public static void between(String name, long value, long least, long most) {
        require(value >= least && value <= most, name, value, "a whole number from " + least + " to " + most);
    }

    /**
     * For what depends on the data.
     *
     * @param why that there is no more, as "data/my.zip has only 12 photos"
     * @throws IllegalArgumentException unless {@code value <= most}
     */
    public static void atMost(String name, long value, long most, String why) {
        require(value <= most, name, value, "at most " + most + ", since " + why);
    }

    /** @throws IllegalArgumentException unless {@code 0 < value <= most}; NaN is refused too */
    public static void positive(String name, double value, double most) {
        require(value > 0 && value <= most, name, value, "a number above 0, at most " + most);
    }

    /** @throws IllegalArgumentException unless {@code 0 <= value < 1}; NaN is refused too */
    public static void fraction(String name, double value) {
        require(value >= 0 && value < 1, name, value, "at least 0 and below 1");
    }

    /** @throws IllegalArgumentException if the text is null or blank */
    public static void text(String name, String value) {
        require(value != null && !value.isBlank(), name, '"' + String.valueOf(value) + '"', "given");
    }

    /** @throws IllegalArgumentException unless the name is {@code none}, {@code cpu}, or {@code gpu} and a number */
    public static void device(String name, String value) {
        require(value != null && value.matches("none|cpu|gpu\\d{1,3}"), name, '"' + String.valueOf(value) + '"',
                "\"gpu0\" for the first GPU, \"none\" for the CPU alone, or \"cpu\"");
    }

    /** @throws IllegalArgumentException unless the value is one of these */
    public static void oneOf(String name, String value, String... values) {
        require(List.of(values).contains(String.valueOf(value)), name, '"' + String.valueOf(value) + '"',
                "one of \"" + String.join("\", \"", values) + "\"");
    }

    /**
     * For what depends on the machine.
     *
     * @param instead a value that is possible everywhere
     * @param whyNot why this value is not possible here; null where it is
     */
    public static void possible(String name, String value, String instead, String whyNot) {
        require(whyNot == null, name, '"' + value + '"', '"' + instead + "\" here, since " + whyNot);
    }

    /** @throws IllegalArgumentException unless each of the keys has a price above 0 */
    public static void prices(String name, Map<String, Double> prices, String... keys) {
        for (String key : keys) {
            Double price = prices == null ? null : prices.get(key);
            require(price != null && price > 0 && price < 1e6, name + ".get(\"" + key + "\")", price, "a number above 0");
        }
    }

    /** For a setting that no longer counts, whatever its last value was. */
    public static void forget(String name) {
        REFUSED.remove(name);
    }

    private static void require(boolean good, String name, Object value, String rule) {
        if (good) {
            REFUSED.remove(name);
            return;
        }
        String refusal = name + " = " + value + ": must be " + rule + ". Change it " + PLACE + ".";
        REFUSED.put(name, refusal);
        throw new IllegalArgumentException(refusal);
    }
}
