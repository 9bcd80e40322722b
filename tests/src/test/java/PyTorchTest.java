import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PyTorchTest {
    @TempDir
    Path folder;

    @Test
    void aWrongPathIsNamed() {
        String message = refusal(Map.of("PYTORCH_LIBRARY_PATH", folder.toString()));
        assertEquals("PYTORCH_LIBRARY_PATH = " + folder + ": no PyTorch library is there. Set it to the folder lib of a "
                + "PyTorch 2.7.1, or unset it, and restart the kernel.", message);
    }

    @Test
    void anotherVersionIsNamedUnlessItIsAskedFor() throws IOException {
        String lib = library("2.5.0+cu124");
        assertTrue(refusal(Map.of("PYTORCH_LIBRARY_PATH", lib)).contains("is PyTorch 2.5.0, DJL's bridge here is for 2.7.1"));
        assertDoesNotThrow(() -> PyTorch.requireLibrary(Map.of("PYTORCH_LIBRARY_PATH", lib, "PYTORCH_VERSION", "2.5.0")));
    }

    @Test
    void theRightLibraryAndNoneAtAllAreFine() throws IOException {
        String lib = library("2.7.1+cu128");
        assertDoesNotThrow(() -> PyTorch.requireLibrary(Map.of("PYTORCH_LIBRARY_PATH", lib)));
        assertDoesNotThrow(() -> PyTorch.requireLibrary(Map.of("PYTORCH_LIBRARY_PATH", "")));
        assertDoesNotThrow(() -> PyTorch.requireLibrary(Map.of()));
    }

    @Test
    void withoutANetworkTheDownloadIsTold() {
        EngineException noHost = new EngineException("Failed to save pytorch index file", new UnknownHostException("publish.djl.ai"));
        String message = PyTorch.explained(noHost).getMessage();
        assertTrue(message.contains("could not be downloaded") && message.contains("publish.djl.ai"), message);
        assertTrue(PyTorch.explained(new EngineException("x", new ConnectException("refused"))).getMessage().contains("refused"));
        EngineException other = new EngineException("Failed to load PyTorch native library");
        assertSame(other, PyTorch.explained(other));
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamed() {
        EngineException readOnly = new EngineException("Failed to extract PyTorch native library", new AccessDeniedException("/home/x/.djl.ai"));
        String message = PyTorch.explained(readOnly).getMessage();
        assertTrue(message.contains("/home/x/.djl.ai") && message.contains("DJL_CACHE_DIR"), message);
    }

    @Test
    void withoutADriverTheCudaSideIsTold() {
        EngineException noDriver = new EngineException("Failed to load PyTorch native library",
                new UnsatisfiedLinkError("libcaffe2_nvrtc.so: libcuda.so.1: cannot open shared object file: No such file or directory"));
        String message = PyTorch.explained(noDriver).getMessage();
        assertTrue(message.contains("libcuda.so.1") && message.contains("PYTORCH_FLAVOR=cpu"), message);
    }

    private String library(String version) throws IOException {
        Path lib = Files.createDirectories(folder.resolve("torch/lib"));
        Files.writeString(lib.resolve("libtorch_cpu.so"), "");
        Files.writeString(lib.resolveSibling("version.py"), "__version__ = '" + version + "'\n");
        return lib.toString();
    }

    private static String refusal(Map<String, String> environment) {
        return assertThrows(IllegalStateException.class, () -> PyTorch.requireLibrary(environment)).getMessage();
    }
}
