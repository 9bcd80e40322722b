package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tutorial.page.Picture;
import tutorial.testing.Kernel;
import tutorial.testing.Outputs;
import tutorial.testing.Project;

/** What a person brings: zips, photos, settings, good and bad. */
class NotebookInputTest extends LiveNotebook {
    @Test
    void realPhotosRunThrough() throws IOException {
        Path photos = Project.SHARED_DATA.resolve("recycling.zip");
        assumeTrue(Files.exists(photos), "no shared/data/recycling.zip beside the project");
        Kernel.Answer answer = with(QUICK + "dataZip = \"" + photos + "\";", "settings-main", null).orFail();
        assertEquals(List.of("glass", "metal", "paper", "plastic"), answer.outputs().column("Photos per class", "class"));
        assertEquals("320", answer.outputs().table("This run").get(0).get("images"));
    }

    @Test
    void aFileThatIsNoZipIsNamedAndLeavesNothingAndTheNextRunHeals() throws IOException {
        Path zip = project.folder().resolve("data/mine.zip");
        Files.writeString(zip, "<html>not found</html>");
        assertFails("dataZip = \"data/mine.zip\";", "data/mine.zip: is not a zip archive");
        assertEquals(List.of(), leftOvers("mine"));
        Files.copy(project.folder().resolve("data/sneakers.zip"), zip, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        with(QUICK + "dataZip = \"data/mine.zip\";", "settings-main", "photos-table").orFail();
    }

    @Test
    void aTextNamedJpgIsSetAsideAndListed() throws IOException {
        byte[] photo = onePhoto();
        zip("text.zip", "a/a.jpg", photo, "b/b.jpg", photo, "b/note.jpg", "not a photo".getBytes(StandardCharsets.UTF_8));
        Kernel.Answer answer = with("batchSize = 1; dataZip = \"data/text.zip\";", "settings-main", "photos-table").orFail();
        assertEquals(Map.of("reason", "not an image", "files", "1"), answer.outputs().table("Files set aside").get(0));
        assertTrue(answer.outputs().table("The first of them").get(0).get("file").endsWith("note.jpg"));
        answer.says("a/a.jpg, b/b.jpg");
        assertFails("batchSize = 1; maxSkippedShare = 0.1; dataZip = \"data/text.zip\";", "1 of 3 files", "raise maxSkippedShare");
    }

    @Test
    void splitsArePutTogetherAndThePageSaysSo() throws IOException {
        byte[] photo = onePhoto();
        zip("splits.zip", "set/train/ants/a.jpg", photo, "set/train/bees/b.jpg", photo,
                "set/val/ants/c.jpg", photo, "set/val/bees/d.jpg", photo);
        Kernel.Answer answer = with("batchSize = 1; dataZip = \"data/splits.zip\";", "settings-main", "loading-rate").orFail();
        assertEquals(List.of("ants", "bees"), answer.outputs().column("Photos per class", "class"));
        answer.says("2 photos to train on, 2 to test on", "train/ and val/ are splits", "val/ are the test set");
    }

    @Test
    void fiveHundredClassesOfAnyNamesAndOnePhotoEachRunThrough() throws IOException {
        List<String> names = List.of("&amp;", "<b>x", "<script>alert(1)", "all", "mean", "total", "w".repeat(200), "👟", "靴");
        byte[] photo = onePhoto();
        Object[] files = new Object[2 * 500];
        for (int i = 0; i < files.length; i += 2) {
            files[i] = (i / 2 < names.size() ? names.get(i / 2) : "class " + i / 2) + "/photo.jpg";
            files[i + 1] = photo;
        }
        zip("classes.zip", files);
        Kernel.Answer answer = with(QUICK + "dataZip = \"data/classes.zip\";", "settings-main", null).orFail();
        assertEquals("500", answer.outputs().table("This run").get(0).get("images"));
        for (Outputs.Picture picture : answer.outputs().pictures()) {
            assertTrue(picture.height() > 0 && picture.height() <= 1600, picture.height() + " pixels high: " + picture.alt());
            assertFalse(picture.alt().contains("cannot be drawn"), picture.alt());
        }
        List<String> shown = answer.outputs().column("Accuracy on photos trained on, %, of the first 20 of 500 classes", "class");
        assertTrue(shown.containsAll(names.subList(0, 4)), shown.toString());
        assertTrue(answer.outputs().pictures().stream().map(Outputs.Picture::alt).anyMatch(alt -> alt.contains("of 500 classes the 20 ")));
    }

    /** A loss that is no number is told with its remedy, and the page comes to its end. */
    @Test
    void aTrainingThatDivergesIsToldAndAllElseIsShown() throws IOException {
        byte[] photo = onePhoto();
        Object[] files = new Object[2 * 16];
        for (int i = 0; i < files.length; i += 2) {
            files[i] = "class " + i % 4 + "/" + i + ".jpg";
            files[i + 1] = photo;
        }
        zip("diverging.zip", files);
        String settings = QUICK + "dataZip = \"data/diverging.zip\"; learningRate = 100f; batchSize = 2; epochs = 3;";
        Kernel.Answer answer = with(settings, "settings-main", null);
        answer.says("The training diverged", "to NaN", "lower learningRate in \"Settings\"", "The network is not saved", "Written to ");
        assertEquals("", answer.outputs().table("This run").get(0).get("loss"));
        String pictures = answer.outputs().pictures().stream().map(Outputs.Picture::alt).collect(Collectors.joining("\n"));
        assertTrue(pictures.contains("The training diverged") && pictures.contains("the scores are no numbers"), pictures);
        assertFalse(pictures.contains("cannot be drawn"), pictures);
    }

    @Test
    void aBadSettingEndsTheRunInOneLine() throws IOException {
        assertFails("epochs = 2000000000;", "epochs = 2000000000: ", "from 1 to 10000");
        assertFails("batchSize = 193;", "batchSize = 193: ", "at most 192", "data/sneakers.zip");
        with(QUICK, "settings-main", "photos-read").orFail();
    }

    @Test
    void aGpuThatIsNotThereIsTold() throws IOException {
        with(QUICK + "secondDevice = \"gpu99\";", "settings-main", "clock-rate").says("There is no second device.");
    }

    private List<String> leftOvers(String name) throws IOException {
        try (Stream<Path> files = Files.list(project.folder().resolve("data"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.contains(name) && !file.equals(name + ".zip")).toList();
        }
    }
}
