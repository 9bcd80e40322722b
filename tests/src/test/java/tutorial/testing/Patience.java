package tutorial.testing;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;

/**
 * How long to wait at most. A wait ends with what it waits for, so it may be long: only something that hangs should meet its
 * end, on a slow or busy machine as on a fast one.
 */
public final class Patience {
    /** Seconds that {@link #work} takes on a quiet Intel Xeon (AVX-512), where the usual seconds were taken. */
    private static final double USUAL = 0.05;
    private static final int SLACK = 10;
    public static final double FACTOR = SLACK * Math.max(1, work() / USUAL);

    private Patience() {}

    /** @param usualSeconds what the thing takes on that machine */
    public static Duration with(double usualSeconds) {
        return Duration.ofMillis((long) (1000 * FACTOR * usualSeconds));
    }

    /** Seconds for some hashing, the median of three. */
    private static double work() {
        byte[] bytes = new byte[1 << 23];
        double[] seconds = new double[3];
        for (int round = 0; round < seconds.length; round++) {
            long begin = System.nanoTime();
            try {
                MessageDigest.getInstance("SHA-512").digest(bytes);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
            seconds[round] = (System.nanoTime() - begin) / 1e9;
        }
        Arrays.sort(seconds);
        return seconds[1];
    }
}
