package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tutorial.testing.CudaStub;

/** The set-up on machines with NVIDIA's GPUs of all sorts, each of them a {@link CudaStub}. */
@Tag("machines")
@EnabledIf(value = "tutorial.testing.CudaStub#canBeCompiled", disabledReason = "needs a C compiler, on Linux (x86-64)")
class CudaMachinesTest {
    private static final String T4 = "Tesla T4|15843721216|75";

    /** Of DJL, with PyTorch for the CPU once it has been unpacked. */
    @TempDir
    static Path cache;

    @TempDir
    Path folder;
    private CudaStub machine;

    @BeforeEach
    void start() throws IOException {
        machine = new CudaStub(folder);
    }

    @Test
    void withNothingOfNvidiasTheCpuTrains() throws Exception {
        Map<String, String> said = machine.setUp();
        assertEquals("CPU", said.get("build"));
        assertEquals("null", said.get("flavour"));
        assertEquals("no NVIDIA GPU", said.get("row"));
    }

    @Test
    void theWheelAloneIsEnough() throws Exception {
        Map<String, String> said = machine.driver(T4).nvidiaSmi("Tesla T4, 550.54.15, 15360").wheel().fetched().setUp("library");
        assertTakesCuda(said);
        assertEquals("Gpu[name=Tesla T4, bytes=15843721216, capability=75, id=GPU-11111111-1111-1111-1111-111111111111]", said.get("gpu"));
        assertEquals("Tesla T4, 14.8 GiB", said.get("row"));
        assertEquals("550.54.15, CUDA up to 12.8", said.get("driver"));
        assertEquals(machine.wheelFile().toRealPath().toString(), said.get("runtime"));
    }

    /** On the loader's path, in a folder of the system, one that the driver is too old for; and the wheel. */
    @ParameterizedTest
    @ValueSource(strings = {"lib/libcudart.so 11080", "lib/libcudart.so 12040", "system/libcudart.so.12.4.127 12040", "lib/libcudart.so -13000"})
    void theSystemsOwnRuntimeDoesNotGetInTheWay(String other) throws Exception {
        String[] fileAndVersion = other.split(" ");
        machine.option("-Djna.platform.library.path=" + folder.resolve("system"));
        Map<String, String> said = machine.driver(T4).wheel().runtime(folder.resolve(fileAndVersion[0]), Integer.parseInt(fileAndVersion[1]))
                .fetched().setUp("library");
        assertTakesCuda(said);
        assertEquals(machine.wheelFile().toRealPath().toString(), said.get("runtime"));
    }

    /** DJL would look for a build for CUDA 11.8, find none, and take the CPU's. */
    @Test
    void theSystemsOwnRuntimeServesWhereThereIsNoOther() throws Exception {
        assertTakesCuda(machine.driver(T4).runtime(folder.resolve("lib/libcudart.so"), 11080).fetched().setUp("library"));
    }

    /** In another Jupyter, without the wheel and without CUDA's toolkit. */
    @Test
    void theRuntimeThatCameWithPyTorchServesToo() throws Exception {
        Path runtime = folder.resolve("djl/pytorch/2.7.1-cu128-linux-x86_64/libcudart-218eec4c.so.12");
        Map<String, String> said = machine.driver(T4).fetched().runtime(runtime, 12080).setUp("library");
        assertTakesCuda(said);
        assertEquals(runtime.toRealPath().toString(), said.get("runtime"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"VIRTUAL_ENV", "CONDA_PREFIX"})
    void theWheelIsFoundInTheEnvironmentThatIsActive(String variable) throws Exception {
        Path runtime = folder.resolve("environment/lib/python3.12/site-packages/nvidia/cuda_runtime/lib/libcudart.so.12");
        Map<String, String> said = machine.driver(T4).fetched().runtime(runtime, 12080)
                .with(variable, folder.resolve("environment").toString()).setUp("library");
        assertTakesCuda(said);
        assertEquals(runtime.toRealPath().toString(), said.get("runtime"));
    }

    @Test
    void aSliceOfAGpuIsNamedAsSuch() throws Exception {
        Map<String, String> said = machine.driver("NVIDIA A100-SXM4-40GB MIG 1g.5gb|5033164800|80").nvidiaSmi("NVIDIA A100-SXM4-40GB, 570.86.10, [N/A]")
                .wheel().fetched().setUp("library");
        assertTakesCuda(said);
        assertEquals("NVIDIA A100-SXM4-40GB MIG 1g.5gb, 4.7 GiB", said.get("row"));
        assertTrue(said.get("gpu").endsWith("id=]"), said.get("gpu"));
        assertEquals("570.86.10, CUDA up to 12.8", said.get("driver"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "MIG-8a3a"})
    void hiddenGpusAreToldAsHidden(String visible) throws Exception {
        Map<String, String> said = machine.driver(T4).nvidiaSmi("Tesla T4, 550.54.15, 15360").wheel().with("CUDA_VISIBLE_DEVICES", visible).setUp("why");
        assertEquals("CPU", said.get("build"));
        assertEquals("none that this process may use; there is Tesla T4", said.get("row"));
        assertEquals("CUDA_VISIBLE_DEVICES = \"" + visible + "\" hides every GPU (no CUDA-capable device is detected, error 100). "
                + "Unset it, or set it to 0 for the first GPU, and restart the kernel.", said.get("why"));
    }

    /** A container with NVIDIA's tools, but without what computes. */
    @Test
    void nvidiaSmiWithoutTheDriversLibraryIsTold() throws Exception {
        Map<String, String> said = machine.nvidiaSmi("Tesla T4, 550.54.15, 15360").setUp("why");
        assertEquals("CPU", said.get("build"));
        assertEquals("Tesla T4 is there, but the driver's library for CUDA (libcuda) cannot be loaded. "
                + "In a container, start it with --gpus all; else restart after a driver update.", said.get("why"));
    }

    /** As on a machine with NVSwitch whose fabric manager does not run. */
    @Test
    void whatTheDriverSaysIsToldAlong() throws Exception {
        machine.driver(T4).with("STUB_ERROR", "802");
        assertTrue(machine.setUp("why").get("why").startsWith("NVIDIA's driver is there, but CUDA finds no GPU (system not yet initialized, error 802). "));
    }

    @Test
    void whereTheDriverCannotBeAskedNvidiaSmiNamesTheGpusThatDjlCounts() throws Exception {
        Map<String, String> said = machine.nvidiaSmi("Tesla T4, 550.54.15, 15360\nTesla T4, 550.54.15, 15360").wheel().fetched().setUp("library");
        assertTakesCuda(said);
        assertEquals("Tesla T4, 15.0 GiB", said.get("row"));
    }

    @Test
    void twoGpusKeepTheirOrder() throws Exception {
        Map<String, String> said = machine.driver("NVIDIA H100 80GB HBM3|84929347584|90;" + T4).nvidiaSmi("Tesla T4, 550.54.15, 15360").wheel().fetched().setUp("library");
        assertTakesCuda(said);
        assertEquals("NVIDIA H100 80GB HBM3, 79.1 GiB; Tesla T4, 14.8 GiB", said.get("row"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "cu128"})
    void aPyTorchWithCudaIsTakenAsSuch(String flavour) throws Exception {
        given("libtorch.so", "libtorch_cpu.so", "libtorch_cuda.so").driver(T4).wheel();
        Map<String, String> said = (flavour.isEmpty() ? machine : machine.with("PYTORCH_FLAVOR", flavour)).setUp("library");
        assertEquals("GIVEN", said.get("build"));
        assertEquals("cu128", said.get("library's flavor"));
        assertEquals(folder.resolve("torch/lib").toString(), said.get("library's dir"));
    }

    /** PyPI's brings its own. */
    @Test
    void theRuntimeBesideAPyTorchIsTaken() throws Exception {
        Path runtime = folder.resolve("nvidia/cuda_runtime/lib/libcudart.so.12");
        given("libtorch.so", "libtorch_cpu.so", "libtorch_cuda.so").driver(T4).wheel().runtime(runtime, 12060);
        assertEquals(runtime.toRealPath().toString(), machine.setUp().get("runtime"));
    }

    @Test
    void withoutADriverAPyTorchWithCudaServesTheCpu() throws Exception {
        Map<String, String> said = given("libtorch.so", "libtorch_cpu.so", "libtorch_cuda.so").setUp("library");
        assertEquals("cpu", said.get("library's flavor"));
    }

    @Test
    void aPyTorchForTheCpuIsTakenAsSuchAndItIsSaid() throws Exception {
        Map<String, String> said = given("libtorch.so", "libtorch_cpu.so").driver(T4).wheel().setUp("library", "why");
        assertEquals("cpu", said.get("library's flavor"));
        assertEquals("Tesla T4 is there, but the PyTorch at PYTORCH_LIBRARY_PATH is one for the CPU. Set it to one with CUDA, "
                + "or unset it, and restart the kernel.", said.get("why"));
    }

    @Test
    void anotherFlavourIsRefusedInALine() throws Exception {
        Map<String, String> said = given("libtorch.so", "libtorch_cpu.so", "libtorch_cuda.so").with("PYTORCH_FLAVOR", "cu126").setUp();
        assertEquals("PYTORCH_FLAVOR = cu126: DJL has PyTorch 2.7.1 for linux-x86_64 as cpu and cu128 only. Set it to one of these, "
                + "or unset it, and restart the kernel.", said.get("refused"));
    }

    @Test
    void withDjlsSiteOutOfReachTheCpuGoesOn() throws Exception {
        Map<String, String> said = machine.driver(T4).wheel().with("DJL_CACHE_DIR", cache.toString()).setUp("computes");
        assertEquals("CPU", said.get("build"));
        assertEquals("null", said.get("flavour"));
        assertTrue(said.get("told").matches("PyTorch is DJL's, with CUDA\\.\n<b>The CPU goes on alone.</b> Tesla T4 is there, but PyTorch with CUDA could not be fetched "
                + "\\(http://127\\.0\\.0\\.1:9/pytorch/2\\.7\\.1/files\\.txt: cannot be reached \\(.*\\)\\)\\. Connect to the network, or set .*"), said.get("told"));
        assertCpuGoesOn(said);
    }

    /** The library has the features of CUDA, and the GPU is counted, but nothing can be computed on it. */
    @Test
    void aGpuThatPyTorchCannotComputeOnIsLeftOut() throws Exception {
        Map<String, String> said = machine.driver("Tesla V100-SXM2-16GB|16945709056|70").wheel()
                .with("DJL_CACHE_DIR", cache.toString()).setUp("computes");
        assertEquals("1", said.get("GPUs of the engine"));
        assertTrue(said.get("why not").startsWith("Tesla V100-SXM2-16GB is there, but PyTorch cannot compute on it ("), said.get("why not"));
        assertCpuGoesOn(said);
    }

    @Test
    void aDriverForAnOlderCudaIsToldBeforeGigabytesAreFetched() throws Exception {
        Map<String, String> said = machine.driver(T4).wheel().with("STUB_CUDA", "11040").setUp("why");
        assertEquals("CPU", said.get("build"));
        assertEquals("PyTorch is DJL's, for the CPU.", said.get("told"));
        assertEquals("Tesla T4 is there, but its driver knows CUDA up to 11.4, and PyTorch needs 12.0. Update NVIDIA's driver "
                + "to 525 or later, and restart the kernel.", said.get("why"));
    }

    @Test
    void theFlavourCpuFetchesNothing() throws Exception {
        Map<String, String> said = machine.driver(T4).wheel().with("PYTORCH_FLAVOR", "cpu").setUp("why");
        assertEquals("CPU", said.get("build"));
        assertEquals("PyTorch is DJL's, for the CPU.", said.get("told"));
        assertTrue(said.get("why").contains("PYTORCH_FLAVOR = cpu keeps PyTorch from it"), said.get("why"));
    }

    private CudaStub given(String... libraries) throws IOException {
        Path lib = Files.createDirectories(folder.resolve("torch/lib"));
        for (String library : libraries) {
            Files.writeString(lib.resolve(library), "");
        }
        return machine.with("PYTORCH_LIBRARY_PATH", lib.toString());
    }

    private void assertTakesCuda(Map<String, String> said) {
        assertEquals("CUDA", said.get("build"), said.toString());
        assertEquals("1", said.get("counted"), said.toString());
        assertEquals("cu128", said.get("library's flavor"), said.toString());
        assertEquals(folder.resolve("djl/pytorch/2.7.1-cu128-linux-x86_64").toString(), said.get("library's dir"));
    }

    private static void assertCpuGoesOn(Map<String, String> said) {
        assertFalse(said.get("why not").equals("null"));
        assertEquals("cpu()", said.get("default device"), said.toString());
        assertEquals("3.0", said.get("CPU computes"), said.toString());
    }
}
