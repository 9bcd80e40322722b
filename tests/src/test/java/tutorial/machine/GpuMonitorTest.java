package tutorial.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.sun.jna.NativeLibrary;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tutorial.files.ResultsFolder;
import tutorial.testing.CudaStub;

/** With a stand-in for NVIDIA's management library. */
class GpuMonitorTest {
    private static final String ID = "GPU-11111111-1111-1111-1111-111111111111";
    private static final String LIBRARY = """
            #include <string.h>
            static int percent, memory, watts;
            void stub(int p, int m, int w) { percent = p; memory = m; watts = w; }
            int nvmlInit_v2(void) { return 0; }
            int nvmlDeviceGetHandleByUUID(const char *uuid, void **gpu) { *gpu = &percent; return strcmp(uuid, "%s") ? 6 : 0; }
            int nvmlDeviceGetUtilizationRates(void *gpu, unsigned *rates) { rates[0] = percent; rates[1] = 7; return gpu != &percent || percent < 0; }
            int nvmlDeviceGetMemoryInfo(void *gpu, unsigned long long *bytes) { bytes[0] = 16ull << 30; bytes[2] = (unsigned long long) memory << 20; return 0; }
            int nvmlDeviceGetPowerUsage(void *gpu, unsigned *milliwatts) { *milliwatts = 1000 * watts; return watts < 0 ? 3 : 0; }
            """.formatted(ID);

    @TempDir
    static Path folder;
    private static String library;

    @BeforeAll
    static void compile() throws Exception {
        library = folder.resolve("libnvidia-ml.so.1").toString();
        if (CudaStub.canBeCompiled()) {
            CudaStub.compile(Path.of(library), LIBRARY);
        }
    }

    @Test
    @EnabledIf(value = "tutorial.testing.CudaStub#canBeCompiled", disabledReason = "needs a C compiler, on Linux (x86-64)")
    void figuresAreThoseOfTheRunAlone() throws Exception {
        Object run = new Object();
        tells(5, 7000, 20);
        try (GpuMonitor monitor = new GpuMonitor(library, ID)) {
            awaitSamples(monitor, 1);
            tells(95, 6000, 65);
            awaitSamples(monitor, 2);
            long begin = System.nanoTime();
            awaitSamples(monitor, 4);
            monitor.keep(run, seconds -> (System.nanoTime() - begin) / 1e9);
        }
        assertEquals(Map.of("GPU utilisation, %", 95.0, "GPU memory, peak MiB", 6000.0, "GPU power, W", 65.0), GpuMonitor.figures(run));
    }

    @Test
    @EnabledIf(value = "tutorial.testing.CudaStub#canBeCompiled", disabledReason = "needs a C compiler, on Linux (x86-64)")
    void whatTheLibraryDoesNotTellIsLeftOut() throws Exception {
        Object run = new Object();
        tells(-1, 300, -1);
        try (GpuMonitor monitor = new GpuMonitor(library, ID)) {
            awaitSamples(monitor, 1);
            monitor.keep(run, seconds -> 60);
        }
        assertEquals(Map.of("GPU memory, peak MiB", 300.0), GpuMonitor.figures(run));
    }

    @Test
    @EnabledIf(value = "tutorial.testing.CudaStub#canBeCompiled", disabledReason = "needs a C compiler, on Linux (x86-64)")
    void itEndsWhenItIsClosed() throws Exception {
        tells(1, 1, 1);
        GpuMonitor monitor = new GpuMonitor(library, ID);
        awaitSamples(monitor, 1);
        assertTrue(watching());
        monitor.close();
        awaitEnd();
    }

    @Test
    void figuresAreMeansAndThePeakOfMemory() {
        List<GpuMonitor.Sample> samples = List.of(new GpuMonitor.Sample(0, 90, 300, Double.NaN), new GpuMonitor.Sample(1, 100, 200, 60));
        assertEquals(Map.of("GPU utilisation, %", 95.0, "GPU memory, peak MiB", 300.0, "GPU power, W", 60.0), GpuMonitor.figures(samples));
        assertEquals(Map.of(), GpuMonitor.figures(List.of()));
    }

    @Test
    void theCpuIsNotWatchedNorWhatTheLibraryDoesNotKnowAndNoLibraryIsNoError() {
        for (GpuMonitor monitor : List.of(new GpuMonitor(Device.cpu()), new GpuMonitor(library, "GPU-another"), new GpuMonitor("no-such-library", ID))) {
            Object run = new Object();
            monitor.keep(run, seconds -> 1);
            assertEquals(0, monitor.samples());
            monitor.close();
            assertEquals(Map.of(), GpuMonitor.figures(run));
        }
        assertEquals(Map.of(), GpuMonitor.figures("never watched"));
    }

    /** The card's figures would be those of all its slices. */
    @Test
    void aSliceIsNotWatched() {
        List<Cuda.Gpu> gpus = List.of(new Cuda.Gpu("NVIDIA A100 MIG 1g.5gb", 1, 80, ""), new Cuda.Gpu("Tesla T4", 1, 75, ID));
        assertEquals(ID, GpuMonitor.id(gpus, 1));
        assertEquals("", GpuMonitor.id(gpus, 0));
        assertEquals("", GpuMonitor.id(gpus, 2));
    }

    @Test
    void itsFiguresAreColumnsOfTheResults() {
        assertTrue(ResultsFolder.emptyTable().columnNames().containsAll(List.of(GpuMonitor.UTILISATION, GpuMonitor.MEMORY, GpuMonitor.POWER)));
    }

    private static void tells(int percent, int mebibytes, int watts) {
        NativeLibrary.getInstance(library).getFunction("stub").invoke(new Object[] {percent, mebibytes, watts});
    }

    private static boolean watching() {
        return Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals("GPU monitor"));
    }

    private static void awaitEnd() throws InterruptedException {
        for (int i = 0; i < 3000 && watching(); i++) {
            Thread.sleep(10);
        }
        assertFalse(watching());
    }

    private static void awaitSamples(GpuMonitor monitor, int samples) throws InterruptedException {
        for (long end = System.nanoTime() + 30_000_000_000L; monitor.samples() < samples && System.nanoTime() < end; ) {
            Thread.sleep(10);
        }
        assertTrue(monitor.samples() >= samples);
    }
}
