package tutorial.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutOfMemoryTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 14.56 GiB",
        "[enforce fail at alloc_cpu.cpp:119] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes",
        "CUDA error: out of memory",
        "GET was unable to find an engine to execute this computation",
        "FIND was unable to find an engine to execute this computation after trying 12 plans.",
        "Not enough memory for workspace!",
        "Unable to find a valid cuDNN algorithm to run convolution",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
        "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED",
        "CUDA API call failed: out of memory (2)",
        "std::bad_alloc"
    })
    void memoryThatPyTorchCannotGetIsToldAlsoAsACause(String message) {
        EngineException error = new EngineException(message);
        assertTrue(OutOfMemory.is(error));
        assertTrue(OutOfMemory.is(new IllegalStateException("training failed", error)));
        assertTrue(OutOfMemory.is(new OutOfMemoryError("Java heap space")));
    }

    @Test
    void otherErrorsAreNot() {
        assertFalse(OutOfMemory.is(new EngineException("mat1 and mat2 shapes cannot be multiplied")));
        assertFalse(OutOfMemory.is(new EngineException((String) null)));
    }

    @Test
    void theRemedyIsHalfTheBatchOrASmallerImage() {
        EngineException error = new EngineException("CUDA out of memory. Tried to allocate 2.00 GiB.");
        assertEquals("GPU: out of memory at batchSize = 32. Set batchSize = 16 in \"Settings\", and run from there.",
                OutOfMemory.explained(error, "GPU", 32).getMessage());
        assertTrue(OutOfMemory.explained(error, "GPU", 1).getMessage().contains("Set imageSize lower"));
        assertTrue(OutOfMemory.explained(new EngineException("std::bad_alloc"), "CPU", 32).getMessage().startsWith("CPU: out of memory at"));
        EngineException other = new EngineException("shapes cannot be multiplied");
        assertSame(other, OutOfMemory.explained(other, "GPU", 32));
    }

    /** DJL works out shapes on a GPU, for the CPU's training too; and a GPU's batches are decoded in the machine's memory. */
    @Test
    void theMemoryThatIsFullIsNamedWhereverTheTrainingRan() {
        EngineException ofGpu = new EngineException("CUDA out of memory. Tried to allocate 2.00 GiB.");
        assertTrue(OutOfMemory.explained(ofGpu, "CPU", 32).getMessage().startsWith("GPU: out of memory"));
        EngineException ofCpu = new EngineException("[enforce fail at alloc_cpu.cpp:119] err == 0. DefaultCPUAllocator: can't allocate memory");
        assertTrue(OutOfMemory.explained(ofCpu, "GPU", 32).getMessage().startsWith("The machine, beside the GPU: out of memory"));
    }

    /** Batches of 1, 2, 4 and 8 that add 0.1 GB an image: 16 would add 0.8. */
    @Test
    void aBatchTooLargeForTheMachineIsForeseen() {
        List<Double> used = List.of(1.0, 1.1, 1.3, 1.7);
        OutOfMemory.foresee(used, 1.0);
        OutOfMemory.foresee(List.of(), 0);
        OutOfMemory.foresee(List.of(Double.NaN, Double.NaN), 0);
        EngineException error = assertThrows(EngineException.class, () -> OutOfMemory.foresee(used, 0.8));
        assertEquals("CPU: no memory for a batch of 16; 8 fits.", OutOfMemory.told(error, "CPU", List.of(1, 2, 4, 8)));
    }
}
