package tutorial.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryTest {
    private static final long LIMIT = 1_500L << 20;
    private static final long FILES = 200L << 20;

    @TempDir
    Path temp;

    /** Writes a large file, as unzipping does, and says what it may have and how much of that is free. */
    public static void main(String[] file) throws IOException {
        try (OutputStream out = Files.newOutputStream(Path.of(file[0]))) {
            for (long written = 0; written < FILES; written += 1 << 20) {
                out.write(new byte[1 << 20]);
            }
        }
        System.out.println(Memory.total() + " " + Memory.free(Device.cpu()));
    }

    @Test
    void withoutALimitItIsTheMachines() {
        assertTrue(Memory.total() <= Memory.ofMachine());
        long free = Memory.free(Device.cpu());
        assertTrue(free > 1 << 20 && free < Memory.total());
        long used = Memory.used(Device.cpu());
        assertTrue(used > Runtime.getRuntime().totalMemory() / 8 && used < Memory.total(), used + " bytes");
    }

    /** What both versions' files look like, and where a container or a service finds its own. */
    @Test
    void filesThatLinuxKeepsAreFoundInEitherVersion() throws IOException {
        Path second = temp.resolve("second");
        write(second.resolve("memory.stat"), "anon 5\nfile 7000\ninactive_file 4000\nactive_file 3000\n");
        write(second.resolve("system.slice/a.service/memory.stat"), "anon 5\ninactive_file 40\nactive_file 30\n");
        assertEquals(4000, filesInMemory(second, "0::/\n"));
        assertEquals(40, filesInMemory(second, "0::/system.slice/a.service\n"));
        assertEquals(4000, filesInMemory(second, "0::/docker/of-the-host\n"), "a container sees its own part alone");
        Path first = temp.resolve("first");
        write(first.resolve("memory/memory.stat"), "cache 9\ninactive_file 1\nactive_file 2\ntotal_inactive_file 500\n");
        assertEquals(500, filesInMemory(first, "9:cpu,cpuacct:/docker/x\n4:memory:/docker/x\n1:name=systemd:/docker/x\n0::/\n"));
        assertEquals(0, filesInMemory(temp.resolve("none"), "0::/\n"));
        assertEquals(0, Memory.filesInMemory(new Cgroup(first, temp.resolve("none"))));
    }

    /** In a cgroup with a limit, as a container is, in which a file has just been written. */
    @Test
    void aLimitIsTheMemoryAndFilesDoNotCount() throws Exception {
        String limit = String.valueOf(LIMIT);
        try (var group = new ControlGroup("memory", List.of("memory.limit_in_bytes", limit), List.of("memory.max", limit))) {
            Process limited = group.java(MemoryTest.class, temp.resolve("large")).start();
            List<Long> told = limited.inputReader().lines().flatMap(line -> List.of(line.split(" ")).stream()).map(Long::valueOf).toList();
            limited.waitFor();
            assertEquals(LIMIT, told.get(0));
            assertTrue(told.get(1) < LIMIT && told.get(1) > LIMIT - FILES, told.toString());
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private long filesInMemory(Path cgroups, String own) throws IOException {
        return Memory.filesInMemory(new Cgroup(cgroups, Files.writeString(temp.resolve("cgroup"), own)));
    }
}
