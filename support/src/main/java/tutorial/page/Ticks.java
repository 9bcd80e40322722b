package tutorial.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Round numbers for the axes of {@link Charts}, and how numbers are written. */
final class Ticks {
    private Ticks() {}

    /** Three significant digits, or all of a whole number. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return "no value";
        }
        boolean plain = value == 0 || Math.abs(value) >= 1e-4 && Math.abs(value) < 1e7;
        return plain ? rounded(value, 3).toPlainString() : rounded(value, 3).toString();
    }

    /** So many significant digits, or all that are before the point. */
    static BigDecimal rounded(double value, int digits) {
        BigDecimal exact = BigDecimal.valueOf(value);
        return exact.round(new MathContext(Math.max(digits, exact.precision() - exact.scale()))).stripTrailingZeros();
    }

    /** Multiples of 1, 2 or 5 times a power of ten, from zero up, at most about this many. */
    static double[] linear(double max, int count) {
        double power = Math.pow(10, Math.floor(Math.log10(max / count)));
        double step = power * DoubleStream.of(1, 2, 5).filter(digit -> digit * power * count >= max).findFirst().orElse(10);
        return IntStream.rangeClosed(0, (int) Math.floor(max / step)).mapToDouble(i -> i * step).toArray();
    }

    /** 1, 2, 5, 10, 20 ... around these two values; of a wide range the powers of ten alone. */
    static double[] decades(double min, double max) {
        TreeSet<Double> ticks = new TreeSet<>();
        for (int power = (int) Math.log10(min) - 2; power <= Math.log10(max) + 1; power++) {
            for (String digit : (max / min > 1000 ? "1" : "1 2 5").split(" ")) {
                ticks.add(Double.valueOf(digit + "e" + power));
            }
        }
        double first = ticks.floor(min);
        double last = Math.max(ticks.ceiling(max), ticks.higher(first));
        return ticks.subSet(first, true, last, true).stream().mapToDouble(tick -> tick).toArray();
    }
}
