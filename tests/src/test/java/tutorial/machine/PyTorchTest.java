package tutorial.machine;

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
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /** The flags lie somewhere in a gigabyte, here across the border of what is read at a time. */
    @Test
    void whatTheLibraryIsBuiltForIsReadFromIt() throws IOException {
        byte[] library = new byte[5 << 20];
        byte[] flags = "-gencode;arch=compute_75,code=sm_75;-gencode;arch=compute_80,code=sm_80;-gencode;arch=compute_120,code=sm_120".getBytes();
        System.arraycopy(flags, 0, library, (4 << 20) - 17, flags.length);
        Files.write(folder.resolve(System.mapLibraryName("torch_cuda")), library);
        assertEquals(Set.of(75, 80, 120), PyTorch.architectures(folder));
        assertEquals(Set.of(), PyTorch.architectures(folder.resolve("nowhere")));
    }

    @Test
    void aGpuWithoutKernelsIsToldWithWhatTheLibraryIsBuiltFor() throws IOException {
        Files.writeString(folder.resolve(System.mapLibraryName("torch_cuda")), "arch=compute_75,code=sm_75;-gencode;arch=compute_120,code=sm_120");
        EngineException noKernel = new EngineException("CUDA error: no kernel image is available for execution on the device\nCUDA kernel errors might be ...");
        assertEquals("Tesla V100 is there, but PyTorch's library has no kernels for it: its compute capability is 7.0, and the library is built "
                + "for 7.5, 12.0. Set PYTORCH_LIBRARY_PATH to the folder lib of PyPI's torch 2.7.1, which knows GPUs from 5.0 to 9.0, "
                + "and restart the kernel.", PyTorch.explained(noKernel, "Tesla V100", 70, folder));
        assertTrue(PyTorch.explained(noKernel, "Tesla K80", 37, folder).endsWith("No PyTorch 2.7.1 knows this GPU."));
    }

    @Test
    void aFullDiskIsToldFromASiteThatIsOutOfReach() {
        assertEquals("PyTorch with CUDA could not be fetched (https://publish.djl.ai/x: no answer within 5 seconds). Connect to the network, or set "
                + "PYTORCH_LIBRARY_PATH to a PyTorch 2.7.1 with CUDA that you have, and restart the kernel.",
                PyTorch.notFetched(new IOException("https://publish.djl.ai/x: no answer within 5 seconds.")));
        for (IOException ofDisk : List.of(new IOException("No space left on device"), new AccessDeniedException("/home/x/.djl.ai"))) {
            assertTrue(PyTorch.notFetched(ofDisk).endsWith("or set DJL_CACHE_DIR to another folder, and restart the kernel."), ofDisk.toString());
        }
    }

    @Test
    void otherFailuresOfAGpuAreTold() {
        EngineException broken = new EngineException("CUDA error: uncorrectable ECC error encountered\nmore");
        assertEquals("Tesla T4 is there, but PyTorch cannot compute on it (CUDA error: uncorrectable ECC error encountered). "
                + "Update NVIDIA's driver, and restart the kernel.", PyTorch.explained(broken, "Tesla T4", 75, folder));
        EngineException full = new EngineException("CUDA out of memory. Tried to allocate 2.00 MiB.");
        assertTrue(PyTorch.explained(full, "Tesla T4", 75, folder).startsWith("Tesla T4 is there, but its memory is taken (CUDA out of memory."));
    }

    @Test
    void aGpuThatDjlDoesNotCountIsTold() {
        assertEquals("Tesla T4 is there, but DJL does not count it: the CUDA runtime (libcudart) cannot be loaded or does not go with its driver (550.54.15). "
                + "Open the notebook by `make lab`, which brings a runtime, or install CUDA 12.8's and restart the kernel.",
                PyTorch.whyNotCounted("Tesla T4", true, ", NVIDIA driver 550.54.15"));
        assertTrue(PyTorch.whyNotCounted("Tesla T4", false, "").contains("PyTorch for the CPU has been loaded, which hides every GPU."));
    }

    @Test
    void onlyLinuxAndWindowsOnIntelHaveCuda() {
        List<Cuda.Gpu> gpus = List.of(new Cuda.Gpu("NVIDIA GH200 480GB", 1, 90, ""));
        assertEquals(new PyTorch.Choice(PyTorch.Build.CUDA, "cu128", null), PyTorch.choice(Map.of(), "win-x86_64", gpus, true, 12080, null));
        assertEquals(new PyTorch.Choice(PyTorch.Build.CPU, null, "NVIDIA GH200 480GB is there, but DJL has no PyTorch with CUDA for linux-aarch64. "
                + "Run the notebook on Linux (x86-64) to see a GPU race."), PyTorch.choice(Map.of(), "linux-aarch64", gpus, true, 12080, null));
    }

    /** Whoever asks for another version of PyTorch gets DJL's way with it, which downloads what belongs to it. */
    @Test
    void anotherVersionIsLeftToDjl() {
        List<Cuda.Gpu> gpus = List.of(new Cuda.Gpu("Tesla T4", 1, 75, ""));
        assertEquals(new PyTorch.Choice(PyTorch.Build.CUDA, null, null),
                PyTorch.choice(Map.of("PYTORCH_VERSION", "2.5.1", "PYTORCH_FLAVOR", "cu124"), "linux-x86_64", gpus, true, 12080, null));
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
