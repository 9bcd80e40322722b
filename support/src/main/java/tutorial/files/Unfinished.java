package tutorial.files;

import ai.djl.util.Utils;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;

/** Hidden names for files and folders that are being written, to be renamed when they are whole. */
final class Unfinished {
    private static final String ENDING = ".unfinished";
    /** What nobody has written to for ten minutes was left by a process that was killed. */
    private static final long SILENT_MILLIS = 600_000;

    private Unfinished() {}

    /** A new name beside {@code whole}, in a folder that is made if need be; removes what killed processes have left there. */
    static Path nextTo(Path whole) throws IOException {
        Path folder = whole.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {                   // which a link to one is, but createDirectories refuses it
            Files.createDirectories(folder);
        }
        String start = "." + whole.getFileName() + "-";
        File[] others = folder.toFile().listFiles((in, name) -> name.startsWith(start) && name.endsWith(ENDING));
        Stream.ofNullable(others).flatMap(Stream::of).filter(Unfinished::isAbandoned).forEach(abandoned -> {
            // Renamed first: a process that was only paused then fails, instead of taking what is left of its files for whole.
            Path renamed = newName(folder, start);
            if (abandoned.renameTo(renamed.toFile())) {
                Utils.deleteQuietly(renamed);
            }
        });
        return newName(folder, start);
    }

    private static boolean isAbandoned(File unfinished) {
        long since = System.currentTimeMillis() - SILENT_MILLIS;
        try (Stream<Path> files = Files.walk(unfinished.toPath())) {
            return files.allMatch(file -> file.toFile().lastModified() < since);
        } catch (IOException | UncheckedIOException beingRenamed) {
            return false;
        }
    }

    private static Path newName(Path folder, String start) {
        return folder.resolve(start + UUID.randomUUID() + ENDING);
    }
}
