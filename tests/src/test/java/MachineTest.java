import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineTest {
    private static final List<Machine.Gpu> T4 = List.of(new Machine.Gpu("Tesla T4", "550.54.15", 15360));

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, linux-x86_64", "Linux, aarch64, linux-aarch64", "Mac OS X, aarch64, osx-aarch64",
        "Windows 11, amd64, win-x86_64"
    })
    void theNativeLibraryFitsThePlatform(String os, String arch, String classifier) {
        assertEquals(classifier, Machine.nativeClassifier(os, arch));
    }

    @Test
    void aPlatformWithoutALibraryIsNamed() {
        var error = assertThrows(UnsupportedOperationException.class, () -> Machine.nativeClassifier("Mac OS X", "x86_64"));
        assertTrue(error.getMessage().contains("Mac OS X on x86_64"), error.getMessage());
    }

    @Test
    void gpusAreReadFromNvidiaSmi() {
        String csv = "NVIDIA H200, 570.124.06, 143771\nTesla T4, 550.54.15, 15360\n";
        assertEquals(List.of(new Machine.Gpu("NVIDIA H200", "570.124.06", 143771), T4.get(0)), Machine.parseGpus(csv));
    }

    @Test
    void whatIsNoGpuIsPassedOver() {
        assertEquals(List.of(), Machine.parseGpus("No devices were found"));
        assertEquals(List.of(), Machine.parseGpus("NVIDIA-SMI has failed because it couldn't communicate, with the driver, [N/A]"));
        assertEquals(List.of(), Machine.parseGpus(""));
    }

    @Test
    void theDiagnosisTellsTheReasonFromWhatIsThere() {
        assertTrue(Machine.whyNoGpu(List.of(), false, true, false).contains("no NVIDIA GPU"));
        assertTrue(Machine.whyNoGpu(List.of(), true, false, true).contains("--gpus all"));
        assertTrue(Machine.whyNoGpu(T4, true, true, true).contains("CPU library is on the class path"));
        assertTrue(Machine.whyNoGpu(T4, true, false, false).contains("libcudart"));
        assertTrue(Machine.whyNoGpu(T4, true, false, true).contains("550.54.15"));
    }

    @ParameterizedTest
    @CsvSource({"0,, float32", "75,, 'float32'", "80,, 'float32, TF32 in convolutions'", "90, 1, 'float32, TF32 in convolutions'", "90, 0, float32"})
    void precisionTellsOfTf32(int computeCapability, String override, String precision) {
        assertEquals(precision, Machine.precision(computeCapability, override));
    }

    @Test
    void pytorchsVersionIsReadFromItsOwnFiles(@TempDir Path torch) throws IOException {
        Path library = Files.createDirectories(torch.resolve("lib"));
        assertEquals("2.7.1", Machine.pytorch(library, "2.7.1"));
        Files.writeString(torch.resolve("version.py"), "from typing import Optional\n__version__ = '2.11.0+cu129'\n");
        assertEquals("2.11.0+cu129", Machine.pytorch(library, "2.7.1"));
    }

    @Test
    void theReportNamesThisMachine() {
        var report = Machine.report();
        assertEquals(List.of("CPU", "Cores", "Memory", "Freed memory", "GPU", "NVIDIA driver", "Operating system", "Java"), List.copyOf(report.keySet()));
        assertFalse(report.get("CPU").isBlank());
        assertTrue(report.get("Cores").contains(Runtime.getRuntime().availableProcessors() + " logical"), report.get("Cores"));
        assertTrue(report.get("Memory").matches("\\d+\\.\\d GiB, Java heap up to \\d+\\.\\d GiB"), report.get("Memory"));
    }

    @Test
    void freedMemoryIsKeptOnlyWithAllThreeSettings() {
        var kept = Map.of("MALLOC_ARENA_MAX", "1", "MALLOC_MMAP_MAX_", "0", "MALLOC_TRIM_THRESHOLD_", "1099511627776");
        assertEquals("kept for the next training step", Machine.freedMemory(kept));
        for (String missing : kept.keySet()) {
            var environment = new HashMap<>(kept);
            environment.remove(missing);
            assertTrue(Machine.freedMemory(environment).contains("README"), missing);
        }
    }

    @Test
    void thisMachineHasFreeMemory() {
        assertTrue(Machine.freeBytes(Device.cpu()) > 1 << 20);
    }
}
