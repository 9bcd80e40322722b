package tutorial.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * One temporary folder and one mark on all processes that a run of the tests starts. {@code tests/clean_up.py} clears both
 * when this JVM ends, however it ends: kernels, servers and browsers are no children that would end with it.
 */
public final class CleanUp {
    private static final String MARK = "NOTEBOOK_TESTS";
    private static final Path FOLDER = newFolder();
    /** Kept, since its standard input would be closed with the object. */
    private static final Process KEEPER = start();

    private CleanUp() {}

    /** A new folder, for as long as this JVM lives. */
    public static Path newFolder(String name) throws IOException {
        return Files.createTempDirectory(FOLDER, name);
    }

    /** What a process gets into its environment, so that it and all that it starts can be found and leaves its files here. */
    public static Map<String, String> environment() {
        return Map.of(MARK, FOLDER.getFileName().toString(), "TMPDIR", FOLDER.toString());
    }

    /** Java goes by this instead of by TMPDIR. */
    public static String javaOption() {
        return "-Djava.io.tmpdir=" + FOLDER;
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("notebook-tests-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process start() {
        if (!Files.exists(Project.PYTHON)) {        // as in a fresh clone, where only the unit tests can run, which start no process
            Runtime.getRuntime().addShutdownHook(new Thread(() -> FileUtils.deleteQuietly(FOLDER.toFile())));
            return null;
        }
        try {
            return new ProcessBuilder(Project.PYTHON.toString(), Project.SOURCE.resolve("tests/clean_up.py").toString(),
                    FOLDER.toString(), MARK + "=" + FOLDER.getFileName()).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes JUnit's {@code @TempDir} folders there too; {@code junit-platform.properties} names it. */
    public static final class Folders implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
            return newFolder("junit-");
        }
    }
}
