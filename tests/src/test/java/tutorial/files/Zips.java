package tutorial.files;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream.UnicodeExtraFieldPolicy;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** Zips for tests; each of their files is {@link #PHOTO}. */
final class Zips {
    static final byte[] PHOTO = "photo ".repeat(1000).getBytes(StandardCharsets.US_ASCII);
    static final int LOCAL_HEADER = 0x04034b50;
    static final int DIRECTORY_HEADER = 0x02014b50;

    private Zips() {}

    static byte[] of(String... names) throws IOException {
        return of(ZipEntry.DEFLATED, names);
    }

    static byte[] of(int method, String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (String name : names) {
                ZipEntry entry = new ZipEntry(name);
                boolean isFile = !entry.isDirectory();
                entry.setMethod(isFile ? method : ZipEntry.DEFLATED);
                if (isFile) {
                    entry.setSize(PHOTO.length);
                    entry.setCrc(sumOf(PHOTO));
                }
                out.putNextEntry(entry);
                out.write(PHOTO, 0, isFile ? PHOTO.length : 0);
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** With one photo in each class, and no flag that says UTF-8. */
    static byte[] ofClasses(Charset charset, UnicodeExtraFieldPolicy policy, List<String> classes) throws IOException {
        SeekableInMemoryByteChannel bytes = new SeekableInMemoryByteChannel();
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(bytes)) {
            out.setEncoding(charset.name());
            out.setUseLanguageEncodingFlag(false);
            out.setCreateUnicodeExtraFields(policy);
            for (String name : classes) {
                out.putArchiveEntry(new ZipArchiveEntry(name + "/1.jpg"));
                out.write(PHOTO);
                out.closeArchiveEntry();
            }
            out.finish();
            return Arrays.copyOf(bytes.array(), (int) bytes.size());
        }
    }

    /** With the one entry nike/1.jpg. */
    static byte[] ofCompressed(int method, byte[] compressed) throws IOException {
        ZipArchiveEntry entry = new ZipArchiveEntry("nike/1.jpg");
        entry.setMethod(method);
        entry.setSize(PHOTO.length);
        entry.setCompressedSize(compressed.length);
        entry.setCrc(sumOf(PHOTO));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(bytes)) {
            out.addRawArchiveEntry(entry, new ByteArrayInputStream(compressed));
        }
        return bytes.toByteArray();
    }

    /** With the one entry nike/huge.bmp, of zeros. */
    static byte[] ofMegabytes(int megabytes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("nike/huge.bmp"));
            for (int i = 0; i < megabytes; i++) {
                out.write(new byte[1 << 20]);
            }
        }
        return bytes.toByteArray();
    }

    /** Changes the 16 bits at an offset behind the first header of that kind. */
    static byte[] patched(byte[] zip, int header, int offset, int value) {
        ByteBuffer bytes = ByteBuffer.wrap(zip.clone()).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (bytes.getInt(at) != header) {
            at++;
        }
        return bytes.putShort(at + offset, (short) value).array();
    }

    static byte[] renamed(byte[] zip, String from, String to) {
        return new String(zip, StandardCharsets.ISO_8859_1).replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] wrongAt(int index, byte[] zip) {
        byte[] wrong = zip.clone();
        wrong[index] ^= 0x55;
        return wrong;
    }

    /** Without the note that says from which zip the folder is. */
    static Set<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !name.equals(".unzipped")).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    static Set<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.map(child -> child.getFileName().toString()).filter(name -> !name.equals(".unzipped"))
                    .collect(Collectors.toSet());
        }
    }

    private static long sumOf(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return sum.getValue();
    }
}
