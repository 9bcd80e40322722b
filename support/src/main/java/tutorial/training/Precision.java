package tutorial.training;

import java.util.Locale;

/** The numbers that training computes with. */
public enum Precision {
    FLOAT32,
    /** Convolutions and matrix products in 16 bits, weights in 32; see {@link Autocast}. */
    MIXED;

    /** As in "Settings": "float32" or "mixed". */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
