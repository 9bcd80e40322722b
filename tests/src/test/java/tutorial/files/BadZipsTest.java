package tutorial.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tutorial.testing.Said;

/** What is refused, in one line that names the file and the remedy, and by which methods of compression it is not. */
class BadZipsTest {
    private static final String NIKE = "nike/1.jpg";
    private static final String LONGEST = "ü".repeat(125) + "x.jpg";

    @TempDir
    private Path data;
    private Path zip;
    private Path folder;

    @BeforeEach
    void paths() {
        zip = data.resolve("sneakers.zip");
        folder = data.resolve("sneakers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil.jpg", "nike/../../evil.jpg", "..", "nike/..", "/evil.jpg", "C:/evil.jpg",
            "c:evil.jpg", "C:\\evil.jpg", "..\\evil.jpg", "\\evil.jpg", "\\\\host\\evil.jpg",
            "nike\\..\\..\\evil.jpg", "nike/..\\../evil.jpg", "__MACOSX/../../evil.jpg"})
    void anEntryThatLeadsOutRefusesTheWholeZip(String name) throws IOException {
        assertRefused(Zips.of(NIKE, name), "\"" + name.replace('\\', '/') + "\" leads out");
    }

    static Stream<Arguments> badZips() throws IOException {
        byte[] stored = Zips.of(ZipEntry.STORED, NIKE);
        return Stream.of(
                bad("an empty file", new byte[0], "empty", "Copy it anew"),
                bad("text", "My photos".getBytes(), "not a zip archive", "Pack the class folders"),
                bad("a web page", "<html>404 Not Found</html>".getBytes(), "web page", "Download"),
                bad("a web page with a type", "\n \r\n<!DOCTYPE html>".getBytes(), "web page", "Download"),
                bad("a web page with a byte order mark", "\ufeff<?xml".getBytes(StandardCharsets.UTF_8), "web page", "Download"),
                bad("a gzip file", magic("1f8b0800"), "gzip", ".tar.gz", "Unpack it"),
                bad("RAR 4", magic("526172211a0700"), "RAR", "Unpack it"),
                bad("RAR 5", magic("526172211a070100"), "RAR", "Unpack it"),
                bad("7z", magic("377abcaf271c"), "7z", "Unpack it"),
                bad("5 bytes cut off", Arrays.copyOf(stored, stored.length - 5), "cut off", "its end is missing", "Copy it anew"),
                bad("50 bytes cut off", Arrays.copyOf(stored, stored.length - 50), "cut off", "its end is missing"),
                bad("100 bytes cut off", Arrays.copyOf(stored, stored.length - 100), "cut off", "its end is missing"),
                bad("500 bytes cut off", Arrays.copyOf(stored, stored.length - 500), "cut off", "its end is missing"),
                bad("a wrong byte in a photo", Zips.wrongAt(3000, stored), "damaged", NIKE, "Copy or make it anew"),
                bad("a wrong byte in Deflate", Zips.wrongAt(45, Zips.of(NIKE)), "damaged", "Copy or make it anew"),
                bad("a wrong byte in bzip2", Zips.wrongAt(60, bzip2()), "damaged", "Copy or make it anew"),
                bad("a false size", Zips.patched(Zips.of(NIKE), Zips.DIRECTORY_HEADER, 24, 5), "damaged", NIKE),
                bad("encrypted", both(Zips.of(NIKE), 6, 1), "encrypted", "without a password"),
                bad("LZMA", both(Zips.of(NIKE), 8, 14), NIKE, "LZMA", "Deflate"),
                bad("Zstandard", both(Zips.of(NIKE), 8, 93), NIKE, "Zstandard", "Deflate"),
                bad("XZ", both(Zips.of(NIKE), 8, 95), NIKE, "XZ", "Deflate"),
                bad("PPMd", both(Zips.of(NIKE), 8, 98), NIKE, "PPMD", "Deflate"),
                bad("an unknown method", both(Zips.of(NIKE), 8, 77), NIKE, "method 77", "Deflate"),
                bad("no entries", Zips.of(), "no files", "class folders"),
                bad("a folder and clutter", Zips.of("nike/", "__MACOSX/nike/._1.jpg"), "no files", "class folders"),
                bad("a file, then a folder", Zips.of("nike", NIKE), "\"nike\" twice", "Rename"),
                bad("a folder, then a file", Zips.of(NIKE, "nike"), "\"nike\" twice", "Rename"),
                bad("a file, then an empty folder", Zips.of("nike", "nike/"), "\"nike\" twice", "Rename"),
                bad("two files of one name", Zips.renamed(Zips.of(NIKE, "nike/2.jpg"), "nike/2", "nike/1"),
                        '"' + NIKE + "\" twice", "Rename"),
                bad("too long a name", Zips.of("nike/x" + LONGEST), "x" + LONGEST, "too long"),
                bad("too long a folder", Zips.of("x" + LONGEST + "/1.jpg"), "x" + LONGEST, "too long"),
                bad("too long a path", Zips.of("a/".repeat(2500) + "1.jpg"), "a/a/a", "too long"),
                bad("a zip of zips", Zips.of("sampleSubmission.csv", "test1.zip", "train.zip", "__MACOSX/._train.zip"),
                        "test1.zip, train.zip", "Unpack them"),
                bad("many archives", Zips.of("a/1.ZIP", "a/2.tar.gz", "a/3.7z", "a/4.rar", "a/5.tgz", "a/6.tar", "README"),
                        "a/1.ZIP, a/2.tar.gz, a/3.7z, a/4.rar, a/5.tgz and others", "Unpack them"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badZips")
    void aBadZipIsRefused(String what, byte[] bytes, List<String> words) throws IOException {
        assertRefused(bytes, words.toArray(String[]::new));
    }

    @Test
    void aMissingZipAndAFolderInsteadOfOneAreRefused() throws IOException {
        assertRefusal("no such file", "dataZip");
        Files.createDirectories(zip);
        assertRefusal("is a folder", "dataZip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sneakers.zip", "sneakers.z01", "sneakers.z02"})
    void aPartOfASplitArchiveIsRefused(String part) throws IOException {
        byte[] noise = new byte[150_000];
        new Random(1).nextBytes(noise);
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip, 65536)) {
            out.putArchiveEntry(new ZipArchiveEntry(NIKE));
            out.write(noise);
            out.closeArchiveEntry();
        }
        zip = data.resolve(part);
        assertRefusal("split archive", "zip -s 0 sneakers.zip --out sneakers-whole.zip", "dataZip");
    }

    @ParameterizedTest
    @CsvSource({"sneakers.zip.001, 0, 3000", "sneakers.zip.002, 3000, 6000"})
    void aPieceOfAZipIsRefused(String part, int from, int to) throws IOException {
        zip = data.resolve(part);
        byte[] piece = Arrays.copyOfRange(Zips.of(ZipEntry.STORED, NIKE), from, to);
        assertRefused(piece, "split archive", "cat sneakers.zip.0* > sneakers.zip", "dataZip");
    }

    /** Names and times are guarded by nothing. */
    @Test
    void noWrongByteLosesAFileOrChangesOne() throws IOException {
        byte[] bytes = Zips.of(ZipEntry.STORED, NIKE, "nike/2.jpg");
        int refused = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (at % (30 + 10 + Zips.PHOTO.length) > 100 && at < 2 * Zips.PHOTO.length) {
                continue;                                   // the photos' own bytes are alike
            }
            Files.write(zip, Zips.wrongAt(at, bytes));
            Files.setLastModifiedTime(zip, FileTime.fromMillis(at));
            try {
                SafeUnzip.extract(zip, data, 1, line -> {});
            } catch (IOException e) {
                assertTrue(e.getMessage().startsWith(zip + ": "), e.getMessage());
                refused++;
                continue;
            }
            assertEquals(2, Zips.filesIn(folder).size(), "wrong byte at " + at);
            for (String photo : Zips.filesIn(folder)) {
                assertArrayEquals(Zips.PHOTO, Files.readAllBytes(folder.resolve(photo)));
            }
        }
        assertTrue(refused > 100, refused + " refused");
    }

    @Test
    void aZipThatBecomesTooLargeIsRefused() throws IOException {
        Files.write(zip, Zips.of(NIKE, "nike/2.jpg"));
        double gigabytes = 2 * Zips.PHOTO.length / 1e9;
        assertRefusal(gigabytes - 1e-9, "more than 1.1999E-5 GB", "maxUnzippedGB");
        SafeUnzip.extract(zip, data, gigabytes, line -> {});
    }

    @Test
    void aBombThatDeclaresItsSizeIsRefused() throws IOException {
        byte[] bomb = Zips.patched(Zips.of(NIKE, "nike/2.jpg"), Zips.LOCAL_HEADER, 24, 0xFFFF);
        Files.write(zip, Zips.patched(bomb, Zips.DIRECTORY_HEADER, 26, 0xFFFF));
        assertRefusal(4, "more than 4.0 GB", "maxUnzippedGB");
    }

    @Test
    void theLongestNameIsNotTooLong() throws IOException {
        assertUnzipped(Zips.of("nike/" + LONGEST), "nike/" + LONGEST);
    }

    @Test
    void archivesBesidePhotosAreUnzippedAsTheyAre() throws IOException {
        assertUnzipped(Zips.of("nike/1", "nike/more.zip"), "nike/1", "nike/more.zip");
    }

    @Test
    void bzip2IsUnzipped() throws IOException {
        assertUnzipped(bzip2(), NIKE);
    }

    @Test
    void deflate64IsUnzipped() throws IOException {
        Deflater deflater = new Deflater(9, true);
        deflater.setStrategy(Deflater.HUFFMAN_ONLY);        // without repeats, Deflate and Deflate64 are the same
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream out = new DeflaterOutputStream(compressed, deflater)) {
            out.write(Zips.PHOTO);
        }
        assertUnzipped(Zips.ofCompressed(ZipMethod.ENHANCED_DEFLATED.getCode(), compressed.toByteArray()), NIKE);
    }

    private static Arguments bad(String what, byte[] bytes, String... words) {
        return Arguments.of(what, bytes, List.of(words));
    }

    private static byte[] magic(String hex) {
        return Arrays.copyOf(HexFormat.of().parseHex(hex), 1000);
    }

    /** Changes both headers of the first entry: in the zip's directory all stands two bytes later. */
    private static byte[] both(byte[] bytes, int offset, int value) {
        return Zips.patched(Zips.patched(bytes, Zips.LOCAL_HEADER, offset, value), Zips.DIRECTORY_HEADER, offset + 2, value);
    }

    private static byte[] bzip2() throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream out = new BZip2CompressorOutputStream(compressed)) {
            out.write(Zips.PHOTO);
        }
        return Zips.ofCompressed(ZipMethod.BZIP2.getCode(), compressed.toByteArray());
    }

    private void assertUnzipped(byte[] bytes, String... names) throws IOException {
        Files.write(zip, bytes);
        SafeUnzip.extract(zip, data, 1, line -> {});
        assertEquals(Set.of(names), Zips.filesIn(folder));
        for (String name : names) {
            assertArrayEquals(Zips.PHOTO, Files.readAllBytes(folder.resolve(name)));
        }
    }

    private void assertRefused(byte[] bytes, String... words) throws IOException {
        Files.write(zip, bytes);
        assertRefusal(words);
    }

    private void assertRefusal(String... words) throws IOException {
        assertRefusal(20, words);
    }

    private void assertRefusal(double gigabytes, String... words) throws IOException {
        Set<String> before = Zips.namesIn(data);
        Said.assertRefused(IOException.class, () -> SafeUnzip.extract(zip, data, gigabytes, line -> {}), words);
        Said.assertRefused(IOException.class, () -> SafeUnzip.extract(zip, data, gigabytes, line -> {}), zip + ": ");
        assertEquals(before, Zips.namesIn(data), "a failure leaves everything as it was");
    }
}
