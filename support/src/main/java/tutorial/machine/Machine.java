package tutorial.machine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import ai.djl.util.cuda.CudaUtils;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What this machine is made of, and why a GPU can or cannot be used: CUDA and nvidia-smi for the GPU, OSHI for the rest. */
public final class Machine {
    private static final List<String> NVIDIA_SMI = List.of("nvidia-smi", "/usr/lib/wsl/lib/nvidia-smi");
    private static final Path DRIVER_FILES = Path.of("/proc/driver/nvidia");
    private static final Pattern LISTED = Pattern.compile("(.+?)\\s*,\\s*(\\d+[\\d.]*)\\s*,\\s*(?:(\\d+)|\\[.*])");

    /** A GPU of this machine as nvidia-smi lists it, whether this process may use it or not; memory in MiB, or 0. */
    record Listed(String name, String driver, long memoryMiB) {}

    private static List<Listed> listed;

    private Machine() {}

    /** The processor's name, as "AMD EPYC 7763" or "Apple M2". */
    public static String cpu() {
        return new SystemInfo().getHardware().getProcessor().getProcessorIdentifier().getName().strip()
                .replaceAll("\\s+", " ");
    }

    /** The name of the GPU with this number, from 0, in CUDA's order; "NVIDIA GPU" where there is none. */
    public static String gpu(int number) {
        List<Cuda.Gpu> gpus = gpus();
        return number < gpus.size() ? gpus.get(number).name() : "NVIDIA GPU";
    }

    /** The NVIDIA GPUs that this process may use, in CUDA's order. */
    public static List<Cuda.Gpu> gpus() {
        Cuda.Driver driver = Cuda.driver();
        if (driver.isThere()) {
            return driver.gpus();
        }
        List<Listed> listed = listed();
        return listed.stream().limit(listed.isEmpty() ? 0 : Cuda.counted())
                .map(gpu -> new Cuda.Gpu(gpu.name(), gpu.memoryMiB() << 20, 0, "")).toList();
    }

    /**
     * The version of PyTorch as its own files tell it: {@code version.py} of a Python package, {@code build-version} of
     * libtorch; where it has neither, the version that DJL expects.
     */
    public static String pytorch(Path libraryFolder, String expected) {
        Path parent = libraryFolder.toAbsolutePath().getParent();
        for (Path file : List.of(parent.resolve("version.py"), parent.resolve("build-version"))) {
            try {
                Matcher version = Pattern.compile("\\d+\\.\\d+\\.\\d+[\\w.+-]*").matcher(Files.readString(file));
                if (version.find()) {
                    return version.group();
                }
            } catch (IOException noSuchFile) {
                continue;
            }
        }
        return expected;
    }

    /** Rows of what the machine has, ready for a table; the names of the rows are the keys. */
    public static Map<String, String> report() {
        CentralProcessor processor = new SystemInfo().getHardware().getProcessor();
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("CPU", cpu());
        rows.put("Cores", processor.getPhysicalProcessorCount() + " physical, "
                + Runtime.getRuntime().availableProcessors() + " logical for Java");
        rows.put("Memory", memory(Memory.total(), Memory.ofMachine()) + ", Java heap up to " + gib(Runtime.getRuntime().maxMemory()));
        rows.put("Freed memory", freedMemory(System.getenv()));
        rows.put("GPU", gpuRow(gpus(), listed()));
        rows.put("NVIDIA driver", listed().isEmpty() ? "none" : listed().get(0).driver() + ", CUDA up to " + cudaVersion());
        rows.put("Operating system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        rows.put("Java", System.getProperty("java.runtime.version") + ", " + System.getProperty("java.vendor"));
        return rows;
    }

    /** The same, and what DJL has loaded, for the page. */
    public static Table table(Engine engine) {
        Map<String, String> rows = report();
        rows.put("DJL", Engine.getDjlVersion());
        rows.put("PyTorch", pytorch(engine) + (JniUtils.getFeatures().contains("CUDA") ? " with CUDA" : " for the CPU"));
        rows.put("Threads", JniUtils.getNumThreads() + " for PyTorch's arithmetic on the CPU");
        rows.put("GPUs that DJL sees", String.valueOf(engine.getGpuCount()));
        return Table.create("This machine", StringColumn.create("what", rows.keySet()), StringColumn.create("value", rows.values()));
    }

    /** The version of the PyTorch that was loaded. */
    public static String pytorch(Engine engine) {
        return pytorch(Path.of(LibUtils.getLibtorchPath()), engine.getVersion());
    }

    /** In a few words, for a row of results: "2 cores, 23.4 GiB, Linux amd64". */
    public static String summary() {
        return Runtime.getRuntime().availableProcessors() + " cores, " + gib(Memory.total())
                + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }

    static String memory(long total, long ofMachine) {
        return gib(total) + (total < ofMachine ? ", the limit of this container (the machine has " + gib(ofMachine) + ")" : "");
    }

    static String gpuRow(List<Cuda.Gpu> gpus, List<Listed> listed) {
        if (gpus.isEmpty()) {
            return listed.isEmpty() ? "no NVIDIA GPU"
                    : "none that this process may use; there is " + names(listed.stream().map(Listed::name));
        }
        return names(gpus.stream().map(gpu -> gpu.name() + (gpu.bytes() > 0 ? ", " + gib(gpu.bytes()) : "")));
    }

    private static String names(Stream<String> gpus) {
        return gpus.collect(Collectors.joining("; "));
    }

    /** The NVIDIA driver, as ", NVIDIA driver 570.124.06", or an empty text where there is none. */
    public static String driver() {
        return listed().isEmpty() ? "" : ", NVIDIA driver " + listed().get(0).driver();
    }

    /** Whether NVIDIA's driver answers, be there a GPU that this process may use or not. */
    public static boolean hasNvidiaDriver() {
        return Cuda.driver().isThere() || !listed().isEmpty();
    }

    /** The numbers that training computes with on a device. */
    public static String precision(Device device) {
        return precision(device.isGpu() ? capability(device) : 0, System.getenv("NVIDIA_TF32_OVERRIDE"));
    }

    /** A GPU's compute capability, as 75 for 7.5. */
    public static int capability(Device gpu) {
        return Integer.parseInt(CudaUtils.getComputeCapability(gpu.getDeviceId()));
    }

    /** Whether this CPU computes in bfloat16 as PyTorch asks it to: by AVX512-BF16, AMX, or on Arm (Linux) bf16. */
    public static boolean cpuHasBfloat16() {
        return hasBfloat16(new SystemInfo().getHardware().getProcessor().getFeatureFlags());
    }

    /** @param flags lines of the processor's features, as in /proc/cpuinfo */
    static boolean hasBfloat16(List<String> flags) {
        Pattern bfloat16 = Pattern.compile("\\b(avx512_bf16|amx_bf16|bf16)\\b");
        return flags.stream().anyMatch(line -> bfloat16.matcher(line).find());
    }

    /** From Ampere (8.0) on PyTorch rounds what a convolution multiplies to TF32, unless the driver is told not to. */
    static String precision(int computeCapability, String tf32Override) {
        return computeCapability >= 80 && !"0".equals(tf32Override) ? "float32, TF32 in convolutions" : "float32";
    }

    /**
     * Gives back the memory that PyTorch and Java hold but do not use: to the operating system, where that can be done, and
     * of every GPU.
     */
    public static void freeUnused() {
        System.gc();
        if (JniUtils.getFeatures().contains("CUDA")) {
            JniUtils.emptyCudaCache();
        }
        try {
            NativeLibrary.getInstance("c").getFunction("malloc_trim").invokeInt(new Object[] {0L});
        } catch (UnsatisfiedLinkError notGlibc) {
            return;
        }
    }

    /** Bytes that are free on a GPU, or that this machine, or the container, could still give this process. */
    public static long freeBytes(Device device) {
        if (device.isGpu()) {
            MemoryUsage memory = CudaUtils.getGpuMemory(device);
            return memory.getMax() - memory.getUsed();
        }
        return Memory.free();
    }

    /** Bytes in use on a GPU, or by this process; NaN where that is not known. */
    public static double usedBytes(Device device) {
        if (device.isGpu()) {
            MemoryUsage usage = CudaUtils.getGpuMemory(device);
            return usage.getUsed();
        }
        try {
            Matcher resident = Pattern.compile("VmRSS:\\s+(\\d+) kB").matcher(Files.readString(Path.of("/proc/self/status")));
            return resident.find() ? 1024.0 * Long.parseLong(resident.group(1)) : Double.NaN;
        } catch (IOException notLinux) {
            return Double.NaN;
        }
    }

    /** Whether PyTorch on the CPU keeps the memory of a step for the next one, as `make` asks glibc to. */
    static String freedMemory(Map<String, String> environment) {
        boolean kept = "0".equals(environment.get("MALLOC_MMAP_MAX_")) && "1".equals(environment.get("MALLOC_ARENA_MAX"))
                && environment.containsKey("MALLOC_TRIM_THRESHOLD_");
        return kept ? "kept for the next training step"
                : "goes back to the operating system at once, which slows the CPU down; see docs/speed.md";
    }

    /**
     * The Maven classifier of DJL's PyTorch library for this platform's CPU.
     *
     * @throws UnsupportedOperationException where DJL publishes none
     */
    public static String nativeClassifier() {
        return nativeClassifier(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static String nativeClassifier(String os, String arch) {
        boolean arm = arch.equals("aarch64") || arch.equals("arm64");
        boolean intel = arch.equals("amd64") || arch.equals("x86_64");
        if (os.startsWith("Linux") && (arm || intel)) {
            return arm ? "linux-aarch64" : "linux-x86_64";
        }
        if (os.startsWith("Mac") && arm) {
            return "osx-aarch64";
        }
        if (os.startsWith("Windows") && intel) {
            return "win-x86_64";
        }
        throw new UnsupportedOperationException("DJL publishes no PyTorch 2.7.1 for " + os + " on " + arch
                + ". Use Linux (x86-64, arm64), macOS (arm64) or Windows (x86-64), or the Docker image.");
    }

    /**
     * Why this process sees no GPU and what to do about it, in two sentences; null where it sees one.
     *
     * @param environment this process's variables
     */
    static String whyNoGpu(Cuda.Driver driver, List<Listed> listed, boolean driverFiles, Map<String, String> environment) {
        if (!driver.gpus().isEmpty()) {
            return null;
        }
        String container = "In a container, start it with --gpus all; else restart after a driver update.";
        if (driver.isThere()) {
            String visible = environment.get("CUDA_VISIBLE_DEVICES");
            return visible == null ? "NVIDIA's driver is there, but CUDA finds no GPU" + because(driver.error()) + ". " + container
                    : "CUDA_VISIBLE_DEVICES = \"" + visible + "\" hides every GPU" + because(driver.error())
                            + ". Unset it, or set it to 0 for the first GPU, and restart the kernel.";
        }
        if (listed.isEmpty() && !driverFiles) {
            return "This machine has no NVIDIA GPU, or its driver is not installed (nvidia-smi does not answer). "
                    + "Run the notebook on a machine with one; where there is one, install NVIDIA's driver.";
        }
        return (listed.isEmpty() ? "An NVIDIA driver is installed" : listed.get(0).name() + " is there")
                + ", but the driver's library for CUDA (libcuda) cannot be loaded. " + container;
    }

    /** The same for this machine. */
    static String whyNoGpu() {
        return gpus().isEmpty() ? whyNoGpu(Cuda.driver(), listed(), Files.exists(DRIVER_FILES), System.getenv()) : null;
    }

    private static String because(String error) {
        return error.isEmpty() ? "" : " (" + error + ")";
    }

    /** What nvidia-smi lists; it is started once. */
    static synchronized List<Listed> listed() {
        if (listed == null) {
            listed = parse(nvidiaSmi(List.of("--query-gpu=name,driver_version,memory.total", "--format=csv,noheader,nounits")));
        }
        return listed;
    }

    /** Lines "name, driver version, memory in MiB", the last perhaps "[N/A]"; anything else is passed over. */
    static List<Listed> parse(String csv) {
        List<Listed> gpus = new ArrayList<>();
        for (String line : csv.split("\\R")) {
            Matcher gpu = LISTED.matcher(line.strip());
            if (gpu.matches()) {
                gpus.add(new Listed(gpu.group(1), gpu.group(2), gpu.group(3) == null ? 0 : Long.parseLong(gpu.group(3))));
            }
        }
        return gpus;
    }

    private static String cudaVersion() {
        int version = Cuda.driver().version();
        return version > 0 ? Cuda.version(version) : cudaVersion(nvidiaSmi(List.of()));
    }

    /** As nvidia-smi prints it above its table. */
    static String cudaVersion(String table) {
        Matcher version = Pattern.compile("CUDA (?:UMD )?Version\\s*:\\s*([\\d.]+)").matcher(table);
        return version.find() ? version.group(1) : "unknown";
    }

    /** What nvidia-smi prints, or an empty text where it is missing, fails or hangs. */
    private static String nvidiaSmi(List<String> arguments) {
        for (String program : NVIDIA_SMI) {
            List<String> command = new ArrayList<>(List.of(program));
            command.addAll(arguments);
            try {
                Path output = Files.createTempFile("nvidia-smi", ".txt");
                try {
                    Process process = new ProcessBuilder(command).redirectErrorStream(true)
                            .redirectOutput(output.toFile()).start();
                    if (process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0) {
                        return Files.readString(output);
                    }
                    process.destroyForcibly();
                } finally {
                    Files.delete(output);
                }
            } catch (IOException notInstalled) {
                continue;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return "";
            }
        }
        return "";
    }

    private static String gib(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
    }
}
