package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import org.junit.jupiter.api.Test;
import tutorial.testing.Profile;
import tutorial.testing.Small;

class InPlaceTest {
    /** Where PyTorch's library says by which name it exports the operator, as on Linux and macOS. */
    @Test
    void noOtherArrayIsMade() {
        try (NDManager manager = Small.manager()) {
            NDArray array = manager.create(new float[] {-1, 0, 2, Float.NEGATIVE_INFINITY});
            NDArray positive = InPlace.relu(new NDList(array)).head();
            assertArrayEquals(new float[] {0, 0, 2, 0}, positive.toFloatArray());
            assumeTrue(!System.getProperty("os.name").startsWith("Windows"));
            assertSame(array, positive);
        }
    }

    /** Of mixed precision; what DJL itself does with bfloat16 may end the process. */
    @Test
    void norInSixteenBits() {
        assumeTrue(!System.getProperty("os.name").startsWith("Windows"));
        try (NDManager manager = Small.manager()) {
            NDArray half = manager.create(new float[] {-1, 2}).toType(DataType.FLOAT16, false);
            assertSame(half, InPlace.relu(new NDList(half)).head());
            try (Autocast mixed = Autocast.of(Device.cpu(), Precision.MIXED)) {
                NDArray brain = manager.create(new float[] {-1, 2}).reshape(2, 1).matMul(manager.ones(new Shape(1, 1)));
                assertSame(brain, InPlace.relu(new NDList(brain)).head());
                assertArrayEquals(new float[] {0, 2}, mixed.float32(brain).toFloatArray());
            }
            assertArrayEquals(new float[] {0, 2}, half.toType(DataType.FLOAT32, false).toFloatArray());
        }
    }

    /** PyTorch would end the process. */
    @Test
    void whatCannotBeDoneInPlaceIsDoneAside() {
        try (NDManager manager = Small.manager()) {
            NDArray whole = manager.create(new int[] {-1, 2});
            assertArrayEquals(new int[] {0, 2}, InPlace.relu(new NDList(whole)).head().toIntArray());
            NDArray leaf = manager.create(new float[] {-1, 2});
            leaf.setRequiresGradient(true);
            NDArray aside = InPlace.relu(new NDList(leaf)).head();
            assertNotSame(leaf, aside);
            assertArrayEquals(new float[] {-1, 2}, leaf.toFloatArray());
        }
    }

    /** As in the network: normalised, then in place, and back without a copy. */
    @Test
    void gradientsFlowBackWithoutCopies() throws Exception {
        try (NDManager manager = Small.manager()) {
            BatchNorm2d norm = new BatchNorm2d(1e-5f, 0.9f);
            norm.initialize(manager, DataType.FLOAT32, new Shape(4, 6, 5, 5));
            NDArray input = manager.randomUniform(-1, 1, new Shape(4, 6, 5, 5));
            input.setRequiresGradient(true);
            Profile profile = Small.profile(() -> {
                try (GradientCollector gradients = manager.getEngine().newGradientCollector()) {
                    NDList normalised = norm.forward(new ParameterStore(manager, false), new NDList(input), true);
                    NDArray sum = normalised.head().addi(manager.ones(new Shape(4, 6, 5, 5)));
                    gradients.backward(InPlace.relu(new NDList(sum)).head().sum());
                }
            });
            assertEquals(0, profile.count("copy_"), profile.toString());
            assertEquals(new Shape(4, 6, 5, 5), input.getGradient().getShape());
        }
    }
}
