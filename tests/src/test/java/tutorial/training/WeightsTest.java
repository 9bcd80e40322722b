package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    @Test
    void randomWeightsAreTheSameForTheSameSeedOnly() throws IOException {
        byte[] weights = Weights.initial(Small.network(), INPUT, 7, null);
        assertArrayEquals(weights, Weights.initial(Small.network(), INPUT, 7, null));
        assertFalse(Arrays.equals(weights, Weights.initial(Small.network(), INPUT, 8, null)));
    }

    /** K. He's for convolutions with ReLU: a variance of 2 over what a weight's input adds to; PyTorch's for the head. */
    @Test
    void randomWeightsHaveTheSpreadThatSuitsTheirLayer() throws IOException {
        try (NDManager manager = Small.manager()) {
            Map<String, Parameter> names = TorchNames.of(Weights.into(thin(4, 16), manager, Weights.initial(thin(4, 16), INPUT, 7, null)));
            double spread = Math.sqrt(2.0 / (64 * 9));
            assertEquals(spread, deviation(names.get("layer4.1.conv2.weight")), 0.02 * spread);
            double bound = 1 / Math.sqrt(64);
            float largest = names.get("fc.weight").getArray().abs().max().getFloat();
            assertTrue(largest <= bound && largest > 0.95 * bound, largest + " of " + bound);
        }
    }

    @Test
    void everyParameterHasPyTorchsNameInPyTorchsOrder() throws IOException {
        List<String> expected = new ArrayList<>();
        for (JsonNode tensor : Notebook.JSON.readTree(REFERENCE.toFile()).get("tensors_in_order")) {
            expected.add(tensor.get("name").asText() + " " + tensor.get("shape").toString());
        }
        try (NDManager manager = Small.manager()) {
            SequentialBlock network = ResNet18.of(4);
            network.initialize(manager, DataType.FLOAT32, INPUT);
            List<String> names = new ArrayList<>();
            TorchNames.of(network).forEach((name, parameter) ->
                    names.add(name + " " + Arrays.toString(parameter.getArray().getShape().getShape()).replace(" ", "")));
            assertEquals(102, names.size());
            assertEquals(expected, names);
            assertEquals(11_176_512 + 4 * 513, Weights.trained(network));
        }
    }

    @Test
    void whatImageNetTaughtGoesIntoAllLayersButTheHead() throws IOException {
        try (NDManager manager = Small.manager()) {
            Path file = imageNet(thin(10), manager);
            byte[] random = Weights.initial(thin(4), INPUT, 7, null);
            Map<String, Parameter> names = TorchNames.of(Weights.into(thin(4), manager, Weights.initial(thin(4), INPUT, 7, file)));
            Map<String, Parameter> before = TorchNames.of(Weights.into(thin(4), manager, random));
            int number = 0;
            for (String name : names.keySet()) {
                float[] values = names.get(name).getArray().toFloatArray();
                float[] expected = values.clone();
                Arrays.fill(expected, ++number);
                assertArrayEquals(name.startsWith("fc.") ? before.get(name).getArray().toFloatArray() : expected, values, name);
            }
        }
    }

    /** As of a file that the notebook saved, or that came back from training elsewhere. */
    @Test
    void aHeadForAsManyClassesIsTakenToo() throws IOException {
        try (NDManager manager = Small.manager()) {
            Path file = imageNet(thin(4), manager);
            Map<String, Parameter> names = TorchNames.of(Weights.into(thin(4), manager, Weights.initial(thin(4), INPUT, 7, file)));
            assertEquals(names.size() - 1, names.get("fc.weight").getArray().max().getFloat());
            assertEquals(names.size(), names.get("fc.bias").getArray().min().getFloat());
            assertEquals(file, Weights.choose(true, nobody(), file, told::add));
            assertEquals(List.of("Training begins with the weights in " + file + ", which are not ImageNet's."), told);
            assertEquals(List.of("own", "ImageNet", "random"),
                    List.of(Weights.origin(file), Weights.origin(imageNet(thin(1000), manager)), Weights.origin(null)));
        }
    }

    @Test
    void weightsOfAnotherNetworkAreRefused() throws IOException {
        try (NDManager manager = Small.manager()) {
            Path file = imageNet(thin(4, 9), manager);
            String message = oneLine(assertThrows(IOException.class, () -> Weights.initial(thin(4), INPUT, 7, file)));
            assertTrue(message.startsWith(file + ": has \"conv1.weight\" of shape (9, 3, 7, 7) instead of (4, 3, 7, 7)"), message);
            assertTrue(message.endsWith("Delete it, so that it is downloaded anew, or set pretrained = false in \"Settings\"."), message);
        }
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
        List<byte[]> bad = List.of(Weights.initial(thin(4), INPUT, 7, null), Weights.initial(otherClasses, INPUT, 7, null), Arrays.copyOf(weights, weights.length / 2), new byte[0], damaged);
        for (byte[] bytes : bad) {
            try (NDManager manager = Small.manager()) {
                String message = oneLine(assertThrows(IOException.class, () -> Weights.into(Small.network(), manager, bytes), bytes.length + " bytes"));
                assertTrue(message.startsWith("These are not the weights of this network (")
                        && message.endsWith("). Run \"What the network does\" and all below it again."), message);
                assertFalse(message.contains("null"), message);
            }
        }
    }

    @Test
    void withoutANetworkTrainingBeginsWithRandomWeightsAndThePageSaysSo() throws IOException {
        URI nobody = nobody();
        Path file = folder.resolve("data/weights.safetensors");
        assertFalse(Weights.fetch(nobody, file, told::add));
        assertNull(Weights.choose(true, nobody, file, told::add));
        assertEquals(2, told.size(), told.toString());
        for (String line : told) {
            assertEquals(1, line.lines().count(), line);
            assertTrue(line.startsWith("<b>Training begins with random weights</b>, since ImageNet's could not be fetched. " + nobody), line);
            assertTrue(line.contains(" If you have the file, put it at " + file + ". "), line);
        }
        assertFalse(Files.exists(file));
    }

    @Test
    void theFileThatIsThereIsTakenUnlessRandomWeightsAreAskedFor() throws IOException {
        Path file = Files.createFile(folder.resolve("weights.safetensors"));
        assertEquals(file, Weights.choose(true, nobody(), file, told::add));
        assertNull(Weights.choose(false, nobody(), file, told::add));
        assertEquals(List.of("Training begins with ImageNet's weights.", "Training begins with random weights."), told);
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
    private Path imageNet(SequentialBlock network, NDManager manager) throws IOException {
        network.initialize(manager, DataType.FLOAT32, INPUT);
        Map<String, Object> header = new LinkedHashMap<>();
        ByteBuffer numbers = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        int number = 0;
        for (Map.Entry<String, Parameter> parameter : TorchNames.of(network).entrySet()) {
            Shape shape = parameter.getValue().getArray().getShape();
            int begin = numbers.position();
            number++;
            for (int i = 0; i < shape.size(); i++) {
                numbers.putFloat(number);
            }
            header.put(parameter.getKey(), Map.of("dtype", "F32", "shape", shape.getShape(), "data_offsets", List.of(begin, numbers.position())));
        }
        header.put("bn1.num_batches_tracked", Map.of("dtype", "I64", "shape", List.of(),
                "data_offsets", List.of(numbers.position(), numbers.position() + 8)));
        numbers.putLong(1);
        byte[] json = Notebook.JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + numbers.position()).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json).put(numbers.flip());
        return Files.write(folder.resolve("imagenet.safetensors"), file.array());
    }

    private static double deviation(Parameter parameter) {
        return Math.sqrt(parameter.getArray().square().mean().getFloat());
    }

    /** An address of this machine where nobody answers. */
    private static URI nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/weights");
        }
    }

    private static String oneLine(Throwable error) {
        assertEquals(1, error.getMessage().lines().count(), error.getMessage());
        return error.getMessage();
    }
}
