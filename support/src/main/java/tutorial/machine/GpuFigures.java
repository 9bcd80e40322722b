package tutorial.machine;

import java.util.Locale;
import tech.tablesaw.api.Row;

/**
 * What a GPU did during a training, as {@link GpuMonitor} saw it. NaN is what is not known, as of a CPU.
 *
 * @param utilisation per cent of the time in which it computed, the mean
 * @param memory MiB in use on it, the most
 * @param power watts, the mean
 * @param clock MHz of its multiprocessors, the mean
 * @param fullClock the most MHz that it can have
 * @param temperature degrees Celsius, the most
 * @param heldByPower share of the time in which its power limit held the clock down, 0 to 1
 * @param heldByHeat share of the time in which its temperature did, 0 to 1
 */
public record GpuFigures(double utilisation, double memory, double power, double clock, double fullClock, double temperature,
        double heldByPower, double heldByHeat) {
    public static final GpuFigures UNKNOWN = new GpuFigures(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN,
            Double.NaN, Double.NaN);
    /** Of the time: less is a moment. */
    private static final double MUCH = 0.1;
    /** Of its full clock: the limits of many GPUs are reached all the time, and cost next to nothing. */
    private static final double NEARLY_FULL = 0.95;

    /** Whether it computed more slowly than it can, since it was at its limit of power or temperature. */
    boolean throttled() {
        return Math.max(heldByPower, heldByHeat) >= MUCH && clock < NEARLY_FULL * fullClock;
    }

    /** A sentence on that for the page; empty where it was not. */
    public String throttling() {
        return !throttled() ? "" : String.format(Locale.ROOT, "It was throttled: its clock ran at %.0f of %.0f MHz, since it was at its %s",
                clock, fullClock, heldByHeat >= MUCH ? String.format(Locale.ROOT, "limit of temperature (%.0f °C) %.0f %% of the time.",
                        temperature, 100 * heldByHeat) : String.format(Locale.ROOT, "limit of power (%.0f W) %.0f %% of the time.",
                        power, 100 * heldByPower));
    }

    /** Writes them into a row of the results. */
    public void writeTo(Row row) {
        row.setDouble("GPU utilisation, %", utilisation);
        row.setDouble("GPU memory, peak MiB", memory);
        row.setDouble("GPU power, W", power);
        row.setDouble("GPU clock, MHz", clock);
        row.setDouble("GPU temperature, C", temperature);
        row.setDouble("GPU throttled, %", 100 * Math.max(heldByPower, heldByHeat));
    }
}
