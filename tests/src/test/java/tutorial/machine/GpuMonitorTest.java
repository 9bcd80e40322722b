package tutorial.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.sun.jna.NativeLibrary;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Row;
import tutorial.files.ResultsFolder;
import tutorial.testing.CudaStub;

/** With a stand-in for NVIDIA's management library. */
class GpuMonitorTest {
    private static final String GPU = "GPU-11111111-1111-1111-1111-111111111111";
    private static final String LIBRARY = """
            #include <string.h>
            static int percent, memory, watts;
            void stub(int p, int m, int w) { percent = p; memory = m; watts = w; }
            int nvmlInit_v2(void) { return 0; }
            int nvmlDeviceGetHandleByUUID(const char *uuid, void **gpu) { *gpu = &percent; return strcmp(uuid, "%s") ? 6 : 0; }
            int nvmlDeviceGetUtilizationRates(void *gpu, unsigned *rates) {
                rates[0] = percent;
                rates[1] = 7;
                return gpu != &percent || percent < 0;
            }
            int nvmlDeviceGetMemoryInfo(void *gpu, unsigned long long *bytes) {
                bytes[0] = 16ull << 30;
                bytes[2] = (unsigned long long) memory << 20;
                return 0;
            }
            int nvmlDeviceGetPowerUsage(void *gpu, unsigned *milliwatts) { *milliwatts = 1000 * watts; return watts < 0 ? 3 : 0; }
            """.formatted(GPU);

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
    void figuresOfATimeAreThoseOfItsSamples() throws Exception {
        measures(5, 7000, 20);
        try (GpuMonitor monitor = new GpuMonitor(library, GPU)) {
            awaitSample(monitor, System.nanoTime());
            measures(95, 6000, 65);
            long begin = System.nanoTime();
            awaitSample(monitor, begin);
            long end = System.nanoTime();
            measures(5, 7000, 20);
            awaitSample(monitor, end);
            assertEquals(new GpuFigures(95, 6000, 65), monitor.between(begin, end));
        }
    }

    @Test
    @EnabledIf(value = "tutorial.testing.CudaStub#canBeCompiled", disabledReason = "needs a C compiler, on Linux (x86-64)")
    void meansAndTheLargestMemory() throws Exception {
        long begin = System.nanoTime();
        measures(90, 300, 40);
        try (GpuMonitor monitor = new GpuMonitor(library, GPU)) {
            awaitSample(monitor, begin);
            measures(100, 200, 60);
            awaitSample(monitor, System.nanoTime());
            GpuFigures figures = monitor.between(begin, System.nanoTime());
            assertTrue(figures.utilisation() > 90 && figures.utilisation() < 100, figures.toString());
            assertEquals(300, figures.memory());
            assertTrue(figures.power() > 40 && figures.power() < 60, figures.toString());
        }
    }

    @Test
    @EnabledIf(value = "tutorial.testing.CudaStub#canBeCompiled", disabledReason = "needs a C compiler, on Linux (x86-64)")
    void whatTheLibraryDoesNotTellIsUnknown() throws Exception {
        measures(-1, 300, -1);
        long begin = System.nanoTime();
        try (GpuMonitor monitor = new GpuMonitor(library, GPU)) {
            awaitSample(monitor, begin);
            assertEquals(new GpuFigures(Double.NaN, 300, Double.NaN), monitor.between(begin, System.nanoTime()));
        }
    }

    @Test
    @EnabledIf(value = "tutorial.testing.CudaStub#canBeCompiled", disabledReason = "needs a C compiler, on Linux (x86-64)")
    void theThreadEndsOnClose() throws Exception {
        GpuMonitor monitor = new GpuMonitor(library, GPU);
        assertTrue(watching());
        monitor.close();
        for (int i = 0; i < 3000 && watching(); i++) {
            Thread.sleep(10);
        }
        assertFalse(watching());
    }

    /** As of a MIG slice, whose identifier is empty: the library's figures would be those of the whole card. */
    @Test
    void aCpuAnUnknownGpuASliceAndAMachineWithoutTheLibraryAreNotWatched() {
        for (GpuMonitor monitor : List.of(GpuMonitor.of(Device.cpu()), GpuMonitor.of(Device.gpu(99)),
                new GpuMonitor(library, "GPU-another"), new GpuMonitor(library, ""), new GpuMonitor("no-such-library", GPU))) {
            assertFalse(watching());
            assertEquals(GpuFigures.UNKNOWN, monitor.between(0, System.nanoTime()));
            monitor.close();
        }
    }

    @Test
    void figuresAreColumnsOfTheResults() {
        Row row = ResultsFolder.emptyTable().appendRow();
        new GpuFigures(95, 6000, 65).writeTo(row);
        assertEquals(95, row.getDouble("GPU utilisation, %"));
        assertEquals(6000, row.getDouble("GPU memory, peak MiB"));
        assertEquals(65, row.getDouble("GPU power, W"));
    }

    private static void measures(int percent, int mebibytes, int watts) {
        NativeLibrary.getInstance(library).getFunction("stub").invoke(new Object[] {percent, mebibytes, watts});
    }

    private static boolean watching() {
        return Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals("GPU monitor"));
    }

    private static void awaitSample(GpuMonitor monitor, long since) throws InterruptedException {
        for (int i = 0; i < 3000 && Double.isNaN(monitor.between(since, System.nanoTime()).memory()); i++) {
            Thread.sleep(10);
        }
    }
}
