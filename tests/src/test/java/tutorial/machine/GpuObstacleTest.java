package tutorial.machine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuObstacleTest {
    private static final Cuda NO_LIBRARY = new Cuda(false, 0, List.of(), "");
    private static final Cuda NO_DEVICE = new Cuda(true, 12080, List.of(), "no CUDA-capable device is detected, error 100");
    private static final Gpu T4 = new Gpu("Tesla T4", 1, 75, "");

    @Test
    void noneVisible() {
        assertSays(GpuObstacle.noneVisible(NO_LIBRARY, false, Map.of()), "no NVIDIA GPU", "install");
        assertSays(GpuObstacle.noneVisible(NO_LIBRARY, true, Map.of()), "libcuda", "--gpus all");
        assertSays(GpuObstacle.noneVisible(NO_DEVICE, true, Map.of()), "error 100", "--gpus all");
        assertSays(GpuObstacle.noneVisible(NO_DEVICE, true, Map.of("CUDA_VISIBLE_DEVICES", "")),
                "CUDA_VISIBLE_DEVICES = \"\"", "error 100", "Unset");
    }

    @Test
    void notCounted() {
        assertSays(GpuObstacle.notCounted(T4, true), "Tesla T4", "libcudart", "make lab");
        assertSays(GpuObstacle.notCounted(T4, false), "Tesla T4", "PyTorch for the CPU", "Restart the kernel");
    }

    @Test
    void errorsOfAGpu() {
        EngineException broken = new EngineException("CUDA error: uncorrectable ECC error encountered\nmore");
        assertSays(GpuObstacle.cannotCompute(T4, broken, false), "Tesla T4", "(CUDA error: uncorrectable ECC error encountered)", "driver");
        EngineException full = new EngineException("CUDA out of memory. Tried to allocate 2.00 MiB.");
        assertSays(GpuObstacle.cannotCompute(T4, full, false), "Tesla T4", "memory is taken (CUDA out of memory.");
    }

    /** The V100's is 7.0, the K80's 3.7, an RTX 5090's 12.0. */
    @ParameterizedTest
    @CsvSource({"70, false, 7.0, Set PYTORCH_LIBRARY_PATH", "37, false, 3.7, No PyTorch 2.7.1",
        "120, true, 12.0, Unset PYTORCH_LIBRARY_PATH"})
    void kernelsThatAreMissing(int capability, boolean given, String dotted, String remedy) {
        EngineException noKernel = new EngineException("CUDA error: no kernel image is available for execution on the device\nmore");
        assertSays(GpuObstacle.cannotCompute(new Gpu("A GPU", 1, capability, ""), noKernel, given), "A GPU", dotted, remedy);
    }

    private static void assertSays(String obstacle, String... words) {
        for (String word : words) {
            assertTrue(obstacle.contains(word), obstacle);
        }
    }
}
