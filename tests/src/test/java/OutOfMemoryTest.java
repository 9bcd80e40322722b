import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutOfMemoryTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 14.56 GiB",
        "[enforce fail at alloc_cpu.cpp:119] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes",
        "CUDA error: out of memory"
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
        assertEquals("GPU: out of memory at batchSize = 32. Set batchSize = 16 in section 3, Settings, and run from there.",
                OutOfMemory.explained(error, "GPU", 32).getMessage());
        assertTrue(OutOfMemory.explained(error, "GPU", 1).getMessage().contains("Set imageSize lower"));
        EngineException other = new EngineException("shapes cannot be multiplied");
        assertSame(other, OutOfMemory.explained(other, "GPU", 32));
    }
}
