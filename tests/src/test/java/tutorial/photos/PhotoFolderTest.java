package tutorial.photos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;
import tutorial.page.PhotoGrid;

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
        PhotoFolder photos = PhotoFolder.scan(folder);
        assertEquals(folder, photos.root());
        assertEquals(List.of("adidas", "nike", "puma"), photos.classNames());
        Path adidas = folder.resolve("adidas/deep/er/2.jpg");
        Path nike = folder.resolve("nike/3.jpeg");
        Path puma = folder.resolve("puma/1.png");
        assertEquals(List.of(new PhotoFolder.Photo(adidas, 0, "JPEG", 40, 50, Files.size(adidas)),
                new PhotoFolder.Photo(nike, 1, "BMP", 7, 9, Files.size(nike)),
                new PhotoFolder.Photo(puma, 2, "PNG", 30, 20, Files.size(puma))), photos.photos());
        assertEquals(List.of(), photos.skipped());
    }

    @Test
    void photosAreSortedByPath() throws IOException {
        for (String name : List.of("b/2", "a/b", "b/10", "b/1", "a/B", "a/a/z", "a/a b")) {
            picture(name + ".png", "png", 2, 2);
        }
        assertEquals(List.of("a/B.png", "a/a b.png", "a/a/z.png", "a/b.png", "b/1.png", "b/10.png", "b/2.png"),
                PhotoFolder.scan(folder).photos().stream().map(photo -> name(photo.file())).toList());
    }

    @Test
    void foldersAroundTheClassesAreGoneThrough() throws IOException {
        pictures("data/sneaker-photos/nike/1", "data/sneaker-photos/puma/1");
        text("data/README.txt");
        text("__MACOSX/data/._1.png");
        text("data/.git/config");
        text("data/sneaker-photos/nike/Thumbs.db");
        text("data/sneaker-photos/desktop.ini");
        PhotoFolder photos = PhotoFolder.scan(folder);
        assertEquals(folder.resolve("data/sneaker-photos"), photos.root());
        assertEquals(List.of("nike", "puma"), photos.classNames());
        assertEquals(List.of(), skipped(photos));
        assertEquals(List.of("Passed over, as no photos: 1 files such as README.txt."), photos.remarks());
    }

    @Test
    void whatIsLeftOutHasAReason() throws IOException {
        picture("nike/1.png", "png", 2, 2);
        picture("puma/1.png", "png", 2, 2);
        picture("cover.png", "png", 2, 2);
        text("nike/notes.jpg");
        text("nike/.hidden.jpg");
        text("reebok/only.txt");
        Files.createFile(folder.resolve("puma/zero.jpg"));
        Files.createDirectories(folder.resolve("vans"));
        PhotoFolder photos = PhotoFolder.scan(folder);
        assertEquals(List.of("nike", "puma"), photos.classNames());
        assertEquals(List.of(0, 1), photos.photos().stream().map(PhotoFolder.Photo::label).toList());
        assertEquals(List.of("cover.png: not in a class folder", "nike/notes.jpg: not an image",
                "puma/zero.jpg: empty file", "reebok: class folder without a readable photo", "vans: class folder without a readable photo"), skipped(photos));
    }

    @Test
    void labelsSkipAClassWithoutPhotos() throws IOException {
        text("adidas/no.jpg");
        picture("nike/1.png", "png", 2, 2);
        picture("puma/1.png", "png", 2, 2);
        PhotoFolder photos = PhotoFolder.scan(folder);
        assertEquals(List.of("nike", "puma"), photos.classNames());
        assertEquals(List.of(0, 1), photos.photos().stream().map(PhotoFolder.Photo::label).toList());
    }

    @Test
    void fiveHundredClassesOfOneImageEach() throws IOException {
        for (int i = 0; i < 500; i++) {
            picture("class%03d/only.png".formatted(i), "png", 1 + i % 25, 1 + i / 25);
        }
        PhotoFolder photos = PhotoFolder.scan(folder);
        assertEquals(500, photos.classNames().size());
        assertEquals(IntStream.range(0, 500).boxed().toList(),
                photos.photos().stream().map(PhotoFolder.Photo::label).toList());
        assertEquals(List.of(), photos.remarks());
    }

    @Test
    void splitsArePutTogetherAndTheTestSplitIsTheTestSet() throws IOException {
        pictures("train/daisy/1", "train/daisy/2", "train/rose/1", "valid/daisy/3", "valid/rose/3", "test/daisy/4", "test/rose/4");
        PhotoFolder photos = PhotoFolder.scan(folder);
        assertEquals(List.of("daisy", "rose"), photos.classNames());
        PhotoFolder.Split split = photos.split(0.5, 7);
        assertEquals(List.of("test/daisy/4.png", "test/rose/4.png"), names(split.test()));
        assertEquals(List.of("train/daisy/1.png", "train/daisy/2.png", "train/rose/1.png", "valid/daisy/3.png", "valid/rose/3.png"),
                names(split.training()));
        assertEquals(List.of(0, 0, 1, 0, 1), split.training().stream().map(PhotoFolder.Photo::label).toList());
        assertEquals("7 photos in 2 classes, 0 files set aside; 5 photos to train on, 2 to test on<br>test/, train/ and valid/ are splits, "
                + "not classes: their photos are put together. Those in test/ are the test set; no share is drawn.", photos.summary(split));
        PhotoFolder.Split all = photos.split(0, 7);
        assertEquals(new PhotoFolder.Split(photos.photos(), List.of()), all);
        assertTrue(photos.summary(all).endsWith("heldOut = 0 keeps none for the test, so those in test/ are trained on, too."),
                photos.summary(all));
    }

    @Test
    void withoutATestSplitTheValidationSplitIsTheTestSetAndWithoutBothAShareIsDrawn() throws IOException {
        pictures("train/ants/1", "train/bees/1", "val/ants/2", "val/bees/2");
        assertEquals(List.of("val/ants/2.png", "val/bees/2.png"), names(PhotoFolder.scan(folder).split(0.2, 7).test()));
        folder = temp.resolve("folds");
        pictures("fold_1/ants/1", "fold_1/bees/1", "fold_2/ants/2", "fold_2/bees/2");
        PhotoFolder folds = PhotoFolder.scan(folder);
        assertEquals(List.of("ants", "bees"), folds.classNames());
        assertEquals(List.of(1L, 1L), ofEach(folds.split(0.5, 7).test()).subList(0, 2));
        assertTrue(folds.summary(folds.split(0.5, 7)).endsWith("None of them is for the test, so a share of each class is drawn."));
    }

    /** Photos to predict have no class, and one class may have been forgotten among those to train on. */
    @Test
    void aSplitMayLackClasses() throws IOException {
        pictures("seg_train/seg_train/sea/1", "seg_train/seg_train/ice/1", "seg_test/seg_test/sea/2", "seg_test/seg_test/fog/2", "seg_pred/seg_pred/3");
        PhotoFolder photos = PhotoFolder.scan(folder);
        assertEquals(List.of("fog", "ice", "sea"), photos.classNames());
        assertEquals(List.of("seg_test/seg_test/fog/2.png", "seg_test/seg_test/sea/2.png"), names(photos.split(0.2, 7).test()));
        assertEquals(List.of("seg_pred/seg_pred/3.png: not in a class folder"), skipped(photos));
        assertEquals(List.of("No photo to train on, only some for the test: \"fog\"."), photos.remarks());
    }

    @Test
    void photosBothToTrainOnAndForTheTestAreTold() throws IOException {
        picture("train/ants/1.png", "png", 2, 3);
        picture("train/bees/1.png", "png", 3, 3);
        picture("test/ants/1.png", "png", 2, 3);
        picture("test/bees/1.png", "png", 4, 3);
        assertEquals(List.of("So many photos of the test set are also among those to train on, which makes the test too easy: 1, such as "
                + "test/ants/1.png, train/ants/1.png."), PhotoFolder.scan(folder).remarks());
    }

    @Test
    void namesOfSplitsAreClassesBesideOthers() throws IOException {
        pictures("test/1", "shoe/1");
        assertEquals(List.of("shoe", "test"), PhotoFolder.scan(folder).classNames());
        assertEquals(List.of(), PhotoFolder.scan(folder).remarks());
        pictures("train/1");
        assertEquals(List.of("shoe", "test", "train"), PhotoFolder.scan(folder).classNames());
        assertEquals(List.of("Taken for classes, since other folders lie beside them, though they look like splits: test, train."),
                PhotoFolder.scan(folder).remarks());
    }

    @Test
    void whatStorageAddsIsPassedOverAndTold() throws IOException {
        pictures("cats/1", "dogs/1", "cats/@eaDir/1.png/SYNOPHOTO_THUMB_XL", "@eaDir/cats/SYNOPHOTO_THUMB_SM", "#recycle/cats/2", "Thumbs/1",
                "dogs/.@__thumb/1", "dogs/.ipynb_checkpoints/1-checkpoint");
        PhotoFolder photos = PhotoFolder.scan(folder);
        assertEquals(List.of("cats/1.png", "dogs/1.png"), names(photos.photos()));
        assertEquals(List.of("cats", "dogs"), photos.classNames());
        assertEquals(List.of(), photos.skipped());
        assertEquals(List.of("Passed over, as put there by storage or a gallery: 4 files in #recycle, @eaDir, Thumbs."), photos.remarks());
    }

    /** Of a name that says so; yet the content decides. */
    @Test
    void sidecarFilesAreNoFailures() throws IOException {
        pictures("cats/1", "dogs/1");
        for (String name : List.of("cats/1.json", "cats/1.XML", "dogs/1.txt", "dogs/labels.csv", "classes.txt")) {
            text(name);
        }
        picture("dogs/photo.txt", "png", 5, 5);
        PhotoFolder photos = PhotoFolder.scan(folder, 0.1);
        assertEquals(List.of("cats/1.png", "dogs/1.png", "dogs/photo.txt"), names(photos.photos()));
        assertEquals(List.of(), photos.skipped());
        assertEquals(List.of("Passed over, as no photos: 5 files such as 1.XML."), photos.remarks());
    }

    @Test
    void heavyImbalanceIsTold() throws IOException {
        picture("puma/1.png", "png", 50, 1);
        for (int i = 1; i <= 5; i++) {
            picture("adidas/" + i + ".png", "png", i, 2);
            picture("nike/" + i + ".png", "png", i, 3);
        }
        assertEquals(List.of(), PhotoFolder.scan(folder).remarks());
        picture("nike/6.png", "png", 6, 3);
        assertEquals(List.of("The classes are out of balance: \"nike\" has 6 photos, \"puma\" only 1."),
                PhotoFolder.scan(folder).remarks());
    }

    @Test
    void theSamePhotoInSeveralClassesIsTold() throws IOException {
        picture("nike/1.bmp", "bmp", 4, 4);
        picture("nike/again.bmp", "bmp", 4, 4);
        picture("puma/a/2.bmp", "bmp", 4, 4);
        picture("puma/same size.bmp", "bmp", 8, 2);
        picture("vans/within one.png", "png", 3, 3);
        picture("vans/class.png", "png", 3, 3);
        PhotoFolder photos = PhotoFolder.scan(folder);
        assertEquals(Files.size(folder.resolve("nike/1.bmp")), Files.size(folder.resolve("puma/same size.bmp")));
        assertEquals(List.of("The same photo lies in several classes: nike/1.bmp, nike/again.bmp, puma/a/2.bmp."),
                photos.remarks());
        assertEquals(6, photos.photos().size());
    }

    @Test
    void ofManyDuplicatesOnlySomeAreTold() throws IOException {
        List<String> told = new ArrayList<>();
        for (int i = 10; i < 23; i++) {
            picture("nike/" + i + ".png", "png", i, 1);
            picture("puma/" + i + ".png", "png", i, 1);
            told.add("The same photo lies in several classes: nike/" + i + ".png, puma/" + i + ".png.");
        }
        told.subList(10, 13).clear();
        told.add("So do 3 more photos.");
        assertEquals(told, PhotoFolder.scan(folder).remarks());
    }

    @Test
    void tooManySkippedFilesAreRefused() throws IOException {
        picture("nike/1.png", "png", 2, 2);
        picture("puma/1.png", "png", 2, 2);
        for (String name : List.of("nike/a.jpg", "nike/b.jpg", "puma/c.jpg")) {
            text(name);
        }
        Files.createFile(folder.resolve("puma/zero.jpg"));
        Files.createFile(folder.resolve("puma/nought.jpg"));
        Files.write(folder.resolve("puma/cut.jpg"), new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF});
        assertEquals(folder + ": 6 of 8 files had to be skipped (3 not an image, 2 empty file, "
                + "1 truncated or damaged JPEG). Replace or remove them, "
                + "or raise maxSkippedShare, now 0.5, in \"Settings\".",
                assertThrows(IOException.class, () -> PhotoFolder.scan(folder, 0.5)).getMessage());
        PhotoFolder photos = PhotoFolder.scan(folder, 0.75);
        assertEquals(photos, PhotoFolder.scan(folder));
        assertEquals(List.of(Map.entry("not an image", 3L), Map.entry("empty file", 2L),
                Map.entry("truncated or damaged JPEG", 1L)), List.copyOf(photos.reasons().entrySet()));
    }

    @Test
    void nothingNeedsToBeSkipped() throws IOException {
        picture("nike/1.png", "png", 2, 2);
        picture("puma/1.png", "png", 2, 3);
        assertEquals(Map.of(), PhotoFolder.scan(folder, 0).reasons());
    }

    @Test
    void noImagesAtAll() throws IOException {
        text("nike/a.jpg");
        text("puma/b.txt");
        assertEquals(folder + ": no readable photo among 2 files (a.jpg: not an image). "
                + "Put JPEG, PNG, GIF or BMP files there, in a folder for each class.", refusal());
    }

    @Test
    void anEmptyFolder() throws IOException {
        Files.createDirectories(folder);
        assertEquals(folder + ": no readable photo among 0 files. "
                + "Put JPEG, PNG, GIF or BMP files there, in a folder for each class.", refusal());
    }

    @Test
    void aMissingFolder() {
        assertEquals(folder + ": no such folder. Unzip the photos into it.", refusal());
    }

    @Test
    void onlyOneClass() throws IOException {
        String rest = "\". Each class needs a folder of its own, and there must be two at least.";
        picture("all/1.png", "png", 2, 2);
        assertEquals(folder.resolve("all") + ": only one class has readable photos, \"all" + rest, refusal());
        picture("cover.png", "png", 2, 2);
        assertEquals(folder + ": only one class has readable photos, \"all" + rest, refusal());
        text("nike/no.jpg");
        assertEquals(folder + ": only one class has readable photos, \"all" + rest, refusal());
    }

    @Test
    void aTableOfLabelsIsNamedWhereThereAreNoClasses() throws IOException {
        pictures("train/1", "train/2");
        text("labels.csv");
        assertEquals(folder.resolve("train") + ": only one class has readable photos, \"train\"; their labels are in labels.csv. "
                + "Each class needs a folder of its own, and there must be two at least.", refusal());
    }

    @Test
    @Timeout(60)
    void anInterruptStopsTheScanAndItsThreads() throws Exception {
        picture("nike/1.png", "png", 2, 2);
        picture("puma/1.png", "png", 2, 2);
        Thread.currentThread().interrupt();
        InterruptedIOException stopped = assertThrows(InterruptedIOException.class, () -> PhotoFolder.scan(folder));
        assertEquals(folder + ": reading the photos was stopped. Run the cell again.", stopped.getMessage());
        assertFalse(Thread.currentThread().isInterrupted());
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("photo-scan")) {
                assertTrue(thread.isDaemon());
                thread.join();
            }
        }
    }

    @Test
    void aShareOfEachClassIsKeptForTheTest() throws IOException {
        photosOfThreeClasses();
        PhotoFolder photos = PhotoFolder.scan(folder);
        PhotoFolder.Split split = photos.split(0.25, 7);
        assertEquals(List.of(2L, 1L, 0L), ofEach(split.test()));
        assertEquals(List.of(6L, 3L, 1L), ofEach(split.training()));
        assertEquals(photos.photos(), Stream.concat(split.training().stream(), split.test().stream())
                .sorted(Comparator.comparing(PhotoFolder.Photo::file)).toList(), "each photo is in one of the two");
        assertEquals(split.training().stream().sorted(Comparator.comparing(PhotoFolder.Photo::file)).toList(), split.training());
    }

    @Test
    void theTestSetIsTheSameForTheSameSeedOnly() throws IOException {
        photosOfThreeClasses();
        PhotoFolder photos = PhotoFolder.scan(folder);
        assertEquals(photos.split(0.5, 7), PhotoFolder.scan(folder).split(0.5, 7));
        assertNotEquals(photos.split(0.5, 7), photos.split(0.5, 8));
    }

    @Test
    void eachClassKeepsAPhotoToTrainOnAndWithoutAShareThereIsNoTest() throws IOException {
        photosOfThreeClasses();
        PhotoFolder photos = PhotoFolder.scan(folder);
        assertEquals(List.of(1L, 1L, 1L), ofEach(photos.split(0.999, 7).training()));
        assertEquals(new PhotoFolder.Split(photos.photos(), List.of()), photos.split(0, 7));
    }

    @Test
    void theSummaryCountsAndItsRemarksAreEscaped() throws IOException {
        for (int i = 1; i <= 6; i++) {
            picture("a&b/" + i + ".png", "png", i, 1);
        }
        picture("puma/1.png", "png", 2, 9);
        text("puma/notes.jpg");
        PhotoFolder photos = PhotoFolder.scan(folder);
        assertEquals("7 photos in 2 classes, 1 files set aside; 4 photos to train on, 3 to test on"
                + "<br>The classes are out of balance: \"a&amp;b\" has 6 photos, \"puma\" only 1.", photos.summary(photos.split(0.5, 7)));
    }

    @Test
    void whatWasSetAsideIsCountedByReasonAndTheFirstAreNamed() throws IOException {
        photosOfThreeClasses();
        assertEquals(List.of(), PhotoFolder.scan(folder).setAside(20));
        for (String name : List.of("nike/x.jpg", "nike/y.jpg", "puma/z.jpg")) {
            text(name);
        }
        Files.createFile(folder.resolve("nike/zero.jpg"));
        List<Table> tables = PhotoFolder.scan(folder).setAside(3);
        assertEquals(List.of("not an image", "empty file"), tables.get(0).stringColumn("reason").asList());
        assertEquals(List.of(3L, 1L), tables.get(0).longColumn("files").asList());
        assertEquals(List.of("nike/x.jpg", "nike/y.jpg", "nike/zero.jpg"), tables.get(1).stringColumn("file").asList());
        assertEquals(List.of("not an image", "not an image", "empty file"), tables.get(1).stringColumn("reason").asList());
    }

    @Test
    void theFirstPhotosOfTheFirstClassesAreShown() throws IOException {
        photosOfThreeClasses();
        Map<String, List<PhotoGrid.Tile>> rows = PhotoFolder.scan(folder).firstOfEach(2, 3);
        assertEquals(List.of("adidas", "nike"), List.copyOf(rows.keySet()));
        assertEquals(List.of("nike/0.png", "nike/1.png", "nike/2.png"), rows.get("nike").stream().map(tile -> name(tile.photo())).toList());
        assertEquals(3, PhotoFolder.scan(folder).firstOfEach(8, 6).size(), "as many classes as there are");
    }

    @Test
    void theTableHasARowForEachPhoto() throws IOException {
        picture("nike/1.png", "png", 30, 20);
        picture("puma/1.jpg", "jpg", 4, 5);
        Table table = PhotoFolder.scan(folder).table();
        assertEquals(List.of("nike", "puma"), table.stringColumn("class").asList());
        assertEquals(List.of("PNG", "JPEG"), table.stringColumn("format").asList());
        assertEquals(List.of(30, 4), table.intColumn("width").asList());
        assertEquals(List.of(20, 5), table.intColumn("height").asList());
        assertEquals(Files.size(folder.resolve("nike/1.png")) / 1000.0, table.doubleColumn("kB").get(0));
    }

    /** Of eight, four and one. */
    private void photosOfThreeClasses() throws IOException {
        for (int i = 0; i < 8; i++) {
            picture("adidas/" + i + ".png", "png", i + 1, 1);
            if (i < 4) {
                picture("nike/" + i + ".png", "png", i + 1, 2);
            }
        }
        picture("puma/0.png", "png", 1, 3);
    }

    private static List<Long> ofEach(List<PhotoFolder.Photo> photos) {
        return IntStream.range(0, 3).mapToObj(label -> photos.stream().filter(photo -> photo.label() == label).count()).toList();
    }

    private List<String> names(List<PhotoFolder.Photo> photos) {
        return photos.stream().map(photo -> name(photo.file())).toList();
    }

    private String refusal() {
        return assertThrows(IOException.class, () -> PhotoFolder.scan(folder)).getMessage();
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

    private void text(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "no image");
    }
}
