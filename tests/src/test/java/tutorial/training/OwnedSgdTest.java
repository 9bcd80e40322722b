package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static tutorial.testing.Said.assertRefused;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tutorial.testing.Profile;
import tutorial.testing.Small;

class OwnedSgdTest {
    /** Of a scaled loss, gradients are as much larger. */
    @ParameterizedTest
    @CsvSource({"0.5, 1, 0.75, 2.15", "0.5, 1024, 0.75, 2.15", "0, 1, 0.8, 2.1"})
    void aStepIsTheGradientTimesTheRateAndAShareOfTheOneBefore(float momentum, float scale, float first, float second) {
        try (NDManager manager = Small.manager()) {
            OwnedSgd sgd = new OwnedSgd(manager, 0.1f, momentum, scale);
            NDArray weights = manager.create(new float[] {1, 2});
            sgd.update("w", weights, manager.create(new float[] {scale, -scale}));
            assertArrayEquals(new float[] {0.9f, 2.1f}, weights.toFloatArray(), 1e-6f);
            sgd.update("w", weights, manager.create(new float[] {scale, 0}));
            assertArrayEquals(new float[] {first, second}, weights.toFloatArray(), 1e-6f);
        }
    }

    /** Neither the weights nor what the next steps carry on: the steps around it are as if it had not been. */
    @ParameterizedTest
    @CsvSource({"0.9, NaN, 1", "0.9, Infinity, 1", "0.9, -Infinity, Infinity", "0.9, 3e38, -Infinity", "0, NaN, NaN", "0.3, 1, Infinity"})
    void aStepWhoseGradientOverflowsChangesNothing(float momentum, float first, float second) {
        try (NDManager manager = Small.manager()) {
            OwnedSgd sgd = new OwnedSgd(manager, 0.1f, momentum, 1024);
            OwnedSgd never = new OwnedSgd(manager, 0.1f, momentum, 1024);
            NDArray weights = manager.create(new float[] {1, -2, 0});
            NDArray expected = weights.duplicate();
            for (float[] gradient : new float[][] {{512, 100, -7}, {first, 5, second}, {-3, 0, 1e-3f}, {second, first, 0}, {40, 50, 60}}) {
                if (Float.isFinite(gradient[0]) && Float.isFinite(gradient[1]) && Float.isFinite(gradient[2])) {
                    never.update("w", expected, manager.create(gradient));
                }
                sgd.update("w", weights, manager.create(gradient));
                assertArrayEquals(expected.toFloatArray(), weights.toFloatArray());
            }
        }
    }

    /** A GPU would be waited for. */
    @Test
    void whetherAGradientIsFiniteIsNotRead() throws IOException {
        try (NDManager manager = Small.manager()) {
            OwnedSgd sgd = new OwnedSgd(manager, 0.1f, 0.9f, 1024);
            NDArray weights = manager.ones(new Shape(3));
            sgd.update("w", weights, weights.onesLike());
            Profile step = Small.profile(() -> sgd.update("w", weights, weights.onesLike()));
            assertEquals(1, step.count("_fused_sgd_"), step.toString());
            assertEquals(0, step.count("item") + step.count("_local_scalar_dense") + step.count("is_nonzero") + step.count("equal"),
                    step.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {1, 1024})
    void momentumIsFreedWithItsOwner(float scale) throws Exception {
        try (NDManager manager = Small.manager()) {
            NDManager owner = manager.newSubManager();
            OwnedSgd sgd = new OwnedSgd(owner, 0.1f, 0.9f, scale);
            NDArray weights = manager.ones(new Shape(3));
            int numbers = Small.liveArrays(owner);
            sgd.update("w", weights, weights.onesLike());
            assertEquals(numbers + 1, Small.liveArrays(owner));
            int all = Small.liveArrays(manager);
            owner.close();
            assertEquals(all - numbers - 1, Small.liveArrays(manager));
        }
    }

    @Test
    void weightsOfDjlsOwnTrainerAreRefused() {
        try (NDManager manager = Small.manager()) {
            NDArray weights = manager.create(new float[] {1});
            weights.setRequiresGradient(true);
            OwnedSgd sgd = new OwnedSgd(manager, 0.1f, 0.9f);
            assertRefused(IllegalArgumentException.class, () -> sgd.update("w", weights, weights.onesLike()), "FlatTrainer");
        }
    }
}
