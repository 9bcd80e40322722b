package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.photos.AntialiasedResize;
import tutorial.photos.ImageDecoder;
import tutorial.testing.ResNet18;
import tutorial.testing.Small;

/** With ResNet-18 as a training leaves it: batch normalisation has averages of photos. */
class InferenceTest {
    private static final int SIZE = 64;
    private static final int PHOTOS = 40;

    private static NDManager manager;
    private static NDArray photos;
    private static byte[] weights;

    @BeforeAll
    static void train(@TempDir Path folder) throws IOException {
        manager = Small.manager();
        try (Stream<Path> files = Files.walk(Small.photos(folder, PHOTOS))) {
            NDList all = new NDList();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                byte[] rgb = AntialiasedResize.toRgb(ImageDecoder.read(file, 2 * SIZE).image(), SIZE);
                all.add(manager.create(ByteBuffer.wrap(rgb), new Shape(SIZE, SIZE, 3), DataType.UINT8).toType(DataType.FLOAT32, false).div(64).sub(2));
            }
            photos = ai.djl.ndarray.NDArrays.stack(all).transpose(0, 3, 1, 2);
        }
        Block network = ResNet18.of(ResNet18.CLASSES.size());
        Weights.into(network, manager, Weights.initial(ResNet18.of(ResNet18.CLASSES.size()), new Shape(1, 3, SIZE, SIZE), 7, null));
        for (int step = 0; step < 5; step++) {
            forward(network, photos, true);
        }
        weights = Weights.bytesOf(network);
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    private static NDArray forward(Block network, NDArray images, boolean training) {
        return network.forward(new ParameterStore(manager, false), new NDList(images), training).singletonOrThrow();
    }

    private static Block network() throws IOException {
        return Weights.into(ResNet18.of(ResNet18.CLASSES.size()), manager, weights);
    }

    private static float[] probabilities(Block network, NDArray images) {
        return forward(network, images, false).softmax(1).toFloatArray();
    }

    private static long sameClass(float[] one, float[] other) {
        int classes = ResNet18.CLASSES.size();
        return IntStream.range(0, PHOTOS).filter(photo -> best(one, photo * classes) == best(other, photo * classes)).count();
    }

    private static int best(float[] numbers, int from) {
        return IntStream.range(0, ResNet18.CLASSES.size()).reduce(0, (a, b) -> numbers[from + b] > numbers[from + a] ? b : a);
    }

    @Test
    void foldedItAnswersAsBefore() throws IOException {
        float[] before = probabilities(network(), photos);
        Inference fast = Inference.of(network(), Precision.FLOAT32);
        float[] folded = probabilities(fast, photos);
        assertArrayEquals(before, folded, 1e-4f);
        assertEquals(PHOTOS, sameClass(before, folded));
        assertArrayEquals(folded, probabilities(fast, Layout.NCHW.arrange(photos)), 1e-4f, "in whichever layout the photos come");
        assertTrue(before[0] != before[ResNet18.CLASSES.size()], "photos that look alike test nothing");
    }

    @Test
    void noBatchNormalisationIsLeftAndNothingOfIt() throws IOException {
        Block network = network();
        List<NDArray> before = network.getParameters().values().stream().map(Parameter::getArray).toList();
        int arrays = liveArrays();
        Inference fast = Inference.of(network, Precision.FLOAT32);
        assertEquals(2 * 21, fast.getParameters().size(), "a weight and a bias of 20 convolutions and the head");
        assertEquals(arrays - before.size() + fast.getParameters().size(), liveArrays(), "what is not needed is freed");
    }

    private static int liveArrays() {
        try {
            return Small.liveArrays(manager);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void inSixteenBitsItAnswersNearlyTheSame() throws IOException {
        assumeTrue(Autocast.whyNot() == null, "no mixed precision here");
        float[] before = probabilities(network(), photos);
        Inference fast = Inference.of(network(), Precision.MIXED);
        NDArray scores = forward(fast, photos, false);
        assertEquals(DataType.FLOAT32, scores.getDataType(), "DJL does not know the other");
        float[] halved = scores.softmax(1).toFloatArray();
        assertArrayEquals(before, halved, 0.05f);
        assertTrue(!java.util.Arrays.equals(before, halved), "computed in 32 bits");
        assertTrue(sameClass(before, halved) >= 0.95 * PHOTOS, sameClass(before, halved) + " of " + PHOTOS);
    }
}
