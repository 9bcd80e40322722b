package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tutorial.testing.Notebook;
import tutorial.testing.Project;
import tutorial.testing.ResNet18;
import tutorial.testing.Small;

/** On a CPU: PyTorch computes in bfloat16 on any, be it slowly. */
class AutocastTest {
    private static final Device CPU = Device.cpu();
    private static final Path REFERENCE = Project.SOURCE.resolve("tests/src/test/resources/resnet18_reference.json");

    @BeforeEach
    void startPyTorch() {
        Small.manager().close();
        assumeTrue(Autocast.whyNot() == null, () -> "no mixed precision: " + Autocast.whyNot());
    }

    @AfterEach
    void nothingIsLeftOn() {
        assertFalse(Autocast.isOn(CPU));
    }

    /** All six losses of the reference, or the first three where the CPU has no bfloat16: there each step takes seconds. */
    @Test
    void resNet18LearnsAsInFloat32() throws Exception {
        int steps = Autocast.whyNotFaster(CPU) == null ? 6 : 3;
        JsonNode reference = Notebook.JSON.readTree(REFERENCE.toFile());
        try (Model model = Model.newInstance("reference", CPU)) {
            model.setBlock(referenceNetwork(reference.get("tensors_in_order"), model.getNDManager()));
            try (Trainer trainer = trainer(model, 0.001f)) {
                for (int step = 0; step < steps; step++) {
                    double expected = reference.get("training_losses_per_step").get(step).asDouble();
                    try (NDManager manager = Small.manager()) {
                        NDArray images = manager.create(noise(1000 + step, 8 * 3 * 96 * 96, 1, 0), new Shape(8, 3, 96, 96));
                        NDArray labels = manager.create(new long[] {step % 4, (1 + step) % 4, (2 + step) % 4, (3 + step) % 4}).tile(2);
                        float loss = learn(trainer, images, labels, Precision.MIXED);
                        assertEquals(expected, loss, step == 0 ? 1e-2 : 5e-2, "step " + step);
                        assertNotEquals(expected, loss, 1e-6, "not in float32, at step " + step);
                    }
                }
            }
        }
    }

    /** The closed formula of the reference. */
    private static SequentialBlock referenceNetwork(JsonNode tensors, NDManager manager) {
        SequentialBlock network = ResNet18.of(4);
        network.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 96, 96));
        for (int k = 0; k < tensors.size(); k++) {
            NDArray array = network.getParameters().valueAt(k).getArray();
            int size = (int) array.size();
            String name = tensors.get(k).get("name").asText();
            int dimensions = array.getShape().dimension();
            array.set(FloatBuffer.wrap(dimensions == 4 ? noise(k, size, Math.sqrt(2.0 / (size / array.getShape().get(0))), 0)
                    : dimensions == 2 ? noise(k, size, Math.sqrt(1.0 / array.getShape().get(1)), 0)
                    : name.endsWith("running_mean") ? noise(k, size, 0.1, 0)
                    : name.endsWith("running_var") ? noise(k, size, 0.2, 1)
                    : name.endsWith("weight") ? noise(k, size, 0.1, 1) : noise(k, size, 0.05, 0)));
        }
        return network;
    }

    private static float[] noise(long stream, int size, double scale, double shift) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (shift + scale * (Math.sqrt(3) * (2 * new SplittableRandom((stream << 32) + i).nextDouble() - 1)));
        }
        return values;
    }

    @Test
    void weightsAndWhatTheyMoveByStayFloat32() throws Exception {
        try (Model model = model(); Trainer trainer = trainer(model, 0.1f); NDManager manager = Small.manager()) {
            learn(trainer, manager, 1, Precision.MIXED);
            trainer.close();
            for (var parameter : model.getBlock().getParameters().values()) {
                assertEquals(DataType.FLOAT32, parameter.getArray().getDataType(), parameter.getName());
            }
        }
    }

    /** In mid-step, as an error ends it, and as the stop button does. */
    @Test
    void afterAStepThatFailedTheNextRunIsBitForBitAsBefore() throws Exception {
        List<Float> before = losses(Precision.FLOAT32);
        List<Float> mixed = losses(Precision.MIXED);
        assertNotEquals(before, mixed);
        for (RuntimeException failure : List.of(new IllegalStateException("out of memory"), new CancellationException("Stopped."))) {
            try (Model model = model(); Trainer trainer = trainer(model, 0.1f); NDManager manager = Small.manager();
                 GradientCollector gradients = trainer.newGradientCollector()) {
                assertSame(failure, assertThrows(RuntimeException.class, () -> {
                    try (Autocast on = Autocast.of(CPU, Precision.MIXED)) {
                        trainer.forward(new NDList(Small.pictures(manager, 1)));
                        throw failure;
                    }
                }));
            }
            assertEquals(before, losses(Precision.FLOAT32));
        }
        assertEquals(mixed, losses(Precision.MIXED), "nor does one of float32 change it");
    }

    private static List<Float> losses(Precision precision) throws Exception {
        List<Float> losses = new ArrayList<>();
        try (Model model = model(); Trainer trainer = trainer(model, 0.1f)) {
            for (int step = 0; step < 5; step++) {
                try (NDManager manager = Small.manager()) {
                    losses.add(learn(trainer, manager, step, precision));
                }
            }
        }
        return losses;
    }

    /** Twenty epochs of four steps: what DJL's managers own after each. */
    @Test
    void noStepLeavesAnArrayBehind() throws Exception {
        Set<Integer> arrays = new HashSet<>();
        try (Model model = model(); Trainer trainer = trainer(model, 0.1f); NDManager manager = Small.manager()) {
            for (int step = 0; step < 80; step++) {
                try (NDManager batch = manager.newSubManager()) {
                    learn(trainer, batch, step, Precision.MIXED);
                }
                arrays.add(Small.liveArrays(manager) + Small.liveArrays(trainer.getManager()));
            }
        }
        assertEquals(1, arrays.size(), "different numbers of arrays: " + arrays);
    }

    @Test
    void aModelIsSavedAndLoadedAsAnyOther() throws Exception {
        try (Model model = model(); NDManager manager = Small.manager()) {
            int bytesBefore = Small.bytes((SequentialBlock) model.getBlock()).length;
            NDArray pictures = Small.pictures(manager, 9);
            float[] scores;
            try (Trainer trainer = trainer(model, 0.1f)) {
                learn(trainer, manager, 1, Precision.MIXED);
                scores = trainer.evaluate(new NDList(pictures)).head().toFloatArray();
            }
            byte[] saved = Small.bytes((SequentialBlock) model.getBlock());
            assertEquals(bytesBefore, saved.length);
            try (Model loaded = Small.model(saved); Trainer trainer = trainer(loaded, 0.1f)) {
                assertArrayEquals(scores, trainer.evaluate(new NDList(pictures)).head().toFloatArray());
            }
        }
    }

    /** PyTorch keeps 16-bit copies of weights, which would not be those of the next step. */
    @Test
    void weightsThatChangedBetweenTwoStepsCount() {
        try (NDManager manager = Small.manager()) {
            NDArray weights = manager.ones(new Shape(2, 2));
            weights.setRequiresGradient(true);
            assertEquals(2, product(manager, weights));
            weights.stopGradient().muli(3);
            assertEquals(6, product(manager, weights));
        }
    }

    private static float product(NDManager manager, NDArray weights) {
        try (Autocast mixed = Autocast.of(CPU, Precision.MIXED)) {
            return mixed.float32(manager.ones(new Shape(2, 2)).matMul(weights)).toFloatArray()[0];
        }
    }

    @Test
    void itIsOnForThisThreadUntilItIsClosedAndNotForOthers() throws Exception {
        try (Autocast outer = Autocast.of(CPU, Precision.MIXED)) {
            assertTrue(Autocast.isOn(CPU));
            Throwable[] ofOther = new Throwable[1];
            boolean[] onInOther = {true};
            Thread other = new Thread(() -> {
                onInOther[0] = Autocast.isOn(CPU);
                ofOther[0] = assertThrows(IllegalStateException.class, outer::close);
            });
            other.start();
            other.join();
            assertFalse(onInOther[0]);
            assertTrue(ofOther[0].getMessage().contains(Thread.currentThread().getName()), ofOther[0].getMessage());
            try (Autocast inner = Autocast.of(CPU, Precision.MIXED)) {
                assertTrue(Autocast.isOn(CPU));
            }
            assertTrue(Autocast.isOn(CPU), "the outer one goes on");
        }
    }

    @Test
    void float32ChangesNothing() {
        try (NDManager manager = Small.manager(); Autocast none = Autocast.of(CPU, Precision.FLOAT32)) {
            assertFalse(Autocast.isOn(CPU));
            NDArray array = manager.ones(new Shape(2, 2));
            assertSame(array, none.float32(array));
            assertSame(array, Autocast.scaled(array, Precision.FLOAT32));
            assertSame(array, Autocast.scaled(array, Precision.MIXED), "bfloat16 has the range of float32");
            assertEquals(1, Autocast.lossScale(CPU, Precision.MIXED));
            assertEquals("float32", Autocast.numbers(CPU, Precision.FLOAT32));
            assertEquals("bfloat16, mixed", Autocast.numbers(CPU, Precision.MIXED));
        }
    }

    @Test
    void whereItCannotBeOneLineSaysWhy() {
        assertNull(Autocast.whyNot("2.7.1+cu128", true));
        assertEquals("PyTorch 2.6.0 was loaded, and it is only known how to switch it on in 2.7.1", Autocast.whyNot("2.6.0", true));
        assertEquals("PyTorch for " + System.getProperty("os.name") + " does not export what switches it on", Autocast.whyNot("2.7.1", false));
    }

    @Test
    void whereItIsNoFasterOneLineSaysWhatItWouldNeed() {
        assertNull(Autocast.whyNotFaster(true));
        assertTrue(Autocast.whyNotFaster(false).contains("It would need AVX512-BF16 or AMX"));
        assertNull(Autocast.whyNotFaster(75));
        assertTrue(Autocast.whyNotFaster(61).contains("from compute capability 7.0 (V100) on"));
    }

    private static Model model() throws Exception {
        return Small.model(Small.randomWeights(1));
    }

    private static Trainer trainer(Model model, float learningRate) {
        return Small.trainer(model, Layout.NHWC, learningRate);
    }

    private static float learn(Trainer trainer, NDManager manager, int number, Precision precision) {
        return learn(trainer, Small.pictures(manager, number), manager.create(new long[] {number % 5, 1, 2, 3}), precision);
    }

    /** As in the notebook. */
    private static float learn(Trainer trainer, NDArray images, NDArray labels, Precision precision) {
        NDArray loss;
        try (GradientCollector gradients = trainer.newGradientCollector()) {
            try (Autocast mixed = Autocast.of(CPU, precision)) {
                NDArray scores = mixed.float32(trainer.forward(new NDList(images)).head());
                loss = trainer.getLoss().evaluate(new NDList(labels), new NDList(scores));
            }
            gradients.backward(Autocast.scaled(loss, precision));
        }
        trainer.step();
        return loss.toFloatArray()[0];
    }
}
