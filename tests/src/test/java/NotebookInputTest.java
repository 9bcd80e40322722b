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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a person brings: zips, photos, settings, good and bad. */
class NotebookInputTest extends LiveNotebook {
    @Test
    void realPhotosRunThrough() throws IOException {
        Path photos = Project.SHARED_DATA.resolve("recycling.zip");
        assumeTrue(Files.exists(photos), "no shared/data/recycling.zip beside the project");
        Kernel.Answer answer = with(QUICK + "dataZip = \"" + photos + "\";", "parameters", null).orFail();
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
        with(QUICK + "dataZip = \"data/mine.zip\";", "parameters", "data-table").orFail();
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
        Kernel.Answer answer = with("batchSize = 1; dataZip = \"data/text.zip\";", "parameters", "data-table").orFail();
        assertEquals(Map.of("reason", "not an image", "files", "1"), answer.outputs().table("Files set aside").get(0));
        assertTrue(answer.outputs().table("The first of them").get(0).get("file").endsWith("note.jpg"));
        assertTrue(answer.words().contains("The same photo lies in several classes: a/a.jpg, b/b.jpg."), answer.words());
        assertFails("batchSize = 1; maxSkippedShare = 0.1; dataZip = \"data/text.zip\";",
                "1 of 3 files had to be skipped (1 not an image). Replace or remove them, or raise maxSkippedShare");
    }

    @Test
    void fiveHundredClassesOfOnePhotoEachRunThrough() throws IOException {
        byte[] photo = onePhoto();
        Object[] files = new Object[2 * 500];
        for (int i = 0; i < files.length; i += 2) {
            files[i] = "class " + i / 2 + "/photo.jpg";
            files[i + 1] = photo;
        }
        zip("classes.zip", files);
        Kernel.Answer answer = with(QUICK + "dataZip = \"data/classes.zip\";", "parameters", null).orFail();
        assertEquals("500", answer.outputs().table("This run").get(0).get("images"));
        for (var chart : answer.outputs().images()) {
            assertTrue(chart.getHeight() <= 1600, "a chart is " + chart.getHeight() + " pixels high");
        }
    }

    @Test
    void badSettingsAreRefusedByName() throws IOException {
        kernel.execute("void checkSettings() {\n" + notebook.cell("settings-check").source() + "\n}").orFail();
        for (String bad : List.of("epochs = 0", "epochs = -1", "epochs = 2000000000", "batchSize = 0", "batchSize = -32",
                "batchSize = 2000000000", "imageSize = 0", "imageSize = -224", "imageSize = 32", "imageSize = 2000000000",
                "decoders = 0", "decoders = -1", "decoders = 2000000000", "warmUpSteps = -1", "warmUpSteps = 2000000000",
                "partSteps = 0", "stepsPerReading = 0", "sweepSeconds = -1", "sweepSeconds = 2000000000")) {
            assertRefuses(bad + ";", bad + ": must be");
        }
        for (String bad : List.of("0.0", "-1.0", "NaN", "Infinity", "1.0E9")) {
            assertRefuses("learningRate = Float.parseFloat(\"" + bad + "\");", "learningRate = " + bad + ": must be");
        }
        for (String bad : List.of("1.0", "-0.1", "NaN", "Infinity")) {
            assertRefuses("momentum = Float.parseFloat(\"" + bad + "\");", "momentum = " + bad);
            assertRefuses("heldOut = Double.parseDouble(\"" + bad + "\");", "heldOut = " + bad);
        }
        assertRefuses("seed = Long.MAX_VALUE;", "seed = 9223372036854775807: must be");
        assertRefuses("dataZip = \"\";", "dataZip = \"\": must be given");
        assertRefuses("dataZip = null;", "dataZip = \"null\": must be given");
        assertRefuses("resultsFolder = \" \";", "resultsFolder = \" \": must be given");
        assertRefuses("modelsFolder = null;", "modelsFolder = \"null\": must be given");
        assertRefuses("secondDevice = null;", "secondDevice = \"null\": must be");
        assertFails("batchSize = 193;", "batchSize = 193: must be at most 192, since data/sneakers.zip has only 192 photos to train on");
        assertRefuses("secondDevice = \"tpu\";", "secondDevice = \"tpu\": must be");
        assertRefuses("feeding = \"piped\";", "feeding = \"piped\": must be one of \"streamed\", \"prepared\", \"both\"");
        assertRefuses("layout = \"CHWN\";", "layout = \"CHWN\": must be one of \"faster\", \"NHWC\", \"NCHW\"");
        assertRefuses("pricePerHour = Map.of(\"CPU\", 1.0);", "pricePerHour.get(\"GPU\") = null: must be");
    }

    @Test
    void aGpuThatIsNotThereIsTold() throws IOException {
        Kernel.Answer answer = with(QUICK + "secondDevice = \"gpu99\";", "parameters", "train-step").orFail();
        assertTrue(answer.words().contains("There is no second device."), answer.words());
    }

    /** By the cell that checks the settings alone; afterwards the setting is again what the notebook has. */
    private void assertRefuses(String setting, String message) throws IOException {
        Kernel.Answer answer = kernel.execute(setting + "\ncheckSettings();");
        assertFalse(answer.ok(), () -> setting + " was not refused");
        assertTrue(answer.outputs().error().contains(message), answer.outputs().error());
        assertEquals(1, answer.outputs().error().lines().count(), answer.outputs().error());
        String name = setting.substring(0, setting.indexOf(" = "));
        Matcher line = Pattern.compile("(?m)^[\\w<>, ]+ (" + name + " = .*?;) ").matcher(notebook.cell("parameters").source());
        assertTrue(line.find(), name);
        kernel.execute(line.group(1));
    }

    private List<String> leftOvers(String name) throws IOException {
        try (Stream<Path> files = Files.list(project.folder().resolve("data"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.contains(name) && !Set.of(name + ".zip", "." + name + ".lock").contains(file)).toList();
        }
    }
}
