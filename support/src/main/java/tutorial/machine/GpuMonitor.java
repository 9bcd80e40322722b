package tutorial.machine;

import ai.djl.Device;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Watches a GPU while something runs on it: how busy it is, the memory in use on it, its power. The figures are those of
 * nvidia-smi, taken from where it takes them, NVIDIA's management library, since a program that starts and prints would get
 * in the way of what is timed. Where there is no GPU to watch it does nothing; nor for a MIG slice, since that library knows
 * the whole card only.
 */
public final class GpuMonitor implements AutoCloseable {
    static final String UTILISATION = "GPU utilisation, %";
    static final String MEMORY = "GPU memory, peak MiB";
    static final String POWER = "GPU power, W";
    private static final String LIBRARY = System.getProperty("os.name").startsWith("Windows") ? "nvml" : "libnvidia-ml.so.1";
    private static final int MILLIS = 200;

    /** NaN is what the library does not tell. */
    record Sample(long nanos, double utilisation, double mebibytes, double watts) {}

    private static final Map<Object, Map<String, Double>> FIGURES = Collections.synchronizedMap(new IdentityHashMap<>());

    private final List<Sample> samples = Collections.synchronizedList(new ArrayList<>());
    private Thread sampler;

    /** Begins to watch, unless the device is no GPU. */
    public GpuMonitor(Device device) {
        this(LIBRARY, device.isGpu() ? id(Machine.gpus(), device.getDeviceId()) : "");
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

    static String id(List<Cuda.Gpu> gpus, int number) {
        return number < gpus.size() ? gpus.get(number).id() : "";
    }

    private void sample(NativeLibrary nvml, Pointer gpu) {
        try {
            while (true) {
                int[] percent = new int[2];                // of the GPU, of its memory's bandwidth
                long[] bytes = new long[3];                // in all, free, in use
                int[] milliwatts = new int[1];
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

    /**
     * Keeps the figures of the last seconds for what ran in them.
     *
     * @param run the very object that {@link #figures} will be asked for
     * @param seconds how long it ran
     * @return the run
     */
    public <T> T keep(T run, ToDoubleFunction<T> seconds) {
        long from = System.nanoTime() - (long) (seconds.applyAsDouble(run) * 1e9);
        List<Sample> during;
        synchronized (samples) {
            during = samples.stream().filter(sample -> sample.nanos() >= from).toList();
        }
        FIGURES.put(run, figures(during));
        return run;
    }

    /** Figures of results, by the names of their columns: means, and of memory the peak; none for a run without a GPU. */
    public static Map<String, Double> figures(Object run) {
        return FIGURES.getOrDefault(run, Map.of());
    }

    int samples() {
        return samples.size();
    }

    static Map<String, Double> figures(List<Sample> samples) {
        Map<String, Double> figures = new LinkedHashMap<>();
        put(figures, UTILISATION, told(samples, Sample::utilisation).average().orElse(Double.NaN));
        put(figures, MEMORY, told(samples, Sample::mebibytes).max().orElse(Double.NaN));
        put(figures, POWER, told(samples, Sample::watts).average().orElse(Double.NaN));
        return figures;
    }

    private static DoubleStream told(List<Sample> samples, ToDoubleFunction<Sample> field) {
        return samples.stream().mapToDouble(field).filter(value -> !Double.isNaN(value));
    }

    private static void put(Map<String, Double> figures, String name, double value) {
        if (!Double.isNaN(value)) {
            figures.put(name, value);
        }
    }

    @Override
    public void close() {
        if (sampler != null) {
            sampler.interrupt();
        }
    }
}
