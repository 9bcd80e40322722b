package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.training.TrainingDevice.CPU;

import ai.djl.engine.EngineException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tutorial.machine.OutOfMemory;
import tutorial.testing.MadeUp;

class SweepTest {
    private final Sweep sweep = new Sweep();

    @Test
    void ratesByDeviceAndBatchSize() {
        Throughput of1 = MadeUp.throughput(10);
        Throughput of2 = MadeUp.throughput(15);
        sweep.add(CPU, 1, of1);
        sweep.add(CPU, 2, of2);
        assertEquals(List.of(1, 2), sweep.batchSizes(CPU));
        assertEquals(List.of(of1, of2), List.copyOf(sweep.measured().get(CPU).values()));
        assertEquals(List.of(), sweep.batchSizes(MadeUp.GPU));
    }

    @Test
    void oneBatchSizeIsNoCurve() {
        assertFalse(sweep.isCurve());
        sweep.add(CPU, 1, MadeUp.throughput(10));
        sweep.add(MadeUp.GPU, 1, MadeUp.throughput(10));
        assertFalse(sweep.isCurve());
        sweep.add(CPU, 2, MadeUp.throughput(15));
        assertTrue(sweep.isCurve());
    }

    @Test
    void aBatchThatWouldNotFitIsForeseenOnACpu() {
        sweep.requireMemoryForNext(CPU, () -> 0);
        for (int batch : List.of(1, 2)) {
            sweep.add(CPU, batch, new Throughput(new Rate(100, 1), 1, Double.NaN, batch, 500));      // gigabytes
            sweep.add(MadeUp.GPU, batch, new Throughput(new Rate(100, 1), 1, Double.NaN, batch, 500));
        }
        assertDoesNotThrow(() -> sweep.requireMemoryForNext(CPU, () -> 2));
        assertTrue(OutOfMemory.is(assertThrows(EngineException.class, () -> sweep.requireMemoryForNext(CPU, () -> 1))));
        assertDoesNotThrow(() -> sweep.requireMemoryForNext(MadeUp.GPU, () -> 0), "PyTorch tells of a GPU's");
    }
}
