package tutorial.files;

import java.io.Closeable;
import java.io.EOFException;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;

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
    private static final int LONGEST_END = 22 + 0xFFFF;     // with a comment
    private static final String MARKER = ".unzipped";
    private static final String UP_TO_ONE_BEYOND_ASCII = "(?s)(\\p{ASCII}*\\P{ASCII}[^/]*).*";
    private static final String OUTSIDE = "(?s)/.*|[A-Za-z]:.*|(.*/)?\\.\\.(/.*)?";
    private static final String CLUTTER = "(?is)(.*/)?(__MACOSX(/.*)?|\\.DS_Store|Thumbs\\.db|desktop\\.ini|\\._[^/]*)";
    private static final String ARCHIVE = "(?is).*\\.(zip|tar|tgz|tar\\.\\w+|7z|rar)";
    private static final String NO_PHOTO = "(?is).*\\.(csv|tsv|txt|md|json|xml|ya?ml|html?|pdf|docx?|xlsx?)|(.*/)?(LICENSE|README)";
    private static final String WEB_PAGE = "(?s)(\\xEF\\xBB\\xBF)?\\s*<.*";
    private static final String DISK_FULL = "(?is).*(no space left|not enough space|quota exceeded).*";
    private static final Map<String, String> OTHER_ARCHIVES = Map.of("\u001f\u008b", "a gzip file, such as a .tar.gz",
            "Rar!", "a RAR archive", "7z\u00bc\u00af", "a 7z archive");

    /** What the library says of the last part of a split archive; how the first one begins; and the names of others. */
    private static final String IN_PARTS = "Too many disks";
    private static final String FIRST_PART = "PK\u0007\b";
    private static final String LATER_PART = "(?is).*\\.z\\d\\d+";
    private static final String CUT_PART = "(?is).*\\.\\d{3}";

    /** Methods that the library does not know by name. */
    private static final Map<Integer, String> OTHER_METHODS = Map.of(20, "Zstandard", 93, "Zstandard");

    /** A FileChannel's lock keeps out other processes; for threads of the same one it is an error. */
    private static final ReentrantLock THREADS = new ReentrantLock();

    private SafeUnzip() {}

    /** Unzips at most 20 GB, as {@link #extract(Path, Path, double, Consumer)} does, and tells nothing. */
    public static Path extract(Path zip, Path intoFolder) throws IOException {
        return extract(zip, intoFolder, MAX_GIGABYTES, line -> { });
    }

    /**
     * Unzips into {@code intoFolder}, unless this has been done for this very zip (same size and time of change).
     * Where others unzip at the same time, in this process or another one, it waits for them, if the disk has locks.
     *
     * @param tell takes a line of HTML, if the zip does not say in which encoding its names are
     * @return the folder, named as the zip without its extension
     * @throws IOException if the zip is missing, damaged, encrypted, empty, unsafe or larger than {@code maxGigabytes}
     *     when unzipped; if a folder of that name is not of our making; or if the thread is interrupted
     */
    public static Path extract(Path zip, Path intoFolder, double maxGigabytes, Consumer<String> tell) throws IOException {
        requireFile(zip);
        String name = zip.getFileName().toString().replaceFirst("(?<=[^.])\\.[^.]*$", "");
        Path folder = intoFolder.resolve(name);
        Path work = intoFolder.resolve("." + name + ".unzipping");
        if (!isUnzipped(zip, folder) || Files.exists(work)) {
            try (Closeable amongThreads = turnAmongThreads(zip, folder);
                    Turn amongProcesses = turnAmongProcesses(zip, folder, intoFolder.resolve("." + name + ".lock"))) {
                Path ownWork = amongProcesses.isLocked ? work : workBesideOthers(work);
                delete(ownWork);
                if (!isUnzipped(zip, folder)) {
                    requireReplaceable(folder);
                    unzip(zip, folder, ownWork, Math.round(maxGigabytes * 1e9));
                }
            }
        }
        guessedNameIn(folder).ifPresent(guessed -> tell.accept(asHtml(zip + ": the encoding of its file names is unknown, so they may "
                + "look wrong, as \"" + guessed + "\" may; different ones were kept apart. Rename the folders in " + folder
                + ", or make the zip anew with names in UTF-8, as 7-Zip does with the parameter cu=on.")));
        return folder;
    }

    private static Closeable turnAmongThreads(Path zip, Path folder) throws IOException {
        try {
            THREADS.lockInterruptibly();
            return THREADS::unlock;
        } catch (InterruptedException e) {
            throw explained(zip, folder, e);
        }
    }

    private record Turn(FileChannel lockFile, boolean isLocked) implements Closeable {
        @Override
        public void close() throws IOException {
            lockFile.close();
        }
    }

    /** The lock's file stays: if it were deleted, one could lock it while another locks a new one of that name. */
    private static Turn turnAmongProcesses(Path zip, Path folder, Path lockFile) throws IOException {
        try {
            Path parent = lockFile.toAbsolutePath().getParent();
            if (!Files.isDirectory(parent)) {
                Files.createDirectories(parent);
            }
            FileChannel turn = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                turn.lock();
                return new Turn(turn, true);
            } catch (FileLockInterruptionException | ClosedByInterruptException pressedStop) {
                turn.close();
                throw pressedStop;
            } catch (IOException noLocks) {                 // as on NFS without lockd, or Lustre without flock
                return new Turn(turn, false);
            }
        } catch (IOException e) {
            throw explained(zip, folder, e);
        }
    }

    /** Where nothing can be locked, each unzips in a folder of its own. Those that killed processes left are removed after a day. */
    private static Path workBesideOthers(Path work) throws IOException {
        String prefix = work.getFileName() + "-";
        FileTime yesterday = FileTime.from(Instant.now().minus(Duration.ofDays(1)));
        try (DirectoryStream<Path> others = Files.newDirectoryStream(work.toAbsolutePath().getParent(),
                path -> path.getFileName().toString().startsWith(prefix))) {
            for (Path other : others) {
                if (Files.getLastModifiedTime(other).compareTo(yesterday) < 0) {
                    delete(other);
                }
            }
        } catch (IOException | UncheckedIOException othersRemoveItToo) {
            // What is left costs room, but is in nobody's way.
        }
        return work.resolveSibling(prefix + UUID.randomUUID());
    }

    private static void unzip(Path zip, Path folder, Path work, long maxBytes) throws IOException {
        String stamp = stampFor(zip);
        try (ZipFile archive = open(zip, folder)) {
            Map<Path, Entry> entries = safeEntries(zip, archive, maxBytes);
            Path unzipped = work.resolve("new");
            try {
                Files.createDirectories(unzipped);
                Set<Path> made = new HashSet<>(Set.of(unzipped));
                for (Map.Entry<Path, Entry> entry : entries.entrySet()) {
                    unzipEntry(archive, entry.getValue(), unzipped.resolve(entry.getKey()), made);
                }
                List<String> marker = new ArrayList<>(List.of(stamp));
                guessedName(entries.values()).ifPresent(marker::add);
                Files.write(unzipped.resolve(MARKER), marker);
                if (!isUnzipped(zip, folder)) {             // by another process, where there are no locks
                    replace(folder, unzipped, work.resolve("old"));
                }
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
            return error(zip, "is damaged (" + reason(e) + "). Copy or make it anew", e);
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
        List<String> marker = markerIn(folder);
        return marker.isEmpty() ? null : marker.get(0);
    }

    /** The stamp, then a file or folder whose name may be wrong, if there is one and nobody has renamed it. */
    private static List<String> markerIn(Path folder) throws IOException {
        Path marker = folder.resolve(MARKER);
        try {
            return Files.isRegularFile(marker) ? Files.readAllLines(marker) : List.of();
        } catch (NoSuchFileException replacedMeanwhile) {
            return List.of();
        }
    }

    private static Optional<String> guessedNameIn(Path folder) throws IOException {
        return markerIn(folder).stream().skip(1).filter(name -> new File(folder.toFile(), name).exists()).findFirst();
    }

    private static Optional<String> guessedName(Collection<Entry> entries) {
        return entries.stream().filter(Entry::isGuessed).findFirst()
                .map(entry -> entry.path().replaceFirst(UP_TO_ONE_BEYOND_ASCII, "$1"));
    }

    private static ZipFile open(Path zip, Path folder) throws IOException {
        try {
            // The zip's directory says all that is needed. To look at every entry too would take long on a slow disk.
            return ZipFile.builder().setPath(zip).setIgnoreLocalFileHeader(true).get();
        } catch (ClosedByInterruptException pressedStop) {
            throw explained(zip, folder, pressedStop);
        } catch (FileSystemException e) {
            throw error(zip, "cannot be read (" + e + "). See that you may read it", e);
        } catch (IOException | RuntimeException e) {        // the library has both for what is no zip
            throw notAZip(zip, e);
        }
    }

    private static IOException notAZip(Path zip, Exception e) throws IOException {
        String start;
        try (InputStream in = new FileInputStream(zip.toFile())) {
            start = new String(in.readNBytes(512), StandardCharsets.ISO_8859_1);
        }
        String name = zip.getFileName().toString();
        if (reason(e).startsWith(IN_PARTS) || start.startsWith(FIRST_PART) || name.matches(LATER_PART)) {
            String stem = name.replaceFirst("\\.[^.]*$", "");
            return error(zip, "is one part of a split archive. Put all parts into one folder, join them there with \"zip -s 0 "
                    + stem + ".zip --out " + stem + "-whole.zip\", and set dataZip to " + stem + "-whole.zip", e);
        }
        if (name.matches(CUT_PART)) {
            String whole = name.replaceFirst("\\.\\d+$", "");
            return error(zip, "is one part of a split archive. Put all parts into one folder, join them there with \"cat " + whole
                    + ".0* > " + whole + "\", and set dataZip to " + whole, e);
        }
        if (start.startsWith("PK")) {
            return error(zip, "is cut off or damaged (" + reason(e).replaceFirst(".*not a ZIP archive", "its end is missing")
                    + "). Copy it anew", e);
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
        return error(zip, "is not a zip archive. Pack the class folders into a zip", e);
    }

    /** What stands in a zip, and its name as it stands there. */
    private record Entry(ZipArchiveEntry zipped, String name, boolean isGuessed) {
        /** Some Windows tools write backslashes. */
        String path() {
            return name.replace('\\', '/');
        }

        boolean isFolder() {
            return path().endsWith("/");
        }
    }

    /** The library takes the directory to end at an entry that it cannot make out. How many there are stands behind them. */
    private static void requireAll(Path zip, int entries) throws IOException {
        byte[] end = new byte[(int) Math.min(Files.size(zip), LONGEST_END)];
        try (RandomAccessFile file = new RandomAccessFile(zip.toFile(), "r")) {
            file.seek(file.length() - end.length);
            file.readFully(end);
        }
        int count = new String(end, StandardCharsets.ISO_8859_1).lastIndexOf("PK\u0005\u0006") + 10;
        int listed = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN).getShort(count) & 0xFFFF;
        if (listed != 0xFFFF && listed != (entries & 0xFFFF)) {     // the former: too many for two bytes
            throw error(zip, "is cut off or damaged (its list of entries is broken). Copy it anew", null);
        }
    }

    /** What is to be unzipped, by its path within the folder. */
    private static Map<Path, Entry> safeEntries(Path zip, ZipFile archive, long maxBytes) throws IOException {
        List<ZipArchiveEntry> all = Collections.list(archive.getEntries());
        requireAll(zip, all.size());
        ZipNames names = ZipNames.of(all);
        Map<Path, Entry> entries = new LinkedHashMap<>();
        long bytesLeft = maxBytes;
        for (ZipArchiveEntry zipped : all) {
            Entry entry = new Entry(zipped, names.of(zipped), names.isGuessed(zipped));
            Path path = insidePath(zip, entry);
            if (entry.path().matches(CLUTTER)) {
                continue;
            }
            Entry namesake = entries.put(path, entry);
            if (namesake != null && !(namesake.isFolder() && entry.isFolder())) {
                throw error(zip, "holds \"" + entry.name() + "\" twice. Make the zip anew from the class folders", null);
            }
            requireReadable(zip, archive, entry);
            if (zipped.getSize() > bytesLeft) {
                throw error(zip, "unzips to more than " + maxBytes / 1e9 + " GB. Leave out what is no photo, "
                        + "or set maxUnzippedGB higher in \"Settings\"", null);
            }
            bytesLeft -= zipped.getSize();
        }
        requirePhotos(zip, entries.values().stream().filter(entry -> !entry.isFolder()).map(Entry::path).toList());
        return entries;
    }

    private static void requireReadable(Path zip, ZipFile archive, Entry entry) throws IOException {
        if (entry.zipped.getGeneralPurposeBit().usesEncryption()) {
            throw error(zip, "is encrypted. Make a zip without a password", null);
        }
        if (!entry.isFolder() && !archive.canReadEntryData(entry.zipped)) {
            int code = entry.zipped.getMethod();
            ZipMethod method = ZipMethod.getMethodByCode(code);
            throw error(zip, "its entry \"" + entry.name + "\" is compressed by "
                    + OTHER_METHODS.getOrDefault(code, method == null ? "method " + code : method.name())
                    + ", which is not supported. Make the zip anew with the method Deflate", null);
        }
    }

    private static void requirePhotos(Path zip, List<String> files) throws IOException {
        if (files.isEmpty()) {
            throw error(zip, "holds no files. Make the zip anew from the class folders", null);
        }
        List<String> archives = files.stream().filter(file -> file.matches(ARCHIVE)).toList();
        if (!archives.isEmpty() && files.stream().allMatch(file -> file.matches(ARCHIVE) || file.matches(NO_PHOTO))) {
            throw error(zip, "holds no photos but other archives: " + String.join(", ", archives.subList(0, Math.min(archives.size(), 5)))
                    + (archives.size() > 5 ? " and others" : "") + ". Unpack them, and pack the class folders into one zip", null);
        }
    }

    private static Path insidePath(Path zip, Entry entry) throws IOException {
        String quoted = "its entry \"" + entry.name + "\"";
        String name = entry.path();
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

    private static int bytesOf(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Trusts no size that the zip declares, and checks the sum itself, which ZipFile does not. */
    private static void unzipEntry(ZipFile archive, Entry entry, Path file, Set<Path> made) throws IOException {
        checkStop();
        if (entry.isFolder()) {
            makeFolder(file, made);
            return;
        }
        makeFolder(file.getParent(), made);
        CRC32 sum = new CRC32();
        byte[] buffer = new byte[1 << 16];
        long bytesLeft = entry.zipped.getSize();
        try (InputStream in = read(() -> archive.getInputStream(entry.zipped));
                OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            for (int count = read(() -> in.read(buffer)); count >= 0 && bytesLeft >= 0; count = read(() -> in.read(buffer))) {
                checkStop();
                out.write(buffer, 0, count);
                sum.update(buffer, 0, count);
                bytesLeft -= count;
            }
        }
        if (bytesLeft != 0 || sum.getValue() != entry.zipped.getCrc()) {
            throw new ZipException("wrong size or checksum of " + entry.name);
        }
    }

    /** The library throws exceptions of many kinds at damaged data. */
    private static <T> T read(Callable<T> fromZip) throws IOException {
        try {
            return fromZip.call();
        } catch (ClosedByInterruptException pressedStop) {
            throw pressedStop;
        } catch (Exception e) {
            throw (IOException) new ZipException(reason(e)).initCause(e);
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

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static String asHtml(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ").replace("&", "&amp;").replace("<", "&lt;");
    }

    private static IOException error(Path file, String text, Exception cause) {
        return new IOException((file + ": " + text + ".").replaceAll("\\p{Cntrl}+", " "), cause);
    }
}
