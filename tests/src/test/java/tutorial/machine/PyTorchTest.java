package tutorial.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PyTorchTest {
    @ParameterizedTest
    @CsvSource({"linux-x86-64, linux-x86_64", "linux-aarch64, linux-aarch64", "darwin-aarch64, osx-aarch64", "win32-x86-64, win-x86_64"})
    void platformsAsDjlCallsThem(String machine, String platform) {
        assertEquals(platform, PyTorch.platform(machine));
    }

    @Test
    void aPlatformWithoutALibraryIsNamed() {
        var error = assertThrows(UnsupportedOperationException.class, () -> PyTorch.platform("darwin-x86-64"));
        assertTrue(error.getMessage().contains("darwin-x86-64"), error.getMessage());
    }

    @Test
    void theVersionIsReadFromPyTorchsOwnFiles(@TempDir Path torch) throws IOException {
        Path library = torch.resolve("lib");
        assertEquals("2.7.1", PyTorchVersion.of(library, "2.7.1"));
        Files.writeString(torch.resolve("build-version"), "2.9.0+cpu\n");
        assertEquals("2.9.0+cpu", PyTorchVersion.of(library, "2.7.1"));
        Files.writeString(torch.resolve("version.py"), "from typing import Optional\n__version__ = '2.11.0+cu129'\n");
        assertEquals("2.11.0+cu129", PyTorchVersion.of(library, "2.7.1"));
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamed() {
        EngineException readOnly = new EngineException("Failed to extract", new AccessDeniedException("/home/x/.djl.ai"));
        String message = PyTorch.explained(readOnly).getMessage();
        assertTrue(message.contains("/home/x/.djl.ai") && message.contains("DJL_CACHE_DIR"), message);
        EngineException other = new EngineException("Failed to load PyTorch native library");
        assertSame(other, PyTorch.explained(other));
    }
}
