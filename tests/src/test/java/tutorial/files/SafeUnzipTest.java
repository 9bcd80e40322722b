package tutorial.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The folder that a zip becomes; for what is refused see {@link BadZipsTest}. */
class SafeUnzipTest {
    private static final int MEGABYTE = 1 << 20;

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
    void aZipBecomesAFolderOfItsName() throws IOException {
        write("nike/1.jpg", "nike/deep/er/2.jpg", "adidas/", "a..b/..c/d...jpg", "3.jpg");
        assertEquals(folder, unzip());
        assertEquals(Set.of("nike/1.jpg", "nike/deep/er/2.jpg", "a..b/..c/d...jpg", "3.jpg"), Zips.filesIn(folder));
        assertArrayEquals(Zips.PHOTO, Files.readAllBytes(folder.resolve("nike/deep/er/2.jpg")));
        assertTrue(Files.isDirectory(folder.resolve("adidas")));
        assertEquals(Set.of("sneakers", "sneakers.zip"), Zips.namesIn(data));
    }

    @Test
    void onlyTheLastExtensionIsLeftOff() throws IOException {
        zip = data.resolve("my.photos.ZIP");
        write("nike/1.jpg");
        assertEquals(data.resolve("my.photos"), unzip());
    }

    @Test
    void theFolderAroundItIsMadeOrALink() throws IOException {
        write("nike/1.jpg");
        assertTrue(Files.exists(unzip(data.resolve("not/there/yet")).resolve("nike/1.jpg")));
        Path elsewhere = Files.createDirectories(data.resolve("elsewhere"));
        unzip(Files.createSymbolicLink(data.resolve("link"), elsewhere));
        assertTrue(Files.exists(elsewhere.resolve("sneakers/nike/1.jpg")));
    }

    @Test
    void theSameZipIsUnzippedOnce() throws IOException {
        write("nike/1.jpg", "nike/2.jpg");
        unzip();
        Files.delete(folder.resolve("nike/2.jpg"));
        assertEquals(folder, unzip());
        assertEquals(Set.of("nike/1.jpg"), Zips.filesIn(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"puma/22.jpg", "puma/1.jpg"})
    void aZipOfAnotherSizeOrALaterTimeReplacesTheFolder(String photo) throws IOException {
        write("nike/1.jpg");
        unzip();
        write(photo);
        Files.setLastModifiedTime(zip, FileTime.fromMillis(Files.getLastModifiedTime(zip).toMillis() + 10_000));
        unzip();
        assertEquals(Set.of(photo), Zips.filesIn(folder));
        assertEquals(Set.of("sneakers", "sneakers.zip"), Zips.namesIn(data));
    }

    @Test
    void aFolderOfTheUserIsNeverReplacedUnlessItIsEmpty() throws IOException {
        write("nike/1.jpg");
        Files.createDirectories(folder);
        Path mine = Files.writeString(folder.resolve("mine.txt"), "mine");
        assertTrue(refusal().startsWith(folder + ": is in the way"));
        assertEquals("mine", Files.readString(mine));
        Files.delete(mine);
        unzip();
        assertEquals(Set.of("nike/1.jpg"), Zips.filesIn(folder));
    }

    @Test
    void aZipWithoutExtensionDoesNotReplaceItself() throws IOException {
        zip = data.resolve("sneakers");
        write("nike/1.jpg");
        assertTrue(refusal().contains("is in the way"));
    }

    @Test
    void anEarlierFolderStaysWhenTheNewZipIsBad() throws IOException {
        write("nike/1.jpg");
        unzip();
        Files.write(zip, Zips.wrongAt(3000, Zips.of(ZipEntry.STORED, "nike/1.jpg")));
        assertTrue(refusal().contains("damaged"));
        assertArrayEquals(Zips.PHOTO, Files.readAllBytes(folder.resolve("nike/1.jpg")));
    }

    @Test
    void backslashesOfWindowsToolsSeparateFolders() throws IOException {
        write("nike\\1.jpg", "nike\\deep\\2.jpg", "puma\\", "adidas\\__MACOSX\\._1.jpg");
        unzip();
        assertEquals(Set.of("nike/1.jpg", "nike/deep/2.jpg"), Zips.filesIn(folder));
        assertTrue(Files.isDirectory(folder.resolve("puma")));
        assertArrayEquals(Zips.PHOTO, Files.readAllBytes(folder.resolve("nike/1.jpg")));
    }

    @Test
    void clutterIsLeftOut() throws IOException {
        write("nike/1.jpg", "__MACOSX/nike/._1.jpg", "nike/.DS_Store", "nike/Thumbs.db", "nike/thumbs.DB",
                "nike/desktop.ini", "Desktop.ini", "nike/._1.jpg", ".DS_Store");
        unzip();
        assertEquals(Set.of("nike/1.jpg"), Zips.filesIn(folder));
    }

    @Test
    void aSymbolicLinkBecomesAPlainFile() throws IOException {
        byte[] madeOnUnix = Zips.patched(Zips.of("nike/1.jpg", "nike/2.jpg"), Zips.DIRECTORY_HEADER, 4, 0x0314);
        Files.write(zip, Zips.patched(madeOnUnix, Zips.DIRECTORY_HEADER, 40, 0xA1FF));
        unzip();
        assertTrue(Files.isRegularFile(folder.resolve("nike/1.jpg"), LinkOption.NOFOLLOW_LINKS));
        assertArrayEquals(Zips.PHOTO, Files.readAllBytes(folder.resolve("nike/1.jpg")));
    }

    @Test
    void namesThatDifferByCaseAreBothKeptOrRefused() throws IOException {
        write("Nike/1.jpg", "nike/2.jpg", "nike/A.jpg", "nike/a.jpg");
        if (Files.exists(data.resolve("SNEAKERS.ZIP"))) {
            assertTrue(refusal().startsWith(zip + ": holds \"nike\" twice"));
        } else {
            unzip();
            assertEquals(Set.of("Nike/1.jpg", "nike/2.jpg", "nike/A.jpg", "nike/a.jpg"), Zips.filesIn(folder));
        }
    }

    @Test
    void whatAKilledProcessLeftIsRemovedButNotWhatAnotherOneIsWriting() throws IOException {
        write("nike/1.jpg");
        Path killed = unfinished("killed", Duration.ofMinutes(11));
        Path running = unfinished("running", Duration.ofMinutes(11));
        Files.writeString(running.resolve("nike/half.jpg"), "half");
        unzip();
        assertEquals(Set.of("sneakers", "sneakers.zip", running.getFileName().toString()), Zips.namesIn(data));
        assertEquals(Set.of("nike/1.jpg"), Zips.filesIn(folder));

        unfinished("killed", Duration.ofMinutes(11));
        unzip();
        assertFalse(Files.exists(killed), "also where nothing is to be unzipped any more");
    }

    /** As a process does that takes a paused one for killed. */
    @Test
    @Timeout(60)
    void whoseFilesWereTakenAwayFailsAndLeavesNothingHalf() throws Exception {
        Files.write(zip, Zips.ofMegabytes(200));
        FutureTask<String> unzipping = start();
        Files.move(unfinished(unzipping), data.resolve("elsewhere"));
        assertTrue(unzipping.get().startsWith(zip + ": cannot be unzipped to " + folder));
        assertEquals(Set.of("sneakers.zip", "elsewhere"), Zips.namesIn(data));
    }

    @Test
    void anInterruptedThreadStopsAtOnce() throws IOException {
        write("nike/1.jpg");
        Thread.currentThread().interrupt();
        assertTrue(refusal().startsWith(zip + ": unzipping was stopped"));
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    @Timeout(60)
    void anInterruptStopsWithinALargeFile() throws Exception {
        Files.write(zip, Zips.ofMegabytes(200));
        FutureTask<String> unzipping = new FutureTask<>(this::refusal);
        Thread thread = new Thread(unzipping);
        thread.start();
        unfinished(unzipping);
        thread.interrupt();
        assertTrue(unzipping.get(2, TimeUnit.SECONDS).startsWith(zip + ": unzipping was stopped"));
    }

    @Test
    void aFileInPlaceOfTheFolderToUnzipInto() throws IOException {
        write("nike/1.jpg");
        Path file = Files.createFile(data.resolve("file"));
        String message = assertThrows(IOException.class, () -> unzip(file)).getMessage();
        assertTrue(message.startsWith(zip + ": cannot be unzipped to " + file.resolve("sneakers") + " ("), message);
        assertEquals(Set.of("file", "sneakers.zip"), Zips.namesIn(data));
    }

    @Test
    void aReadOnlyDiskIsRefusedUnlessTheFolderIsThere() throws Exception {
        write("nike/1.jpg");
        Path disk = mount("size=1m");
        try {
            unzip(disk);
            assertTrue(done("mount", "-o", "remount,ro", disk));
            assertEquals(disk.resolve("sneakers"), unzip(disk));
            write("puma/22.jpg");
            String message = assertThrows(IOException.class, () -> unzip(disk)).getMessage();
            assertTrue(message.startsWith(zip + ": cannot be unzipped to " + disk.resolve("sneakers") + " ("), message);
            assertTrue(message.contains("may be written to"), message);
        } finally {
            assertTrue(done("umount", disk));
        }
    }

    @Test
    void aFullDiskThenOneWithRoom() throws Exception {
        Files.write(zip, Zips.ofMegabytes(2));
        Path disk = mount("size=1m");
        try {
            String message = assertThrows(IOException.class, () -> unzip(disk)).getMessage();
            assertTrue(message.startsWith(zip + ": ") && message.contains("No space left on device"), message);
            assertTrue(message.contains(disk.resolve("sneakers").toString()), message);
            assertEquals(Set.of(), Zips.namesIn(disk));
            assertTrue(done("mount", "-o", "remount,size=4m", disk));
            assertTrue(Files.exists(unzip(disk).resolve("nike/huge.bmp")));
        } finally {
            assertTrue(done("umount", disk));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Timeout(60)
    void threadsThatUnzipTheSameZipAtOnceEndWithOneWholeFolder(boolean replacing) throws Exception {
        if (replacing) {
            write("nike/1.jpg");
            unzip();
        }
        Files.write(zip, Zips.ofMegabytes(20));
        List<FutureTask<String>> unzipping = Stream.generate(this::start).limit(8).toList();
        for (FutureTask<String> one : unzipping) {
            assertEquals("unzipped", one.get());
        }
        assertEquals(Set.of("nike/huge.bmp"), Zips.filesIn(folder));
        assertEquals(20 * MEGABYTE, Files.size(folder.resolve("nike/huge.bmp")));
        assertEquals(Set.of("sneakers", "sneakers.zip"), Zips.namesIn(data));
    }

    private FutureTask<String> start() {
        FutureTask<String> unzipping = new FutureTask<>(() -> {
            try {
                unzip();
                return "unzipped";
            } catch (IOException e) {
                return e.getMessage();
            }
        });
        new Thread(unzipping).start();
        return unzipping;
    }

    private Path unfinished(String name, Duration age) throws IOException {
        Path unfinished = data.resolve(".sneakers-" + name + ".unfinished");
        FileTime then = FileTime.from(Instant.now().minus(age));
        for (Path path : List.of(Files.createDirectories(unfinished.resolve("nike")), unfinished)) {
            Files.setLastModifiedTime(path, then);
        }
        return unfinished;
    }

    /** Waits for the hidden folder in which a file is being unzipped. */
    private Path unfinished(FutureTask<String> unzipping) throws IOException {
        while (!unzipping.isDone()) {
            for (String name : Zips.namesIn(data)) {
                if (Files.exists(data.resolve(name).resolve("nike/huge.bmp"))) {
                    return data.resolve(name);
                }
            }
        }
        throw new AssertionError("done before it could be looked at");
    }

    private Path mount(String options) throws Exception {
        Path disk = Files.createDirectories(data.resolve("disk"));
        assumeTrue(done("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk), "only root can mount, and not everywhere");
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

    private void write(String... names) throws IOException {
        Files.write(zip, Zips.of(names));
    }

    private Path unzip() throws IOException {
        return unzip(data);
    }

    private Path unzip(Path into) throws IOException {
        return SafeUnzip.extract(zip, into, 1, line -> {});
    }

    /** The one line that the user sees; makes sure that a failure leaves everything as it was. */
    private String refusal() throws IOException {
        Set<String> before = Zips.filesIn(data);
        IOException error = assertThrows(IOException.class, this::unzip);
        assertEquals(before, Zips.filesIn(data));
        assertEquals(1, error.getMessage().lines().count());
        return error.getMessage();
    }
}
