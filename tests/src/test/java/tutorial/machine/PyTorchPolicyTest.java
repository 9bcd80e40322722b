package tutorial.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import tutorial.machine.PyTorch.Build;

class PyTorchPolicyTest {
    private static final Cuda NO_DRIVER = new Cuda(false, 0, List.of(), "");
    private static final Cuda T4 = withCuda(12080);
    private static final String LINUX = "linux-x86_64";

    @TempDir
    Path folder;
    private final Map<String, String> environment = new HashMap<>();

    @Test
    void djlsBuildWithCudaForAGpuAndForTheCpuWithoutOne() {
        assertEquals(new PyTorch(Build.CUDA, "cu128", null), choice(LINUX, T4));
        assertEquals(new PyTorch(Build.CUDA, "cu128", null), choice(LINUX, withCuda(0)), "a driver that does not tell its version");
        assertEquals(new PyTorch(Build.CPU, null, "no GPU"), choice(LINUX, NO_DRIVER));
    }

    @Test
    void nothingIsFetchedForAnOldDriverOrWithTheFlavourCpu() {
        assertCpu(choice(LINUX, withCuda(11040)), "11.4", "525");
        environment.put("PYTORCH_FLAVOR", "cpu");
        assertCpu(choice(LINUX, T4), "PYTORCH_FLAVOR = cpu");
    }

    @ParameterizedTest
    @CsvSource({"linux-aarch64", "win-x86_64"})
    void gpusAreUsedOnLinuxOnIntelAlone(String platform) {
        assertCpu(choice(platform, T4), platform, "WSL");
    }

    @Test
    void aGivenPyTorch() throws IOException {
        given("2.7.1+cu128", "torch_cpu", "torch_cuda");
        assertEquals(new PyTorch(Build.GIVEN, "cu128", null), choice(LINUX, T4));
        assertEquals(new PyTorch(Build.GIVEN, "cpu", "no GPU"), choice(LINUX, NO_DRIVER));
        environment.put("PYTORCH_FLAVOR", "cu128");
        assertEquals(new PyTorch(Build.GIVEN, "cu128", null), choice(LINUX, T4));
        environment.put("PYTORCH_FLAVOR", "cpu");
        assertEquals("cpu", choice(LINUX, T4).flavour());
    }

    @Test
    void aGivenPyTorchForTheCpu() throws IOException {
        given("2.7.1", "torch_cpu");
        PyTorch choice = choice(LINUX, T4);
        assertEquals("cpu", choice.flavour());
        assertTrue(choice.obstacle().startsWith("Tesla T4 is there, but the PyTorch at PYTORCH_LIBRARY_PATH"), choice.obstacle());
    }

    @Test
    void flavoursThatAreNotToBeHadAreRefused() throws IOException {
        environment.put("PYTORCH_FLAVOR", "cu126");
        assertRefused("PYTORCH_FLAVOR = cu126", "cu128 or cpu");
        environment.put("PYTORCH_FLAVOR", "cu128");
        given("2.7.1", "torch_cpu");
        assertRefused("PYTORCH_FLAVOR = cu128", "here as cpu.");
    }

    @Test
    void aPathWithoutPyTorchOrWithAnotherVersionIsRefused() throws IOException {
        environment.put("PYTORCH_LIBRARY_PATH", folder.toString());
        assertRefused("PYTORCH_LIBRARY_PATH = " + folder + ": no PyTorch library", "PyTorch 2.7.1");
        given("2.5.0+cu124", "torch_cpu");
        assertRefused("PYTORCH_LIBRARY_PATH = " + folder.resolve("torch/lib") + ": is PyTorch 2.5.0", "PyTorch 2.7.1");
    }

    private PyTorch choice(String platform, Cuda cuda) {
        return PyTorchPolicy.choose(environment, platform, cuda, "no GPU");
    }

    private static Cuda withCuda(int version) {
        return new Cuda(true, version, List.of(new Gpu("Tesla T4", 1, 75, "")), "");
    }

    private void given(String version, String... libraries) throws IOException {
        Path lib = Files.createDirectories(folder.resolve("torch/lib"));
        Files.writeString(lib.resolveSibling("version.py"), "from typing import Optional\n__version__ = '" + version + "'\n");
        for (String library : libraries) {
            Files.writeString(lib.resolve(System.mapLibraryName(library)), "");
        }
        environment.put("PYTORCH_LIBRARY_PATH", lib.toString());
    }

    private static void assertCpu(PyTorch choice, String... reasons) {
        assertEquals(Build.CPU, choice.build());
        assertTrue(choice.obstacle().startsWith("Tesla T4 is there, but "), choice.obstacle());
        for (String reason : reasons) {
            assertTrue(choice.obstacle().contains(reason), choice.obstacle());
        }
    }

    private void assertRefused(String setting, String remedy) {
        String message = assertThrows(IllegalStateException.class, () -> choice(LINUX, T4)).getMessage();
        assertTrue(message.startsWith(setting) && message.contains(remedy), message);
    }
}
