package tutorial.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;

/** What is in a zip of photos. All of its list is checked before anything is unzipped, and the data while they are. */
final class ZipContents implements Closeable {
    /**
     * @param path where it belongs, within the folder that the zip becomes
     * @param isGuessed whether the zip does not say in which encoding its name is
     */
    record Entry(ZipArchiveEntry zipped, Path path, boolean isFolder, boolean isGuessed) {}

    private static final String OUTSIDE = "(?s)/.*|[A-Za-z]:.*|(.*/)?\\.\\.(/.*)?";
    private static final String CLUTTER = "(?is)(.*/)?(__MACOSX(/.*)?|\\.DS_Store|Thumbs\\.db|desktop\\.ini|\\._[^/]*)";
    private static final String ARCHIVE = "(?is).*\\.(zip|tar|tgz|tar\\.\\w+|7z|rar)";
    private static final String NO_PHOTO = "(?is).*\\.(csv|tsv|txt|md|json|xml|ya?ml|html?|pdf|docx?|xlsx?)|(.*/)?(LICENSE|README)";
    private static final int LONGEST_END = 22 + 0xFFFF;     // with a comment
    private static final Map<Integer, String> METHODS_UNKNOWN_TO_THE_LIBRARY = Map.of(20, "Zstandard", 93, "Zstandard");

    private final Path zip;
    private final ZipFile archive;

    /** @throws IOException if it is no zip that can be read, see {@link NoZip} */
    ZipContents(Path zip) throws IOException {
        this.zip = zip;
        try {
            archive = ZipFile.builder().setPath(zip).get();
        } catch (ClosedByInterruptException pressedStop) {
            throw pressedStop;
        } catch (FileSystemException e) {
            throw refusal("cannot be read (" + e + "). See that you may read it");
        } catch (IOException | RuntimeException e) {        // the library has both for what is no zip
            throw NoZip.explained(zip, e);
        }
    }

    @Override
    public void close() throws IOException {
        archive.close();
    }

    /**
     * What is to be unzipped.
     *
     * @param maxBytes of all parts; {@code left} of them are for this one
     * @throws IOException if an entry leads outside or cannot be read, or all together have more than {@code left} or no photo
     */
    List<Entry> entries(long left, long maxBytes) throws IOException {
        List<ZipArchiveEntry> all = Collections.list(archive.getEntries());
        requireAll(all.size());
        ZipNames names = new ZipNames(all);
        List<Entry> entries = new ArrayList<>();
        List<String> files = new ArrayList<>();
        long bytesLeft = left;
        for (ZipArchiveEntry zipped : all) {
            String name = names.of(zipped).replace('\\', '/');       // as some Windows tools write
            Path path = insidePath(name);
            if (name.matches(CLUTTER)) {
                continue;
            }
            boolean isFolder = name.endsWith("/");
            if (!isFolder) {
                requireReadable(zipped, name);
                files.add(name);
            }
            if (zipped.getSize() > bytesLeft) {
                throw refusal("unzips to more than " + maxBytes / 1e9 + " GB. Leave out what is no photo, "
                        + "or set maxUnzippedGB higher in \"Settings\"");
            }
            bytesLeft -= zipped.getSize();
            entries.add(new Entry(zipped, path, isFolder, names.isGuessed(zipped)));
        }
        requirePhotos(files);
        return entries;
    }

    /** The library takes the list to end at an entry that it cannot make out. How many there are stands behind them. */
    private void requireAll(int entries) throws IOException {
        byte[] end = new byte[(int) Math.min(Files.size(zip), LONGEST_END)];
        try (RandomAccessFile file = new RandomAccessFile(zip.toFile(), "r")) {
            file.seek(file.length() - end.length);
            file.readFully(end);
        }
        int count = new String(end, StandardCharsets.ISO_8859_1).lastIndexOf("PK\u0005\u0006") + 10;
        int listed = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN).getShort(count) & 0xFFFF;
        if (listed != 0xFFFF && listed != (entries & 0xFFFF)) {     // the former: too many for two bytes
            throw refusal("is cut off or damaged (its list of entries is broken). Copy it anew");
        }
    }

    private Path insidePath(String name) throws IOException {
        if (name.matches(OUTSIDE)) {
            throw refusal("its entry \"" + name + "\" leads out of the folder. Make the zip anew from the class folders");
        }
        try {
            return Path.of(name).normalize();
        } catch (InvalidPathException e) {
            throw refusal("its entry \"" + name + "\" has a name that this system cannot write (" + e.getReason() + "). Rename it");
        }
    }

    private void requireReadable(ZipArchiveEntry zipped, String name) throws IOException {
        if (zipped.getGeneralPurposeBit().usesEncryption()) {
            throw refusal("is encrypted. Make a zip without a password");
        }
        if (!archive.canReadEntryData(zipped)) {
            int code = zipped.getMethod();
            ZipMethod method = ZipMethod.getMethodByCode(code);
            throw refusal("its entry \"" + name + "\" is compressed by "
                    + METHODS_UNKNOWN_TO_THE_LIBRARY.getOrDefault(code, method == null ? "method " + code : method.name())
                    + ", which is not supported. Make the zip anew with the method Deflate");
        }
    }

    private void requirePhotos(List<String> files) throws IOException {
        if (files.isEmpty()) {
            throw refusal("holds no files. Make the zip anew from the class folders");
        }
        List<String> archives = files.stream().filter(file -> file.matches(ARCHIVE)).toList();
        if (!archives.isEmpty() && files.stream().allMatch(file -> file.matches(ARCHIVE) || file.matches(NO_PHOTO))) {
            String named = archives.stream().limit(5).collect(Collectors.joining(", ")) + (archives.size() > 5 ? " and others" : "");
            throw refusal("holds no photos but other archives: " + named + ". Unpack them, and pack the class folders into one zip");
        }
    }

    /**
     * Unzips one entry. Trusts no size that the zip declares, and checks the sum itself, which ZipFile does not.
     *
     * @throws ZipException if the data are damaged, or the thread is interrupted, which closes the zip
     */
    void copy(Entry entry, OutputStream out) throws IOException {
        CRC32 sum = new CRC32();
        byte[] buffer = new byte[1 << 16];
        long bytesLeft = entry.zipped.getSize();
        try (InputStream in = read(() -> archive.getInputStream(entry.zipped))) {
            for (int count = read(() -> in.read(buffer)); count >= 0 && bytesLeft >= 0; count = read(() -> in.read(buffer))) {
                out.write(buffer, 0, count);
                sum.update(buffer, 0, count);
                bytesLeft -= count;
            }
        }
        if (bytesLeft != 0 || sum.getValue() != entry.zipped.getCrc()) {
            throw new ZipException("wrong size or checksum of " + entry.path);
        }
    }

    private OneLineException refusal(String text) {
        return new OneLineException(zip, text);
    }

    /** The library throws exceptions of many kinds at damaged data. */
    private static <T> T read(Callable<T> fromZip) throws IOException {
        try {
            return fromZip.call();
        } catch (Exception e) {
            throw (IOException) new ZipException(NoZip.reason(e)).initCause(e);
        }
    }
}
