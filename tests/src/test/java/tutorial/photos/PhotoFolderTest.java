package tutorial.photos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.Table;
import tutorial.photos.PhotoFolder.Photo;

class PhotoFolderTest {
    @TempDir
    private Path temp;
    private Path folder;
    private int widest;

    @BeforeEach
    void folder() {
        folder = temp.resolve("sneakers");
    }

    @Test
    void everySubFolderIsAClass() throws IOException {
        picture("puma/1.png", "png", 30, 20);
        picture("adidas/deep/er/2.jpg", "jpg", 40, 50);
        picture("nike/3.jpeg", "bmp", 7, 9);
        PhotoFolder photos = scan();
        assertEquals(folder, photos.root());
        assertEquals(List.of("adidas", "nike", "puma"), photos.classNames());
        Path adidas = folder.resolve("adidas/deep/er/2.jpg");
        Path nike = folder.resolve("nike/3.jpeg");
        Path puma = folder.resolve("puma/1.png");
        assertEquals(List.of(new Photo(adidas, 0, "JPEG", 40, 50, Files.size(adidas)), new Photo(nike, 1, "BMP", 7, 9, Files.size(nike)),
                new Photo(puma, 2, "PNG", 30, 20, Files.size(puma))), photos.photos());
        assertEquals(List.of(), photos.skipped());
        assertEquals(photos, PhotoFolder.scan(folder, 0), "nothing needs to be skipped");
    }

    @Test
    void photosAreSortedByPath() throws IOException {
        pictures("b/2", "a/b", "b/10", "b/1", "a/B", "a/a/z", "a/a b");
        assertEquals(List.of("a/B.png", "a/a b.png", "a/a/z.png", "a/b.png", "b/1.png", "b/10.png", "b/2.png"), names(scan().photos()));
    }

    @Test
    void foldersAroundTheClassesAreGoneThrough() throws IOException {
        pictures("data/sneaker-photos/nike/1", "data/sneaker-photos/puma/1");
        texts("data/README.txt", "__MACOSX/data/._1.png", "data/.git/config", "data/sneaker-photos/nike/Thumbs.db",
                "data/sneaker-photos/desktop.ini");
        PhotoFolder photos = scan();
        assertEquals(folder.resolve("data/sneaker-photos"), photos.root());
        assertEquals(List.of("nike", "puma"), photos.classNames());
        assertEquals(List.of(), photos.skipped());
        assertTold(photos.remarks(), " 1 file such as README.txt");
    }

    @Test
    void whatIsLeftOutHasAReason() throws IOException {
        pictures("nike/1", "puma/1", "cover");
        texts("adidas/no.jpg", "nike/notes.jpg", "nike/.hidden.jpg", "reebok/only.txt");
        Files.createFile(folder.resolve("puma/zero.jpg"));
        Files.createDirectories(folder.resolve("vans"));
        PhotoFolder photos = scan();
        assertEquals(List.of("nike", "puma"), photos.classNames());
        assertEquals(List.of(0, 1), labels(photos.photos()));
        assertEquals(List.of("adidas: class folder without a readable photo", "adidas/no.jpg: not an image",
                "cover.png: not in a class folder", "nike/notes.jpg: not an image", "puma/zero.jpg: empty file",
                "reebok: class folder without a readable photo", "vans: class folder without a readable photo"), skipped(photos));
    }

    @Test
    void fiveHundredClassesOfOneImageEach() throws IOException {
        for (int i = 0; i < 500; i++) {
            picture("class%03d/only.png".formatted(i), "png", 1 + i % 25, 1 + i / 25);
        }
        PhotoFolder photos = scan();
        assertEquals(500, photos.classNames().size());
        assertEquals(IntStream.range(0, 500).boxed().toList(), labels(photos.photos()));
        assertEquals(List.of(), photos.remarks());
    }

    @Test
    void splitsArePutTogetherAndTheTestSplitIsTheTestSet() throws IOException {
        pictures("train/daisy/1", "train/daisy/2", "train/rose/1", "valid/daisy/3", "valid/rose/3", "test/daisy/4", "test/rose/4");
        PhotoFolder photos = scan();
        assertEquals(List.of("daisy", "rose"), photos.classNames());
        PhotoSplit split = photos.split(0.5, 7);
        assertEquals(List.of("test/daisy/4.png", "test/rose/4.png"), names(split.test()));
        assertEquals(List.of("train/daisy/1.png", "train/daisy/2.png", "train/rose/1.png", "valid/daisy/3.png", "valid/rose/3.png"),
                names(split.training()));
        assertEquals(List.of(0, 0, 1, 0, 1), labels(split.training()));
        assertTold(split.remarks(), "test/, train/ and valid/ are splits.*those in test/ are the test set");
        PhotoSplit all = photos.split(0, 7);
        assertEquals(photos.photos(), all.training());
        assertEquals(List.of(), all.test());
        assertTold(all.remarks(), "heldOut = 0.*test/ are trained on");
    }

    @Test
    void withoutATestSplitTheValidationSplitIsTheTestSetAndWithoutBothAShareIsDrawn() throws IOException {
        pictures("train/ants/1", "train/bees/1", "val/ants/2", "val/bees/2");
        assertEquals(List.of("val/ants/2.png", "val/bees/2.png"), names(scan().split(0.2, 7).test()));
        folder = temp.resolve("folds");
        pictures("fold_1/ants/1", "fold_1/bees/1", "fold_2/ants/2", "fold_2/bees/2");
        PhotoFolder folds = scan();
        assertEquals(List.of("ants", "bees"), folds.classNames());
        assertEquals(List.of(1L, 1L), ofEach(folds.split(0.5, 7).test()).subList(0, 2));
        assertTold(folds.split(0.5, 7).remarks(), "fold_1/ and fold_2/ are splits.*a share of each class is drawn");
    }

    /** Photos to predict have no class, and one class may have been forgotten among those to train on. */
    @Test
    void aSplitMayLackClasses() throws IOException {
        pictures("seg_train/seg_train/sea/1", "seg_train/seg_train/ice/1", "seg_test/seg_test/sea/2", "seg_test/seg_test/fog/2",
                "seg_pred/seg_pred/3");
        PhotoFolder photos = scan();
        assertEquals(List.of("fog", "ice", "sea"), photos.classNames());
        assertEquals(List.of("seg_test/seg_test/fog/2.png", "seg_test/seg_test/sea/2.png"), names(photos.split(0.2, 7).test()));
        assertEquals(List.of("seg_pred/seg_pred/3.png: not in a class folder"), skipped(photos));
        assertTold(photos.remarks(), "Set aside.*seg_pred/ \\(1 photo\\)", "only some for the test: \"fog\"\\.");
    }

    @Test
    void photosBothToTrainOnAndForTheTestAreTold() throws IOException {
        picture("train/ants/1.png", "png", 2, 3);
        picture("train/bees/1.png", "png", 3, 3);
        picture("test/ants/1.png", "png", 2, 3);
        picture("test/bees/1.png", "png", 4, 3);
        assertTold(scan().remarks(), "photos of the test set.*among those to train on.*: 1, such as test/ants/1.png, train/ants/1.png\\.");
    }

    @Test
    void namesOfSplitsAreClassesBesideOthers() throws IOException {
        pictures("test/1", "shoe/1");
        assertEquals(List.of("shoe", "test"), scan().classNames());
        assertEquals(List.of(), scan().remarks());
        pictures("train/1");
        assertEquals(List.of("shoe", "test", "train"), scan().classNames());
        assertTold(scan().remarks(), "look like splits: test, train\\.");
    }

    @Test
    void whatStorageAddsIsPassedOverAndTold() throws IOException {
        pictures("cats/1", "dogs/1", "cats/@eaDir/1.png/SYNOPHOTO_THUMB_XL", "@eaDir/cats/SYNOPHOTO_THUMB_SM", "#recycle/cats/2",
                "Thumbs/1", "dogs/.@__thumb/1", "dogs/.ipynb_checkpoints/1-checkpoint");
        PhotoFolder photos = scan();
        assertEquals(List.of("cats/1.png", "dogs/1.png"), names(photos.photos()));
        assertEquals(List.of("cats", "dogs"), photos.classNames());
        assertEquals(List.of(), photos.skipped());
        assertTold(photos.remarks(), " 4 files in #recycle, @eaDir, Thumbs\\.");
    }

    /** Of a name that says so; yet the content decides. */
    @Test
    void sidecarFilesAreNoFailures() throws IOException {
        pictures("cats/1", "dogs/1");
        texts("cats/1.json", "cats/1.XML", "dogs/1.txt", "dogs/labels.csv", "classes.txt");
        picture("dogs/photo.txt", "png", 5, 5);
        PhotoFolder photos = PhotoFolder.scan(folder, 0.1);
        assertEquals(List.of("cats/1.png", "dogs/1.png", "dogs/photo.txt"), names(photos.photos()));
        assertEquals(List.of(), photos.skipped());
        assertTold(photos.remarks(), " 5 files such as 1.XML\\.");
    }

    @Test
    void heavyImbalanceIsTold() throws IOException {
        pictures("puma/1", "adidas/1", "adidas/2", "nike/1", "nike/2", "nike/3", "nike/4", "nike/5");
        assertEquals(List.of(), scan().remarks());
        pictures("nike/6");
        assertTold(scan().remarks(), "\"nike\" has 6 photos, \"puma\" only 1\\.");
    }

    @Test
    void theSamePhotoInSeveralClassesIsTold() throws IOException {
        picture("nike/1.bmp", "bmp", 4, 4);
        picture("nike/again.bmp", "bmp", 4, 4);
        picture("puma/a/2.bmp", "bmp", 4, 4);
        picture("puma/same size.bmp", "bmp", 8, 2);
        picture("vans/within one.png", "png", 3, 3);
        picture("vans/class.png", "png", 3, 3);
        PhotoFolder photos = scan();
        assertEquals(Files.size(folder.resolve("nike/1.bmp")), Files.size(folder.resolve("puma/same size.bmp")));
        assertTold(photos.remarks(), "several classes: nike/1.bmp, nike/again.bmp, puma/a/2.bmp\\.",
                "of their class: 1, such as vans/class.png, vans/within one.png\\.");
        assertEquals(6, photos.photos().size());
    }

    @Test
    void ofManyDuplicatesOnlySomeAreTold() throws IOException {
        for (int i = 10; i < 23; i++) {
            picture("nike/" + i + ".png", "png", i, 1);
            picture("puma/" + i + ".png", "png", i, 1);
        }
        String[] told = IntStream.range(10, 21).mapToObj(i -> i == 20 ? " 3 more" : "nike/" + i + ".png, puma/" + i + ".png")
                .toArray(String[]::new);
        assertTold(scan().remarks(), told);
    }

    @Test
    void tooManySkippedFilesAreRefused() throws IOException {
        pictures("nike/1", "puma/1");
        texts("nike/a.jpg", "nike/b.jpg", "puma/c.jpg");
        Files.createFile(folder.resolve("puma/zero.jpg"));
        Files.createFile(folder.resolve("puma/nought.jpg"));
        Files.write(folder.resolve("puma/cut.jpg"), new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF});
        assertRefused(folder, 0.5, "6 of 8 files.*3 not an image, 2 empty file, 1 truncated or damaged JPEG.*maxSkippedShare, now 0.5");
        PhotoFolder photos = PhotoFolder.scan(folder, 0.75);
        assertEquals(photos, scan());
        assertEquals(List.of(Map.entry("not an image", 3L), Map.entry("empty file", 2L), Map.entry("truncated or damaged JPEG", 1L)),
                List.copyOf(PhotoFolder.Skipped.reasons(photos.skipped()).entrySet()));
    }

    @Test
    void aFolderWithoutAnImageIsRefused() throws IOException {
        assertRefused(folder, 1, "no such folder");
        Files.createDirectories(folder);
        assertRefused(folder, 1, " 0 files\\. Put JPEG, PNG, GIF or BMP files");
        texts("nike/a.jpg", "puma/b.txt");
        assertRefused(folder, 1, " 2 files \\(a.jpg: not an image\\)\\. Put JPEG, PNG, GIF or BMP files");
    }

    @Test
    void aSingleClassIsRefused() throws IOException {
        pictures("all/1");
        assertRefused(folder.resolve("all"), 1, "only one class.*\"all\"\\. Each class needs a folder");
        pictures("cover");
        assertRefused(folder, 1, "only one class.*\"all\"\\. Each class needs a folder");
        texts("nike/no.jpg");
        assertRefused(folder, 1, "only one class.*\"all\"\\. Each class needs a folder");
    }

    @Test
    void aTableOfLabelsIsNamedWhereThereAreNoClasses() throws IOException {
        pictures("train/1", "train/2");
        texts("labels.csv");
        assertRefused(folder.resolve("train"), 1, "\"train\"; their labels are in labels.csv\\. Each class needs a folder");
    }

    @Test
    @Timeout(60)
    void anInterruptStopsTheScanAndItsThreads() throws Exception {
        pictures("nike/1", "puma/1");
        Thread.currentThread().interrupt();
        InterruptedIOException stopped = assertThrows(InterruptedIOException.class, this::scan);
        assertTrue(stopped.getMessage().startsWith(folder + ": "), stopped.getMessage());
        assertFalse(Thread.currentThread().isInterrupted());
        for (Thread decoder : Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("decoder")).toList()) {
            decoder.join();     // it may be about to end
        }
    }

    /** Of eight, four and one photos. */
    @ParameterizedTest
    @CsvSource({"0.25, 2 1 0", "0.999, 7 3 0", "0, 0 0 0"})
    void aShareOfEachClassIsKeptForTheTest(double share, String tested) throws IOException {
        photosOfThreeClasses();
        PhotoFolder photos = scan();
        PhotoSplit split = photos.split(share, 7);
        assertEquals(Stream.of(tested.split(" ")).map(Long::valueOf).toList(), ofEach(split.test()));
        assertEquals(photos.photos(), Stream.concat(split.training().stream(), split.test().stream())
                .sorted(Comparator.comparing(Photo::file)).toList(), "each photo is in one of the two");
        assertEquals(split.training().stream().sorted(Comparator.comparing(Photo::file)).toList(), split.training());
        assertEquals(List.of(), split.remarks());
    }

    @Test
    void theTestSetIsTheSameForTheSameSeedOnly() throws IOException {
        photosOfThreeClasses();
        PhotoFolder photos = scan();
        assertEquals(photos.split(0.5, 7), scan().split(0.5, 7));
        assertNotEquals(photos.split(0.5, 7), photos.split(0.5, 8));
    }

    @Test
    void theTableHasARowForEachPhoto() throws IOException {
        picture("nike/1.png", "png", 30, 20);
        picture("puma/1.jpg", "jpg", 4, 5);
        Table table = scan().table();
        assertEquals(List.of("nike", "puma"), table.stringColumn("class").asList());
        assertEquals(List.of("PNG", "JPEG"), table.stringColumn("format").asList());
        assertEquals(List.of(30, 4), table.intColumn("width").asList());
        assertEquals(List.of(20, 5), table.intColumn("height").asList());
        assertEquals(Files.size(folder.resolve("nike/1.png")) / 1000.0, table.doubleColumn("kB").get(0));
    }

    /** Four photos of a class, each four times and once in the other class, and one of that class alone. */
    @Test
    void copiesOfAPhotoAreNeverBothTrainedOnAndTested() throws IOException {
        for (int i = 0; i < 4; i++) {
            for (String name : List.of("mugs/%d", "mugs/%d (1)", "mugs/%d (2)", "mugs/%d (3)", "plates/as a mug %d")) {
                picture(name.formatted(i) + ".png", "png", 3 + i, 2);
            }
            picture("plates/" + i + ".png", "png", 3 + i, 3);
        }
        PhotoFolder photos = scan();
        for (int seed = 0; seed < 30; seed++) {
            PhotoSplit split = photos.split(0.5, seed);
            List<List<Integer>> trained = sizes(split.training());
            assertTrue(sizes(split.test()).stream().noneMatch(trained::contains), split.toString());
            assertEquals(List.of(8L, 4L), ofEach(split.test()).subList(0, 2), "half of each class");
            assertEquals(split, scan().split(0.5, seed));
        }
        assertEquals(List.of(4L, 2L), ofEach(photos.split(0.25, 1).test()).subList(0, 2));
    }

    @Test
    void ofAClassOfCopiesRatherMoreThanTheShareIsTestedThanNone() throws IOException {
        for (String name : List.of("mugs/%d a", "mugs/%d b", "plates/%d a", "plates/%d b")) {
            picture(name.formatted(1) + ".png", "png", name.length(), name.charAt(0));
            picture(name.formatted(2) + ".png", "png", 1, name.charAt(0));
        }
        assertEquals(List.of(2L, 2L), ofEach(scan().split(0.25, 7).test()).subList(0, 2), "one photo of four, and its copy");
        assertEquals(List.of(), scan().split(0.2, 7).test(), "no photo of four");
    }

    /** Where the copies are in another format, so that their bytes differ. */
    @Test
    void copiesAreKnownByTheirPixels() throws IOException {
        picture("nike/1.png", "png", 7, 4);
        picture("nike/2.bmp", "bmp", 7, 4);
        picture("puma/1.png", "png", 8, 4);
        assertEquals(List.of(List.of("nike/1.png", "nike/2.bmp")), scan().copies().stream().map(this::names).toList());
    }

    /** So that figures measured before copies were drawn together can be measured again. */
    @Test
    void withoutCopiesTheTestSetIsThatOfTheSeedAsEver() throws IOException {
        photosOfThreeClasses();
        List<Photo> adidas = new ArrayList<>(scan().ofClass(0));
        Collections.shuffle(adidas, new Random(7));
        assertEquals(adidas.subList(0, 4), scan().split(0.5, 7).test().subList(0, 4));
    }

    @Test
    void namesThatLookTheSameAreTold() throws IOException {
        pictures("Cat/1", "cat/1", "\u00c4pfel/1", "A\u0308pfel/1", "hot dog/1", "hot_dog/1", "1_0/1", "10/1");
        assertTold(scan().remarks(), "\"Cat\" and \"cat\"; \"hot dog\" and \"hot_dog\"; \"A\u0308pfel\" and \"\u00c4pfel\"\\.");
    }

    @Test
    void linksAreFollowedButNotInACircle() throws IOException {
        Path elsewhere = folder;
        pictures("1", "2");
        folder = temp.resolve("linked");
        pictures("puma/1");
        Files.createSymbolicLink(folder.resolve("nike"), elsewhere);
        Files.createSymbolicLink(folder.resolve("puma/up"), folder);
        Files.createSymbolicLink(elsewhere.resolve("and back"), folder.resolve("nike"));
        assertEquals(List.of("nike/1.png", "nike/2.png", "puma/1.png"), names(scan().photos()));
        Path link = Files.createSymbolicLink(temp.resolve("link"), folder);
        assertEquals(List.of("nike", "puma"), PhotoFolder.scan(link, 0).classNames());
    }

    @Test
    void onlyWhatIsNamedOrBeginsLikeAnImageMayBeAPhoto() throws IOException {
        pictures("nike/1", "puma/1");
        texts("nike/1.mov", "nike/1.mp4", "annotation/n1/without extension", "annotation/n2/more", "src/main.py", "src/web/app.js");
        picture("puma/without extension", "jpg", 9, 9);
        picture("puma/bitmap", "bmp", 9, 8);
        picture("puma/video.thm", "jpg", 16, 9);
        Files.write(folder.resolve("puma/raw.dng"), "II*\0".getBytes(StandardCharsets.ISO_8859_1));
        PhotoFolder photos = PhotoFolder.scan(folder, 0);
        assertEquals(List.of("nike/1.png", "puma/1.png", "puma/bitmap", "puma/without extension"), names(photos.photos()));
        assertTold(photos.remarks(), " 8 files such as 1.mov");
    }

    /** In the ways that formats begin; that of TGA is known by its name. */
    @ParameterizedTest
    @CsvSource({"1.jp2, '\0\0\0\fjP  \r\n', JPEG 2000 is not supported: convert",
            "1.j2k, \u00ffO\u00ffQ, JPEG 2000 is not supported: convert",
            "1.jxl, '\0\0\0\fJXL \r\n', JPEG XL is not supported: convert", "1.jpg, '\u00ff\n..', JPEG XL is not supported: convert",
            "1.psd, 8BPS, PSD.*is not supported: convert", "1.ico, '\0\0\1\0', ICO is not supported: convert",
            "1.svg, <svg/>, SVG is not supported: convert", "1.tga, '\0\0\2\0\0\0\0', TGA is not supported: convert",
            "1.jpg, version https://git-lfs.github.com/spec/v1, git lfs pull", "1.jpg, <html>, not an image"})
    void whatCannotBeReadIsNamed(String name, String start, String reason) throws IOException {
        pictures("nike/1", "puma/1");
        Files.write(folder.resolve("nike").resolve(name), start.getBytes(StandardCharsets.ISO_8859_1));
        assertTold(scan().skipped().stream().map(PhotoFolder.Skipped::reason).toList(), reason);
    }

    /** So that a thousand such files are one row of the table. */
    @Test
    void aReasonNamesNoFile() {
        Path file = Path.of("data", "set", "1.jpg");
        assertEquals("no permission to read it", ImageFiles.reason(file, new FileNotFoundException(file + " (Permission denied)")));
        assertEquals("Input/output error", ImageFiles.reason(existing(), new FileSystemException(existing() + ": Input/output error")));
    }

    private static Path existing() {
        return Path.of("pom.xml").toAbsolutePath();
    }

    private static List<List<Integer>> sizes(List<Photo> photos) {
        return photos.stream().map(photo -> List.of(photo.width(), photo.height())).toList();
    }

    private void photosOfThreeClasses() throws IOException {
        for (int i = 0; i < 8; i++) {
            pictures("adidas/" + i);
            if (i < 4) {
                pictures("nike/" + i);
            }
        }
        pictures("puma/0");
    }

    private PhotoFolder scan() throws IOException {
        return PhotoFolder.scan(folder, 1);
    }

    private void assertRefused(Path named, double maxSkippedShare, String pattern) {
        String message = assertThrows(IOException.class, () -> PhotoFolder.scan(folder, maxSkippedShare)).getMessage();
        assertTrue(message.startsWith(named + ": "), message);
        assertTold(List.of(message), pattern);
    }

    /** As many lines as patterns, and each has what its pattern finds, whatever the case. */
    private static void assertTold(List<String> lines, String... patterns) {
        assertEquals(patterns.length, lines.size(), lines.toString());
        for (int i = 0; i < patterns.length; i++) {
            assertTrue(lines.get(i).matches("(?i).*" + patterns[i] + ".*"), lines.get(i) + " has not: " + patterns[i]);
        }
    }

    private static List<Long> ofEach(List<Photo> photos) {
        return IntStream.range(0, 3).mapToObj(label -> photos.stream().filter(photo -> photo.label() == label).count()).toList();
    }

    private static List<Integer> labels(List<Photo> photos) {
        return photos.stream().map(Photo::label).toList();
    }

    private List<String> names(List<Photo> photos) {
        return photos.stream().map(photo -> name(photo.file())).toList();
    }

    private List<String> skipped(PhotoFolder photos) {
        return photos.skipped().stream().map(one -> name(one.file()) + ": " + one.reason()).toList();
    }

    private String name(Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    /** Of different sizes, so that none equals another. */
    private void pictures(String... names) throws IOException {
        for (String name : names) {
            picture(name + ".png", "png", ++widest, 1);
        }
    }

    private void picture(String name, String format, int width, int height) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR), format, file.toFile());
    }

    private void texts(String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "no image");
        }
    }
}
