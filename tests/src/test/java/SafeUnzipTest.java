import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeUnzipTest {
    private static final byte[] PHOTO = "photo ".repeat(1000).getBytes(StandardCharsets.US_ASCII);
    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int DIRECTORY_HEADER = 0x02014b50;

    @TempDir
    private Path data;
    private Path zip;
    private Path folder;

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
    void clutterIsLeftOut() throws IOException {
        write(zip, "nike/1.jpg", "__MACOSX/nike/._1.jpg", "nike/.DS_Store", "nike/Thumbs.db", "nike/._1.jpg",
                ".DS_Store");
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

    @ParameterizedTest
    @ValueSource(strings = {"../evil.jpg", "nike/../../evil.jpg", "..", "nike/..", "/evil.jpg", "C:/evil.jpg",
            "c:evil.jpg", "nike\\..\\..\\evil.jpg", "__MACOSX/../../evil.jpg"})
    void anEntryThatLeadsOutRefusesTheWholeZip(String name) throws IOException {
        write(zip, "nike/1.jpg", name);
        assertEquals(zip + ": its entry \"" + name + "\" leads out of the folder. "
                + "Make the zip anew from the class folders.", refusal());
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
        Files.writeString(zip, "<html>404 Not Found</html>");
        assertTrue(refusal().startsWith(zip + ": is not a zip archive ("));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 50, 100, 500})
    void truncated(int missing) throws IOException {
        byte[] whole = zipOf(StandardCharsets.UTF_8, ZipEntry.STORED, "nike/1.jpg");
        Files.write(zip, Arrays.copyOf(whole, whole.length - missing));
        assertTrue(refusal().startsWith(zip + ": is cut off or damaged ("));
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
        IOException refusal = assertThrows(IOException.class, () -> SafeUnzip.extract(zip, data, 2 * PHOTO.length - 1));
        assertTrue(refusal.getMessage().startsWith(zip + ": unzips to more than 11999 bytes."));
        assertEquals(before, filesIn(data));
        SafeUnzip.extract(zip, data, 2 * PHOTO.length);
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
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("nike/huge.bmp"));
            byte[] megabyte = new byte[1 << 20];
            for (int i = 0; i < 200; i++) {
                out.write(megabyte);
            }
        }
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
        CRC32 sum = new CRC32();
        sum.update(PHOTO);
        try (ZipOutputStream out = new ZipOutputStream(bytes, charset)) {
            for (String name : names) {
                ZipEntry entry = new ZipEntry(name);
                boolean isFile = !entry.isDirectory();
                entry.setMethod(isFile ? method : ZipEntry.DEFLATED);
                if (isFile) {
                    entry.setSize(PHOTO.length);
                    entry.setCrc(sum.getValue());
                }
                out.putNextEntry(entry);
                out.write(PHOTO, 0, isFile ? PHOTO.length : 0);
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
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
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.map(child -> child.getFileName().toString()).collect(Collectors.toSet());
        }
    }
}
