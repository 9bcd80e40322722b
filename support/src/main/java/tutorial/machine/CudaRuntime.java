package tutorial.machine;

import com.sun.jna.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The CUDA runtime (libcudart), without which DJL counts no GPU. NVIDIA's driver alone does not bring it. */
final class CudaRuntime {
    private CudaRuntime() {}

    /**
     * Lets DJL find the first runtime for CUDA 12 of these folders, ahead of any that the system has, which may be too old
     * for the driver or too new. To be called before DJL first looks for it, which decides for good.
     */
    static void provide(List<Path> folders) {
        for (Path folder : folders) {
            try (DirectoryStream<Path> runtimes = Files.newDirectoryStream(folder, "libcudart*.so.12*")) {
                for (Path runtime : runtimes) {
                    // JNA, by which DJL loads it, looks for this name alone.
                    Path link = Files.createTempDirectory("cuda-runtime").resolve("libcudart.so");
                    Files.createSymbolicLink(link, runtime.toRealPath());
                    link.getParent().toFile().deleteOnExit();
                    link.toFile().deleteOnExit();
                    NativeLibrary.addSearchPath("cudart", link.getParent().toString());
                    return;
                }
            } catch (IOException notHere) {
                continue;
            }
        }
    }

    /**
     * Where it may lie: beside the PyTorch that will be loaded, and where pip put it with the Java kernel, in a virtual
     * environment or with conda.
     *
     * @param libtorch the folders with PyTorch's libraries
     * @param classPath this process's, with the kernel's own jar
     */
    static List<Path> folders(List<Path> libtorch, String classPath, Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        for (Path lib : libtorch) {
            folders.add(lib);
            folders.add(lib.resolve("../../nvidia/cuda_runtime/lib"));
        }
        List<String> prefixes = new ArrayList<>();
        for (String jar : classPath.split(File.pathSeparator)) {
            int share = Math.max(0, jar.indexOf("/share/jupyter/"));
            prefixes.add(jar.substring(0, share));
        }
        prefixes.add(".venv");
        prefixes.add(environment.getOrDefault("VIRTUAL_ENV", ""));
        prefixes.add(environment.getOrDefault("CONDA_PREFIX", ""));
        prefixes.removeIf(String::isEmpty);
        for (String prefix : prefixes) {
            try (DirectoryStream<Path> pythons = Files.newDirectoryStream(Path.of(prefix, "lib"), "python3*")) {
                pythons.forEach(python -> folders.add(python.resolve("site-packages/nvidia/cuda_runtime/lib")));
            } catch (IOException noPythonThere) {
                continue;
            }
        }
        return folders;
    }
}
