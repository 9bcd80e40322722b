package tutorial.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import org.junit.jupiter.params.provider.ValueSource;

class MachineTest {
    private static final List<Machine.Listed> T4 = List.of(new Machine.Listed("Tesla T4", "550.54.15", 15360));

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
        assertEquals(List.of(new Machine.Listed("NVIDIA H200", "570.124.06", 143771), T4.get(0)), Machine.parse(csv));
    }

    /** As of a card in MIG slices, or of one that this user may not ask. */
    @ParameterizedTest
    @ValueSource(strings = {"[N/A]", "[Insufficient Permissions]", "[Not Supported]"})
    void memoryThatIsNotToldHidesNoGpu(String memory) {
        assertEquals(List.of(new Machine.Listed("NVIDIA A100-SXM4-40GB", "570.86.10", 0)), Machine.parse("NVIDIA A100-SXM4-40GB, 570.86.10, " + memory));
    }

    @Test
    void whatIsNoGpuIsPassedOver() {
        assertEquals(List.of(), Machine.parse("No devices were found"));
        assertEquals(List.of(), Machine.parse("NVIDIA-SMI has failed because it couldn't communicate, with the driver, [N/A]"));
        assertEquals(List.of(), Machine.parse(""));
    }

    @Test
    void theDiagnosisTellsTheReasonFromWhatIsThere() {
        Cuda.Driver none = new Cuda.Driver(false, 0, List.of(), "");
        Cuda.Driver empty = new Cuda.Driver(true, 12080, List.of(), "no CUDA-capable device is detected, error 100");
        assertTrue(Machine.whyNoGpu(none, List.of(), false, Map.of()).contains("no NVIDIA GPU"));
        assertTrue(Machine.whyNoGpu(none, List.of(), true, Map.of()).contains("An NVIDIA driver is installed, but the driver's library for CUDA (libcuda) cannot be loaded. In a container, start it with --gpus all"));
        assertTrue(Machine.whyNoGpu(none, T4, true, Map.of()).startsWith("Tesla T4 is there, but the driver's library"));
        assertTrue(Machine.whyNoGpu(empty, T4, true, Map.of()).contains("--gpus all"));
        assertTrue(Machine.whyNoGpu(empty, T4, true, Map.of("CUDA_VISIBLE_DEVICES", "")).startsWith("CUDA_VISIBLE_DEVICES = \"\" hides every GPU"));
        assertNull(Machine.whyNoGpu(new Cuda.Driver(true, 12080, List.of(new Cuda.Gpu("Tesla T4", 1, 75, "")), ""), List.of(), true, Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"| NVIDIA-SMI 550.54.15  Driver Version: 550.54.15  CUDA Version: 12.4 |, 12.4",
        "| NVIDIA-SMI 595.10  KMD Version: 595.10  CUDA UMD Version: 13.2 |, 13.2", "no table, unknown"})
    void cudasVersionIsReadFromOldAndNewTables(String table, String version) {
        assertEquals(version, Machine.cudaVersion(table));
    }

    @ParameterizedTest
    @CsvSource({"0,, float32", "75,, 'float32'", "80,, 'float32, TF32 in convolutions'", "90, 1, 'float32, TF32 in convolutions'", "90, 0, float32"})
    void precisionTellsOfTf32(int computeCapability, String override, String precision) {
        assertEquals(precision, Machine.precision(computeCapability, override));
    }

    @ParameterizedTest
    @CsvSource({"flags: fma avx2 avx512f avx512_bf16 vaes, true", "flags: avx512f amx_bf16 amx_tile, true", "Features: fp asimd bf16, true",
        "flags: fma avx2 avx512f avx512_vnni, false", "hw.optional.arm.FEAT_BF16: 1, false"})
    void aCpuSaysWhetherItComputesInBfloat16(String flags, boolean has) {
        assertEquals(has, Machine.hasBfloat16(List.of("vendor_id: x", flags)));
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
            assertTrue(Machine.freedMemory(environment).contains("docs/speed.md"), missing);
        }
    }

    @Test
    void thisMachineHasFreeMemory() {
        assertTrue(Machine.freeBytes(Device.cpu()) > 1 << 20);
    }
}
