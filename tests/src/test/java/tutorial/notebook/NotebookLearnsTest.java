package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tutorial.testing.Kernel;
import tutorial.testing.Notebook;
import tutorial.testing.Project;

/** Where the weights come from, what is kept for the test, and what the trained network predicts. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NotebookLearnsTest extends LiveNotebook {
    /** Nothing listens there. */
    private static final String WITHOUT_A_NETWORK = """
            System.setProperty("https.proxyHost", "127.0.0.1");
            System.setProperty("https.proxyPort", "1");""";
    private static final String WITH_A_NETWORK = """
            System.clearProperty("https.proxyHost");
            System.clearProperty("https.proxyPort");""";

    @Test
    void withoutANetworkTrainingBeginsWithRandomWeights() throws IOException {
        kernel.execute(WITHOUT_A_NETWORK);
        Kernel.Answer answer = withImageNet();
        kernel.execute(WITH_A_NETWORK);
        String said = answer.orFail().words();
        assertAll(
                () -> assertTrue(said.contains("Training begins with random weights, since ImageNet's could not be fetched. https://huggingface.co/"), said),
                () -> assertTrue(said.contains("Timings stay the same without it, accuracy does not."), said),
                () -> assertEquals("null true", kernel.execute("System.out.println(imageNet + \" \" + Arrays.equals(weights, "
                        + "Weights.initial(resnet18(classCount), input, seed, null)));").words().strip()));
    }

    /** The cells of the settings and of the weights, with a file in the place of ImageNet's; then the same with a page saved under its name. */
    @Test
    void aLocalFileIsTakenForImageNetsWeightsAndABadOneIsNamed() throws IOException {
        kernel.execute(definitions("reference_check.java")).orFail();
        kernel.execute(definitions("imagenet_check.java")).orFail();
        Path file = project.folder().resolve("data/resnet18.tv_in1k.safetensors");
        kernel.execute("ImageNetCheck.write(Path.of(\"" + file + "\"), \"F32\", (List<Map<String, Object>>) new com.google.gson.Gson().fromJson("
                + "Files.readString(Path.of(\"" + Project.SOURCE.resolve("tests/src/test/resources/resnet18_reference.json") + "\")), Map.class).get(\"tensors_in_order\"));").orFail();
        Kernel.Answer answer = withImageNet().orFail();
        assertTrue(answer.words().contains("Training begins with ImageNet's weights."), answer.words());
        assertEquals("data/resnet18.tv_in1k.safetensors false", kernel.execute("System.out.println(imageNet + \" \" + Arrays.equals(weights, "
                + "Weights.initial(resnet18(classCount), input, seed, null)));").words().strip());
        Files.writeString(file, "<!DOCTYPE html><html><body>Not found</body></html>");
        Kernel.Answer page = withImageNet();
        Files.delete(file);
        assertTrue(page.outputs().error().contains("data/resnet18.tv_in1k.safetensors: is a web page (HTML), not a safetensors file. Delete it"), page.outputs().error());
        kernel.runAgain(List.of(notebook.cell("parameters"), notebook.cell("step-weights")), QUICK).orFail();
    }

    private Kernel.Answer withImageNet() throws IOException {
        return kernel.runAgain(List.of(notebook.cell("settings-main"), notebook.cell("parameters"), notebook.cell("step-weights")),
                QUICK + "pretrained = true;");
    }

    /** In a new kernel, which has only run the cells that a network needs; the model is the one that the first run saved. */
    @Test
    @Order(1)   // while the first run still stands
    void aSavedModelPredictsTheSameInAnotherKernel() throws IOException {
        haveRun();
        String load = method("take-model");
        String say = "System.out.println(PredictionReport.inWords(loaded(Path.of(modelsFolder), photos.photos().get(0).file())));";
        String here = kernel.execute(say).orFail().words();
        try (Kernel fresh = project.kernel()) {
            fresh.runAll(notebook.codeCellsUntil("photos-table"), QUICK).orFail();
            for (String cell : List.of("network-pixels", "network-block-code", "network-resnet18", "loading-normalise", "learned-translator")) {
                fresh.execute(notebook.cell(cell).source()).orFail();
            }
            fresh.execute(load).orFail();
            Kernel.Answer there = fresh.execute(say);
            assertTrue(here.contains(" %") && here.equals(there.words()), here + there.words() + there.outputs().error());
        }
    }

    /** No gradient is recorded, and what is predicted for a photo does not depend on the others of its batch. */
    @Test
    @Order(1)   // while the first run still stands
    void predictingIsNotTraining() throws IOException {
        haveRun();
        Kernel.Answer answer = kernel.execute("""
                boolean isRecorded(NDArray scores, GradientCollector gradients) {
                    try {
                        gradients.backward(scores.sum());
                        return true;
                    } catch (ai.djl.engine.EngineException nothingToGoBackThrough) {
                        return false;
                    }
                }
                var recorded = new java.util.TreeSet<Boolean>();
                TrainingThread.run(() -> {
                    try (Model model = Model.newInstance("resnet18", Device.cpu())) {
                        model.setBlock(Weights.into(resnet18(classCount), model.getNDManager(), best.weights()));
                        var asked = new PhotoTranslator() {
                            public Classifications processOutput(TranslatorContext context, NDList scores) {
                                try (GradientCollector gradients = ai.djl.engine.Engine.getInstance().newGradientCollector()) {
                                    recorded.add(isRecorded(scores.head(), gradients));
                                }
                                return super.processOutput(context, scores);
                            }
                        };
                        try (var predictor = model.newPredictor(asked)) {
                            return predictor.predict(myPhoto);
                        }
                    }
                });
                boolean inTraining = TrainingThread.run(() -> {
                    try (Model model = Model.newInstance("resnet18", Device.cpu());
                         Trainer trainer = newTrainer(model, Device.cpu(), new Format(Layout.NHWC, Precision.FLOAT32));
                         GradientCollector gradients = trainer.newGradientCollector()) {
                        NDArray noise = Throughput.noise(model.getNDManager(), 4, imageSize, seed, Layout.NHWC);
                        return isRecorded(trainer.forward(new NDList(noise)).head(), gradients);
                    }
                });
                byte[] before = best.weights().clone();
                var one = predict(Device.cpu(), best.weights(), List.of(myPhoto)).get(0).getProbabilities();
                var amongOthers = predict(Device.cpu(), best.weights(), paths.subList(0, 7)).get(0).getProbabilities();
                double difference = IntStream.range(0, classCount).mapToDouble(i -> Math.abs(one.get(i) - amongOthers.get(i))).max().getAsDouble();
                System.out.println(inTraining + " " + recorded + " " + (difference < 1e-5) + " " + Arrays.equals(before, best.weights()));""");
        assertEquals("true [false] true true", answer.words().strip(), answer.outputs().error());
    }

    @Test
    void theTestSetIsAShareOfEachClassAndTheSameForTheSameSeed() throws IOException {
        List<Notebook.Cell> read = List.of(notebook.cell("settings-main"), notebook.cell("parameters"), notebook.cell("photos-read"));
        Kernel.Answer quarter = kernel.runAgain(read, QUICK + "heldOut = 0.25;").orFail();
        assertTrue(quarter.words().contains("180 photos to train on, 60 to test on"), quarter.words());
        Kernel.Answer answer = kernel.execute("""
                var each = split.test().stream().collect(Collectors.groupingBy(photo -> photo.label(), Collectors.counting())).values();
                System.out.println(each + " " + split.equals(photos.split(heldOut, seed)) + " " + split.equals(photos.split(heldOut, seed + 1))
                    + " " + Collections.disjoint(split.test(), split.training()) + " " + split.training().size());""").orFail();
        assertEquals("[15, 15, 15, 15] true false true 180", answer.words().strip());
        String none = kernel.runAgain(read, QUICK + "heldOut = 0;").orFail().words();
        assertTrue(none.strip().endsWith("240 photos to train on, 0 to test on"), none);
    }

    @Test
    void withoutATestSetTheNetworkIsJudgedOnWhatItWasTrainedOnAndThePageSaysSo() throws IOException {
        Kernel.Answer answer = kernel.runAgain(upToTheResults(), QUICK + "heldOut = 0;").orFail();
        assertEquals(4, answer.outputs().table("Accuracy on photos trained on, %").size());
        assertEquals("240", kernel.execute("System.out.println(predictions.values().iterator().next().photos().size());").words().strip());
        assertEquals("", answer.outputs().table("This run").get(0).get("test accuracy, %"));
    }

    @Test
    @Order(1)   // while the first run still stands
    void aPhotoOfOnesOwnThatIsNotThereIsNamed() throws IOException {
        haveRun();
        String own = notebook.cell("learned-own").source();
        for (String missing : List.of("none.jpg", "none.jpg", "nothing.jpg")) {     // JDK 21 took a second try otherwise than the first
            Kernel.Answer answer = kernel.execute(own.replace("paths.get(0)", "Path.of(\"" + missing + "\")"));
            assertFalse(answer.ok());
            assertTrue(answer.outputs().error().endsWith(missing + ": no such file. Give the path of a photo."), answer.outputs().error());
            kernel.execute(own).orFail();
        }
    }

    @Test
    @Order(1)   // while the first run still stands
    void aModelsFolderThatCannotBeWrittenIsNamed() throws IOException {
        Files.writeString(project.folder().resolve("taken"), "");
        haveRun();
        kernel.execute("modelsFolder = \"taken/models\";");
        String take = notebook.cell("take-model").source();
        Kernel.Answer answer = kernel.execute(take).orFail();       // so that the results are written
        assertTrue(answer.words().contains("taken/models: the model cannot be saved (") && answer.words().contains("set modelsFolder"), answer.words());
        kernel.execute("modelsFolder = \"models\";\n" + take).orFail();
    }
}
