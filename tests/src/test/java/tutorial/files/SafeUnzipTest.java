package tutorial.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream.UnicodeExtraFieldPolicy;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.io.IOUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeUnzipTest {
    private static final byte[] PHOTO = "photo ".repeat(1000).getBytes(StandardCharsets.US_ASCII);
    private static final Charset SHIFT_JIS = Charset.forName("Shift_JIS");
    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int DIRECTORY_HEADER = 0x02014b50;

    @TempDir
    private Path data;
    private Path zip;
    private Path folder;
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void paths() {
        zip = data.resolve("sneakers.zip");
        folder = data.resolve("sneakers");
    }

    @Test
    void unzipsIntoAFolderNamedAsTheZip() throws IOException {
        write(zip, "nike/1.jpg", "nike/deep/er/2.jpg", "adidas/", "a..b/..c/d...jpg");
        assertEquals(folder, SafeUnzip.extract(zip, data));
        assertEquals(Set.of(".unzipped", "nike/1.jpg", "nike/deep/er/2.jpg", "a..b/..c/d...jpg"), filesIn(folder));
        assertArrayEquals(PHOTO, Files.readAllBytes(folder.resolve("nike/deep/er/2.jpg")));
        assertTrue(Files.isDirectory(folder.resolve("adidas")));
        assertEquals(Set.of("sneakers", "sneakers.zip"), namesIn(data));
    }

    @Test
    void onlyTheLastExtensionIsLeftOff() throws IOException {
        zip = data.resolve("my.photos.ZIP");
        write(zip, "nike/1.jpg");
        assertEquals(data.resolve("my.photos"), SafeUnzip.extract(zip, data));
    }

    @Test
    void makesTheFolderToUnzipInto() throws IOException {
        write(zip, "nike/1.jpg");
        assertTrue(Files.exists(SafeUnzip.extract(zip, data.resolve("not/there/yet")).resolve("nike/1.jpg")));
    }

    @Test
    void unzipsTheSameZipOnlyOnce() throws IOException {
        write(zip, "nike/1.jpg", "nike/2.jpg");
        SafeUnzip.extract(zip, data);
        Files.delete(folder.resolve("nike/2.jpg"));
        assertEquals(folder, SafeUnzip.extract(zip, data));
        assertEquals(Set.of(".unzipped", "nike/1.jpg"), filesIn(folder));
    }

    @Test
    void aChangedZipReplacesTheFolder() throws IOException {
        write(zip, "nike/1.jpg");
        SafeUnzip.extract(zip, data);
        write(zip, "puma/22.jpg");
        SafeUnzip.extract(zip, data);
        assertEquals(Set.of(".unzipped", "puma/22.jpg"), filesIn(folder));
    }

    @Test
    void aZipOfTheSameSizeButALaterTimeReplacesTheFolder() throws IOException {
        write(zip, "nike/1.jpg");
        SafeUnzip.extract(zip, data);
        write(zip, "puma/1.jpg");
        Files.setLastModifiedTime(zip, FileTime.fromMillis(Files.getLastModifiedTime(zip).toMillis() + 10_000));
        SafeUnzip.extract(zip, data);
        assertEquals(Set.of(".unzipped", "puma/1.jpg"), filesIn(folder));
        assertEquals(Set.of("sneakers", "sneakers.zip"), namesIn(data));
    }

    @Test
    void aFolderOfTheUserIsNeverReplaced() throws IOException {
        write(zip, "nike/1.jpg");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("mine.txt"), "mine");
        assertEquals(folder + ": is in the way of unzipping. Move it elsewhere, or rename the zip.", refusal());
        assertEquals("mine", Files.readString(folder.resolve("mine.txt")));
    }

    @Test
    void anEmptyFolderIsFilled() throws IOException {
        write(zip, "nike/1.jpg");
        Files.createDirectories(folder);
        SafeUnzip.extract(zip, data);
        assertTrue(Files.exists(folder.resolve("nike/1.jpg")));
    }

    @Test
    void aZipWithoutExtensionDoesNotReplaceItself() throws IOException {
        zip = data.resolve("sneakers");
        write(zip, "nike/1.jpg");
        assertTrue(refusal().contains("is in the way"));
    }

    @Test
    void theRestOfAKilledRunIsRemoved() throws IOException {
        write(zip, "nike/1.jpg");
        Path left = Files.createDirectories(data.resolve(".sneakers.unzipping/new/nike"));
        Files.writeString(left.resolve("half.jpg"), "half");
        SafeUnzip.extract(zip, data);
        assertEquals(Set.of(".unzipped", "nike/1.jpg"), filesIn(folder));
        assertEquals(Set.of("sneakers", "sneakers.zip"), namesIn(data));
    }

    @Test
    void aRunKilledWhileItReplacedTheFolderIsMadeUpFor() throws IOException {
        write(zip, "nike/1.jpg");
        SafeUnzip.extract(zip, data);
        Files.createDirectories(data.resolve(".sneakers.unzipping/new"));
        Files.move(folder, data.resolve(".sneakers.unzipping/old"));
        SafeUnzip.extract(zip, data);
        assertEquals(Set.of(".unzipped", "nike/1.jpg"), filesIn(folder));
        assertEquals(Set.of("sneakers", "sneakers.zip"), namesIn(data));
    }

    @Test
    void aRunKilledBeforeItTidiedUpIsMadeUpFor() throws IOException {
        write(zip, "nike/1.jpg");
        SafeUnzip.extract(zip, data);
        Files.createDirectories(data.resolve(".sneakers.unzipping/old"));
        SafeUnzip.extract(zip, data);
        assertEquals(Set.of("sneakers", "sneakers.zip"), namesIn(data));
    }

    @Test
    void theFolderToUnzipIntoMayBeALink() throws IOException {
        write(zip, "nike/1.jpg");
        Path elsewhere = Files.createDirectories(data.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(data.resolve("link"), elsewhere);
        SafeUnzip.extract(zip, link);
        assertTrue(Files.exists(elsewhere.resolve("sneakers/nike/1.jpg")));
    }

    @Test
    void photosWithoutAFolderAreUnzippedAsTheyAre() throws IOException {
        write(zip, "1.jpg", "2.jpg");
        SafeUnzip.extract(zip, data);
        assertEquals(Set.of(".unzipped", "1.jpg", "2.jpg"), filesIn(folder));
    }

    @Test
    void backslashesOfWindowsToolsSeparateFolders() throws IOException {
        write(zip, "nike\\1.jpg", "nike\\deep\\2.jpg", "puma\\", "adidas\\__MACOSX\\._1.jpg");
        SafeUnzip.extract(zip, data);
        assertEquals(Set.of(".unzipped", "nike/1.jpg", "nike/deep/2.jpg"), filesIn(folder));
        assertTrue(Files.isDirectory(folder.resolve("puma")));
        assertArrayEquals(PHOTO, Files.readAllBytes(folder.resolve("nike/1.jpg")));
    }

    @Test
    void aSymbolicLinkBecomesAPlainFile() throws IOException {
        write(zip, "nike/1.jpg", "nike/2.jpg");
        patch(DIRECTORY_HEADER, 4, 0x0314);
        patch(DIRECTORY_HEADER, 40, 0xA1FF);
        SafeUnzip.extract(zip, data);
        assertTrue(Files.isRegularFile(folder.resolve("nike/1.jpg"), LinkOption.NOFOLLOW_LINKS));
        assertArrayEquals(PHOTO, Files.readAllBytes(folder.resolve("nike/1.jpg")));
    }

    @Test
    void namesThatDifferByCaseAreBothKeptOrRefused() throws IOException {
        write(zip, "Nike/1.jpg", "nike/2.jpg", "nike/A.jpg", "nike/a.jpg");
        if (Files.exists(data.resolve("SNEAKERS.ZIP"))) {
            assertTrue(refusal().startsWith(zip + ": \"nike\" and \"Nike\" cannot both be written"));
        } else {
            SafeUnzip.extract(zip, data);
            assertEquals(Set.of(".unzipped", "Nike/1.jpg", "nike/2.jpg", "nike/A.jpg", "nike/a.jpg"), filesIn(folder));
        }
    }

    @Test
    void aFileAndAFolderOfTheSameName() throws IOException {
        String message = zip + ": \"nike\" and \"nike\" cannot both be written to this disk. "
                + "Rename one of them in the zip.";
        write(zip, "nike", "nike/1.jpg");
        assertEquals(message, refusal());
        write(zip, "nike/1.jpg", "nike");
        assertEquals(message, refusal());
        write(zip, "nike", "nike/");
        assertEquals(zip + ": holds \"nike/\" twice. Make the zip anew from the class folders.", refusal());
    }

    @Test
    void tooLongAName() throws IOException {
        String longest = "ü".repeat(125) + "x.jpg";
        write(zip, "nike/" + longest);
        SafeUnzip.extract(zip, data);
        assertEquals(Set.of(".unzipped", "nike/" + longest), filesIn(folder));
        for (String name : List.of("nike/x" + longest, "x" + longest + "/1.jpg", "a/".repeat(500) + "1.jpg")) {
            write(zip, name);
            assertEquals(zip + ": its entry \"" + name + "\" has too long a name (more than 255 bytes, or 1000 with "
                    + "its folders). Shorten it.", refusal());
        }
    }

    @Test
    void clutterIsLeftOut() throws IOException {
        write(zip, "nike/1.jpg", "__MACOSX/nike/._1.jpg", "nike/.DS_Store", "nike/Thumbs.db", "nike/thumbs.DB",
                "nike/desktop.ini", "Desktop.ini", "nike/._1.jpg", ".DS_Store");
        SafeUnzip.extract(zip, data);
        assertEquals(Set.of(".unzipped", "nike/1.jpg"), filesIn(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "IBM437"})
    void namesBeyondAsciiAreKept(String charset) throws IOException {
        write(zip, Charset.forName(charset), "Schuhgröße/né.jpg");
        SafeUnzip.extract(zip, data);
        assertEquals(Set.of(".unzipped", "Schuhgröße/né.jpg"), filesIn(folder));
    }

    @Test
    void namesInUtf8WithoutTheFlagAreKept() throws IOException {
        writeNames(StandardCharsets.UTF_8, UnicodeExtraFieldPolicy.NEVER, List.of("靴", "Schuhgröße"));
        assertEquals(Set.of("靴", "Schuhgröße"), classesAfterUnzipping());
        assertEquals(List.of(), told);
    }

    /** The second byte of some characters is a backslash: one that separates folders would leave two classes. */
    @Test
    void namesAreTakenFromTheUnicodePath() throws IOException {
        writeNames(SHIFT_JIS, UnicodeExtraFieldPolicy.ALWAYS, List.of("ソックス", "ソール", "靴"));
        assertEquals(Set.of("ソックス", "ソール", "靴"), classesAfterUnzipping());
        assertEquals(List.of(), told);
    }

    @Test
    void aUnicodePathThatBelongsToAnotherNameIsNotTaken() throws IOException {
        writeNames(StandardCharsets.US_ASCII, UnicodeExtraFieldPolicy.ALWAYS, List.of("shoes"));
        String renamed = Files.readString(zip, StandardCharsets.ISO_8859_1).replace("shoes/1.jpgu", "boots/1.jpgu");
        Files.writeString(zip, renamed, StandardCharsets.ISO_8859_1);
        assertEquals(Set.of("boots"), classesAfterUnzipping());
    }

    @ParameterizedTest
    @CsvSource({"Shift_JIS, 'ソックス,ソール,靴,表,能,ｱソ,ｱ'", "GBK, '鞋,靴子,誠,俓'", "Big5, '鞋,功,許,蓋'", "EUC-KR, '신발,운동화'",
            "windows-1251, 'туфли,сапоги'", "windows-1252, 'Schuhgröße,Schuhgrösse'"})
    void classesInAnUnknownEncodingStayApartAndThePageSaysSo(String encoding, String names) throws IOException {
        List<String> classes = List.of(names.split(","));
        writeNames(Charset.forName(encoding), UnicodeExtraFieldPolicy.NEVER, classes);
        Set<String> unzipped = classesAfterUnzipping();
        assertEquals(classes.size(), unzipped.size(), unzipped.toString());
        assertEquals(1, told.size());
        String one = told.get(0).replaceFirst("(?s).*, as \"([^\"]+)\" may.*", "$1");
        assertTrue(unzipped.contains(one), told.get(0));
        assertEquals(zip + ": the encoding of its file names is unknown, so they may look wrong, as \"" + one + "\" may; "
                + "different ones were kept apart. Rename the folders in " + folder
                + ", or make the zip anew with names in UTF-8, as 7-Zip does with the parameter cu=on.", told.get(0));

        classesAfterUnzipping();
        assertEquals(2, told.size(), "told again when the cell is run again");
        Files.move(folder.resolve(one), folder.resolve("renamed"));
        assertTrue(classesAfterUnzipping().contains("renamed"));
        assertEquals(2, told.size(), "not told to who has renamed the folder");
    }

    @Test
    void whatIsToldIsHtmlOfOneLine() throws IOException {
        writeNames(StandardCharsets.ISO_8859_1, UnicodeExtraFieldPolicy.NEVER, List.of("<b>\u00e9 & \t more", "nike"));
        classesAfterUnzipping();
        assertTrue(told.get(0).contains("\"&lt;b>Θ &amp;   more\""), told.get(0));
    }

    @Test
    void emojiAreKept() throws IOException {
        write(zip, "👟 sneakers/🏃‍♀️ 1.jpg");
        SafeUnzip.extract(zip, data);
        assertEquals(Set.of(".unzipped", "👟 sneakers/🏃‍♀️ 1.jpg"), filesIn(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil.jpg", "nike/../../evil.jpg", "..", "nike/..", "/evil.jpg", "C:/evil.jpg",
            "c:evil.jpg", "C:\\evil.jpg", "..\\evil.jpg", "\\evil.jpg", "\\\\host\\evil.jpg",
            "nike\\..\\..\\evil.jpg", "nike/..\\../evil.jpg", "__MACOSX/../../evil.jpg"})
    void anEntryThatLeadsOutRefusesTheWholeZip(String name) throws IOException {
        write(zip, "nike/1.jpg", name);
        assertEquals(zip + ": its entry \"" + name + "\" leads out of the folder. "
                + "Make the zip anew from the class folders.", refusal());
    }

    @Test
    void bzip2() throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream out = new BZip2CompressorOutputStream(compressed)) {
            out.write(PHOTO);
        }
        writeCompressed(ZipMethod.BZIP2.getCode(), compressed.toByteArray());
        assertArrayEquals(PHOTO, Files.readAllBytes(SafeUnzip.extract(zip, data).resolve("nike/1.jpg")));
        byte[] bytes = Files.readAllBytes(zip);
        bytes[60] ^= 0x55;
        Files.write(zip, bytes);
        Files.setLastModifiedTime(zip, FileTime.fromMillis(0));
        assertTrue(refusal().startsWith(zip + ": is damaged ("));
    }

    @Test
    void deflate64() throws IOException {
        Deflater deflater = new Deflater(9, true);
        deflater.setStrategy(Deflater.HUFFMAN_ONLY);        // without repeats, Deflate and Deflate64 are the same
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream out = new DeflaterOutputStream(compressed, deflater)) {
            out.write(PHOTO);
        }
        writeCompressed(ZipMethod.ENHANCED_DEFLATED.getCode(), compressed.toByteArray());
        assertArrayEquals(PHOTO, Files.readAllBytes(SafeUnzip.extract(zip, data).resolve("nike/1.jpg")));
    }

    @ParameterizedTest
    @CsvSource({"14, LZMA", "93, Zstandard", "95, XZ", "98, PPMD", "77, method 77"})
    void anotherMethodIsNamed(int method, String name) throws IOException {
        write(zip, "nike/1.jpg");
        patch(LOCAL_HEADER, 8, method);
        patch(DIRECTORY_HEADER, 10, method);
        assertEquals(zip + ": its entry \"nike/1.jpg\" is compressed by " + name + ", which is not supported. "
                + "Make the zip anew with the method Deflate.", refusal());
    }

    @Test
    void aPartOfASplitArchive() throws IOException {
        byte[] noise = new byte[150_000];
        new Random(1).nextBytes(noise);
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip, 65536)) {
            out.putArchiveEntry(new ZipArchiveEntry("nike/1.jpg"));
            out.write(noise);
            out.closeArchiveEntry();
        }
        for (String part : List.of("sneakers.zip", "sneakers.z01", "sneakers.z02")) {
            zip = data.resolve(part);
            assertEquals(zip + ": is one part of a split archive. Put all parts into one folder, join them there with "
                    + "\"zip -s 0 sneakers.zip --out sneakers-whole.zip\", and set dataZip to sneakers-whole.zip.", refusal());
        }
    }

    @Test
    void aPartOfAZipThatWasCutIntoPieces() throws IOException {
        byte[] whole = zipOf(StandardCharsets.UTF_8, ZipEntry.STORED, "nike/1.jpg");
        for (int part = 1; part <= 2; part++) {
            zip = data.resolve("sneakers.zip.00" + part);
            Files.write(zip, Arrays.copyOfRange(whole, (part - 1) * 3000, Math.min(part * 3000, whole.length)));
            assertEquals(zip + ": is one part of a split archive. Put all parts into one folder, join them there with "
                    + "\"cat sneakers.zip.0* > sneakers.zip\", and set dataZip to sneakers.zip.", refusal());
        }
    }

    @Test
    void aZipOfZips() throws IOException {
        write(zip, "sampleSubmission.csv", "test1.zip", "train.zip", "__MACOSX/._train.zip");
        assertEquals(zip + ": holds no photos but other archives: test1.zip, train.zip. Unpack them, and pack the class folders "
                + "into one zip.", refusal());
        write(zip, "a/1.ZIP", "a/2.tar.gz", "a/3.7z", "a/4.rar", "a/5.tgz", "a/6.tar", "README");
        assertEquals(zip + ": holds no photos but other archives: a/1.ZIP, a/2.tar.gz, a/3.7z, a/4.rar, a/5.tgz and others. "
                + "Unpack them, and pack the class folders into one zip.", refusal());
        write(zip, "nike/1", "nike/more.zip");
        SafeUnzip.extract(zip, data);
        assertEquals(Set.of(".unzipped", "nike/1", "nike/more.zip"), filesIn(folder));
    }

    @Test
    void missing() throws IOException {
        assertEquals(zip + ": no such file. Put your zip there, or set dataZip to its path.", refusal());
    }

    @Test
    void aFolderInsteadOfAZip() throws IOException {
        Files.createDirectories(zip);
        assertEquals(zip + ": is a folder, not a zip. Set dataZip to the path of a zip.", refusal());
    }

    @Test
    void anEmptyFile() throws IOException {
        Files.createFile(zip);
        assertEquals(zip + ": is an empty file. Copy it anew.", refusal());
    }

    @Test
    void notAZip() throws IOException {
        Files.writeString(zip, "My photos");
        assertEquals(zip + ": is not a zip archive. Pack the class folders into a zip.",
                refusal());
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>404 Not Found</html>", "\n \r\n<!DOCTYPE html>", "\u00ef\u00bb\u00bf<?xml"})
    void aWebPage(String start) throws IOException {
        Files.writeString(zip, start, StandardCharsets.ISO_8859_1);
        assertEquals(zip + ": is not a zip archive (it is a web page, HTML). Download the zip itself.", refusal());
    }

    @ParameterizedTest
    @CsvSource({"1f8b0800, 'a gzip file, such as a .tar.gz'", "526172211a0700, a RAR archive",
            "526172211a070100, a RAR archive", "377abcaf271c, a 7z archive"})
    void anArchiveOfAnotherKind(String magic, String kind) throws IOException {
        Files.write(zip, Arrays.copyOf(HexFormat.of().parseHex(magic), 1000));
        assertEquals(zip + ": is not a zip archive (it is " + kind + "). "
                + "Unpack it and pack the class folders into a zip.", refusal());
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 50, 100, 500})
    void truncated(int missing) throws IOException {
        byte[] whole = zipOf(StandardCharsets.UTF_8, ZipEntry.STORED, "nike/1.jpg");
        Files.write(zip, Arrays.copyOf(whole, whole.length - missing));
        assertEquals(zip + ": is cut off or damaged (its end is missing). Copy it anew.", refusal());
    }

    @Test
    void aWrongByteIsFoundByTheChecksum() throws IOException {
        byte[] bytes = zipOf(StandardCharsets.UTF_8, ZipEntry.STORED, "nike/1.jpg");
        bytes[PHOTO.length / 2]++;
        Files.write(zip, bytes);
        assertEquals(zip + ": is damaged (wrong size or checksum of nike/1.jpg). Copy or make it anew.", refusal());
    }

    @Test
    void aWrongByteInCompressedData() throws IOException {
        byte[] bytes = zipOf(StandardCharsets.UTF_8, ZipEntry.DEFLATED, "nike/1.jpg");
        bytes[45] ^= 0x55;
        Files.write(zip, bytes);
        assertTrue(refusal().startsWith(zip + ": is damaged ("));
    }

    /** Names and times are guarded by nothing. */
    @Test
    void noWrongByteLosesAFileOrChangesOne() throws IOException {
        byte[] bytes = zipOf(StandardCharsets.UTF_8, ZipEntry.STORED, "nike/1.jpg", "nike/2.jpg");
        int refused = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (at % (30 + 10 + PHOTO.length) > 100 && at < 2 * PHOTO.length) {
                continue;                                   // the photos' own bytes are alike
            }
            bytes[at] ^= 0x55;
            Files.write(zip, bytes);
            Files.setLastModifiedTime(zip, FileTime.fromMillis(at));
            bytes[at] ^= 0x55;
            try {
                SafeUnzip.extract(zip, data);
            } catch (IOException e) {
                assertTrue(e.getMessage().startsWith(zip + ": "), e.getMessage());
                refused++;
                continue;
            }
            List<String> photos = filesIn(folder).stream().filter(file -> !file.equals(".unzipped")).toList();
            assertEquals(2, photos.size(), "wrong byte at " + at);
            for (String photo : photos) {
                assertArrayEquals(PHOTO, Files.readAllBytes(folder.resolve(photo)));
            }
        }
        assertTrue(refused > 100, refused + " refused");
    }

    @Test
    void encrypted() throws IOException {
        write(zip, "nike/1.jpg");
        patch(LOCAL_HEADER, 6, 1);
        patch(DIRECTORY_HEADER, 8, 1);
        assertEquals(zip + ": is encrypted. Make a zip without a password.", refusal());
    }

    @Test
    void withoutFiles() throws IOException {
        String message = zip + ": holds no files. Make the zip anew from the class folders.";
        write(zip);
        assertEquals(message, refusal());
        write(zip, "nike/", "__MACOSX/nike/._1.jpg");
        assertEquals(message, refusal());
    }

    @Test
    void twoFilesOfTheSameName() throws IOException {
        byte[] bytes = zipOf(StandardCharsets.UTF_8, ZipEntry.STORED, "nike/1.jpg", "nike/2.jpg");
        String patched = new String(bytes, StandardCharsets.ISO_8859_1).replace("nike/2.jpg", "nike/1.jpg");
        Files.write(zip, patched.getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(zip + ": holds \"nike/1.jpg\" twice. Make the zip anew from the class folders.", refusal());
    }

    @Test
    void tooLargeWhenUnzipped() throws IOException {
        write(zip, "nike/1.jpg", "nike/2.jpg");
        Set<String> before = filesIn(data);
        double gigabytes = 2 * PHOTO.length / 1e9;
        IOException refusal = assertThrows(IOException.class, () -> SafeUnzip.extract(zip, data, gigabytes - 1e-9, told::add));
        assertEquals(zip + ": unzips to more than 1.1999E-5 GB. Leave out what is no photo, "
                + "or set maxUnzippedGB higher in \"Settings\".", refusal.getMessage());
        assertEquals(before, filesIn(data));
        SafeUnzip.extract(zip, data, gigabytes, told::add);
    }

    @Test
    void aBombThatDeclaresItsSize() throws IOException {
        write(zip, "nike/1.jpg", "nike/2.jpg");
        for (int header : new int[] {LOCAL_HEADER, DIRECTORY_HEADER}) {
            patch(header, header == LOCAL_HEADER ? 24 : 26, 0xFFFF);
        }
        assertEquals(zip + ": unzips to more than 4.0 GB. Leave out what is no photo, "
                + "or set maxUnzippedGB higher in \"Settings\".",
                assertThrows(IOException.class, () -> SafeUnzip.extract(zip, data, 4, told::add)).getMessage());
        assertEquals(Set.of("sneakers.zip"), namesIn(data));
    }

    @Test
    void aBombThatDeclaresAFalseSize() throws IOException {
        write(zip, "nike/1.jpg");
        patch(DIRECTORY_HEADER, 24, 5);
        assertTrue(refusal().startsWith(zip + ": is "));
    }

    @Test
    void anEarlierFolderStaysWhenTheNewZipIsBad() throws IOException {
        write(zip, "nike/1.jpg");
        SafeUnzip.extract(zip, data);
        aWrongByteIsFoundByTheChecksum();
        assertArrayEquals(PHOTO, Files.readAllBytes(folder.resolve("nike/1.jpg")));
    }

    @Test
    void anInterruptedThreadStopsAtOnce() throws IOException {
        write(zip, "nike/1.jpg");
        Thread.currentThread().interrupt();
        assertEquals(zip + ": unzipping was stopped. Run the cell again.", refusal());
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    @Timeout(60)
    void anInterruptStopsWithinALargeFile() throws Exception {
        writeHuge(200);
        Path huge = data.resolve(".sneakers.unzipping/new/nike/huge.bmp");
        FutureTask<String> unzipping = new FutureTask<>(this::refusal);
        Thread thread = new Thread(unzipping);
        thread.start();
        while (!Files.exists(huge) && thread.isAlive()) {
            Thread.onSpinWait();
        }
        thread.interrupt();
        long interrupted = System.nanoTime();
        assertEquals(zip + ": unzipping was stopped. Run the cell again.", unzipping.get(30, TimeUnit.SECONDS));
        assertTrue(Duration.ofNanos(System.nanoTime() - interrupted).toMillis() < 2000);
    }

    @Test
    void aFileInPlaceOfTheFolderToUnzipInto() throws IOException {
        write(zip, "nike/1.jpg");
        Path file = Files.createFile(data.resolve("file"));
        String message = assertThrows(IOException.class, () -> SafeUnzip.extract(zip, file)).getMessage();
        assertTrue(message.startsWith(zip + ": cannot be unzipped to " + file.resolve("sneakers") + " ("), message);
        assertEquals(Set.of("file", "sneakers.zip"), namesIn(data));
    }

    @Test
    void aReadOnlyDisk() throws Exception {
        write(zip, "nike/1.jpg");
        Path disk = mount("ro");
        try {
            String message = assertThrows(IOException.class, () -> SafeUnzip.extract(zip, disk)).getMessage();
            assertTrue(message.startsWith(zip + ": cannot be unzipped to " + disk.resolve("sneakers") + " ("), message);
            assertTrue(message.endsWith("that the folder may be written to."), message);
        } finally {
            assertTrue(done("umount", disk));
        }
    }

    @Test
    void whatIsUnzippedOnAReadOnlyDiskIsUsed() throws Exception {
        write(zip, "nike/1.jpg");
        Path disk = mount("size=1m");
        try {
            SafeUnzip.extract(zip, disk);
            assertTrue(done("mount", "-o", "remount,ro", disk));
            assertEquals(disk.resolve("sneakers"), SafeUnzip.extract(zip, disk));
        } finally {
            assertTrue(done("umount", disk));
        }
    }

    @Test
    void aFullDiskThenOneWithRoom() throws Exception {
        writeHuge(2);
        Path disk = mount("size=1m");
        try {
            String message = assertThrows(IOException.class, () -> SafeUnzip.extract(zip, disk)).getMessage();
            assertEquals(zip + ": the disk has no room left for " + disk.resolve("sneakers")
                    + " (No space left on device). Free some and run the cell again.", message);
            assertEquals(Set.of(), namesIn(disk));
            assertTrue(done("mount", "-o", "remount,size=4m", disk));
            assertTrue(Files.exists(SafeUnzip.extract(zip, disk).resolve("nike/huge.bmp")));
        } finally {
            assertTrue(done("umount", disk));
        }
    }

    @Test
    @Timeout(60)
    void threadsThatUnzipTheSameZipAtOnce() throws Exception {
        writeHuge(20);
        List<FutureTask<Path>> unzipping = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            unzipping.add(start(() -> SafeUnzip.extract(zip, data)));
        }
        for (FutureTask<Path> one : unzipping) {
            assertEquals(folder, one.get());
        }
        assertEquals(20 << 20, Files.size(folder.resolve("nike/huge.bmp")));
        assertEquals(Set.of("sneakers", "sneakers.zip"), namesIn(data));
    }

    @Test
    @Timeout(60)
    void processesThatUnzipTheSameZipAtOnce() throws Exception {
        writeHuge(20);
        List<Process> unzipping = List.of(process(Unzipper.class, zip, data), process(Unzipper.class, zip, data));
        for (Process one : unzipping) {
            assertEquals("unzipped", one.inputReader().readLine());
        }
        assertEquals(20 << 20, Files.size(folder.resolve("nike/huge.bmp")));
        assertEquals(Set.of("sneakers", "sneakers.zip"), namesIn(data));
    }

    @Test
    @Timeout(60)
    void aFileSystemWithoutLocks() throws Exception {
        Map<String, String> withoutLocks = Map.of("LD_PRELOAD", libraryThatRefusesLocks().toString());
        Path ofYesterday = Files.createDirectories(data.resolve(".sneakers.unzipping-killed/new"));
        Files.setLastModifiedTime(ofYesterday.getParent(), FileTime.from(Instant.now().minus(Duration.ofHours(25))));
        Path ofAnother = Files.createDirectories(data.resolve(".sneakers.unzipping-running/new"));
        writeHuge(20);
        List<Process> unzipping = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            unzipping.add(process(withoutLocks, Unzipper.class, zip, data));
        }
        for (Process one : unzipping) {
            assertEquals("unzipped", one.inputReader().readLine());
        }
        assertEquals(20 << 20, Files.size(folder.resolve("nike/huge.bmp")));
        assertTrue(Files.exists(ofAnother));
        assertEquals(Set.of("sneakers", "sneakers.zip", "nolock.c", "nolock.so", ".sneakers.unzipping-running"), namesIn(data));

        Process locker = process(withoutLocks, Locker.class, data.resolve(".sneakers.lock"));
        assertEquals("IOException: No locks available", locker.inputReader().readLine());
    }

    /** To be loaded ahead of C's own, which then works as on a file system without locks. */
    private Path libraryThatRefusesLocks() throws Exception {
        Path source = Files.writeString(data.resolve("nolock.c"), """
                #include <errno.h>
                #include <stdarg.h>
                #include <fcntl.h>
                #include <sys/syscall.h>
                #include <unistd.h>
                static int call(int file, int command, long argument) {
                    if (command == F_SETLK || command == F_SETLKW) {
                        errno = ENOLCK;
                        return -1;
                    }
                    return syscall(SYS_fcntl, file, command, argument);
                }
                #define REFUSING(name) int name(int file, int command, ...) { \\
                    va_list rest; va_start(rest, command); long argument = va_arg(rest, long); va_end(rest); \\
                    return call(file, command, argument); }
                REFUSING(fcntl)
                REFUSING(fcntl64)
                """);
        Path library = data.resolve("nolock.so");
        assumeTrue(System.getProperty("os.name").equals("Linux") && done("cc", "-shared", "-fPIC", "-o", library, source),
                "no Linux with a C compiler, so no file system without locks can be feigned");
        return library;
    }

    @Test
    @Timeout(60)
    void whoWaitsForAnotherProcessFindsTheFolderDone() throws Exception {
        write(zip, "nike/1.jpg", "nike/2.jpg");
        SafeUnzip.extract(zip, data);
        Files.delete(folder.resolve("nike/2.jpg"));
        Path aside = Files.move(folder, data.resolve("aside"));
        Process other = lockInAnotherProcess();
        FutureTask<Path> waiting = start(() -> SafeUnzip.extract(zip, data));
        assertThrows(TimeoutException.class, () -> waiting.get(500, TimeUnit.MILLISECONDS));
        Files.move(aside, folder);
        other.outputWriter().close();
        assertEquals(folder, waiting.get());
        assertEquals(Set.of(".unzipped", "nike/1.jpg"), filesIn(folder));
    }

    @Test
    @Timeout(60)
    void anInterruptStopsTheWaiting() throws Exception {
        write(zip, "nike/1.jpg");
        Process other = lockInAnotherProcess();
        Thread[] threads = new Thread[2];
        List<FutureTask<String>> waiting = new ArrayList<>();
        for (int i = 0; i < threads.length; i++) {
            waiting.add(new FutureTask<>(this::refusal));
            threads[i] = new Thread(waiting.get(i));
            threads[i].start();
        }
        for (int i = threads.length - 1; i >= 0; i--) {
            FutureTask<String> one = waiting.get(i);
            assertThrows(TimeoutException.class, () -> one.get(500, TimeUnit.MILLISECONDS));
            threads[i].interrupt();
            assertEquals(zip + ": unzipping was stopped. Run the cell again.", one.get());
        }
        FutureTask<Path> next = start(() -> SafeUnzip.extract(zip, data));
        assertThrows(TimeoutException.class, () -> next.get(500, TimeUnit.MILLISECONDS));
        other.destroyForcibly();
        assertEquals(folder, next.get());
    }

    @Test
    @Timeout(60)
    void afterAFailureTheNextOneHasItsTurn() throws Exception {
        aWrongByteIsFoundByTheChecksum();
        anInterruptedThreadStopsAtOnce();
        encrypted();
        write(zip, "nike/1.jpg");
        assertEquals(folder, start(() -> SafeUnzip.extract(zip, data)).get());
        Files.setLastModifiedTime(zip, FileTime.fromMillis(0));
        assertEquals("unzipped", process(Unzipper.class, zip, data).inputReader().readLine());
    }

    /** Run as another process. */
    static final class Unzipper {
        public static void main(String[] zipAndFolder) throws IOException {
            SafeUnzip.extract(Path.of(zipAndFolder[0]), Path.of(zipAndFolder[1]));
            System.out.println("unzipped");
        }
    }

    /** Run as another process, which holds the lock until its input ends. */
    static final class Locker {
        public static void main(String[] file) throws IOException {
            try (FileChannel channel = FileChannel.open(Path.of(file[0]), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE)) {
                channel.lock();
                System.out.println("locked");
                System.in.read();
            } catch (IOException e) {
                System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        }
    }

    private Process lockInAnotherProcess() throws Exception {
        Process other = process(Locker.class, data.resolve(".sneakers.lock"));
        assertEquals("locked", other.inputReader().readLine());
        return other;
    }

    private static Process process(Class<?> main, Path... arguments) throws Exception {
        return process(Map.of(), main, arguments);
    }

    private static Process process(Map<String, String> environment, Class<?> main, Path... arguments) throws Exception {
        List<String> libraries = new ArrayList<>();
        for (Class<?> needed : List.of(main, SafeUnzip.class, ZipFile.class, IOUtils.class)) {
            libraries.add(codeOf(needed).toString());
        }
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp", String.join(File.pathSeparator, libraries), main.getName()));
        Stream.of(arguments).map(Path::toString).forEach(command::add);
        ProcessBuilder process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        process.environment().putAll(environment);
        return process.start();
    }

    private static Path codeOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static <T> FutureTask<T> start(Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        new Thread(future).start();
        return future;
    }

    private Path mount(String options) throws Exception {
        Path disk = Files.createDirectories(data.resolve("disk"));
        assumeTrue(done("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk),
                "only root can mount, and not everywhere");
        return disk;
    }

    private static boolean done(Object... command) throws InterruptedException {
        try {
            return new ProcessBuilder(Stream.of(command).map(Object::toString).toList())
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }

    private void writeHuge(int megabytes) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("nike/huge.bmp"));
            byte[] megabyte = new byte[1 << 20];
            for (int i = 0; i < megabytes; i++) {
                out.write(megabyte);
            }
        }
    }

    /** The one line that the user sees; makes sure that a failure leaves everything as it was. */
    private String refusal() throws IOException {
        Set<String> before = filesIn(data);
        IOException error = assertThrows(IOException.class, () -> SafeUnzip.extract(zip, data));
        assertEquals(before, filesIn(data));
        assertFalse(Files.exists(data.resolve(".sneakers.unzipping")));
        assertFalse(error.getMessage().contains("\n"));
        assertTrue(error.getMessage().endsWith("."));
        return error.getMessage();
    }

    private static void write(Path zip, String... names) throws IOException {
        write(zip, StandardCharsets.UTF_8, names);
    }

    private static void write(Path zip, Charset charset, String... names) throws IOException {
        Files.write(zip, zipOf(charset, ZipEntry.DEFLATED, names));
    }

    private static byte[] zipOf(Charset charset, int method, String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes, charset)) {
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
    private void writeNames(Charset charset, UnicodeExtraFieldPolicy policy, List<String> classes) throws IOException {
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
            out.setEncoding(charset.name());
            out.setUseLanguageEncodingFlag(false);
            out.setCreateUnicodeExtraFields(policy);
            for (String name : classes) {
                out.putArchiveEntry(new ZipArchiveEntry(name + "/1.jpg"));
                out.write(PHOTO);
                out.closeArchiveEntry();
            }
        }
    }

    private Set<String> classesAfterUnzipping() throws IOException {
        SafeUnzip.extract(zip, data, 1, told::add);
        return namesIn(folder).stream().filter(name -> !name.equals(".unzipped")).collect(Collectors.toSet());
    }

    /** With the one entry nike/1.jpg, which becomes {@link #PHOTO} when unzipped. */
    private void writeCompressed(int method, byte[] compressed) throws IOException {
        ZipArchiveEntry entry = new ZipArchiveEntry("nike/1.jpg");
        entry.setMethod(method);
        entry.setSize(PHOTO.length);
        entry.setCompressedSize(compressed.length);
        entry.setCrc(sumOf(PHOTO));
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
            out.addRawArchiveEntry(entry, new ByteArrayInputStream(compressed));
        }
    }

    private static long sumOf(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return sum.getValue();
    }

    /** Changes the low 16 bits at an offset behind the first header of that kind. */
    private void patch(int header, int offset, int value) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(zip)).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (bytes.getInt(at) != header) {
            at++;
        }
        bytes.putShort(at + offset, (short) value);
        Files.write(zip, bytes.array());
    }

    private static Set<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .filter(SafeUnzipTest::isNoLock).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.map(child -> child.getFileName().toString()).filter(SafeUnzipTest::isNoLock)
                    .collect(Collectors.toSet());
        }
    }

    /** The lock's file is empty and stays. */
    private static boolean isNoLock(String name) {
        return !name.endsWith(".lock");
    }
}
