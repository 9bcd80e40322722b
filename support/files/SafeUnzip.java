import java.io.Closeable;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
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
    private static final double MAX_GIGABYTES = 20;
    private static final int MAX_NAME_BYTES = 255;
    private static final int MAX_PATH_BYTES = 1000;
    private static final String MARKER = ".unzipped";
    private static final String OUTSIDE = "(?s)/.*|[A-Za-z]:.*|(.*/)?\\.\\.(/.*)?";
    private static final String CLUTTER = "(?is)(.*/)?(__MACOSX(/.*)?|\\.DS_Store|Thumbs\\.db|desktop\\.ini|\\._[^/]*)";
    private static final String WEB_PAGE = "(?s)(\\xEF\\xBB\\xBF)?\\s*<.*";
    private static final String DISK_FULL = "(?is).*(no space left|not enough space|quota exceeded).*";
    private static final Map<String, String> OTHER_ARCHIVES = Map.of("\u001f\u008b", "a gzip file, such as a .tar.gz",
            "Rar!", "a RAR archive", "7z\u00bc\u00af", "a 7z archive");

    /** A FileChannel's lock keeps out other processes; for threads of the same one it is an error. */
    private static final ReentrantLock THREADS = new ReentrantLock();

    private SafeUnzip() {}

    /** Unzips at most 20 GB, as {@link #extract(Path, Path, double)} does. */
    public static Path extract(Path zip, Path intoFolder) throws IOException {
        return extract(zip, intoFolder, MAX_GIGABYTES);
    }

    /**
     * Unzips into {@code intoFolder}, unless this has been done for this very zip (same size and time of change).
     * Where others unzip at the same time, in this process or another one, it waits for them.
     *
     * @return the folder, named as the zip without its extension
     * @throws IOException if the zip is missing, damaged, encrypted, empty, unsafe or larger than {@code maxGigabytes}
     *     when unzipped; if a folder of that name is not of our making; or if the thread is interrupted
     */
    public static Path extract(Path zip, Path intoFolder, double maxGigabytes) throws IOException {
        requireFile(zip);
        String name = zip.getFileName().toString().replaceFirst("(?<=[^.])\\.[^.]*$", "");
        Path folder = intoFolder.resolve(name);
        Path work = intoFolder.resolve("." + name + ".unzipping");
        if (isUnzipped(zip, folder) && !Files.exists(work)) {
            return folder;
        }
        try (Closeable amongThreads = turnAmongThreads(zip, folder);
                Closeable amongProcesses = turnAmongProcesses(zip, folder, intoFolder.resolve("." + name + ".lock"))) {
            delete(work);
            if (!isUnzipped(zip, folder)) {
                requireReplaceable(folder);
                unzip(zip, folder, work, Math.round(maxGigabytes * 1e9));
            }
            return folder;
        }
    }

    private static Closeable turnAmongThreads(Path zip, Path folder) throws IOException {
        try {
            THREADS.lockInterruptibly();
            return THREADS::unlock;
        } catch (InterruptedException e) {
            throw explained(zip, folder, e);
        }
    }

    /** The lock's file stays: if it were deleted, one could lock it while another locks a new one of that name. */
    private static Closeable turnAmongProcesses(Path zip, Path folder, Path lockFile) throws IOException {
        try {
            Path parent = lockFile.toAbsolutePath().getParent();
            if (!Files.isDirectory(parent)) {
                Files.createDirectories(parent);
            }
            FileChannel turn = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                turn.lock();
                return turn;
            } catch (IOException e) {
                turn.close();
                throw e;
            }
        } catch (IOException e) {
            throw explained(zip, folder, e);
        }
    }

    private static void unzip(Path zip, Path folder, Path work, long maxBytes) throws IOException {
        String stamp = stampFor(zip);
        try (ZipFile archive = open(zip)) {
            Map<Path, ZipEntry> entries = safeEntries(zip, archive, maxBytes);
            Path unzipped = work.resolve("new");
            try {
                Files.createDirectories(unzipped);
                Set<Path> made = new HashSet<>(Set.of(unzipped));
                for (Map.Entry<Path, ZipEntry> entry : entries.entrySet()) {
                    unzipEntry(archive, entry.getValue(), unzipped.resolve(entry.getKey()), made);
                }
                Files.writeString(unzipped.resolve(MARKER), stamp);
                replace(folder, unzipped, work.resolve("old"));
            } catch (FileAlreadyExistsException e) {
                throw clash(zip, unzipped, e);
            } catch (IOException e) {
                throw explained(zip, folder, e);
            } finally {
                delete(work);
            }
        }
    }

    private static IOException explained(Path zip, Path folder, Exception e) {
        if (e instanceof InterruptedException || e instanceof InterruptedIOException
                || e instanceof ClosedByInterruptException || e instanceof FileLockInterruptionException) {
            Thread.interrupted();
            return error(zip, "unzipping was stopped. Run the cell again", e);
        }
        if (e instanceof ZipException || e instanceof EOFException) {
            return error(zip, "is damaged (" + e.getMessage() + "). Copy or make it anew", e);
        }
        if (String.valueOf(e.getMessage()).matches(DISK_FULL)) {
            return error(zip, "the disk has no room left for " + folder + " (" + e.getMessage() + "). "
                    + "Free some and run the cell again", e);
        }
        return error(zip, "cannot be unzipped to " + folder + " (" + e + "). See that the disk has room "
                + "and that the folder may be written to", e);
    }

    /** Asks the disk which two names meet: each file system has rules of its own for case and accents. */
    private static IOException clash(Path zip, Path unzipped, FileAlreadyExistsException e) throws IOException {
        Path wanted = Path.of(e.getFile());
        try (DirectoryStream<Path> same = Files.newDirectoryStream(wanted.getParent(),
                other -> Files.isSameFile(other, wanted))) {
            return error(zip, "\"" + unzipped.relativize(wanted) + "\" and \""
                    + unzipped.relativize(same.iterator().next())
                    + "\" cannot both be written to this disk. Rename one of them in the zip", e);
        }
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
        boolean ours = stampIn(folder) != null || !Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
        if (!ours && Files.isDirectory(folder)) {
            try (Stream<Path> children = Files.list(folder)) {
                ours = children.findAny().isEmpty();
            }
        }
        if (!ours) {
            throw error(folder, "is in the way of unzipping. Move it elsewhere, or rename the zip", null);
        }
    }

    private static boolean isUnzipped(Path zip, Path folder) throws IOException {
        return stampFor(zip).equals(stampIn(folder));
    }

    private static String stampFor(Path zip) throws IOException {
        return Files.size(zip) + " bytes, changed " + Files.getLastModifiedTime(zip);
    }

    private static String stampIn(Path folder) throws IOException {
        Path marker = folder.resolve(MARKER);
        try {
            return Files.isRegularFile(marker) ? Files.readString(marker) : null;
        } catch (NoSuchFileException replacedMeanwhile) {
            return null;
        }
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
            throw notAZip(zip, e);
        } catch (IOException e) {
            throw error(zip, "cannot be read (" + e + "). See that you may read it", e);
        }
    }

    private static IOException notAZip(Path zip, ZipException e) throws IOException {
        String start;
        try (InputStream in = new FileInputStream(zip.toFile())) {
            start = new String(in.readNBytes(512), StandardCharsets.ISO_8859_1);
        }
        if (start.startsWith("PK")) {
            return error(zip, "is cut off or damaged (" + e.getMessage() + "). Copy it anew", e);
        }
        if (start.matches(WEB_PAGE)) {
            return error(zip, "is not a zip archive (it is a web page, HTML). Download the zip itself", e);
        }
        for (Map.Entry<String, String> archive : OTHER_ARCHIVES.entrySet()) {
            if (start.startsWith(archive.getKey())) {
                return error(zip, "is not a zip archive (it is " + archive.getValue() + "). "
                        + "Unpack it and pack the class folders into a zip", e);
            }
        }
        return error(zip, "is not a zip archive (" + e.getMessage() + "). Pack the class folders into a zip", e);
    }

    /** What is to be unzipped, by its path within the folder. */
    private static Map<Path, ZipEntry> safeEntries(Path zip, ZipFile archive, long maxBytes) throws IOException {
        Map<Path, ZipEntry> entries = new LinkedHashMap<>();
        boolean hasFile = false;
        long bytesLeft = maxBytes;
        for (ZipEntry entry : Collections.list(archive.entries())) {
            Path path = insidePath(zip, entry);
            if (nameOf(entry).matches(CLUTTER)) {
                continue;
            }
            ZipEntry namesake = entries.put(path, entry);
            if (namesake != null && !(isFolder(namesake) && isFolder(entry))) {
                throw error(zip, "holds \"" + entry + "\" twice. Make the zip anew from the class folders", null);
            }
            if (entry.getSize() > bytesLeft) {
                throw error(zip, "unzips to more than " + maxBytes / 1e9 + " GB. Leave out what is no photo, "
                        + "or set maxUnzippedGB higher " + Setting.PLACE, null);
            }
            bytesLeft -= entry.getSize();
            hasFile |= !isFolder(entry);
        }
        if (!hasFile) {
            throw error(zip, "holds no files. Make the zip anew from the class folders", null);
        }
        return entries;
    }

    private static Path insidePath(Path zip, ZipEntry entry) throws IOException {
        String quoted = "its entry \"" + entry + "\"";
        String name = nameOf(entry);
        if (name.matches(OUTSIDE)) {
            throw error(zip, quoted + " leads out of the folder. Make the zip anew from the class folders", null);
        }
        boolean partTooLong = Arrays.stream(name.split("/")).anyMatch(part -> bytesOf(part) > MAX_NAME_BYTES);
        if (partTooLong || bytesOf(name) > MAX_PATH_BYTES) {
            throw error(zip, quoted + " has too long a name (more than " + MAX_NAME_BYTES + " bytes, or "
                    + MAX_PATH_BYTES + " with its folders). Shorten it", null);
        }
        try {
            return Path.of(name).normalize();
        } catch (InvalidPathException e) {
            String remedy = "UTF-8".equals(System.getProperty("sun.jnu.encoding")) ? "Rename it"
                    : "Start Jupyter with LC_ALL=C.UTF-8 set, or rename it";
            throw error(zip, quoted + " has a name that this system cannot write. " + remedy, e);
        }
    }

    /** Some Windows tools write backslashes. */
    private static String nameOf(ZipEntry entry) {
        return entry.getName().replace('\\', '/');
    }

    private static boolean isFolder(ZipEntry entry) {
        return nameOf(entry).endsWith("/");
    }

    private static int bytesOf(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Trusts no size that the zip declares, and checks the sum itself, which ZipFile does not. */
    private static void unzipEntry(ZipFile archive, ZipEntry entry, Path file, Set<Path> made) throws IOException {
        checkStop();
        if (isFolder(entry)) {
            makeFolder(file, made);
            return;
        }
        makeFolder(file.getParent(), made);
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

    /** Fails where a folder exists that is not among those made: its name differs, if only by case. */
    private static void makeFolder(Path folder, Set<Path> made) throws IOException {
        if (made.add(folder)) {
            makeFolder(folder.getParent(), made);
            Files.createDirectory(folder);
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
