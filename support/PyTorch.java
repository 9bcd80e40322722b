import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import java.io.File;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Starts DJL's PyTorch engine; where it cannot start, one line says why and what to do. */
public final class PyTorch {
    private static final String VERSION = "2.7.1";
    private static final String RESTART = ", and restart the kernel.";

    private PyTorch() {}

    /**
     * As {@link Engine#getInstance()}, which loads PyTorch's native library, and downloads it first where it has to.
     *
     * @throws IllegalStateException if {@code PYTORCH_LIBRARY_PATH} leads to no PyTorch or to another version, or if
     *     the library could not be downloaded or unpacked
     */
    public static Engine start() {
        requireLibrary(System.getenv());
        try {
            return Engine.getInstance();
        } catch (EngineException e) {
            throw explained(e);
        }
    }

    static void requireLibrary(Map<String, String> environment) {
        String folder = environment.get("PYTORCH_LIBRARY_PATH");
        if (folder == null || folder.isBlank()) {
            return;
        }
        String setting = "PYTORCH_LIBRARY_PATH = " + folder + ": ";
        String remedy = ". Set it to the folder lib of a PyTorch " + VERSION + ", or unset it" + RESTART;
        boolean there = Stream.of(folder.split(File.pathSeparator)).map(Path::of).anyMatch(path ->
                Stream.of("libtorch_cpu.so", "libtorch_cpu.dylib", "torch_cpu.dll").map(path::resolve).anyMatch(Files::exists));
        if (!there) {
            throw new IllegalStateException(setting + "no PyTorch library is there" + remedy);
        }
        String version = Machine.pytorch(Path.of(folder.split(File.pathSeparator)[0]), VERSION).replaceFirst("\\+.*", "");
        if (!version.equals(VERSION) && !version.equals(environment.get("PYTORCH_VERSION"))) {
            throw new IllegalStateException(setting + "is PyTorch " + version + ", DJL's bridge here is for " + VERSION + remedy);
        }
    }

    static RuntimeException explained(EngineException error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException || cause instanceof SocketException) {
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
