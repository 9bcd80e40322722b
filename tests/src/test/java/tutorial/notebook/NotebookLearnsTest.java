package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tutorial.testing.Kernel;

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

    /** The file, and whether the weights are the random ones. */
    private static final String WEIGHTS =
            "imageNet + \" \" + Arrays.equals(weights, Weights.initial(resnet18(classCount), input, seed, null))";

    @Test
    void withoutANetworkTrainingBeginsWithRandomWeights() throws IOException {
        kernel.execute(WITHOUT_A_NETWORK);
        Kernel.Answer answer = withImageNet();
        kernel.execute(WITH_A_NETWORK);
        answer.says("Training begins with random weights", "https://huggingface.co/");
        assertEquals("null true", kernel.value(WEIGHTS));
    }

    /** The cells of the settings and of the weights, with a file in the place of ImageNet's; then with a page saved under its name. */
    @Test
    void aLocalFileIsTakenForImageNetsWeightsAndABadOneIsNamed() throws IOException {
        kernel.execute(definitions("reference_check.java")).orFail();
        kernel.execute(definitions("imagenet_check.java")).orFail();
        Path file = project.folder().resolve("data/resnet18.tv_in1k.safetensors");
        kernel.execute("""
                var reference = new com.google.gson.Gson().fromJson(Files.readString(Path.of("REFERENCE")), Map.class);
                ImageNetCheck.write(Path.of("FILE"), "F32", (List<Map<String, Object>>) reference.get("tensors_in_order"));"""
                .replace("REFERENCE", REFERENCE.toString()).replace("FILE", file.toString())).orFail();
        withImageNet().says("Training begins with ImageNet's weights.");
        assertEquals("data/resnet18.tv_in1k.safetensors false", kernel.value(WEIGHTS));
        Files.writeString(file, "<!DOCTYPE html><html><body>Not found</body></html>");
        Kernel.Answer page = withImageNet();
        Files.delete(file);
        page.fails("data/resnet18.tv_in1k.safetensors: ", "HTML", "Delete it");
        kernel.runAgain(List.of(notebook.cell("parameters"), notebook.cell("step-weights")), QUICK).orFail();
    }

    private Kernel.Answer withImageNet() throws IOException {
        return kernel.runAgain(List.of(notebook.cell("settings-main"), notebook.cell("parameters"), notebook.cell("step-weights")),
                QUICK + "pretrained = true;");
    }

    /** No gradient is recorded, and what is predicted for a photo does not depend on the others of its batch. */
    @Test
    @Order(1)   // while the first run still stands
    void predictingIsNotTraining() throws IOException {
        haveRun();
        Kernel.Answer answer = kernel.execute("""
                boolean recorded = TrainingThread.run(() -> {
                    try (Model model = Model.newInstance("resnet18", Device.cpu())) {
                        var parameters = Weights.into(resnet18(classCount), model.getNDManager(), best.weights()).getParameters().values();
                        return parameters.stream().anyMatch(parameter -> parameter.getArray().hasGradient());
                    }
                });
                byte[] before = best.weights().clone();
                var one = predict(Device.cpu(), best.weights(), List.of(myPhoto)).get(0).getProbabilities();
                var amongOthers = predict(Device.cpu(), best.weights(), paths.subList(0, 7)).get(0).getProbabilities();
                double difference = 0;
                for (int i = 0; i < classCount; i++) {
                    difference = Math.max(difference, Math.abs(one.get(i) - amongOthers.get(i)));
                }
                System.out.println(recorded + " " + (difference < 1e-5) + " " + Arrays.equals(before, best.weights()));""").orFail();
        assertEquals("false true true", answer.words().strip());
    }

    @Test
    void withoutATestSetTheNetworkIsJudgedOnWhatItWasTrainedOnAndThePageSaysSo() throws IOException {
        Kernel.Answer answer = kernel.runAgain(upToTheResults(), QUICK + "heldOut = 0;").orFail();
        assertEquals(4, answer.outputs().table("Accuracy on photos trained on, %").size());
        assertEquals("240", kernel.value("predictions.values().iterator().next().photos().size()"));
        assertEquals("", answer.outputs().table("This run").get(0).get("test accuracy, %"));
    }

    @Test
    @Order(1)   // while the first run still stands
    void aPhotoOfOnesOwnThatIsNotThereIsNamed() throws IOException {
        haveRun();
        String own = notebook.cell("learned-own").source();
        for (String missing : List.of("none.jpg", "none.jpg", "nothing.jpg")) {     // JDK 21 took a second try otherwise than the first
            kernel.execute(own.replace("paths.get(0)", "Path.of(\"" + missing + "\")")).fails(missing + ": no such file");
            kernel.execute(own).orFail();
        }
    }
}
