package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;
import tutorial.testing.Small;

class OwnedSgdTest {
    @Test
    void momentumCarriesAShareOfEachStepOn() {
        try (NDManager manager = Small.manager()) {
            OwnedSgd sgd = new OwnedSgd(manager, 0.1f, 0.5f);
            NDArray weights = manager.create(new float[] {1, 2});
            sgd.update("w", weights, manager.create(new float[] {1, -1}));
            assertArrayEquals(new float[] {0.9f, 2.1f}, weights.toFloatArray(), 1e-6f);
            sgd.update("w", weights, manager.create(new float[] {1, 0}));
            assertArrayEquals(new float[] {0.75f, 2.15f}, weights.toFloatArray(), 1e-6f);
        }
    }

    @Test
    void withoutMomentumAStepIsTheGradientTimesTheRate() {
        try (NDManager manager = Small.manager()) {
            OwnedSgd sgd = new OwnedSgd(manager, 0.1f, 0);
            NDArray weights = manager.create(new float[] {1, 2});
            for (int step = 0; step < 2; step++) {
                sgd.update("w", weights, manager.create(new float[] {1, -1}));
            }
            assertArrayEquals(new float[] {0.8f, 2.2f}, weights.toFloatArray(), 1e-6f);
        }
    }

    @Test
    void gradientsOfAScaledLossMoveTheWeightsAsMuch() {
        try (NDManager manager = Small.manager()) {
            OwnedSgd sgd = new OwnedSgd(manager, 0.1f, 0.5f, 1024);
            NDArray weights = manager.create(new float[] {1, 2});
            sgd.update("w", weights, manager.create(new float[] {1024, -1024}));
            assertArrayEquals(new float[] {0.9f, 2.1f}, weights.toFloatArray(), 1e-6f);
            sgd.update("w", weights, manager.create(new float[] {1024, 0}));
            assertArrayEquals(new float[] {0.75f, 2.15f}, weights.toFloatArray(), 1e-6f);
        }
    }

    @Test
    void momentumIsFreedWithItsOwner() throws Exception {
        try (NDManager manager = Small.manager()) {
            NDManager owner = manager.newSubManager();
            OwnedSgd sgd = new OwnedSgd(owner, 0.1f, 0.9f);
            NDArray weights = manager.ones(new ai.djl.ndarray.types.Shape(3));
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
            var error = assertThrows(IllegalArgumentException.class,
                    () -> new OwnedSgd(manager, 0.1f, 0.9f).update("w", weights, manager.create(new float[] {1})));
            assertTrue(error.getMessage().contains("FlatTrainer"), error.getMessage());
        }
    }
}
