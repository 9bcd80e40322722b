package tutorial.machine;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What this machine and its software are, in words for the page. */
public final class Machine {
    private Machine() {}

    /** The processor's name, as "AMD EPYC 7763" or "Apple M2". */
    public static String cpu() {
        return processor().getProcessorIdentifier().getName().strip().replaceAll("\\s+", " ");
    }

    private static CentralProcessor processor() {
        return new SystemInfo().getHardware().getProcessor();
    }

    public static int logicalCores() {
        return processor().getLogicalProcessorCount();
    }

    /** Whether NVIDIA's driver answers, be there a GPU that this process may use or not. */
    static boolean hasNvidiaDriver() {
        return Cuda.DRIVER.isThere() || Nvml.open().isPresent();
    }

    /** In a few words, for a row of results: "2 cores, 23.4 GiB, Linux amd64"; in a container also "1.5 of 64 cores, ...". */
    public static String summary() {
        return Cores.now().inWords() + ", " + gib(Memory.total()) + ", " + operatingSystem();
    }

    /** What trained, with its versions, for a row of results. */
    public static String software() {
        return "DJL " + Engine.getDjlVersion() + ", PyTorch " + PyTorchVersion.loaded() + ", Java " + System.getProperty("java.version")
                + Nvml.open().map(nvml -> ", NVIDIA driver " + nvml.driverVersion()).orElse("");
    }

    /** All that may matter for a timing. */
    public static Table table(Engine engine) {
        Map<String, String> rows = hardware();
        rows.put("Operating system", operatingSystem());
        rows.put("Java", System.getProperty("java.runtime.version") + ", " + System.getProperty("java.vendor"));
        rows.put("DJL", Engine.getDjlVersion());
        rows.put("PyTorch", PyTorchVersion.loaded() + (JniUtils.getFeatures().contains("CUDA") ? " with CUDA" : " for the CPU"));
        int threads = JniUtils.getNumThreads();
        rows.put("Threads", threads + " for PyTorch's arithmetic on the CPU" + Cores.now().why(threads, System.getenv()));
        rows.put("GPUs that DJL sees", String.valueOf(engine.getGpuCount()));
        return Table.create("This machine", StringColumn.create("what", rows.keySet()), StringColumn.create("value", rows.values()));
    }

    static Map<String, String> hardware() {
        Cuda cuda = Cuda.DRIVER;
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("CPU", cpu());
        rows.put("Cores", processor().getPhysicalProcessorCount() + " physical, "
                + Runtime.getRuntime().availableProcessors() + " logical for Java");
        rows.put("Memory", memory(Memory.total(), Memory.ofMachine()) + ", Java heap up to " + gib(Runtime.getRuntime().maxMemory()));
        rows.put("Freed memory", Allocator.inWords(System.getenv()));
        rows.put("GPU", cuda.gpus().isEmpty() ? hasNvidiaDriver() ? "none that this process may use" : "no NVIDIA GPU"
                : cuda.gpus().stream().map(gpu -> gpu.name() + ", " + gib(gpu.bytes())).collect(Collectors.joining("; ")));
        rows.put("NVIDIA driver", Nvml.open().map(Nvml::driverVersion).orElse(cuda.isThere() ? "of unknown version" : "none")
                + (cuda.version() > 0 ? ", CUDA up to " + cuda.dottedVersion() : ""));
        return rows;
    }

    static String memory(long total, long ofMachine) {
        return gib(total) + (total < ofMachine ? ", the limit of this container (the machine has " + gib(ofMachine) + ")" : "");
    }

    private static String operatingSystem() {
        return System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }

    private static String gib(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
    }
}
