package tutorial.machine;

import ai.djl.util.cuda.CudaUtils;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The GPUs that this process may use, as CUDA's driver tells of them: in CUDA's order, without those that are hidden, a
 * MIG slice as such. And the CUDA runtime, without which DJL counts no GPU.
 */
public final class Cuda {
    /**
     * A GPU, or a slice of one.
     *
     * @param bytes its memory, 0 where it is not known
     * @param capability its compute capability, as 75 for 7.5, or 0
     * @param id by which nvidia-smi knows it; empty for a slice, whose figures it does not tell
     */
    public record Gpu(String name, long bytes, int capability, String id) {}

    /**
     * What the driver answers.
     *
     * @param isThere whether its library can be loaded
     * @param version the CUDA that it knows, as 12080 for 12.8, or 0
     * @param error why it lists no GPU, as "no CUDA-capable device is detected, error 100", else empty
     */
    public record Driver(boolean isThere, int version, List<Gpu> gpus, String error) {}

    private static final String MIG = " MIG ";
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;

    private static Driver driver;

    private Cuda() {}

    /** Asked once: what a process sees of the GPUs does not change while it lives. */
    public static synchronized Driver driver() {
        if (driver == null) {
            driver = ask();
        }
        return driver;
    }

    private static Driver ask() {
        NativeLibrary cuda;
        try {
            cuda = NativeLibrary.getInstance(System.getProperty("os.name").startsWith("Windows") ? "nvcuda" : "libcuda.so.1");
        } catch (UnsatisfiedLinkError noDriver) {
            return new Driver(false, 0, List.of(), "");
        }
        int[] number = new int[1];
        int failed = call(cuda, "cuInit", 0);
        int version = call(cuda, "cuDriverGetVersion", number) == 0 ? number[0] : 0;
        failed = failed == 0 ? call(cuda, "cuDeviceGetCount", number) : failed;
        if (failed != 0) {
            return new Driver(true, version, List.of(), message(cuda, failed) + ", error " + failed);
        }
        List<Gpu> gpus = new ArrayList<>();
        for (int gpu = 0, count = number[0]; gpu < count; gpu++) {
            gpus.add(gpu(cuda, gpu));
        }
        return new Driver(true, version, gpus, "");
    }

    private static Gpu gpu(NativeLibrary cuda, int ordinal) {
        int[] device = new int[1];
        call(cuda, "cuDeviceGet", device, ordinal);
        byte[] text = new byte[256];
        String name = call(cuda, "cuDeviceGetName", text, text.length, device[0]) == 0
                ? new String(text).replaceFirst("(?s)\0.*", "").strip() : "NVIDIA GPU";
        long[] bytes = new long[1];
        call(cuda, "cuDeviceTotalMem_v2", bytes, device[0]);
        int[] major = new int[1];
        int[] minor = new int[1];
        call(cuda, "cuDeviceGetAttribute", major, CAPABILITY_MAJOR, device[0]);
        call(cuda, "cuDeviceGetAttribute", minor, CAPABILITY_MINOR, device[0]);
        byte[] uuid = new byte[16];
        boolean known = !name.contains(MIG) && call(cuda, "cuDeviceGetUuid_v2", uuid, device[0]) == 0;
        ByteBuffer halves = ByteBuffer.wrap(uuid);
        return new Gpu(name, bytes[0], 10 * major[0] + minor[0],
                known ? "GPU-" + new UUID(halves.getLong(), halves.getLong()) : "");
    }

    /** @return what the driver answers, 0 if it went well; an older driver does not have every function */
    static int call(NativeLibrary cuda, String function, Object... arguments) {
        try {
            return cuda.getFunction(function).invokeInt(arguments);
        } catch (UnsatisfiedLinkError tooOld) {
            return -1;
        }
    }

    private static String message(NativeLibrary cuda, int error) {
        Pointer[] text = new Pointer[1];
        return call(cuda, "cuGetErrorString", error, text) == 0 && text[0] != null ? text[0].getString(0) : "CUDA error";
    }

    /**
     * Lets DJL find the CUDA runtime: the first {@code libcudart.so.12} of these folders, ahead of any that the system has,
     * which may be too old for the driver or too new. To be called before DJL first looks for it. Where there is none,
     * DJL takes the system's.
     *
     * @return what DJL will find
     */
    public static Optional<Path> provideRuntime(List<Path> folders) {
        for (Path folder : folders) {
            try (DirectoryStream<Path> runtimes = Files.newDirectoryStream(folder, "libcudart*.so.12*")) {
                for (Path runtime : runtimes) {
                    // JNA, by which DJL loads it, looks for this name alone.
                    Path link = Files.createTempDirectory("cuda-runtime").resolve("libcudart.so");
                    Files.createSymbolicLink(link, runtime.toRealPath());
                    link.toFile().deleteOnExit();
                    link.getParent().toFile().deleteOnExit();
                    NativeLibrary.addSearchPath("cudart", link.getParent().toString());
                    return Optional.of(runtime);
                }
            } catch (IOException | UnsupportedOperationException notHere) {
                continue;
            }
        }
        return Optional.empty();
    }

    /**
     * Where the runtime may lie: beside the PyTorch that will be loaded, and where pip put it with the Java kernel, in a
     * virtual environment, with conda or for the user.
     *
     * @param libtorch the folders with PyTorch's libraries
     * @param classPath this process's, with the kernel's own jar
     */
    public static List<Path> runtimeFolders(List<Path> libtorch, String classPath, Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        for (Path lib : libtorch) {
            folders.add(lib);
            folders.add(lib.resolve("../../nvidia/cuda_runtime/lib"));
        }
        List<Path> prefixes = new ArrayList<>();
        for (String jar : classPath.split(java.io.File.pathSeparator)) {
            Path path = Path.of(jar).toAbsolutePath().normalize();
            while ((path = path.getParent()) != null) {
                if (path.endsWith("share/jupyter")) {
                    prefixes.add(path.getParent().getParent());
                }
            }
        }
        prefixes.add(Path.of(".venv"));
        for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
            Optional.ofNullable(environment.get(variable)).map(Path::of).ifPresent(prefixes::add);
        }
        for (Path prefix : prefixes) {
            try (DirectoryStream<Path> pythons = Files.newDirectoryStream(prefix.resolve("lib"), "python3*")) {
                pythons.forEach(python -> folders.add(python.resolve("site-packages/nvidia/cuda_runtime/lib")));
            } catch (IOException noPythonThere) {
                continue;
            }
        }
        return folders;
    }

    /** As "12.8" for 12080. */
    static String version(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }

    /** The GPUs that DJL counts. Only after {@link #provideRuntime}: the first call decides on the runtime for good. */
    public static int counted() {
        return CudaUtils.getGpuCount();
    }
}
