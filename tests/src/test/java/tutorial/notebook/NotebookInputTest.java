package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipMethod;
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
        assertEquals(List.of("glass", "metal", "paper", "plastic"),
                answer.outputs().table("Photos per class").stream().map(row -> row.get("class")).toList());
        assertEquals("320", answer.outputs().table("This run").get(0).get("images"));
    }

    @Test
    void aMissingZipIsNamed() throws IOException {
        assertFails("dataZip = \"data/none.zip\";", "data/none.zip: no such file");
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
    void aCorruptZipIsNamedAndLeavesNothing() throws IOException {
        byte[] bytes = Files.readAllBytes(project.folder().resolve("data/sneakers.zip"));
        bytes[bytes.length / 2] ^= 0x55;
        Files.write(project.folder().resolve("data/corrupt.zip"), bytes);
        assertFails("dataZip = \"data/corrupt.zip\";", "data/corrupt.zip");
        assertEquals(List.of(), leftOvers("corrupt"));
    }

    @Test
    void anEntryThatEscapesTheFolderIsNamed() throws IOException {
        zip("escape.zip", "../outside.jpg", "x".getBytes(StandardCharsets.UTF_8));
        assertFails("dataZip = \"data/escape.zip\";", "../outside.jpg");
        assertFalse(Files.exists(project.folder().resolve("outside.jpg")));
        assertEquals(List.of(), leftOvers("escape"));
    }

    @Test
    void oneClassAloneIsRefused() throws IOException {
        byte[] photo = onePhoto();
        zip("one.zip", "only/a.jpg", photo, "only/b.jpg", photo);
        assertFails("batchSize = 1; dataZip = \"data/one.zip\";", "only");
    }

    @Test
    void aTextNamedJpgIsSetAsideAndListed() throws IOException {
        byte[] photo = onePhoto();
        zip("text.zip", "a/a.jpg", photo, "b/b.jpg", photo, "b/note.jpg", "not a photo".getBytes(StandardCharsets.UTF_8));
        Kernel.Answer answer = with("batchSize = 1; dataZip = \"data/text.zip\";", "settings-main", "photos-table").orFail();
        assertEquals(Map.of("reason", "not an image", "files", "1"), answer.outputs().table("Files set aside").get(0));
        assertTrue(answer.outputs().table("The first of them").get(0).get("file").endsWith("note.jpg"));
        assertTrue(answer.words().contains("The same photo lies in several classes: a/a.jpg, b/b.jpg."), answer.words());
        assertFails("batchSize = 1; maxSkippedShare = 0.1; dataZip = \"data/text.zip\";",
                "1 of 3 files had to be skipped (1 not an image). Replace or remove them, or raise maxSkippedShare");
    }

    /** By Deflate64 too, for which the notebook has to load a library more. */
    @Test
    void namesInAnUnknownEncodingStayApartAndThePageSaysSo() throws IOException {
        byte[] photo = onePhoto();
        Deflater deflater = new Deflater(1, true);
        deflater.setStrategy(Deflater.HUFFMAN_ONLY);        // without repeats, Deflate and Deflate64 are the same
        CRC32 sum = new CRC32();
        sum.update(photo);
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(project.folder().resolve("data/japan.zip"))) {
            zip.setEncoding("Shift_JIS");
            zip.setUseLanguageEncodingFlag(false);
            for (String name : List.of("ソックス/1.jpg", "ソール/2.jpg")) {
                ZipArchiveEntry entry = new ZipArchiveEntry(name);
                entry.setMethod(ZipMethod.ENHANCED_DEFLATED.getCode());
                entry.setSize(photo.length);
                entry.setCrc(sum.getValue());
                deflater.reset();
                byte[] compressed = new DeflaterInputStream(new ByteArrayInputStream(photo), deflater).readAllBytes();
                entry.setCompressedSize(compressed.length);
                zip.addRawArchiveEntry(entry, new ByteArrayInputStream(compressed));
            }
        }
        Kernel.Answer answer = with("batchSize = 1; dataZip = \"data/japan.zip\";", "settings-main", "photos-grid").orFail();
        assertEquals(Set.of("â＼âbâNâX", "â＼ü[âï"), answer.outputs().table("Photos per class").stream().map(row -> row.get("class"))
                .collect(Collectors.toSet()));
        assertTrue(answer.words().contains("data/japan.zip: the encoding of its file names is unknown"), answer.words());
    }

    @Test
    void splitsArePutTogetherAndThePageSaysSo() throws IOException {
        byte[] photo = onePhoto();
        zip("splits.zip", "set/train/ants/a.jpg", photo, "set/train/bees/b.jpg", photo, "set/val/ants/c.jpg", photo, "set/val/bees/d.jpg", photo);
        Kernel.Answer answer = with("batchSize = 1; dataZip = \"data/splits.zip\";", "settings-main", "photos-grid").orFail();
        assertEquals(List.of("ants", "bees"), answer.outputs().table("Photos per class").stream().map(row -> row.get("class")).toList());
        assertTrue(answer.words().contains("2 photos to train on, 2 to test on train/ and val/ are splits, not classes: their photos are put "
                + "together. Those in val/ are the test set; no share is drawn."), answer.words());
        zip("csv.zip", "train/a.jpg", photo, "test/b.jpg", photo, "labels.csv", "id,class".getBytes(StandardCharsets.UTF_8));
        assertFails("batchSize = 1; dataZip = \"data/csv.zip\";", "the photos lie in test/ and train/ without a folder for each class; "
                + "their labels are in labels.csv. Move each photo into a folder");
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
        List<String> shown = answer.outputs().table("Accuracy on photos trained on, %, of the first 20 of 500 classes").stream().map(row -> row.get("class")).toList();
        assertTrue(shown.containsAll(names.subList(0, 4)), shown.toString());
        assertTrue(answer.outputs().pictures().stream().anyMatch(picture -> picture.alt().contains(": of 500 classes the 20 most often mistaken for each other. Of the others' 480 photos ")));
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
        Kernel.Answer answer = with(QUICK + "dataZip = \"data/diverging.zip\"; learningRate = 100f; batchSize = 2; epochs = 3;", "settings-main", null).orFail();
        assertTrue(answer.words().matches("(?s).*The training diverged: its loss went from [0-9.]+ to NaN\\. Set a lower learningRate in \"Settings\"\\..*"), answer.words());
        assertEquals("", answer.outputs().table("This run").get(0).get("loss"));
        assertTrue(answer.words().contains("The network is not saved, since its training diverged"), answer.words());
        assertTrue(answer.words().contains("Written to "), answer.words());
        List<String> pictures = answer.outputs().pictures().stream().map(Outputs.Picture::alt).toList();
        assertTrue(pictures.stream().anyMatch(alt -> alt.startsWith("The training diverged: its loss went from ")), pictures.toString());
        assertTrue(pictures.stream().anyMatch(alt -> alt.startsWith("This is no class: the scores are no numbers")), pictures.toString());
        assertTrue(pictures.stream().noneMatch(alt -> alt.contains("cannot be drawn")), pictures.toString());
    }

    /** The cell that checks them hands on each under its own name; SettingsTest has what else is refused. */
    @Test
    void aBadSettingIsRefusedByItsName() throws IOException {
        Map<String, String> refused = new TreeMap<>(Map.of("dataZip", "null", "maxUnzippedGB", "0", "maxSkippedShare", "2", "heldOut", "Double.NaN",
                "learningRate", "0", "momentum", "1", "seed", "Long.MAX_VALUE", "secondDevice", "\"tpu\"", "layout", "\"CHWN\"",
                "pricePerHour", "Map.of(\"CPU\", 1.0)"));
        refused.putAll(Map.of("dataLoading", "\"piped\"", "resultsFolder", "\" \"", "modelsFolder", "null"));
        for (String number : List.of("epochs", "batchSize", "imageSize", "decoders", "warmUpSteps", "partSteps", "stepsPerReading", "sweepSeconds")) {
            refused.put(number, "-7");
        }
        StringBuilder code = new StringBuilder();
        with(QUICK, "settings-main", "photos-read").orFail();
        refused.forEach((name, value) -> code.append("""
                { var before = NAME; NAME = VALUE;
                  try { settings(); System.out.println("NAME was not refused"); }
                  catch (IllegalArgumentException e) { System.out.println(e.getMessage()); }
                  NAME = before; }
                """.replace("NAME", name).replace("VALUE", value)));
        List<String> messages = kernel.execute(code + "show(settings().inWords());").orFail().outputs().messages().stream()
                .filter(message -> message.has("text")).flatMap(message -> Outputs.text(message.get("text")).lines()).toList();
        assertEquals(refused.size(), messages.size(), messages.toString());
        int line = 0;
        for (String name : refused.keySet()) {
            assertTrue(messages.get(line).matches(name + " = .*: must be .*"), name + ": " + messages.get(line));
            line++;
        }
    }

    @Test
    void aBadSettingEndsTheRunInOneLine() throws IOException {
        assertFails("epochs = 2000000000;", "epochs = 2000000000: must be a whole number from 1 to 10000");
        assertFails("batchSize = 193;", "batchSize = 193: must be at most 192, since data/sneakers.zip has only 192");
        assertFails("dataLoading = \"piped\";", "dataLoading = \"piped\": must be one of ");
        with(QUICK, "settings-main", "photos-read").orFail();
    }

    @Test
    void aGpuThatIsNotThereIsTold() throws IOException {
        Kernel.Answer answer = with(QUICK + "secondDevice = \"gpu99\";", "settings-main", "clock-surprise").orFail();
        assertTrue(answer.words().contains("There is no second device."), answer.words());
    }

    private List<String> leftOvers(String name) throws IOException {
        try (Stream<Path> files = Files.list(project.folder().resolve("data"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.contains(name) && !file.equals(name + ".zip")).toList();
        }
    }
}
