package tutorial.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static tutorial.testing.Said.assertSays;

import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoresTest {
    private static final double NONE = Double.POSITIVE_INFINITY;

    @TempDir
    Path folder;

    @Test
    void aQuotaIsFoundInEitherVersion() throws IOException {
        write("second/a.slice/b.scope/cpu.max", "150000 100000\n");
        assertEquals(1.5, quota("second", "0::/a.slice/b.scope\n"));
        write("first/cpu,cpuacct/docker/x/cpu.cfs_quota_us", "25000\n");
        write("first/cpu,cpuacct/docker/x/cpu.cfs_period_us", "50000\n");
        assertEquals(0.5, quota("first", "9:memory:/docker/x\n4:cpu,cpuacct:/docker/x\n0::/docker/x\n"));
    }

    @Test
    void withoutOneThereIsNoLimit() throws IOException {
        write("second/a/cpu.max", "max 100000\n");
        write("first/cpu/cpu.cfs_quota_us", "-1\n");
        write("first/cpu/cpu.cfs_period_us", "100000\n");
        assertEquals(NONE, quota("second", "0::/a\n"));
        assertEquals(NONE, quota("second", "0::/\n"), "the root has no file");
        assertEquals(NONE, quota("first", "1:cpu:/\n0::/\n"));
        assertEquals(NONE, Cores.quota(new Cgroup(folder, folder.resolve("none"))), "not Linux");
    }

    /** A limit of a service counts for the container that it starts, be the container's own larger or smaller. */
    @Test
    void theSmallestOfNestedGroupsCounts() throws IOException {
        write("second/slice/cpu.max", "200000 100000\n");
        write("second/slice/outer/cpu.max", "max 100000\n");
        write("second/slice/outer/large/cpu.max", "400000 100000\n");
        write("second/slice/outer/small/cpu.max", "100000 100000\n");
        assertEquals(2, quota("second", "0::/slice/outer/large\n"));
        assertEquals(1, quota("second", "0::/slice/outer/small\n"));
        assertEquals(2, quota("second", "0::/slice/outer/none\n"));
    }

    /** The path is that on the host, of which the container sees its own part as the root. */
    @Test
    void aContainerSeesItsOwnGroupAlone() throws IOException {
        write("second/cpu.max", "300000 100000\n");
        assertEquals(3, quota("second", "0::/docker/of-the-host\n"));
        assertEquals(3, quota("second", "0::/../../of-the-host\n"));
    }

    @ParameterizedTest
    @CsvSource({"64, 64, Infinity, 32, 32, 64 cores", "64, 64, 4, 32, 4, 4 of 64 cores", "64, 4, 4, 32, 4, 4 of 64 cores",
        "64, 64, 1.5, 32, 2, 1.5 of 64 cores", "64, 64, 0.5, 32, 1, 0.5 of 64 cores", "64, 8, Infinity, 32, 8, 8 of 64 cores",
        "64, 8, 20, 32, 8, 8 of 64 cores", "2, 2, 1.5, 2, 2, 1.5 of 2 cores", "64, 64, 40, 32, 32, 40 of 64 cores",
        "64, 64, 64, 32, 32, 64 cores"})
    void pyTorchHasAsManyThreadsAsCanRunAtOnceAndNeverMoreThanItTakes(int ofMachine, int forJava, double quota, int ofPyTorch, int threads,
            String words) {
        Cores cores = new Cores(ofMachine, forJava, quota);
        assertEquals(threads, cores.threads(ofPyTorch, Map.of()));
        assertEquals(words, cores.inWords());
        assertEquals(ofPyTorch, cores.threads(ofPyTorch, Map.of("OMP_NUM_THREADS", "32")), "the reader's own choice");
    }

    @Test
    void itIsSaidWhyThereAreSoFew() {
        assertEquals("", new Cores(64, 64, NONE).why(32, Map.of()));
        assertEquals("", new Cores(64, 64, 40).why(32, Map.of()), "PyTorch takes no more anyway");
        assertSays(new Cores(64, 4, 4).why(4, Map.of()), "quota", "4 of 64 cores");
        assertSays(new Cores(64, 64, 0.5).why(1, Map.of()), "quota", "0.5 of 64 cores");
        assertSays(new Cores(64, 8, NONE).why(8, Map.of()), "may use 8 of 64 cores");
        assertSays(new Cores(64, 4, 4).why(16, Map.of("OMP_NUM_THREADS", "16")), "OMP_NUM_THREADS");
    }

    @ParameterizedTest
    @CsvSource({"16, Infinity, false, 16", "16, Infinity, true, 14", "16, 1.5, false, 2", "16, 1.5, true, 1", "1, Infinity, true, 1"})
    void besideAGpuDecodersLeaveTwoCores(int ofMachine, double quota, boolean withGpu, int decoders) {
        assertEquals(decoders, new Cores(ofMachine, ofMachine, quota).forDecoding(withGpu));
    }

    /** Says what PyTorch was given, as the notebook's set-up starts it. */
    public static void main(String[] none) {
        PyTorch pytorch = new PyTorch(PyTorch.Build.CPU, null, null);
        pytorch.start();
        System.out.println(Cores.now().quota() + " " + JniUtils.getNumThreads() + " " + Cores.now().forDecoding());
    }

    /** In a control group with a quota, as a container is. */
    @ParameterizedTest
    @CsvSource({"0.5, 1", "1, 1", "1.5, 2"})
    void pyTorchKeepsToTheQuotaOfAContainer(double quota, int usable) throws Exception {
        String micros = String.valueOf((int) (100_000 * quota));
        try (var group = new ControlGroup("cpu", List.of("cpu.cfs_quota_us", micros), List.of("cpu.max", micros + " 100000"))) {
            ProcessBuilder limited = group.java(CoresTest.class);
            limited.environment().remove("OMP_NUM_THREADS");
            int expected = Math.min(usable, Runtime.getRuntime().availableProcessors());
            Process running = limited.start();
            assertEquals(List.of(quota + " " + expected + " " + expected), running.inputReader().lines().toList());
            running.waitFor();
        }
    }

    private double quota(String tree, String own) throws IOException {
        return Cores.quota(new Cgroup(folder.resolve(tree), Files.writeString(folder.resolve("cgroup"), own)));
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), text);
    }
}
