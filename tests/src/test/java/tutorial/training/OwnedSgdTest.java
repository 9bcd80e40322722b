package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static tutorial.testing.Said.assertRefused;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @Test
    void momentumIsFreedWithItsOwner() throws Exception {
        try (NDManager manager = Small.manager()) {
            NDManager owner = manager.newSubManager();
            OwnedSgd sgd = new OwnedSgd(owner, 0.1f, 0.9f);
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
