package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tutorial.testing.Small;

/** Compared are arrays, not what is in them: NaN is not equal to itself, and two arrays may hold the same. */
class FrugalSequentialTest {
    @ParameterizedTest
    @ValueSource(floats = {1, Float.NaN})
    void whatIsBetweenIsClosedButNeitherInputNorOutput(float number) {
        try (NDManager manager = Small.manager()) {
            List<NDArray> between = new ArrayList<>();
            Block block = new FrugalSequential()
                    .addSingleton(NDArray::duplicate)
                    .addSingleton(array -> {
                        between.add(array);
                        return array;                                      // the same is not closed
                    })
                    .addSingleton(array -> {
                        assertFalse(array.isReleased());
                        return array.duplicate();
                    });
            NDArray input = manager.create(new float[] {number});
            NDArray output = block.forward(new ParameterStore(manager, false), new NDList(input), true).singletonOrThrow();
            assertFalse(input.isReleased());
            assertTrue(between.get(0).isReleased());
            assertEquals(number, output.toFloatArray()[0]);
        }
    }
}
