package tutorial.machine;

import ai.djl.engine.EngineException;
import java.util.Map;

/** Why a GPU cannot be used, and what to do about it, in two sentences for the page. */
final class GpuObstacle {
    static final String RESTART = ", and restart the kernel.";

    private GpuObstacle() {}

    static String of(Gpu gpu, String problem) {
        return gpu.name() + " is there, but " + problem;
    }

    /**
     * Why this process sees no GPU.
     *
     * @param installed whether NVIDIA's driver is, as far as a container shows
     * @param environment this process's variables
     */
    static String noneVisible(Cuda cuda, boolean installed, Map<String, String> environment) {
        String container = "In a container, start it with --gpus all; else restart after a driver update.";
        String visible = environment.get("CUDA_VISIBLE_DEVICES");
        if (cuda.isThere()) {
            return visible == null ? "NVIDIA's driver is there, but CUDA finds no GPU (" + cuda.error() + "). " + container
                    : "CUDA_VISIBLE_DEVICES = \"" + visible + "\" hides every GPU (" + cuda.error()
                            + "). Unset it, or set it to 0 for the first GPU" + RESTART;
        }
        return installed ? "NVIDIA's driver is there, but its library for CUDA (libcuda) cannot be loaded. " + container
                : "This machine has no NVIDIA GPU, or its driver is not installed. "
                        + "Run the notebook on a machine with one; where there is one, install NVIDIA's driver.";
    }

    /**
     * Why DJL counts no GPU, although CUDA's driver does.
     *
     * @param withCuda whether the PyTorch that was loaded has CUDA
     */
    static String notCounted(Gpu gpu, boolean withCuda) {
        return of(gpu, withCuda
                ? "DJL does not count it: the CUDA runtime (libcudart) cannot be loaded or does not go with its driver. "
                        + "Open the notebook by `make lab`, which brings a runtime, or install CUDA 12.8's" + RESTART
                : "PyTorch for the CPU has been loaded, which hides every GPU. Restart the kernel.");
    }

    /**
     * Why PyTorch cannot compute on a GPU.
     *
     * @param error what it answered
     * @param given whether PYTORCH_LIBRARY_PATH names the PyTorch that was loaded
     */
    static String cannotCompute(Gpu gpu, EngineException error, boolean given) {
        String message = String.valueOf(error.getMessage()).lines().findFirst().orElse("");
        if (OutOfMemory.is(error)) {
            return of(gpu, "its memory is taken (" + message + "). End what else uses it" + RESTART);
        }
        if (!message.contains("no kernel image") && !message.contains("unable to find an engine")) {
            return of(gpu, "PyTorch cannot compute on it (" + message + "). Update NVIDIA's driver" + RESTART);
        }
        String remedy = given && gpu.capability() >= 75 && gpu.capability() <= 120
                ? "Unset PYTORCH_LIBRARY_PATH, so that DJL's own build is fetched, which knows GPUs from 7.5 to 12.0" + RESTART
                : gpu.capability() >= 50 && gpu.capability() <= 90
                ? "Set PYTORCH_LIBRARY_PATH to the folder lib of PyPI's torch " + PyTorchVersion.VERSION + ", for GPUs from 5.0 to 9.0" + RESTART
                : "No PyTorch " + PyTorchVersion.VERSION + " knows this GPU.";
        return of(gpu, "PyTorch's library has no kernels for its compute capability, " + gpu.capability() / 10.0 + ". " + remedy);
    }
}
