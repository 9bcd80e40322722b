import ai.djl.Device;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Watches a GPU by nvidia-smi while something runs on it: how busy it is, the memory in use on it, its power. Where there
 * is no GPU to watch it does nothing; nor for a MIG slice, since nvidia-smi knows the whole card only.
 */
public final class GpuMonitor implements AutoCloseable {
    static final String UTILISATION = "GPU utilisation, %";
    static final String MEMORY = "GPU memory, peak MiB";
    static final String POWER = "GPU power, W";
    private static final int MILLIS = 200;

    /** NaN is what nvidia-smi does not tell. */
    record Sample(long nanos, double utilisation, double mebibytes, double watts) {}

    private static final Map<Object, Map<String, Double>> FIGURES = Collections.synchronizedMap(new IdentityHashMap<>());

    private final List<Sample> samples = Collections.synchronizedList(new ArrayList<>());
    private Process process;

    /** Begins to watch, unless the device is no GPU. */
    public GpuMonitor(Device device) {
        this(device.isGpu() ? options(Machine.gpus(), device.getDeviceId()) : List.of());
    }

    private GpuMonitor(List<String> options) {
        this(options.isEmpty() ? List.of() : Machine.NVIDIA_SMI, options);
    }

    /** @param programs of which the first that is there prints a line a sample */
    GpuMonitor(List<String> programs, List<String> options) {
        for (String program : programs) {
            try {
                List<String> command = new ArrayList<>(List.of(program));
                command.addAll(options);
                process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
                Thread reader = new Thread(this::read, "nvidia-smi");
                reader.setDaemon(true);
                reader.start();
                return;
            } catch (IOException notThere) {
                continue;
            }
        }
    }

    static List<String> options(List<Cuda.Gpu> gpus, int number) {
        if (number >= gpus.size() || gpus.get(number).id().isEmpty()) {
            return List.of();
        }
        return List.of("--id=" + gpus.get(number).id(), "--query-gpu=utilization.gpu,memory.used,power.draw",
                "--format=csv,noheader,nounits", "--loop-ms=" + MILLIS);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split(",");
                if (fields.length == 3) {
                    samples.add(new Sample(System.nanoTime(), number(fields[0]), number(fields[1]), number(fields[2])));
                }
            }
        } catch (IOException closed) {
            return;
        }
    }

    private static double number(String field) {
        try {
            return Double.parseDouble(field.strip());
        } catch (NumberFormatException notTold) {
            return Double.NaN;
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
        if (process != null) {
            process.destroy();
        }
    }
}
