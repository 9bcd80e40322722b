package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import tutorial.testing.Small;

/** Against DJL's own, which it stands in for. */
class BatchNorm2dTest {
    private static final Shape SHAPE = new Shape(4, 6, 5, 5);

    @Test
    void itComputesWhatBatchNormComputesAndIsSavedAndLoadedAlike() throws Exception {
        try (NDManager manager = Small.manager()) {
            Block djls = BatchNorm.builder().optEpsilon(1e-5f).optMomentum(0.9f).build();
            djls.initialize(manager, DataType.FLOAT32, SHAPE);
            for (Parameter parameter : djls.getParameters().values()) {
                parameter.getArray().stopGradient().addi(manager.randomUniform(0, 1, parameter.getShape()));
            }
            Block ours = new BatchNorm2d(1e-5f, 0.9f);
            ours.loadParameters(manager, new DataInputStream(new ByteArrayInputStream(bytes(djls))));
            assertArrayEquals(bytes(djls), bytes(ours));
            for (boolean training : new boolean[] {true, false, true}) {
                assertArrayEquals(answer(djls, manager, training), answer(ours, manager, training));
            }
            assertArrayEquals(bytes(djls), bytes(ours), "with the running averages");
        }
    }

    @Test
    void itTakesItsShapesFromTheInput() throws Exception {
        try (NDManager manager = Small.manager()) {
            Block norm = new BatchNorm2d(1e-5f, 0.9f);
            norm.initialize(manager, DataType.FLOAT32, SHAPE);
            norm.getParameters().values().forEach(parameter -> assertEquals(new Shape(6), parameter.getShape()));
            assertEquals(2, norm.getParameters().values().stream().filter(Parameter::requiresGradient).count());
            assertEquals(SHAPE, norm.getOutputShapes(new Shape[] {SHAPE})[0]);
        }
    }

    private static float[] answer(Block block, NDManager manager, boolean training) {
        manager.getEngine().setRandomSeed(1);
        NDArray input = manager.randomUniform(-1, 2, SHAPE);
        return block.forward(new ParameterStore(manager, false), new NDList(input), training).singletonOrThrow().toFloatArray();
    }

    private static byte[] bytes(Block block) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        block.saveParameters(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }
}
