package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;
import tutorial.photos.PhotoDataset;
import tutorial.photos.PhotoFolder;
import tutorial.photos.PhotoSplit;
import tutorial.testing.MadeUp;

class PhotoReportTest {
    private static final List<PhotoFolder.Photo> PHOTOS = MadeUp.photosOf(0, 0, 0, 1, 1, 2, 2);

    @Test
    void theSummaryCountsAndItsRemarksAreEscaped() {
        PhotoFolder photos = photos(List.of(), List.of("\"a&b\" <odd>"));
        PhotoSplit split = new PhotoSplit(PHOTOS.subList(0, 4), PHOTOS.subList(4, 7), List.of("drawn"));
        assertEquals("7 photos in 3 classes, 0 files set aside; 4 photos to train on, 3 to test on<br>drawn<br>\"a&amp;b\" &lt;odd>",
                PhotoReport.summary(photos, split));
    }

    @Test
    void whatWasSetAsideIsCountedByReasonAndTheFirstAreNamed() {
        assertEquals(List.of(), PhotoReport.setAside(photos(List.of(), List.of()), 20));
        List<PhotoFolder.Skipped> skipped = Stream.of("a", "b", "c", "d").map(name -> new PhotoFolder.Skipped(
                Path.of("photos", "nike", name + ".jpg"), name.equals("b") ? "empty file" : "not an image")).toList();
        List<Table> tables = PhotoReport.setAside(photos(skipped, List.of()), 3);
        assertEquals(List.of("not an image", "empty file"), tables.get(0).stringColumn("reason").asList());
        assertEquals(List.of(3L, 1L), tables.get(0).longColumn("files").asList());
        assertEquals(List.of("nike/a.jpg", "nike/b.jpg", "nike/c.jpg"), tables.get(1).stringColumn("file").asList());
        assertEquals(List.of("not an image", "empty file", "not an image"), tables.get(1).stringColumn("reason").asList());
    }

    @Test
    void theFirstPhotosOfTheFirstClassesAreShown() {
        PhotoFolder photos = photos(List.of(), List.of());
        Map<String, List<PhotoGrid.Tile>> rows = PhotoReport.firstOfEach(photos, 2, 2);
        assertEquals(List.of("adidas", "nike"), new ArrayList<>(rows.keySet()));
        assertEquals(List.of(PHOTOS.get(3).file(), PHOTOS.get(4).file()), rows.get("nike").stream().map(PhotoGrid.Tile::photo).toList());
        assertEquals(2, rows.get("adidas").size());
        assertEquals(3, PhotoReport.firstOfEach(photos, 8, 6).size(), "as many classes as there are");
    }

    @Test
    void theCachesSizeAndWhatHelpsIfItIsTooLarge() {
        PhotoDataset photos = new PhotoDataset(MadeUp.photos(240), 1, null);
        String fits = PhotoReport.cache(photos, 224);
        assertTrue(fits.contains(" 36 MB"), fits);
        assertFalse(fits.contains("imageSize"), fits);
        String tooLarge = PhotoReport.cache(photos, 1_000_000);
        assertTrue(tooLarge.contains(" 720000000 MB") && tooLarge.contains("imageSize") && tooLarge.contains("\"Settings\""), tooLarge);
    }

    private static PhotoFolder photos(List<PhotoFolder.Skipped> skipped, List<String> remarks) {
        return new PhotoFolder(Path.of("photos"), List.of(), List.of("adidas", "nike", "puma"), PHOTOS, skipped, List.of(), List.of(), remarks);
    }
}
