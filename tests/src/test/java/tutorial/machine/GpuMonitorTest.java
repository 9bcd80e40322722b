package tutorial.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.sun.jna.NativeLibrary;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.CudaStub;

/** With a stand-in for NVIDIA's management library. */
@EnabledIf(value = "tutorial.testing.CudaStub#canBeCompiled", disabledReason = "needs a C compiler, on Linux (x86-64)")
class GpuMonitorTest {
    private static final String GPU = "GPU-11111111-1111-1111-1111-111111111111";

    @TempDir
    static Path folder;
    private static Path library;

    @BeforeAll
    static void compile() throws Exception {
        library = folder.resolve("libnvidia-ml.so.1");
        CudaStub.compile("nvml.c", library);
    }

    @Test
    void figuresAreOfTheSamplesBetweenTwoTimes() throws Exception {
        measures(5, 7000, 20);
        try (GpuMonitor monitor = new GpuMonitor(nvml(), GPU)) {
            awaitSample(monitor, System.nanoTime());
            measures(95, 6000, 65);
            long begin = System.nanoTime();
            awaitSample(monitor, begin);
            long end = System.nanoTime();
            measures(5, 7000, 20);
            awaitSample(monitor, end);
            assertEquals(new GpuFigures(95, 6000, 65), monitor.between(begin, end));
            GpuFigures whole = monitor.between(0, System.nanoTime());
            assertTrue(whole.utilisation() > 5 && whole.utilisation() < 95, "the mean: " + whole);
            assertTrue(whole.power() > 20 && whole.power() < 65, "the mean: " + whole);
            assertEquals(7000, whole.memory(), "the most");
        }
    }

    @Test
    void whatTheLibraryDoesNotTellIsUnknown() throws Exception {
        measures(-1, 300, -1);
        try (GpuMonitor monitor = new GpuMonitor(nvml(), GPU)) {
            awaitSample(monitor, 0);
            assertEquals(new GpuFigures(Double.NaN, 300, Double.NaN), monitor.between(0, System.nanoTime()));
        }
    }

    @Test
    void theThreadEndsOnClose() throws Exception {
        GpuMonitor monitor = new GpuMonitor(nvml(), GPU);
        assertTrue(watching());
        monitor.close();
        for (int i = 0; i < 3000 && watching(); i++) {
            Thread.sleep(10);
        }
        assertFalse(watching());
    }

    /** A MIG slice has no identifier: the library's figures would be those of the whole card. */
    @Test
    void aCpuAnUnknownGpuASliceAndAMachineWithoutTheLibraryAreNotWatched() {
        for (GpuMonitor monitor : List.of(GpuMonitor.of(Device.cpu()), GpuMonitor.of(Device.gpu(99)), new GpuMonitor(nvml(), "GPU-another"),
                new GpuMonitor(nvml(), ""), new GpuMonitor(Nvml.open("no-such-library"), GPU))) {
            assertFalse(watching());
            assertEquals(GpuFigures.UNKNOWN, monitor.between(0, System.nanoTime()));
            monitor.close();
        }
    }

    private static Optional<Nvml> nvml() {
        return Nvml.open(library.toString());
    }

    private static void measures(int percent, int mebibytes, int watts) {
        NativeLibrary.getInstance(library.toString()).getFunction("stub").invoke(new Object[] {percent, mebibytes, watts});
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
