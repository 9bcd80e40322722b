package tutorial.testing;

import java.time.Duration;

/** How long to wait at most: so long that only what hangs meets its end, on a slow or busy machine as on a fast one. */
public final class Patience {
    private static final int FACTOR = 30;

    private Patience() {}

    /** @param usualSeconds what the thing takes on a quiet machine of two cores */
    public static Duration with(double usualSeconds) {
        return Duration.ofMillis((long) (1000 * FACTOR * usualSeconds));
    }
}
