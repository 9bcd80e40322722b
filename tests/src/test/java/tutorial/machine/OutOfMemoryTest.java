package tutorial.machine;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutOfMemoryTest {
    private static final String OF_GPU = "CUDA out of memory. Tried to allocate 2.00 GiB.";
    private static final String OF_MACHINE = "[enforce fail at alloc_cpu.cpp:119] err == 0. DefaultCPUAllocator: can't allocate memory";

    @ParameterizedTest
    @ValueSource(strings = {
        OF_GPU,
        OF_MACHINE,
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
    void errorsAboutMemoryAlsoAsACause(String message) {
        EngineException error = new EngineException(message);
        assertTrue(OutOfMemory.is(error));
        assertTrue(OutOfMemory.is(new IllegalStateException("training failed", error)));
    }

    @Test
    void javasOwnHeapCountsAndOtherErrorsDoNot() {
        assertTrue(OutOfMemory.is(new IllegalStateException("training failed", new OutOfMemoryError("Java heap space"))));
        assertFalse(OutOfMemory.is(new EngineException("mat1 and mat2 shapes cannot be multiplied")));
        assertFalse(OutOfMemory.is(new EngineException((String) null)));
    }

    /** DJL works out shapes on a GPU, for the CPU's training too; and a GPU's batches are decoded in the machine's memory. */
    @ParameterizedTest
    @CsvSource({
        "GPU, " + OF_GPU + ", 32, 'GPU: ', batchSize = 16",
        "GPU, " + OF_GPU + ", 1, 'GPU: ', imageSize",
        "CPU, " + OF_GPU + ", 32, 'GPU: ', batchSize = 16",
        "CPU, std::bad_alloc, 32, 'CPU: ', batchSize = 16",
        "GPU, \"" + OF_MACHINE + "\", 32, 'The machine, beside the GPU: ', batchSize = 16",
        "GPU, CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED, 32, 'The machine, beside the GPU: ', batchSize = 16"
    })
    void theFullMemoryAndTheRemedyAreNamed(String device, String error, int batchSize, String full, String remedy) {
        String message = OutOfMemory.explained(new EngineException(error), device, batchSize).getMessage();
        assertTrue(message.startsWith(full) && message.contains("batchSize = " + batchSize) && message.contains(remedy), message);
    }

    @Test
    void anErrorAboutSomethingElseStaysAsItIs() {
        EngineException other = new EngineException("shapes cannot be multiplied");
        assertSame(other, OutOfMemory.explained(other, "GPU", 32));
        assertSame(other, assertThrows(EngineException.class, () -> OutOfMemory.told(other, "GPU", List.of(8))));
    }

    /** Batches of 1, 2, 4 and 8 that add 0.1 GB an image: 16 would add 0.8. */
    @Test
    void aBatchTooLargeForTheMachineIsForeseen() {
        List<Double> used = List.of(1.0, 1.1, 1.3, 1.7);
        assertDoesNotThrow(() -> OutOfMemory.foresee(used, 1.0));
        assertDoesNotThrow(() -> OutOfMemory.foresee(List.of(), 0));
        EngineException error = assertThrows(EngineException.class, () -> OutOfMemory.foresee(used, 0.8));
        assertEquals("CPU: no memory for a batch of 16; 8 fits.", OutOfMemory.told(error, "CPU", List.of(1, 2, 4, 8)));
        assertEquals("CPU: no memory for a batch of 1; 0 fits.", OutOfMemory.told(error, "CPU", List.of()));
    }
}
