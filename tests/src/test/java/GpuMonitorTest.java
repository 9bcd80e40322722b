import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class GpuMonitorTest {
    @TempDir
    Path folder;

    /** The first line is from before the run. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void figuresAreThoseOfTheLastSeconds() throws Exception {
        Object run = new Object();
        Path begun = folder.resolve("begun");
        try (GpuMonitor monitor = new GpuMonitor(List.of(program("echo '5, 300, 20.0'\nwhile [ ! -e " + begun + " ]; do sleep 0.05; done\n"
                + "echo '90, 5000, 61.5'\necho '100, 6000, 68.5'\nsleep 60")), List.of())) {
            await(monitor, 1);
            long begin = System.nanoTime();
            Files.createFile(begun);
            await(monitor, 3);
            monitor.keep(run, seconds -> (System.nanoTime() - begin) / 1e9);
        }
        assertEquals(Map.of("GPU utilisation, %", 95.0, "GPU memory, peak MiB", 6000.0, "GPU power, W", 65.0), GpuMonitor.figures(run));
    }

    @Test
    void whatIsNotToldIsLeftOut() {
        List<GpuMonitor.Sample> samples = List.of(new GpuMonitor.Sample(0, Double.NaN, 300, Double.NaN), new GpuMonitor.Sample(1, Double.NaN, 200, Double.NaN));
        assertEquals(Map.of("GPU memory, peak MiB", 300.0), GpuMonitor.figures(samples));
        assertEquals(Map.of(), GpuMonitor.figures(List.of()));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void fieldsWithoutANumberAndOtherLinesAreNotFigures() throws Exception {
        Object run = new Object();
        try (GpuMonitor monitor = new GpuMonitor(List.of(program("echo '| NVIDIA-SMI |'\necho '[N/A], 300, [Not Supported]'")), List.of())) {
            await(monitor, 1);
            monitor.keep(run, seconds -> 60);
        }
        assertEquals(Map.of("GPU memory, peak MiB", 300.0), GpuMonitor.figures(run));
    }

    @Test
    void theCpuIsNotWatchedAndAProgramThatIsMissingIsNoError() throws IOException {
        for (GpuMonitor monitor : List.of(new GpuMonitor(Device.cpu()), new GpuMonitor(List.of("no-such-program"), List.of("--id=0")))) {
            Object run = new Object();
            monitor.keep(run, seconds -> 1);
            monitor.close();
            assertEquals(Map.of(), GpuMonitor.figures(run));
        }
        assertEquals(Map.of(), GpuMonitor.figures("never watched"));
    }

    /** Beside other GPUs, and where the card's figures would be those of all its slices. */
    @Test
    void theGpuIsAskedForByItsOwnNumberAndASliceNotAtAll() {
        List<Cuda.Gpu> gpus = List.of(new Cuda.Gpu("NVIDIA A100 MIG 1g.5gb", 1, 80, ""), new Cuda.Gpu("Tesla T4", 1, 75, "GPU-11111111-1111-1111-1111-111111111111"));
        assertEquals("--id=GPU-11111111-1111-1111-1111-111111111111", GpuMonitor.options(gpus, 1).get(0));
        assertEquals(List.of(), GpuMonitor.options(gpus, 0));
        assertEquals(List.of(), GpuMonitor.options(gpus, 2));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theProgramEndsWithTheMonitor() throws Exception {
        Path pid = folder.resolve("pid");
        GpuMonitor monitor = new GpuMonitor(List.of(program("echo $$ >" + pid + "\nexec sleep 60")), List.of());
        while (!Files.exists(pid) || Files.readString(pid).isBlank()) {
            Thread.sleep(20);
        }
        ProcessHandle program = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        monitor.close();
        for (int i = 0; i < 100 && program.isAlive(); i++) {
            Thread.sleep(20);
        }
        assertTrue(!program.isAlive());
    }

    @Test
    void itsFiguresAreColumnsOfTheResults() {
        assertTrue(ResultsFolder.emptyTable().columnNames().containsAll(List.of(GpuMonitor.UTILISATION, GpuMonitor.MEMORY, GpuMonitor.POWER)));
    }

    private static void await(GpuMonitor monitor, int samples) throws InterruptedException {
        for (long end = System.nanoTime() + 30_000_000_000L; monitor.samples() < samples && System.nanoTime() < end; ) {
            Thread.sleep(10);
        }
        assertEquals(samples, monitor.samples());
    }

    private String program(String script) throws IOException {
        Path program = Files.writeString(folder.resolve("nvidia-smi"), "#!/bin/sh\n" + script + "\n");
        assertTrue(program.toFile().setExecutable(true));
        return program.toString();
    }
}
