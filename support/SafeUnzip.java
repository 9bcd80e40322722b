import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Unzips a data set: {@code data/sneakers.zip} becomes the folder {@code data/sneakers/}, whole or not at all.
 *
 * <p>Every failure is an IOException whose message is one line that names the file and the remedy; after it nothing
 * half-unzipped is left, and a folder unzipped earlier is still there.
 */
public final class SafeUnzip {
    private static final long MAX_BYTES = 20_000_000_000L;
    private static final String MARKER = ".unzipped";
    private static final String OUTSIDE = "(?s)/.*|[A-Za-z]:.*|.*\\\\.*|(.*/)?\\.\\.(/.*)?";
    private static final String CLUTTER = "(?s)(.*/)?(__MACOSX(/.*)?|\\.DS_Store|Thumbs\\.db|\\._[^/]*)";

    private SafeUnzip() {}

    /**
     * Unzips into {@code intoFolder}, unless this has been done for this very zip (same size and time of change).
     *
     * @return the folder, named as the zip without its extension
     * @throws IOException if the zip is missing, damaged, encrypted, empty, unsafe or larger than 20 GB when unzipped;
     *     if a folder of that name is not of our making; or if the thread is interrupted
     */
    public static Path extract(Path zip, Path intoFolder) throws IOException {
        return extract(zip, intoFolder, MAX_BYTES);
    }

    static Path extract(Path zip, Path intoFolder, long maxBytes) throws IOException {
        requireFile(zip);
        String name = zip.getFileName().toString().replaceFirst("(?<=[^.])\\.[^.]*$", "");
        Path folder = intoFolder.resolve(name);
        Path work = intoFolder.resolve("." + name + ".unzipping");
        String stamp = Files.size(zip) + " bytes, changed " + Files.getLastModifiedTime(zip);
        delete(work);
        if (stamp.equals(stampOf(folder))) {
            return folder;
        }
        requireReplaceable(folder);
        try (ZipFile archive = open(zip)) {
            Map<Path, ZipEntry> entries = safeEntries(zip, archive, maxBytes);
            try {
                Path unzipped = Files.createDirectories(work.resolve("new"));
                for (Map.Entry<Path, ZipEntry> entry : entries.entrySet()) {
                    unzip(archive, entry.getValue(), unzipped.resolve(entry.getKey()));
                }
                Files.writeString(unzipped.resolve(MARKER), stamp);
                replace(folder, unzipped, work.resolve("old"));
            } catch (InterruptedIOException | ClosedByInterruptException e) {
                Thread.interrupted();
                throw error(zip, "unzipping was stopped. Run the cell again", e);
            } catch (ZipException | EOFException e) {
                throw error(zip, "is damaged (" + e.getMessage() + "). Copy or make it anew", e);
            } catch (IOException e) {
                throw error(zip, "cannot be unzipped to " + folder + " (" + e + "). See that the disk has room "
                        + "and that the folder may be written to", e);
            } finally {
                delete(work);
            }
        }
        return folder;
    }

    private static void requireFile(Path zip) throws IOException {
        if (Files.isDirectory(zip)) {
            throw error(zip, "is a folder, not a zip. Set dataZip to the path of a zip", null);
        }
        if (!Files.exists(zip)) {
            throw error(zip, "no such file. Put your zip there, or set dataZip to its path", null);
        }
        if (Files.size(zip) == 0) {
            throw error(zip, "is an empty file. Copy it anew", null);
        }
    }

    /** Deletes nothing that the user may have made: only a folder with our marker is replaced. */
    private static void requireReplaceable(Path folder) throws IOException {
        boolean ours = stampOf(folder) != null || !Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
        if (!ours && Files.isDirectory(folder)) {
            try (Stream<Path> children = Files.list(folder)) {
                ours = children.findAny().isEmpty();
            }
        }
        if (!ours) {
            throw error(folder, "is in the way of unzipping. Move it elsewhere, or rename the zip", null);
        }
    }

    private static String stampOf(Path folder) throws IOException {
        Path marker = folder.resolve(MARKER);
        return Files.isRegularFile(marker) ? Files.readString(marker) : null;
    }

    private static ZipFile open(Path zip) throws IOException {
        try {
            try {
                return new ZipFile(zip.toFile(), StandardCharsets.UTF_8);
            } catch (ZipException notUtf8) {
                return new ZipFile(zip.toFile(), Charset.forName("IBM437"));
            }
        } catch (ZipException e) {
            if (e.getMessage().contains("encrypted")) {
                throw error(zip, "is encrypted. Make a zip without a password", e);
            }
            if (startsAsZip(zip)) {
                throw error(zip, "is cut off or damaged (" + e.getMessage() + "). Copy it anew", e);
            }
            throw error(zip, "is not a zip archive (" + e.getMessage() + "). Pack the class folders into a zip", e);
        } catch (IOException e) {
            throw error(zip, "cannot be read (" + e + "). See that you may read it", e);
        }
    }

    private static boolean startsAsZip(Path zip) throws IOException {
        try (InputStream in = new FileInputStream(zip.toFile())) {
            return in.read() == 'P' && in.read() == 'K';
        }
    }

    /** What is to be unzipped, by its path within the folder. */
    private static Map<Path, ZipEntry> safeEntries(Path zip, ZipFile archive, long maxBytes) throws IOException {
        Map<Path, ZipEntry> entries = new LinkedHashMap<>();
        boolean hasFile = false;
        long bytesLeft = maxBytes;
        for (ZipEntry entry : Collections.list(archive.entries())) {
            Path path = insidePath(zip, entry.getName());
            if (entry.getName().matches(CLUTTER)) {
                continue;
            }
            if (entries.put(path, entry) != null && !entry.isDirectory()) {
                throw error(zip, "holds \"" + entry + "\" twice. Make the zip anew from the class folders", null);
            }
            if (entry.getSize() > bytesLeft) {
                throw error(zip, "unzips to more than " + maxBytes + " bytes. Leave out what is no photo", null);
            }
            bytesLeft -= entry.getSize();
            hasFile |= !entry.isDirectory();
        }
        if (!hasFile) {
            throw error(zip, "holds no files. Make the zip anew from the class folders", null);
        }
        return entries;
    }

    private static Path insidePath(Path zip, String name) throws IOException {
        if (name.matches(OUTSIDE)) {
            throw error(zip, "its entry \"" + name + "\" leads out of the folder. "
                    + "Make the zip anew from the class folders", null);
        }
        try {
            return Path.of(name).normalize();
        } catch (InvalidPathException e) {
            throw error(zip, "its entry \"" + name + "\" has a name that this system cannot write. Rename it", e);
        }
    }

    /** Trusts no size that the zip declares, and checks the sum itself, which ZipFile does not. */
    private static void unzip(ZipFile archive, ZipEntry entry, Path file) throws IOException {
        checkStop();
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.getParent());
        CRC32 sum = new CRC32();
        byte[] buffer = new byte[1 << 16];
        long bytesLeft = entry.getSize();
        try (InputStream in = archive.getInputStream(entry);
                OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            for (int count = in.read(buffer); count >= 0 && bytesLeft >= 0; count = in.read(buffer)) {
                checkStop();
                out.write(buffer, 0, count);
                sum.update(buffer, 0, count);
                bytesLeft -= count;
            }
        }
        if (bytesLeft != 0 || sum.getValue() != entry.getCrc()) {
            throw new ZipException("wrong size or checksum of " + entry);
        }
    }

    private static void checkStop() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException();
        }
    }

    private static void replace(Path folder, Path unzipped, Path old) throws IOException {
        boolean hadOld = Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
        if (hadOld) {
            Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            Files.move(unzipped, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (hadOld) {
                Files.move(old, folder, StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw error(folder, "cannot be removed (" + e + "). Remove it by hand", e);
        }
    }

    private static IOException error(Path file, String text, Exception cause) {
        return new IOException((file + ": " + text + ".").replaceAll("\\p{Cntrl}+", " "), cause);
    }
}
