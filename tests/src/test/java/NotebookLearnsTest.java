import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Where the weights come from, what is held out, and what the trained network answers. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NotebookLearnsTest extends LiveNotebook {
    @Test
    void withoutANetworkTrainingBeginsWithRandomWeights() throws IOException {
        with(QUICK + "pretrained = true;", "parameters", "model-imagenet-fetch").orFail();
        String nowhere = notebook.cell("model-imagenet-fetch").source().replace("https://huggingface.co", "http://127.0.0.1:1");
        Kernel.Answer answer = kernel.execute(nowhere).orFail();
        assertTrue(answer.words().contains("Training begins with random weights, since ImageNet's could not be fetched. http://127.0.0.1:1/"), answer.words());
        assertTrue(answer.words().contains("Timings stay the same without it, accuracy does not."), answer.words());
        assertEquals("Training begins with random weights.", kernel.execute(notebook.cell("model-weights").source()).words().strip());
    }

    /** The cells from the settings to the weights, with a file in the place of ImageNet's; then the same with a page saved under its name. */
    @Test
    void aLocalFileIsTakenForImageNetsWeightsAndABadOneIsNamed() throws IOException {
        kernel.execute(definitions("reference_check.java")).orFail();
        kernel.execute(definitions("imagenet_check.java")).orFail();
        Path file = project.folder().resolve("data/resnet18.tv_in1k.safetensors");
        with(QUICK, "parameters", "model-imagenet-fetch").orFail();
        kernel.execute("ImageNetCheck.write(Path.of(\"" + file + "\"), \"F32\", (List<Map<String, Object>>) new com.google.gson.Gson().fromJson("
                + "Files.readString(Path.of(\"" + Project.SOURCE.resolve("tests/src/test/resources/resnet18_reference.json") + "\")), Map.class).get(\"tensors_in_order\"));");
        Kernel.Answer answer = with(QUICK + "pretrained = true;", "parameters", "model-table").orFail();
        assertTrue(answer.words().contains("Training begins with ImageNet's weights."), answer.words());
        Files.writeString(file, "<!DOCTYPE html><html><body>Not found</body></html>");
        Kernel.Answer page = with(QUICK + "pretrained = true;", "parameters", "model-table");
        assertTrue(page.outputs().error().contains("data/resnet18.tv_in1k.safetensors: is a web page (HTML), not a safetensors file. Delete it"), page.outputs().error());
        Files.delete(file);
    }

    /** In a new kernel, which has only run the cells that a network needs; the model is the one that the first run saved. */
    @Test
    @Order(1)   // while the first run still stands
    void aSavedModelAnswersAlikeInAnotherKernel() throws IOException {
        haveRun();
        String ask = notebook.cell("learn-load").source().replaceAll("(?m)^.*before: .*$", "").replace("myPhoto", "photos.photos().get(0).file()");
        String here = kernel.execute(ask).words();
        try (Kernel fresh = project.kernel()) {
            List<Notebook.Cell> cells = notebook.codeCells();
            Kernel.Answer ready = fresh.runAll(notebook.codeCellsUntil("model-initialise"), QUICK).orFail();
            fresh.execute(notebook.cell("learn-translator").source());
            fresh.execute(notebook.cell("learn-answer").source());
            Kernel.Answer there = fresh.execute(ask);
            assertTrue(here.contains(", saved and loaded: ") && here.equals(there.words()), here + there.words() + there.outputs().error());
        }
    }

    /** No gradient is recorded, and a photo's answer does not depend on the others that are asked about. */
    @Test
    @Order(1)   // while the first run still stands
    void askingIsNotTraining() throws IOException {
        haveRun();
        Kernel.Answer answer = kernel.execute("""
                byte[] before = learned.get(lastLeg).clone();
                var one = classify(Device.cpu(), learned.get(lastLeg), List.of(myPhoto)).get(0).getProbabilities();
                var amongOthers = classify(Device.cpu(), learned.get(lastLeg), paths.subList(0, 7)).get(0).getProbabilities();
                double difference = IntStream.range(0, classCount).mapToDouble(i -> Math.abs(one.get(i) - amongOthers.get(i))).max().getAsDouble();
                System.out.println(JniUtils.isGradMode() + " " + (difference < 1e-5) + " " + Arrays.equals(before, learned.get(lastLeg)));""");
        assertEquals("false true true", answer.words().strip(), answer.outputs().error());
    }

    @Test
    void whatIsHeldOutIsAShareOfEachClassAndTheSameForTheSameSeed() throws IOException {
        String split = notebook.cell("data-split").source();
        Kernel.Answer answer = kernel.execute("""
                heldOut = 0.25;
                SPLIT
                var first = List.copyOf(testPhotos);
                var each = first.stream().collect(Collectors.groupingBy(photo -> photo.label(), Collectors.counting())).values();
                SPLIT
                System.out.println(each + " " + first.equals(testPhotos) + " " + Collections.disjoint(testPhotos, trainingPhotos) + " " + trainingPhotos.size());
                heldOut = 0;
                SPLIT""".replace("SPLIT", split));
        assertTrue(answer.words().contains("[15, 15, 15, 15] true true 180"), answer.words() + answer.outputs().error());
        assertTrue(answer.words().strip().endsWith("240 photos to train on, 0 to test on"), answer.words());
    }

    @Test
    void withNothingHeldOutTheNetworkIsAskedAboutWhatItWasTrainedOn() throws IOException {
        Kernel.Answer answer = with(QUICK + "heldOut = 0;", "parameters", null).orFail();
        assertTrue(answer.words().contains("Asked about 240 photos that were trained on"), answer.words());
        assertEquals("", answer.outputs().table("Outcome").get(0).get("held-out accuracy, %"));
    }

    @Test
    @Order(1)   // while the first run still stands
    void aPhotoOfOnesOwnThatIsNotThereIsNamed() throws IOException {
        haveRun();
        String own = notebook.cell("learn-own").source();
        Kernel.Answer answer = kernel.execute(own.replace("paths.get(0)", "Path.of(\"none.jpg\")"));
        assertTrue(answer.outputs().error().endsWith("none.jpg: no such file. Give the path of a photo."), answer.outputs().error());
        kernel.execute(own).orFail();
    }

    @Test
    @Order(1)   // while the first run still stands
    void aModelsFolderThatCannotBeWrittenIsNamed() throws IOException {
        Files.writeString(project.folder().resolve("taken"), "");
        haveRun();
        kernel.execute("modelsFolder = \"taken/models\";");
        String save = notebook.cell("learn-save").source();
        Kernel.Answer answer = kernel.execute(save);
        assertTrue(answer.outputs().error().contains("taken/models: the model cannot be saved (") && answer.outputs().error().contains("set modelsFolder"), answer.outputs().error());
        kernel.execute("modelsFolder = \"models\";\n" + save).orFail();
    }
}
