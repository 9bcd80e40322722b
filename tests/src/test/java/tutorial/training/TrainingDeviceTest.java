package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static tutorial.testing.Said.assertRefused;
import static tutorial.testing.Said.assertSays;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tutorial.machine.Machine;
import tutorial.machine.PyTorch;
import tutorial.testing.MadeUp;

class TrainingDeviceTest {
    private static final PyTorch PYTORCH = new PyTorch(PyTorch.Build.CPU, null, "no GPU here");

    private final List<String> told = new ArrayList<>();

    @Test
    void withoutASecondDeviceTheCpuRacesAlone() {
        assertEquals(List.of(TrainingDevice.CPU), TrainingDevice.find("none", PYTORCH, told::add));
        assertEquals(2, told.size());
        assertSays(told.get(0), "secondDevice = \"none\"");
        assertEquals(List.of(TrainingDevice.CPU), TrainingDevice.find("gpu99", PYTORCH, told::add));
        assertSays(told.get(2), "no second device", "no GPU here");
    }

    @Test
    void theCpuInAGpusPlaceIsNotMistakenForOne() {
        List<TrainingDevice> devices = TrainingDevice.find("cpu", PYTORCH, told::add);
        assertEquals(2, devices.size());
        assertEquals(Device.cpu(), devices.get(1).device());
        assertNotEquals(TrainingDevice.CPU, devices.get(1));
        assertFalse(devices.get(1).isGpu());
        assertEquals(Machine.cpu(), devices.get(1).processor());
        assertSays(told.get(0), "nothing about a GPU");
        assertSays(told.get(1), "CPU, " + devices.get(1));
    }

    @Test
    void memoryThatIsFullIsToldWithABatchThatMayFit() throws Exception {
        assertEquals(7, MadeUp.STAND_IN.run(MadeUp.settings(), () -> 7));
        assertRefused(IllegalStateException.class, () -> MadeUp.STAND_IN.run(MadeUp.settings("batchSize", 36), () -> {
            throw new EngineException("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory");
        }), MadeUp.STAND_IN + ": out of memory", "batchSize = 18 in \"Settings\"");
    }

    @Test
    void otherErrorsOfTheEngineStayAsTheyAre() {
        EngineException other = new EngineException("other");
        assertSame(other, assertThrows(EngineException.class, () -> TrainingDevice.CPU.run(MadeUp.settings(), () -> {
            throw other;
        })));
    }
}
