package tutorial.photos;

import java.util.Arrays;

/** How photos get to the device. */
public enum DataLoading {
    /** Each photo is decoded whenever it is needed, by threads that work ahead of the training. */
    ON_THE_FLY("on the fly"),
    /** All photos are decoded once, before the training. */
    CACHED("cached");

    private final String label;

    DataLoading(String label) {
        this.label = label;
    }

    /** @throws IllegalArgumentException if none has this label, in a line that names them all */
    public static DataLoading of(String label) {
        return Arrays.stream(values()).filter(one -> one.label.equals(label)).findFirst().orElseThrow(
                () -> new IllegalArgumentException("data loading \"" + label + "\": must be one of " + Arrays.toString(values())));
    }

    /** As in "Settings", tables and results: "on the fly" or "cached". */
    @Override
    public String toString() {
        return label;
    }
}
