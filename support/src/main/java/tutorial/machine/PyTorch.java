package tutorial.machine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.pytorch.jni.JniUtils;
import com.sun.jna.Platform;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The PyTorch that DJL computes with: one with CUDA where there is a GPU that it can use, else one for the CPU.
 *
 * @param flavour what DJL is to take it for; null where DJL cannot mistake it
 * @param obstacle why no GPU of this machine can be used, as far as it is known before PyTorch is started; else null
 */
public record PyTorch(Build build, String flavour, String obstacle) {
    /** Which one, and where it comes from. */
    public enum Build {
        GIVEN("the one at PYTORCH_LIBRARY_PATH"),
        /** Several gigabytes from DJL's own site. */
        CUDA("DJL's, with CUDA"),
        /** From Maven Central. */
        CPU("DJL's, for the CPU");

        private final String inWords;

        Build(String inWords) {
            this.inWords = inWords;
        }
    }

    private static final URI SITE = URI.create("https://publish.djl.ai/pytorch/" + PyTorchVersion.VERSION + "/");
    /** What DJL publishes this version for, by JNA's names. */
    private static final Map<String, String> PLATFORMS = Map.of("linux-x86-64", "linux-x86_64", "linux-aarch64", "linux-aarch64",
            "darwin-aarch64", "osx-aarch64", "win32-x86-64", "win-x86_64");

    /**
     * Chooses a build for this machine, and fetches it where it is DJL's with CUDA. To be called before DJL's engine is.
     *
     * @param progress takes a line on what was chosen, while several gigabytes are fetched, and why where they cannot be
     * @throws IllegalStateException if an environment variable asks for what cannot be loaded
     */
    public static PyTorch choose(Consumer<String> progress) {
        System.setProperty("OPT_OUT_TRACKING", "true");                         // else DJL reports each start to its makers
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        Allocator.keepMemory();
        return choose(SITE, System.getenv(), progress);
    }

    static PyTorch choose(URI site, Map<String, String> environment, Consumer<String> progress) {
        String platform = platform(Platform.RESOURCE_PREFIX);
        Cuda cuda = Cuda.DRIVER;
        boolean installed = Machine.hasNvidiaDriver() || Files.exists(Path.of("/proc/driver/nvidia"));
        PyTorch choice = PyTorchPolicy.choose(environment, platform, cuda, GpuObstacle.noneVisible(cuda, installed, environment));
        CudaLibraries libraries = new CudaLibraries(site, PyTorchPolicy.CUDA_FLAVOUR, platform);
        progress.accept("PyTorch is " + choice.build.inWords + ".");
        if (choice.build == Build.CUDA) {
            try {
                libraries.fetch(progress);
            } catch (IOException e) {
                String problem = "PyTorch with CUDA could not be fetched (" + (e instanceof FileSystemException ? e : e.getMessage())
                        + "). Connect to the network, make room or set DJL_CACHE_DIR to another folder, or set PYTORCH_LIBRARY_PATH to a "
                        + "PyTorch " + PyTorchVersion.VERSION + " with CUDA that you have" + GpuObstacle.RESTART;
                choice = new PyTorch(Build.CPU, null, GpuObstacle.of(cuda.gpus().get(0), problem));
                progress.accept("<b>The CPU goes on alone.</b> " + choice.obstacle);
            }
        }
        if (cuda.isThere()) {                                                   // else DJL would log in red that there is none
            List<Path> given = PyTorchPolicy.givenFolders(environment);
            CudaRuntime.provide(CudaRuntime.folders(given.isEmpty() ? List.of(libraries.folder()) : given,
                    System.getProperty("java.class.path"), environment));
        }
        if (choice.flavour != null) {
            System.setProperty("PYTORCH_FLAVOR", choice.flavour);
        }
        return choice;
    }

    /** The Maven library with PyTorch for this machine's CPU. */
    public static String cpuLibrary() {
        return "ai.djl.pytorch:pytorch-native-cpu:" + PyTorchVersion.VERSION + ":" + platform(Platform.RESOURCE_PREFIX);
    }

    /** @throws UnsupportedOperationException where DJL publishes none */
    static String platform(String machine) {
        if (!PLATFORMS.containsKey(machine)) {
            throw new UnsupportedOperationException("DJL publishes no PyTorch " + PyTorchVersion.VERSION + " for " + machine
                    + ". Use Linux (x86-64, arm64), macOS (arm64) or Windows (x86-64), or the Docker image.");
        }
        return PLATFORMS.get(machine);
    }

    /**
     * As {@link Engine#getInstance()}, which loads PyTorch's native library. What names no device is then on the CPU;
     * left to itself, DJL takes the first GPU for that, as for the shapes that it works out when a network is made. And it computes
     * with no more threads than {@link Cores} can run at once.
     *
     * @throws IllegalStateException if the library could not be unpacked
     */
    public Engine start() {
        try {
            Engine engine = Engine.getInstance();
            defaultToCpu(engine);
            Cores.now().limitPyTorch(System.getenv());
            return engine;
        } catch (EngineException e) {
            throw explained(e);
        }
    }

    static RuntimeException explained(EngineException error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof FileSystemException) {
                return new IllegalStateException("PyTorch's library could not be written (" + cause + "). Make room there, "
                        + "or set DJL_CACHE_DIR to another folder" + GpuObstacle.RESTART, error);
            }
        }
        return error;
    }

    /** DJL decides at the first question, and for good: on a GPU if PyTorch has CUDA and there is one. */
    private static void defaultToCpu(Engine engine) {
        Set<String> features = JniUtils.getFeatures();
        boolean cuda = features.remove("CUDA");
        try {
            engine.defaultDevice();
        } finally {
            if (cuda) {
                features.add("CUDA");
            }
        }
    }

    /**
     * Why this GPU cannot race, and what to do about it, in a few sentences; null if it can. It is tried out, with a sum and a
     * convolution: a GPU may be there that PyTorch's library has no kernels for.
     */
    public String whyNot(Device gpu) {
        int counted = Engine.getInstance().getGpuCount();
        if (counted == 0) {
            return obstacle != null ? obstacle : GpuObstacle.notCounted(Gpu.of(gpu), JniUtils.getFeatures().contains("CUDA"));
        }
        if (gpu.getDeviceId() >= counted) {
            return "secondDevice = \"gpu" + gpu.getDeviceId() + "\", but DJL sees " + counted + " GPU(s), and the first is gpu0.";
        }
        try (NDManager manager = NDManager.newBaseManager(gpu)) {
            NDArray ones = manager.ones(new Shape(1, 8, 8, 8));
            ones.add(ones).toFloatArray();
            Conv2d.conv2d(ones, manager.ones(new Shape(8, 8, 3, 3))).head().toFloatArray();
            return null;
        } catch (EngineException e) {
            return GpuObstacle.cannotCompute(Gpu.of(gpu), e, build == Build.GIVEN);
        }
    }
}
