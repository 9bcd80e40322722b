package tutorial.machine;

import ai.djl.Device;
import com.sun.jna.Pointer;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Watches a GPU until it is closed. It asks NVIDIA's management library five times a second: nvidia-smi would have to be
 * started for that, and would take time from what is measured. A CPU is not watched, nor is a MIG slice.
 */
public final class GpuMonitor implements AutoCloseable {
    private static final int MILLIS = 200;

    private final NavigableMap<Long, GpuFigures> samples = new ConcurrentSkipListMap<>();
    private Thread sampler;

    /** Begins to watch, if the device is a GPU. */
    public static GpuMonitor of(Device device) {
        return device.isGpu() ? new GpuMonitor(Nvml.open(), Gpu.of(device).uuid()) : new GpuMonitor(Optional.empty(), "");
    }

    GpuMonitor(Optional<Nvml> nvml, String uuid) {
        nvml.flatMap(one -> one.gpu(uuid)).ifPresent(gpu -> {
            sampler = new Thread(() -> sample(nvml.get(), gpu), "GPU monitor");
            sampler.setDaemon(true);
            sampler.start();
        });
    }

    private void sample(Nvml nvml, Pointer gpu) {
        try {
            while (true) {
                samples.put(System.nanoTime(), nvml.figures(gpu));
                Thread.sleep(MILLIS);
            }
        } catch (InterruptedException closed) {
            return;
        }
    }

    /** The figures between two readings of {@link System#nanoTime()}. */
    public GpuFigures between(long begin, long end) {
        Collection<GpuFigures> during = samples.subMap(begin, true, end, true).values();
        return new GpuFigures(mean(during, GpuFigures::utilisation), most(during, GpuFigures::memory), mean(during, GpuFigures::power),
                mean(during, GpuFigures::clock), most(during, GpuFigures::fullClock), most(during, GpuFigures::temperature),
                mean(during, GpuFigures::heldByPower), mean(during, GpuFigures::heldByHeat));
    }

    private static double mean(Collection<GpuFigures> samples, ToDoubleFunction<GpuFigures> figure) {
        return known(samples, figure).average().orElse(Double.NaN);
    }

    private static double most(Collection<GpuFigures> samples, ToDoubleFunction<GpuFigures> figure) {
        return known(samples, figure).max().orElse(Double.NaN);
    }

    private static DoubleStream known(Collection<GpuFigures> samples, ToDoubleFunction<GpuFigures> figure) {
        return samples.stream().mapToDouble(figure).filter(value -> !Double.isNaN(value));
    }

    @Override
    public void close() {
        if (sampler != null) {
            sampler.interrupt();
        }
    }
}
