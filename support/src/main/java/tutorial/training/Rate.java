package tutorial.training;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.concurrent.Callable;
import tech.tablesaw.api.DoubleColumn;

/**
 * A rate, and how far it can be trusted: it was measured in several parts or repeats, and no one of them differs from it by
 * more than the spread.
 *
 * @param imagesPerSecond of a whole, or the median of its repeats
 * @param spread images/s; NaN where it was measured once, in one piece
 */
public record Rate(double imagesPerSecond, double spread) {
    /** @param parts the rates of the parts of a whole, or of its repeats */
    static Rate of(double whole, List<Double> parts) {
        return new Rate(whole, parts.size() < 2 ? Double.NaN : parts.stream().mapToDouble(part -> Math.abs(part - whole)).max().getAsDouble());
    }

    /** The median of three repeats, in images/s. */
    public static Rate ofRepeats(Callable<Double> measurement) throws Exception {
        return ofRepeats(List.of(measurement.call(), measurement.call(), measurement.call()));
    }

    static Rate ofRepeats(List<Double> rates) {
        return of(median(rates), rates);
    }

    public static double median(List<Double> values) {
        return DoubleColumn.create("", values).median();
    }

    /** Whether it is higher by more than both spreads; never where one is not known. */
    public boolean isAbove(Rate other) {
        return imagesPerSecond - spread > other.imagesPerSecond + other.spread;
    }

    private boolean isKnown() {
        return spread > 1e-4 * imagesPerSecond;
    }

    /** As "21.5 ± 0.3", with the digits that the spread leaves; of three digits where that is not known. */
    @Override
    public String toString() {
        int decimals = imagesPerSecond >= 100 ? 0 : imagesPerSecond >= 10 ? 1 : 2;
        return isKnown() ? rounded(imagesPerSecond, decimals(spread)) + " " + plusMinus() : rounded(imagesPerSecond, decimals);
    }

    /** As "± 0.3"; empty where it is not known. */
    public String plusMinus() {
        return isKnown() ? "± " + rounded(spread, decimals(spread)) : "";
    }

    /** To the first digit, to the second where the first is a 1: to round 1.4 to 1 would be a third of it. */
    private static int decimals(double value) {
        BigDecimal first = BigDecimal.valueOf(value).round(new MathContext(1, RoundingMode.DOWN));
        return first.scale() + (first.unscaledValue().intValueExact() == 1 ? 1 : 0);
    }

    private static String rounded(double value, int decimals) {
        return Double.isFinite(value) ? BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP).toPlainString() : String.valueOf(value);
    }
}
