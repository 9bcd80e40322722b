package tutorial.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Round numbers for the axes of {@link Charts}, and how its numbers are written. */
public final class Ticks {
    private Ticks() {}

    /** Three significant digits, or all of a whole number. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return "no value";
        }
        BigDecimal exact = BigDecimal.valueOf(value);
        int digits = Math.max(3, Math.min(7, exact.precision() - exact.scale()));
        BigDecimal rounded = exact.round(new MathContext(digits)).stripTrailingZeros();
        double size = Math.abs(value);
        return size >= 1e7 || size > 0 && size < 1e-4 ? rounded.toString() : rounded.toPlainString();
    }

    /** Multiples of 1, 2 or 5 times a power of ten, from zero up, at most about this many. */
    static double[] linear(double max, int count) {
        double power = Math.pow(10, Math.floor(Math.log10(max / count)));
        double step = power * DoubleStream.of(1, 2, 5).filter(digit -> digit * power * count >= max).findFirst().orElse(10);
        return IntStream.rangeClosed(0, (int) Math.floor(max / step)).mapToDouble(i -> i * step).toArray();
    }

    /** 1, 2, 5, 10, 20 ... around these two values; of a wide range the powers of ten alone. */
    static double[] decades(double min, double max) {
        List<Double> ticks = new ArrayList<>();
        for (int power = (int) Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
            for (int digit : max / min > 1000 ? new int[] {1} : new int[] {1, 2, 5}) {
                ticks.add(BigDecimal.valueOf(digit).scaleByPowerOfTen(power).doubleValue());
            }
        }
        while (ticks.size() > 2 && ticks.get(1) <= min) {
            ticks.remove(0);
        }
        while (ticks.size() > 2 && ticks.get(ticks.size() - 2) >= max) {
            ticks.remove(ticks.size() - 1);
        }
        return ticks.stream().mapToDouble(tick -> tick).toArray();
    }
}
