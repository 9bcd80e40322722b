package tutorial.machine;

import tech.tablesaw.api.Row;

/**
 * What a GPU did during a training, as {@link GpuMonitor} saw it. NaN is what is not known, as of a CPU.
 *
 * @param utilisation per cent of the time in which it computed, the mean
 * @param memory MiB in use on it, the most
 * @param power watts, the mean
 */
public record GpuFigures(double utilisation, double memory, double power) {
    public static final GpuFigures UNKNOWN = new GpuFigures(Double.NaN, Double.NaN, Double.NaN);

    /** Writes them into a row of the results. */
    public void writeTo(Row row) {
        row.setDouble("GPU utilisation, %", utilisation);
        row.setDouble("GPU memory, peak MiB", memory);
        row.setDouble("GPU power, W", power);
    }
}
