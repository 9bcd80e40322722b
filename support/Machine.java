import ai.djl.Device;
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
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;

/** What this machine is made of, and why a GPU can or cannot be used: NVIDIA's tools for the GPU, OSHI for the rest. */
public final class Machine {
    /** One NVIDIA GPU as {@code nvidia-smi} lists it; memory in MiB. */
    public record Gpu(String name, String driver, long memoryMiB) {}

    private static final List<String> NVIDIA_SMI = List.of("nvidia-smi", "/usr/lib/wsl/lib/nvidia-smi");
    private static final Path DRIVER_FILES = Path.of("/proc/driver/nvidia");

    private Machine() {}

    /** The processor's name, as "AMD EPYC 7763" or "Apple M2". */
    public static String cpu() {
        return new SystemInfo().getHardware().getProcessor().getProcessorIdentifier().getName().strip()
                .replaceAll("\\s+", " ");
    }

    /** The name of the NVIDIA GPU with this number, from 0, or "NVIDIA GPU" where nvidia-smi does not list it. */
    public static String gpu(int number) {
        List<Gpu> gpus = gpus();
        return number < gpus.size() ? gpus.get(number).name() : "NVIDIA GPU";
    }

    /** The NVIDIA GPUs that this process may use, in order; empty where there is none or no driver answers. */
    public static List<Gpu> gpus() {
        List<String> query = new ArrayList<>(
                List.of("--query-gpu=name,driver_version,memory.total", "--format=csv,noheader,nounits"));
        String visible = System.getenv("CUDA_VISIBLE_DEVICES");
        if (visible != null && !visible.isBlank()) {
            query.add("--id=" + visible);
        }
        return parseGpus(nvidiaSmi(query));
    }

    /** Whether DJL can use a GPU here: there is one, and the CUDA runtime, by which DJL finds it, can be loaded. */
    public static boolean hasUsableGpu() {
        return !gpus().isEmpty() && loads("cudart");
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
        long memory = new SystemInfo().getHardware().getMemory().getTotal();
        List<Gpu> gpus = gpus();
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("CPU", cpu());
        rows.put("Cores", processor.getPhysicalProcessorCount() + " physical, "
                + Runtime.getRuntime().availableProcessors() + " logical for Java");
        rows.put("Memory", gib(memory) + ", Java heap up to " + gib(Runtime.getRuntime().maxMemory()));
        rows.put("Freed memory", freedMemory(System.getenv()));
        rows.put("GPU", gpus.isEmpty() ? "no NVIDIA GPU" : gpus.stream()
                .map(gpu -> gpu.name() + ", " + gib(gpu.memoryMiB() << 20)).collect(Collectors.joining("; ")));
        rows.put("NVIDIA driver", gpus.isEmpty() ? "none" : gpus.get(0).driver() + ", CUDA up to " + cudaVersion());
        rows.put("Operating system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        rows.put("Java", System.getProperty("java.runtime.version") + ", " + System.getProperty("java.vendor"));
        return rows;
    }

    /** In a few words, for a row of results: "2 cores, 23.4 GiB, Linux amd64". */
    public static String summary() {
        return Runtime.getRuntime().availableProcessors() + " cores, " + gib(new SystemInfo().getHardware().getMemory().getTotal())
                + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }

    /** The NVIDIA driver, as ", NVIDIA driver 570.124.06", or an empty text where there is none. */
    public static String driver() {
        List<Gpu> gpus = gpus();
        return gpus.isEmpty() ? "" : ", NVIDIA driver " + gpus.get(0).driver();
    }

    /** The numbers that training computes with on a device. */
    public static String precision(Device device) {
        String capability = device.isGpu() ? CudaUtils.getComputeCapability(device.getDeviceId()) : "0";
        return precision(Integer.parseInt(capability), System.getenv("NVIDIA_TF32_OVERRIDE"));
    }

    /** From Ampere (8.0) on PyTorch rounds what a convolution multiplies to TF32, unless the driver is told not to. */
    static String precision(int computeCapability, String tf32Override) {
        return computeCapability >= 80 && !"0".equals(tf32Override) ? "float32, TF32 in convolutions" : "float32";
    }

    /** Gives memory that PyTorch and Java hold but do not use back to the operating system, where that can be done. */
    public static void freeUnused() {
        System.gc();
        try {
            NativeLibrary.getInstance("c").getFunction("malloc_trim").invokeInt(new Object[] {0L});
        } catch (UnsatisfiedLinkError notGlibc) {
            return;
        }
    }

    /** Bytes that are free on a GPU, or that this machine could give a process. */
    public static long freeBytes(Device device) {
        if (device.isGpu()) {
            MemoryUsage memory = CudaUtils.getGpuMemory(device);
            return memory.getMax() - memory.getUsed();
        }
        return new SystemInfo().getHardware().getMemory().getAvailable();
    }

    /** Whether PyTorch on the CPU keeps the memory of a step for the next one, as the Makefile asks glibc to. */
    static String freedMemory(Map<String, String> environment) {
        boolean kept = "0".equals(environment.get("MALLOC_MMAP_MAX_")) && "1".equals(environment.get("MALLOC_ARENA_MAX"))
                && environment.containsKey("MALLOC_TRIM_THRESHOLD_");
        return kept ? "kept for the next training step"
                : "goes back to the operating system at once, which slows the CPU down; see the README, Speed";
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

    /** One sentence on why DJL sees no GPU, and one on what to do about it. */
    public static String whyNoGpu() {
        boolean cpuLibrary = Thread.currentThread().getContextClassLoader()
                .getResource("pytorch/cpu/" + nativeClassifier() + "/") != null;
        return whyNoGpu(gpus(), Files.exists(DRIVER_FILES), cpuLibrary, loads("cudart"));
    }

    static String whyNoGpu(List<Gpu> gpus, boolean driverFiles, boolean cpuLibrary, boolean cudart) {
        if (gpus.isEmpty() && driverFiles) {
            return "An NVIDIA driver is installed, but nvidia-smi lists no GPU. "
                    + "In a container, start it with --gpus all; else restart after a driver update.";
        }
        if (gpus.isEmpty()) {
            return "This machine has no NVIDIA GPU, or its driver is not installed (nvidia-smi does not answer). "
                    + "Run the notebook on a machine with one; where there is one, install NVIDIA's driver.";
        }
        String found = gpus.get(0).name() + " is there, but DJL does not see it: ";
        if (!cudart) {
            return found + "the CUDA runtime (libcudart) cannot be loaded. Open the notebook by `make lab`, which "
                    + "brings it, or install the CUDA runtime 12.8 or later and restart the kernel.";
        }
        if (cpuLibrary) {
            return found + "PyTorch's CPU library is on the class path and hides every GPU. Restart the kernel.";
        }
        return found + "driver " + gpus.get(0).driver() + " may be too old for CUDA 12.8 (it needs 525 or later), the "
                + "libcudart that was found is older than 12.8, or PyTorch's CUDA libraries could not be fetched. See the README.";
    }

    /** Lines "name, driver version, memory in MiB"; anything else is passed over. */
    static List<Gpu> parseGpus(String csv) {
        List<Gpu> gpus = new ArrayList<>();
        for (String line : csv.split("\\R")) {
            String[] fields = line.split("\\s*,\\s*");
            if (fields.length == 3 && fields[2].strip().matches("\\d+")) {
                gpus.add(new Gpu(fields[0].strip(), fields[1], Long.parseLong(fields[2].strip())));
            }
        }
        return gpus;
    }

    private static String cudaVersion() {
        Matcher version = Pattern.compile("CUDA Version:\\s*([\\d.]+)").matcher(nvidiaSmi(List.of()));
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

    private static boolean loads(String library) {
        try {
            NativeLibrary.getInstance(library);
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    private static String gib(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
    }
}
