package tutorial.machine;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tutorial.machine.PyTorch.Build;

/** Which PyTorch to load on a machine, and why it is one without its GPU. */
final class PyTorchPolicy {
    static final String CUDA_FLAVOUR = "cu128";
    /**
     * DJL has it for Windows, too, but finds a GPU there only with CUDA's own toolkit, and its loader knows cuDNN up to 8, when
     * this PyTorch comes with 9.
     */
    private static final String CUDA_PLATFORM = "linux-x86_64";
    /** CUDA 12.8 runs with every driver for CUDA 12, the first of which is 525. */
    private static final int LEAST_CUDA = 12000;

    private PyTorchPolicy() {}

    /**
     * @param platform as DJL calls it, "linux-x86_64"
     * @param whyNoneVisible why this process sees no GPU, for where {@code cuda} has none
     * @throws IllegalStateException if an environment variable asks for what is not to be had
     */
    static PyTorch choose(Map<String, String> environment, String platform, Cuda cuda, String whyNoneVisible) {
        List<Path> given = givenFolders(environment);
        if (!given.isEmpty()) {
            requireVersion(given, environment.get("PYTORCH_LIBRARY_PATH"));
        }
        boolean withCuda = given.isEmpty() || has(given, "torch_cuda") && cuda.isThere();
        List<String> flavours = platform.equals(CUDA_PLATFORM) && withCuda ? List.of(CUDA_FLAVOUR, "cpu") : List.of("cpu");
        String asked = environment.getOrDefault("PYTORCH_FLAVOR", "");
        if (!asked.isEmpty() && !flavours.contains(asked)) {
            throw new IllegalStateException("PYTORCH_FLAVOR = " + asked + ": PyTorch " + PyTorchVersion.VERSION + " is to be had here as "
                    + String.join(" or ", flavours) + ". Set it to that, or unset it" + GpuObstacle.RESTART);
        }
        String obstacle = cuda.gpus().isEmpty() ? whyNoneVisible : obstacle(asked, platform, cuda, withCuda);
        if (!given.isEmpty()) {
            return new PyTorch(Build.GIVEN, asked.isEmpty() ? flavours.get(0) : asked, obstacle);
        }
        return obstacle == null ? new PyTorch(Build.CUDA, CUDA_FLAVOUR, null) : new PyTorch(Build.CPU, null, obstacle);
    }

    /** Why a GPU that is visible cannot be used. */
    private static String obstacle(String asked, String platform, Cuda cuda, boolean withCuda) {
        Gpu gpu = cuda.gpus().get(0);
        if (asked.equals("cpu")) {
            return GpuObstacle.of(gpu, "PYTORCH_FLAVOR = cpu keeps PyTorch from it. Unset it" + GpuObstacle.RESTART);
        }
        if (!platform.equals(CUDA_PLATFORM)) {
            return GpuObstacle.of(gpu, "DJL's PyTorch cannot use it on " + platform + ". Run the notebook on Linux (x86-64); WSL counts.");
        }
        if (!withCuda) {
            return GpuObstacle.of(gpu, "the PyTorch at PYTORCH_LIBRARY_PATH is one for the CPU. Set it to one with CUDA, or unset it"
                    + GpuObstacle.RESTART);
        }
        if (cuda.version() > 0 && cuda.version() < LEAST_CUDA) {
            return GpuObstacle.of(gpu, "its driver knows CUDA up to " + cuda.dottedVersion() + ", and PyTorch needs 12.0. "
                    + "Update NVIDIA's driver to 525 or later" + GpuObstacle.RESTART);
        }
        return null;
    }

    /** The folders of {@code PYTORCH_LIBRARY_PATH}. */
    static List<Path> givenFolders(Map<String, String> environment) {
        String folders = environment.getOrDefault("PYTORCH_LIBRARY_PATH", "");
        return folders.isBlank() ? List.of() : Stream.of(folders.split(File.pathSeparator)).map(Path::of).toList();
    }

    private static boolean has(List<Path> folders, String library) {
        return folders.stream().anyMatch(folder -> Files.exists(folder.resolve(System.mapLibraryName(library))));
    }

    private static void requireVersion(List<Path> given, String setting) {
        String version = PyTorchVersion.of(given.get(0), PyTorchVersion.VERSION).replaceFirst("\\+.*", "");
        if (!has(given, "torch_cpu") || !version.equals(PyTorchVersion.VERSION)) {
            throw new IllegalStateException("PYTORCH_LIBRARY_PATH = " + setting + ": "
                    + (has(given, "torch_cpu") ? "is PyTorch " + version : "no PyTorch library is there")
                    + ". Set it to the folder lib of a PyTorch " + PyTorchVersion.VERSION + ", or unset it" + GpuObstacle.RESTART);
        }
    }
}
