package tutorial.machine;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A control group of Linux with a limit, as a container is; the test is skipped where none can be made. */
final class ControlGroup implements AutoCloseable {
    private static final Path TREES = Path.of("/sys/fs/cgroup");

    private final Path folder;

    /**
     * @param controller as "cpu"
     * @param first whose file is written in version 1 of control groups, and what into it
     * @param second the same in version 2
     */
    ControlGroup(String controller, List<String> first, List<String> second) throws IOException {
        boolean isFirst = Files.exists(TREES.resolve(controller));
        folder = TREES.resolve(isFirst ? controller : "").resolve("notebook-tests-" + ProcessHandle.current().pid());
        List<String> limit = isFirst ? first : second;
        try {
            Files.createDirectory(folder);
            Files.writeString(folder.resolve(limit.get(0)), limit.get(1));
        } catch (IOException e) {
            Files.deleteIfExists(folder);
            abort("no control group with a limit can be made here (" + e + "); root can on Linux, outside most containers");
        }
    }

    /** A JVM within the limit, which runs this class. */
    ProcessBuilder java(Class<?> main, Object... arguments) {
        Stream<String> command = Stream.of("sh", "-c", "echo $$ > " + folder + "/cgroup.procs && exec \"$@\"", "sh",
                ProcessHandle.current().info().command().orElseThrow(), "-cp", System.getProperty("java.class.path"), main.getName());
        return new ProcessBuilder(Stream.concat(command, Stream.of(arguments).map(Object::toString)).toList())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    @Override
    public void close() throws IOException {
        Files.delete(folder);
    }
}
