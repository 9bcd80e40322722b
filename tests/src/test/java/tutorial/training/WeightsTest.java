package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.testing.Said.assertRefused;
import static tutorial.testing.Said.assertSays;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.files.SafeTensors;
import tutorial.testing.Notebook;
import tutorial.testing.Project;
import tutorial.testing.ResNet18;
import tutorial.testing.Small;

class WeightsTest {
    private static final Shape INPUT = new Shape(1, 3, 32, 32);
    private static final Path REFERENCE = Project.SOURCE.resolve("tests/src/test/resources/resnet18_reference.json");

    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();
    private final NDManager manager = Small.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void randomWeightsAreTheSameForTheSameSeedOnly() throws IOException {
        byte[] weights = Weights.initial(Small.network(), INPUT, 7, null);
        assertArrayEquals(weights, Weights.initial(Small.network(), INPUT, 7, null));
        assertFalse(Arrays.equals(weights, Weights.initial(Small.network(), INPUT, 8, null)));
    }

    /** K. He's for convolutions with ReLU: a variance of 2 over what a weight's input adds to; PyTorch's for the head. */
    @Test
    void randomWeightsHaveTheSpreadThatSuitsTheirLayer() throws IOException {
        Map<String, Parameter> names = initial(16, null);
        double spread = Math.sqrt(2.0 / (64 * 9));
        assertEquals(spread, Math.sqrt(names.get("layer4.1.conv2.weight").getArray().square().mean().getFloat()), 0.02 * spread);
        double bound = 1 / Math.sqrt(64);
        float largest = names.get("fc.weight").getArray().abs().max().getFloat();
        assertTrue(largest <= bound && largest > 0.95 * bound, largest + " of " + bound);
    }

    @Test
    void everyParameterHasPyTorchsNameInPyTorchsOrder() throws IOException {
        List<String> expected = new ArrayList<>();
        for (JsonNode tensor : Notebook.JSON.readTree(REFERENCE.toFile()).get("tensors_in_order")) {
            expected.add(tensor.get("name").asText() + " " + tensor.get("shape").toString());
        }
        SequentialBlock network = ResNet18.of(4);
        network.initialize(manager, DataType.FLOAT32, INPUT);
        List<String> names = new ArrayList<>();
        TorchNames.of(network).forEach((name, parameter) ->
                names.add(name + " " + Arrays.toString(parameter.getArray().getShape().getShape()).replace(" ", "")));
        assertEquals(102, names.size());
        assertEquals(expected, names);
        assertEquals(11_176_512 + 4 * 513, Weights.trained(network));
    }

    @Test
    void whatImageNetTaughtGoesIntoAllLayersButTheHead() throws IOException {
        Map<String, Parameter> random = initial(4, null);
        Map<String, Parameter> names = initial(4, imageNet(thin(10)));
        int number = 0;
        for (String name : names.keySet()) {
            NDArray values = names.get(name).getArray();
            number++;
            assertEquals(name.startsWith("fc.") ? random.get(name).getArray() : values.onesLike().mul(number), values, name);
        }
    }

    /** As of a file that the notebook saved, or that came back from training elsewhere. */
    @Test
    void aHeadForAsManyClassesIsTakenToo() throws IOException {
        Path file = imageNet(thin(4));
        Map<String, Parameter> names = initial(4, file);
        assertEquals(names.size() - 1, names.get("fc.weight").getArray().max().getFloat());
        assertEquals(names.size(), names.get("fc.bias").getArray().min().getFloat());
        assertEquals(file, Weights.choose(true, nobody(), file, told::add));
        assertSays(told.get(0), file.toString(), "not ImageNet's");
        assertEquals("own", Weights.origin(file));
        assertEquals("ImageNet", Weights.origin(imageNet(thin(1000))));
        assertEquals("random", Weights.origin(null));
    }

    @Test
    void weightsOfAnotherNetworkAreRefused() throws IOException {
        Path file = imageNet(thin(4, 9));
        assertRefused(IOException.class, () -> Weights.initial(thin(4), INPUT, 7, file),
                file + ": has \"conv1.weight\" of shape (9, 3, 7, 7) instead of (4, 3, 7, 7)", "pretrained = false in \"Settings\"");
    }

    /** As after a cell was changed, and not all behind it were run again. */
    @Test
    void bytesThatAreNotThisNetworksAreToldInOneLine() throws IOException {
        byte[] weights = Weights.initial(Small.network(), INPUT, 7, null);
        byte[] damaged = weights.clone();
        Arrays.fill(damaged, 0, 40, (byte) 'x');
        SequentialBlock otherClasses = new FrugalSequential();
        Small.network().getChildren().values().stream().limit(5).forEach(otherClasses::add);
        otherClasses.add(Linear.builder().setUnits(6).build());
        for (byte[] bytes : List.of(Weights.initial(thin(4), INPUT, 7, null), Weights.initial(otherClasses, INPUT, 7, null),
                Arrays.copyOf(weights, weights.length / 2), new byte[0], damaged)) {
            assertRefused(IOException.class, () -> Weights.into(Small.network(), manager, bytes), "not the weights of this network (",
                    "\"What the network does\"");
        }
    }

    @Test
    void withoutANetworkTrainingBeginsWithRandomWeightsAndThePageSaysSo() throws IOException {
        URI nobody = nobody();
        Path file = folder.resolve("data/weights.safetensors");
        assertNull(Weights.choose(true, nobody, file, told::add));
        assertEquals(1, told.size(), told.toString());
        assertEquals(1, told.get(0).lines().count(), told.get(0));
        assertSays(told.get(0), "<b>Training begins with random weights</b>", nobody.toString(), "put it at " + file);
        assertFalse(Files.exists(file));
    }

    @Test
    void theFileThatIsThereIsTakenUnlessRandomWeightsAreAskedFor() throws IOException {
        Path file = Files.createFile(folder.resolve("weights.safetensors"));
        assertEquals(file, Weights.choose(true, nobody(), file, told::add));
        assertNull(Weights.choose(false, nobody(), file, told::add));
        assertEquals(List.of("Training begins with ImageNet's weights.", "Training begins with random weights."), told);
    }

    /** Of four classes. */
    private Map<String, Parameter> initial(int channels, Path imageNet) throws IOException {
        return TorchNames.of(Weights.into(thin(4, channels), manager, Weights.initial(thin(4, channels), INPUT, 7, imageNet)));
    }

    /** ResNet-18's layers with few channels. */
    private static SequentialBlock thin(int classes) {
        return thin(classes, 4);
    }

    private static SequentialBlock thin(int classes, int channels) {
        SequentialBlock network = new FrugalSequential().add(ResNet18.convolution(channels, 7, 2));
        for (int stage = 1; stage <= 4; stage++) {
            network.add(new FrugalSequential()
                    .add(ResNet18.basicBlock(channels * stage, stage == 1 ? 1 : 2, stage > 1))
                    .add(ResNet18.basicBlock(channels * stage, 1, false)));
        }
        return network.add(new FrugalSequential().add(Pool.globalAvgPool2dBlock()).add(Linear.builder().setUnits(classes).build()));
    }

    /** A file with this network's tensors, in which all numbers of the first are 1, of the second 2; and a counter of PyTorch's. */
    private Path imageNet(SequentialBlock network) throws IOException {
        network.initialize(manager, DataType.FLOAT32, INPUT);
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        TorchNames.of(network).forEach((name, parameter) ->
                tensors.put(name, manager.full(parameter.getArray().getShape(), tensors.size() + 1, DataType.FLOAT32)));
        tensors.put("bn1.num_batches_tracked", manager.create(1L));
        Path file = folder.resolve("imagenet.safetensors");
        SafeTensors.write(file, tensors, Map.of());
        return file;
    }

    /** An address of this machine where nobody answers. */
    private static URI nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/weights");
        }
    }
}
