package tutorial.machine;

import static java.lang.Double.NaN;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tutorial.testing.CudaStub;

/** With a stand-in for NVIDIA's management library. */
@EnabledIf(value = "tutorial.testing.CudaStub#canBeCompiled", disabledReason = "needs a C compiler, on Linux (x86-64)")
class GpuMonitorTest {
    private static final String GPU = "GPU-11111111-1111-1111-1111-111111111111";
    private static final int POWER_CAP = 4;

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
        clock(300, 40, 0);
        try (GpuMonitor monitor = new GpuMonitor(nvml(), GPU)) {
            awaitSample(monitor, System.nanoTime());
            measures(95, 6000, 65);
            clock(1000, 81, POWER_CAP);
            long begin = System.nanoTime();
            awaitSample(monitor, begin);
            long end = System.nanoTime();
            measures(5, 7000, 20);
            clock(300, 40, 0);
            awaitSample(monitor, end);
            assertEquals(new GpuFigures(95, 6000, 65, 1000, 1590, 81, 1, 0), monitor.between(begin, end));
            GpuFigures whole = monitor.between(0, System.nanoTime());
            assertTrue(whole.utilisation() > 5 && whole.utilisation() < 95, "the mean: " + whole);
            assertTrue(whole.power() > 20 && whole.power() < 65, "the mean: " + whole);
            assertEquals(7000, whole.memory(), "the most");
            assertTrue(whole.clock() > 300 && whole.clock() < 1000, "the mean: " + whole);
            assertEquals(81, whole.temperature(), "the most");
            assertTrue(whole.heldByPower() > 0 && whole.heldByPower() < 1, "the share: " + whole);
        }
    }

    @Test
    void whatTheLibraryDoesNotTellIsUnknown() throws Exception {
        measures(-1, 300, -1);
        clock(0, -1, -1);
        try (GpuMonitor monitor = new GpuMonitor(nvml(), GPU)) {
            awaitSample(monitor, 0);
            assertEquals(new GpuFigures(NaN, 300, NaN, 0, 1590, NaN, NaN, NaN), monitor.between(0, System.nanoTime()));
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 1, 0", "128, 1, 0", "8, 0, 1", "32, 0, 1", "64, 0, 1", "68, 1, 1", "0, 0, 0", "1, 0, 0", "2, 0, 0", "16, 0, 0",
            "256, 0, 0"})
    void powerAndHeatAmongWhatHoldsTheClockDown(int reasons, double byPower, double byHeat) {
        clock(1000, 81, reasons);
        GpuFigures now = sample(library);
        assertEquals(List.of(byPower, byHeat), List.of(now.heldByPower(), now.heldByHeat()));
    }

    /** NVIDIA calls it by another name from driver 535 on, and may leave out the first some day. */
    @Test
    void theReasonsAreAskedByTheirNewerNameToo() throws Exception {
        Path newer = folder.resolve("newer/libnvidia-ml.so.1");
        CudaStub.compile("nvml.c", newer, "-DOLD_NAME=nvmlDeviceGetCurrentClocksEventReasons");
        clock(newer, 1000, 81, POWER_CAP);
        assertEquals(1, sample(newer).heldByPower());
    }

    private static GpuFigures sample(Path library) {
        Nvml nvml = Nvml.open(library.toString()).orElseThrow();
        return nvml.figures(nvml.gpu(GPU).orElseThrow());
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

    private static void clock(int megahertz, int celsius, int reasons) {
        clock(library, megahertz, celsius, reasons);
    }

    private static void clock(Path library, int megahertz, int celsius, int reasons) {
        NativeLibrary.getInstance(library.toString()).getFunction("stub_clock").invoke(new Object[] {megahertz, celsius, reasons});
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
