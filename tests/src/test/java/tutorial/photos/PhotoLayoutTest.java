package tutorial.photos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layouts of public data sets, each with a file or two. */
class PhotoLayoutTest {
    @TempDir
    private Path temp;

    @ParameterizedTest
    @CsvSource({"train, val", "Train, Test", "training, testing", "training_set, test_set", "seg_train, seg_test", "train, dev",
            "images_train, images_test", "train, valid", "training, validation", "fold1, fold2", "Fold 1, Fold 10", "trainset, testset", "train, test1"})
    void splits(String one, String other) throws IOException {
        files(one + "/ants/1.jpg", one + "/bees/1.jpg", other + "/ants/2.jpg", other + "/bees/2.jpg");
        PhotoLayout layout = layout();
        assertEquals(2, layout.splits().size());
        assertEquals("ants", layout.className(temp.resolve(one + "/ants/1.jpg")));
        assertEquals("bees", layout.className(temp.resolve(other + "/bees/2.jpg")));
    }

    @ParameterizedTest
    @CsvSource({"test, shoe", "train, bus", "contest, latest", "valid, invalid", "fold, unfold", "brain, train", "seg, data",
            "labels, tags", "mask, no mask", "test1, test2"})
    void classes(String one, String other) throws IOException {
        files(one + "/in here/1.jpg", other + "/in here/1.jpg", one + "/and here/1.jpg");
        PhotoLayout layout = layout();
        assertEquals(temp, layout.root().path());
        assertEquals(List.of(), layout.splits());
        assertEquals(List.of(layout.root()), layout.classRoots());
        assertEquals(one, layout.className(temp.resolve(one + "/in here/1.jpg")));
    }

    @Test
    void splitsInsideOtherFoldersWithTextsBeside() throws IOException {
        files("data/hymenoptera/train/train/ants/1.jpg", "data/hymenoptera/train/train/bees/1.jpg", "data/hymenoptera/val/ants/2.jpg",
                "data/hymenoptera/annotations/1.xml", "data/README.txt", "__MACOSX/data/._1.jpg", "@eaDir/1.jpg");
        PhotoLayout layout = layout();
        Path root = temp.resolve("data/hymenoptera");
        assertEquals(root, layout.root().path());
        assertEquals(List.of("train", "val"), layout.splits().stream().map(Folder::name).toList());
        assertEquals(List.of(root.resolve("train/train"), root.resolve("val")), layout.classRoots().stream().map(Folder::path).toList());
        assertEquals("bees", layout.className(root.resolve("train/train/bees/1.jpg")));
    }

    @Test
    void classesBesideAnnotationsThatAreNoImages() throws IOException {
        files("images/001.albatross/1.jpg", "images/002.auklet/1.jpg", "annotations/001.albatross/1.xml", "classes.txt");
        assertEquals(temp.resolve("images"), layout().root().path());
    }

    @Test
    void splitsWithoutClassesAreRefused() throws IOException {
        files("train/1.jpg", "train/2.jpg", "test/3.jpg");
        assertRefused(temp, "test/ and train/", "without a folder for each class. Move", "train/CLASS/1.jpg", "data/README.md");
        files("sample_submission.csv", "labels.csv");
        assertRefused(temp, "test/ and train/", "their labels are in labels.csv", "train/CLASS/1.jpg", "data/README.md");
    }

    @Test
    void splitsBesideOtherFoldersWithTheSameClassesAreRefused() throws IOException {
        files("chest/train/ill/1.jpg", "chest/train/well/2.jpg", "chest/test/ill/3.jpg", "chest/test/well/4.jpg",
                "chest/more/ill/1.jpg", "chest/more/well/1.jpg");
        assertRefused(temp.resolve("chest"), "test/ and train/", "(ill, well)", "more/ beside them", "Zip the splits alone");
    }

    @Test
    void splitsInSplitsAreRefused() throws IOException {
        files("fold_1/train/ants/1.jpg", "fold_1/test/ants/2.jpg", "fold_2/train/ants/2.jpg", "fold_2/test/ants/1.jpg");
        assertRefused(temp, "fold_1/ and fold_2/", "in fold_1/ there are splits again: test/ and train/", "zip one of them alone");
    }

    @ParameterizedTest
    @CsvSource({"'', images, masks, png", "'', JPEGImages, SegmentationMasks, png", "'', images, labels, txt", "'', img, annotations, xml",
            "train/, images, labels, txt", "covid/, images, masks, png"})
    void imagesBesideMasksAreRefused(String in, String images, String masks, String type) throws IOException {
        files(in + images + "/1.jpg", in + masks + "/1." + type,
                in.isEmpty() ? "a.txt" : in.equals("train/") ? "val/images/2.jpg" : "normal/images/2.jpg");
        assertRefused(temp.resolve(in), masks + "/ beside " + images + "/", "name no class", "Zip the photos alone");
    }

    @Test
    void splitsBesideMasksAreRefused() throws IOException {
        files("train/good/1.png", "test/good/2.png", "test/broken/3.png", "ground_truth/broken/3_mask.png");
        assertRefused(temp, "ground_truth/ beside test/ and train/", "name no class", "Zip the photos alone");
    }

    private PhotoLayout layout() throws IOException {
        return PhotoLayout.of(Folder.read(temp));
    }

    private void assertRefused(Path named, String... parts) {
        String message = assertThrows(IOException.class, this::layout).getMessage();
        assertTrue(message.startsWith(Path.of(named.toString()) + ": "), message);
        for (String part : parts) {
            assertTrue(message.contains(part), message + " has not: " + part);
        }
    }

    private void files(String... names) throws IOException {
        for (String name : names) {
            Files.createDirectories(temp.resolve(name).getParent());
            Files.writeString(temp.resolve(name), name);
        }
    }
}
