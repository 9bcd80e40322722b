package tutorial.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    void withoutNvidiaTheCpuTrains() throws Exception {
        Map<String, String> said = machine.setUp();
        assertEquals("CPU", said.get("build"));
        assertEquals("null", said.get("flavour"));
        assertEquals("no NVIDIA GPU", said.get("row"));
        assertEquals("none", said.get("driver"));
    }

    @Test
    void driverAndWheelAreEnough() throws Exception {
        Map<String, String> said = machine.driver(T4).wheel().fetched().setUp("library");
        assertTakesCuda(said);
        assertEquals(new Gpu("Tesla T4", 15843721216L, 75, "GPU-11111111-1111-1111-1111-111111111111").toString(), said.get("gpu"));
        assertEquals("Tesla T4, 14.8 GiB", said.get("row"));
        assertEquals("550.54.15, CUDA up to 12.8", said.get("driver"));
        assertRuntime(machine.wheelFile(), said);
    }

    /** On the loader's path, in a folder of the system, one that the driver is too old for; and the wheel. */
    @ParameterizedTest
    @CsvSource({"lib/libcudart.so, 11080", "lib/libcudart.so, 12040", "system/libcudart.so.12.4.127, 12040", "lib/libcudart.so, -13000"})
    void theWheelsRuntimeComesBeforeTheSystems(String other, int version) throws Exception {
        machine.option("-Djna.platform.library.path=" + folder.resolve("system"));
        Map<String, String> said = machine.driver(T4).wheel().runtime(folder.resolve(other), version).fetched().setUp("library");
        assertTakesCuda(said);
        assertRuntime(machine.wheelFile(), said);
    }

    /** DJL would look for a build for CUDA 11.8, find none, and take the CPU's. */
    @Test
    void theSystemsRuntimeServesWhereThereIsNoOther() throws Exception {
        assertTakesCuda(machine.driver(T4).runtime(folder.resolve("lib/libcudart.so"), 11080).fetched().setUp("library"));
    }

    /** In another Jupyter, without CUDA's toolkit: beside DJL's libraries, and in an environment that is active. */
    @ParameterizedTest
    @CsvSource({
        "djl/pytorch/2.7.1-cu128-linux-x86_64/libcudart-218eec4c.so.12, NOTHING",
        "environment/lib/python3.12/site-packages/nvidia/cuda_runtime/lib/libcudart.so.12, VIRTUAL_ENV",
        "environment/lib/python3.12/site-packages/nvidia/cuda_runtime/lib/libcudart.so.12, CONDA_PREFIX"
    })
    void runtimesOfLibrariesAndEnvironmentsServe(String place, String variable) throws Exception {
        Path runtime = folder.resolve(place);
        Map<String, String> said = machine.driver(T4).fetched().runtime(runtime, 12080)
                .with(variable, folder.resolve("environment").toString()).setUp("library");
        assertTakesCuda(said);
        assertRuntime(runtime, said);
    }

    @Test
    void aMigSliceHasNoIdentifier() throws Exception {
        Map<String, String> said = machine.driver("NVIDIA A100-SXM4-40GB MIG 1g.5gb|5033164800|80").wheel().fetched().setUp("library");
        assertTakesCuda(said);
        assertEquals("NVIDIA A100-SXM4-40GB MIG 1g.5gb, 4.7 GiB", said.get("row"));
        assertTrue(said.get("gpu").endsWith("uuid=]"), said.get("gpu"));
    }

    @Test
    void hiddenGpus() throws Exception {
        Map<String, String> said = machine.driver(T4).wheel().with("CUDA_VISIBLE_DEVICES", "-1").setUp();
        assertEquals("CPU", said.get("build"));
        assertEquals("none that this process may use", said.get("row"));
        assertTrue(said.get("why").startsWith("CUDA_VISIBLE_DEVICES = \"-1\" "), said.get("why"));
        assertTrue(said.get("why").contains("no CUDA-capable device is detected, error 100"), said.get("why"));
    }

    /** A container with NVIDIA's tools, but without what computes. */
    @Test
    void aDriverWithoutItsCudaLibrary() throws Exception {
        Map<String, String> said = machine.managementLibrary().setUp();
        assertEquals("CPU", said.get("build"));
        assertEquals("550.54.15", said.get("driver"));
        assertTrue(said.get("why").contains("libcuda") && said.get("why").contains("--gpus all"), said.get("why"));
    }

    @Test
    void twoGpusKeepTheirOrder() throws Exception {
        Map<String, String> said = machine.driver("NVIDIA H100 80GB HBM3|84929347584|90;" + T4).wheel().fetched().setUp("library");
        assertTakesCuda(said);
        assertEquals("NVIDIA H100 80GB HBM3, 79.1 GiB; Tesla T4, 14.8 GiB", said.get("row"));
    }

    /** PyPI's brings its own runtime. */
    @Test
    void aPyTorchWithCudaIsTakenAsSuchWithTheRuntimeBesideIt() throws Exception {
        Path runtime = folder.resolve("nvidia/cuda_runtime/lib/libcudart.so.12");
        Map<String, String> said = givenPyTorch().driver(T4).wheel().runtime(runtime, 12060).setUp("library");
        assertEquals("GIVEN", said.get("build"));
        assertEquals("cu128", said.get("library's flavor"));
        assertEquals(folder.resolve("torch/lib").toString(), said.get("library's dir"));
        assertRuntime(runtime, said);
    }

    @Test
    void withoutADriverAPyTorchWithCudaServesTheCpu() throws Exception {
        assertEquals("cpu", givenPyTorch().setUp("library").get("library's flavor"));
    }

    @Test
    void withDjlsSiteOutOfReachTheCpuGoesOn() throws Exception {
        Map<String, String> said = machine.driver(T4).wheel().with("DJL_CACHE_DIR", cache.toString()).setUp("computes");
        assertEquals("CPU", said.get("build"));
        assertEquals("null", said.get("flavour"));
        assertTrue(said.get("told").contains("with CUDA.\n<b>The CPU goes on alone.</b> Tesla T4 is there, but "), said.get("told"));
        assertTrue(said.get("told").contains("(http://127.0.0.1:9/pytorch/2.7.1/files.txt: "), said.get("told"));
        assertCpuGoesOn(said);
    }

    /** The library has the features of CUDA, and the GPU is counted, but nothing can be computed on it. */
    @Test
    void aGpuThatPyTorchCannotComputeOnIsLeftOut() throws Exception {
        Map<String, String> said = machine.driver("Tesla V100-SXM2-16GB|16945709056|70").wheel()
                .with("DJL_CACHE_DIR", cache.toString()).setUp("computes");
        assertEquals("1", said.get("GPUs of the engine"));
        assertTrue(said.get("why not").startsWith("Tesla V100-SXM2-16GB is there, but PyTorch cannot compute"), said.get("why not"));
        assertCpuGoesOn(said);
    }

    private CudaStub givenPyTorch() throws IOException {
        Path lib = Files.createDirectories(folder.resolve("torch/lib"));
        for (String library : List.of("libtorch.so", "libtorch_cpu.so", "libtorch_cuda.so")) {
            Files.writeString(lib.resolve(library), "");
        }
        return machine.with("PYTORCH_LIBRARY_PATH", lib.toString());
    }

    private static void assertRuntime(Path runtime, Map<String, String> said) throws IOException {
        assertEquals(runtime.toRealPath().toString(), said.get("runtime"));
    }

    private void assertTakesCuda(Map<String, String> said) {
        assertEquals("CUDA", said.get("build"), said.toString());
        assertEquals("1", said.get("counted"), said.toString());
        assertEquals("cu128", said.get("library's flavor"), said.toString());
        assertEquals(folder.resolve("djl/pytorch/2.7.1-cu128-linux-x86_64").toString(), said.get("library's dir"));
    }

    private static void assertCpuGoesOn(Map<String, String> said) {
        assertNotEquals("null", said.get("why not"));
        assertEquals("cpu()", said.get("default device"), said.toString());
        assertEquals("3.0", said.get("CPU computes"), said.toString());
    }
}
