package tutorial.machine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * Chooses and starts DJL's PyTorch: with CUDA where there is a GPU that it can use, else for the CPU. Where it cannot
 * start, or cannot use a GPU that is there, one line says why and what to do.
 */
public final class PyTorch {
    /** Which PyTorch the engine loads. */
    public enum Build {
        /** the one that PYTORCH_LIBRARY_PATH names */
        GIVEN,
        /** DJL's with CUDA, several gigabytes from DJL's own site */
        CUDA,
        /** DJL's for the CPU, from Maven Central */
        CPU
    }

    /**
     * @param flavour what DJL is to take it for; null leaves that to DJL
     * @param obstacle why a GPU of this machine cannot be used, and what to do, in two sentences; null where none is known
     */
    record Choice(Build build, String flavour, String obstacle) {}

    public static final String VERSION = "2.7.1";
    private static final String FLAVOUR = "cu128";
    private static final URI SITE = URI.create("https://publish.djl.ai/pytorch/" + VERSION + "/");
    /** CUDA 12.8 runs with every driver for CUDA 12, the first of which is 525. */
    private static final int LEAST_CUDA = 12000;
    private static final String RESTART = ", and restart the kernel.";

    private static String obstacle;

    private PyTorch() {}

    /**
     * Chooses a build for this machine, and fetches it where it is DJL's with CUDA. To be called before DJL's engine is.
     *
     * @param progress takes a line on what was chosen, while several gigabytes are fetched, and why where they cannot be
     * @throws IllegalStateException if {@code PYTORCH_LIBRARY_PATH} leads to no PyTorch or to another version, or if
     *     {@code PYTORCH_FLAVOR} names a build that DJL does not have
     */
    public static Build choose(Consumer<String> progress) {
        System.setProperty("OPT_OUT_TRACKING", "true");                         // else DJL reports each start to its makers
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        return choose(SITE, System.getenv(), progress);
    }

    public static Build choose(URI site, Map<String, String> environment, Consumer<String> progress) {
        String platform = Machine.nativeClassifier();
        CudaLibraries libraries = new CudaLibraries(site, VERSION, FLAVOUR, platform);
        List<Path> libtorch = libraryFolders(environment);
        libtorch = libtorch.isEmpty() ? List.of(libraries.folder()) : libtorch;
        // Without a driver the runtime is of no use, and DJL would log that in red.
        boolean runtime = Machine.hasNvidiaDriver() && provideRuntime(libtorch, environment);
        Choice choice = choice(environment, platform, Machine.gpus(), Cuda.driver().isThere(), Cuda.driver().version(), Machine.whyNoGpu());
        progress.accept(switch (choice.build()) {
            case GIVEN -> "PyTorch is the one at PYTORCH_LIBRARY_PATH.";
            case CUDA -> "PyTorch is DJL's, with CUDA.";
            case CPU -> "PyTorch is DJL's, for the CPU.";
        });
        if (choice.build() == Build.CUDA && !anotherVersion(environment)) {
            try {
                libraries.fetch(progress);
                runtime = runtime || provideRuntime(libtorch, environment);
            } catch (IOException e) {
                choice = new Choice(Build.CPU, null, is(Machine.gpu(0)) + notFetched(e));
                progress.accept("<b>The CPU goes on alone.</b> " + choice.obstacle());
            }
        }
        if (choice.flavour() != null) {
            System.setProperty("PYTORCH_FLAVOR", choice.flavour());
        }
        obstacle = choice.obstacle();
        return choice.build();
    }

    static String notFetched(IOException error) {
        boolean ofDisk = error instanceof FileSystemException || String.valueOf(error.getMessage()).contains("space");
        String why = error instanceof FileSystemException ? error.toString() : String.valueOf(error.getMessage()).replaceFirst("\\.$", "");
        return "PyTorch with CUDA could not be fetched (" + why + "). " + (ofDisk
                ? "Make room there and see that it can be written to, or set DJL_CACHE_DIR to another folder"
                : "Connect to the network, or set PYTORCH_LIBRARY_PATH to a PyTorch " + VERSION + " with CUDA that you have") + RESTART;
    }

    /** Why no GPU will be used, as far as it was known before PyTorch was started; null if nothing speaks against it. */
    public static String obstacle() {
        return obstacle;
    }

    private static boolean provideRuntime(List<Path> libtorch, Map<String, String> environment) {
        return Cuda.provideRuntime(Cuda.runtimeFolders(libtorch, System.getProperty("java.class.path"), environment)).isPresent();
    }

    /**
     * @param gpus that this process may use
     * @param driver whether the driver's library can be loaded
     * @param cuda the CUDA that the driver knows, as 12080, or 0
     * @param whyNoGpu of {@link Machine}
     */
    static Choice choice(Map<String, String> environment, String platform, List<Cuda.Gpu> gpus, boolean driver, int cuda, String whyNoGpu) {
        String asked = environment.getOrDefault("PYTORCH_FLAVOR", "");
        List<Path> given = libraryFolders(environment);
        boolean anotherVersion = anotherVersion(environment);
        List<String> flavours = platform.endsWith("x86_64") ? List.of("cpu", FLAVOUR) : List.of("cpu");
        if (!asked.isEmpty() && !anotherVersion && !flavours.contains(asked)) {
            throw new IllegalStateException("PYTORCH_FLAVOR = " + asked + ": DJL has PyTorch " + VERSION + " for " + platform
                    + " as " + String.join(" and ", flavours) + " only. Set it to one of these, or unset it" + RESTART);
        }
        String found = gpus.isEmpty() ? "" : is(gpus.get(0).name());
        if (!given.isEmpty()) {
            requireLibrary(environment);
            boolean withCuda = given.stream().anyMatch(folder -> Files.exists(folder.resolve(System.mapLibraryName("torch_cuda"))));
            String fits = withCuda && driver && flavours.contains(FLAVOUR) ? FLAVOUR : "cpu";
            String why = gpus.isEmpty() ? whyNoGpu
                    : asked.equals("cpu") ? found + "PYTORCH_FLAVOR = cpu keeps PyTorch from it. Unset it" + RESTART
                    : withCuda ? null
                    : found + "the PyTorch at PYTORCH_LIBRARY_PATH is one for the CPU. Set it to one with CUDA, or unset it" + RESTART;
            return new Choice(Build.GIVEN, !asked.isEmpty() || anotherVersion ? null : fits, why);
        }
        if (gpus.isEmpty()) {
            return new Choice(Build.CPU, null, whyNoGpu);
        }
        if (asked.equals("cpu")) {
            return new Choice(Build.CPU, null, found + "PYTORCH_FLAVOR = cpu keeps PyTorch from it. Unset it" + RESTART);
        }
        if (!flavours.contains(FLAVOUR)) {
            return new Choice(Build.CPU, null, found + "DJL has no PyTorch with CUDA for " + platform
                    + ". Run the notebook on Linux (x86-64) to see a GPU race.");
        }
        if (cuda > 0 && cuda < LEAST_CUDA) {
            return new Choice(Build.CPU, null, found + "its driver knows CUDA up to " + Cuda.version(cuda)
                    + ", and PyTorch needs 12.0. Update NVIDIA's driver to 525 or later" + RESTART);
        }
        return new Choice(Build.CUDA, anotherVersion ? null : FLAVOUR, null);
    }

    private static String is(String gpu) {
        return gpu + " is there, but ";
    }

    /** Then DJL downloads that version itself, in the flavours that it has. */
    private static boolean anotherVersion(Map<String, String> environment) {
        String version = environment.getOrDefault("PYTORCH_VERSION", "");
        return !version.isEmpty() && !version.equals(VERSION);
    }

    private static List<Path> libraryFolders(Map<String, String> environment) {
        String folders = environment.getOrDefault("PYTORCH_LIBRARY_PATH", "");
        return folders.isBlank() ? List.of() : Stream.of(folders.split(File.pathSeparator)).map(Path::of).toList();
    }

    static void requireLibrary(Map<String, String> environment) {
        List<Path> folders = libraryFolders(environment);
        if (folders.isEmpty()) {
            return;
        }
        String setting = "PYTORCH_LIBRARY_PATH = " + environment.get("PYTORCH_LIBRARY_PATH") + ": ";
        String remedy = ". Set it to the folder lib of a PyTorch " + VERSION + ", or unset it" + RESTART;
        boolean there = folders.stream().anyMatch(path ->
                Stream.of("libtorch_cpu.so", "libtorch_cpu.dylib", "torch_cpu.dll").map(path::resolve).anyMatch(Files::exists));
        if (!there) {
            throw new IllegalStateException(setting + "no PyTorch library is there" + remedy);
        }
        String version = Machine.pytorch(folders.get(0), VERSION).replaceFirst("\\+.*", "");
        if (!version.equals(VERSION) && !version.equals(environment.get("PYTORCH_VERSION"))) {
            throw new IllegalStateException(setting + "is PyTorch " + version + ", DJL's bridge here is for " + VERSION + remedy);
        }
    }

    /**
     * As {@link Engine#getInstance()}, which loads PyTorch's native library. What names no device is then on the CPU;
     * left to itself, DJL takes the first GPU for that, as for the shapes that it works out when a network is made.
     *
     * @throws IllegalStateException if the library could not be loaded, downloaded or unpacked
     */
    public static Engine start() {
        try {
            Engine engine = Engine.getInstance();
            defaultToCpu(engine);
            return engine;
        } catch (EngineException e) {
            throw explained(e);
        }
    }

    /** DJL decides at the first question, and for good: on a GPU if PyTorch has CUDA and there is one. */
    static void defaultToCpu(Engine engine) {
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
     * Why this GPU cannot race, and what to do about it, in a few sentences; null if it can. It is tried out: a GPU may be
     * there that PyTorch's library has no kernels for.
     */
    public static String whyNot(Device gpu) {
        int counted = Engine.getInstance().getGpuCount();
        if (gpu.getDeviceId() < counted) {
            return failure(gpu);
        }
        if (counted > 0) {
            return "secondDevice = \"gpu" + gpu.getDeviceId() + "\", but DJL sees " + counted + " GPU(s), and the first is gpu0.";
        }
        return obstacle != null ? obstacle
                : whyNotCounted(Machine.gpu(0), JniUtils.getFeatures().contains("CUDA"), Machine.driver());
    }

    static String whyNotCounted(String gpu, boolean withCuda, String driver) {
        return is(gpu) + (withCuda
                ? "DJL does not count it: the CUDA runtime (libcudart) cannot be loaded or does not go with its driver" + driver.replaceFirst(", NVIDIA driver (.*)", " ($1)")
                        + ". Open the notebook by `make lab`, which brings a runtime, or install CUDA 12.8's and restart the kernel."
                : "PyTorch for the CPU has been loaded, which hides every GPU. Restart the kernel.");
    }

    private static String failure(Device gpu) {
        try (NDManager manager = NDManager.newBaseManager(gpu)) {
            NDArray ones = manager.ones(new Shape(1, 8, 8, 8));
            ones.add(ones).toFloatArray();
            Conv2d.conv2d(ones, manager.ones(new Shape(8, 8, 3, 3))).head().toFloatArray();
            return null;
        } catch (EngineException e) {
            List<Cuda.Gpu> gpus = Machine.gpus();
            int capability = gpu.getDeviceId() < gpus.size() ? gpus.get(gpu.getDeviceId()).capability() : 0;
            return explained(e, Machine.gpu(gpu.getDeviceId()), capability, Path.of(LibUtils.getLibtorchPath()));
        }
    }

    /** @param capability the GPU's, as 75 for 7.5 */
    static String explained(EngineException error, String gpu, int capability, Path libtorch) {
        String message = String.valueOf(error.getMessage()).lines().findFirst().orElse("");
        if (OutOfMemory.is(error)) {
            return is(gpu) + "its memory is taken (" + message + "). End what else uses it" + RESTART;
        }
        if (!message.contains("no kernel image") && !message.contains("unable to find an engine")) {
            return is(gpu) + "PyTorch cannot compute on it (" + message + "). Update NVIDIA's driver" + RESTART;
        }
        Set<Integer> built = architectures(libtorch);
        boolean tooNew = !built.isEmpty() && built.stream().allMatch(one -> one < capability);
        String remedy = tooNew && System.getenv("PYTORCH_LIBRARY_PATH") != null
                ? "Unset PYTORCH_LIBRARY_PATH, so that DJL's own build is fetched, which knows GPUs from 7.5 to 12.0" + RESTART
                : tooNew || capability > 0 && capability < 50 ? "No PyTorch " + VERSION + " knows this GPU."
                : "Set PYTORCH_LIBRARY_PATH to the folder lib of PyPI's torch " + VERSION + ", which knows GPUs from 5.0 to 9.0" + RESTART;
        return is(gpu) + "PyTorch's library has no kernels for it: its compute capability is " + dotted(capability)
                + (built.isEmpty() ? "" : ", and the library is built for "
                        + built.stream().map(PyTorch::dotted).collect(Collectors.joining(", ")))
                + ". " + remedy;
    }

    private static String dotted(int capability) {
        return capability / 10 + "." + capability % 10;
    }

    /** What the CUDA library was compiled for, as it says itself somewhere in its gigabyte; empty if it is not found. */
    static Set<Integer> architectures(Path libtorch) {
        Set<Integer> built = new TreeSet<>();
        Pattern flag = Pattern.compile("arch=compute_(\\d+),");
        byte[] buffer = new byte[1 << 22];
        int kept = 0;
        try (InputStream in = Files.newInputStream(libtorch.resolve(System.mapLibraryName("torch_cuda")))) {
            boolean more = true;
            for (int count = in.read(buffer); count > 0 && more; count = in.read(buffer, kept, buffer.length - kept)) {
                int length = kept + count;
                String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
                more = built.isEmpty();   // they stand in one place
                for (Matcher flags = flag.matcher(text); text.contains("arch=compute_") && flags.find(); ) {
                    built.add(Integer.parseInt(flags.group(1)));
                }
                kept = Math.min(length, 64);   // a flag may lie across two pieces
                System.arraycopy(buffer, length - kept, buffer, 0, kept);
            }
        } catch (IOException notToBeRead) {
            return Set.of();
        }
        return built;
    }

    static RuntimeException explained(EngineException error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException || cause instanceof SocketException || cause instanceof SSLException) {
                return new IllegalStateException("PyTorch's library could not be downloaded (" + cause + "). Connect to the "
                        + "network once, or set PYTORCH_LIBRARY_PATH to a PyTorch " + VERSION + " that you have" + RESTART, error);
            }
            if (cause instanceof UnsatisfiedLinkError && String.valueOf(cause.getMessage()).contains("libcuda")) {
                return new IllegalStateException("PyTorch's CUDA side needs NVIDIA's driver, which is not there (" + cause.getMessage()
                        + "). Install it, or set PYTORCH_FLAVOR=cpu" + RESTART, error);
            }
            if (cause instanceof FileSystemException) {
                return new IllegalStateException("PyTorch's library could not be written (" + cause + "). Make room there and see "
                        + "that the folder can be written to, or set DJL_CACHE_DIR to another folder" + RESTART, error);
            }
        }
        return error;
    }
}
