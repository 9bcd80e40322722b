package tutorial.machine;

import ai.djl.Device;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Watches a GPU until it is closed: how busy it is, the memory in use on it, its power. It asks NVIDIA's management library,
 * as nvidia-smi does, which would take time from what is measured if it were started again and again. A CPU is not watched,
 * nor is a MIG slice, since that library knows the whole card only.
 */
public final class GpuMonitor implements AutoCloseable {
    private static final int MILLIS = 200;

    /** NaN is what the library does not tell. */
    private record Sample(long nanos, double utilisation, double mebibytes, double watts) {}

    private final List<Sample> samples = new CopyOnWriteArrayList<>();
    private Thread sampler;

    /** Begins to watch, if the device is a GPU. */
    public static GpuMonitor of(Device device) {
        String library = System.getProperty("os.name").startsWith("Windows") ? "nvml" : "libnvidia-ml.so.1";
        List<Cuda.Gpu> gpus = Machine.gpus();
        boolean known = device.isGpu() && device.getDeviceId() < gpus.size();
        return new GpuMonitor(library, known ? gpus.get(device.getDeviceId()).id() : "");
    }

    /** @param id of the GPU; where it is empty, nothing is watched */
    GpuMonitor(String library, String id) {
        if (id.isEmpty()) {
            return;
        }
        try {
            NativeLibrary nvml = NativeLibrary.getInstance(library);
            Pointer[] gpu = new Pointer[1];
            if (Cuda.call(nvml, "nvmlInit_v2") == 0 && Cuda.call(nvml, "nvmlDeviceGetHandleByUUID", id, gpu) == 0) {
                sampler = new Thread(() -> sample(nvml, gpu[0]), "GPU monitor");
                sampler.setDaemon(true);
                sampler.start();
            }
        } catch (UnsatisfiedLinkError noDriver) {
            return;
        }
    }

    private void sample(NativeLibrary nvml, Pointer gpu) {
        int[] percent = new int[2];                // of the GPU, of its memory's bandwidth
        long[] bytes = new long[3];                // in all, free, in use
        int[] milliwatts = new int[1];
        try {
            while (true) {
                samples.add(new Sample(System.nanoTime(),
                        Cuda.call(nvml, "nvmlDeviceGetUtilizationRates", gpu, percent) == 0 ? percent[0] : Double.NaN,
                        Cuda.call(nvml, "nvmlDeviceGetMemoryInfo", gpu, bytes) == 0 ? bytes[2] / (double) (1 << 20) : Double.NaN,
                        Cuda.call(nvml, "nvmlDeviceGetPowerUsage", gpu, milliwatts) == 0 ? milliwatts[0] / 1000.0 : Double.NaN));
                Thread.sleep(MILLIS);
            }
        } catch (InterruptedException closed) {
            return;
        }
    }

    /** The figures between two readings of {@link System#nanoTime()}. */
    public GpuFigures between(long begin, long end) {
        List<Sample> during = samples.stream().filter(sample -> sample.nanos() - begin >= 0 && end - sample.nanos() >= 0).toList();
        return new GpuFigures(known(during, Sample::utilisation).average().orElse(Double.NaN),
                known(during, Sample::mebibytes).max().orElse(Double.NaN),
                known(during, Sample::watts).average().orElse(Double.NaN));
    }

    private static DoubleStream known(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        return samples.stream().mapToDouble(figure).filter(value -> !Double.isNaN(value));
    }

    @Override
    public void close() {
        if (sampler != null) {
            sampler.interrupt();
        }
    }
}
