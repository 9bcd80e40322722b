package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tutorial.machine.Machine;
import tutorial.testing.MadeUp;

class TrainingDeviceTest {
    private final List<String> told = new ArrayList<>();

    @Test
    void withoutASecondDeviceTheCpuRacesAlone() {
        assertEquals(List.of(TrainingDevice.CPU), TrainingDevice.find("none", told::add));
        assertEquals(2, told.size());
        assertTrue(told.get(0).contains("secondDevice = \"none\"") && told.get(1).endsWith(": CPU"), told.toString());
    }

    @Test
    void aGpuThatIsNotThere() {
        assertEquals(List.of(TrainingDevice.CPU), TrainingDevice.find("gpu99", told::add));
        assertTrue(told.get(0).contains("no second device"), told.toString());
    }

    @Test
    void theCpuInAGpusPlaceIsNotMistakenForOne() {
        List<TrainingDevice> devices = TrainingDevice.find("cpu", told::add);
        assertEquals(2, devices.size());
        assertEquals(Device.cpu(), devices.get(1).device());
        assertNotEquals(TrainingDevice.CPU, devices.get(1));
        assertFalse(devices.get(1).isGpu());
        assertEquals(Machine.cpu(), devices.get(1).processor());
        assertTrue(told.get(0).contains("nothing about a GPU"), told.toString());
        assertTrue(told.get(1).endsWith(": CPU, " + devices.get(1)), told.toString());
    }

    @Test
    void memoryThatIsFullIsToldWithABatchThatMayFit() throws Exception {
        assertEquals(7, MadeUp.STAND_IN.run(MadeUp.settings(), () -> 7));
        String full = assertThrows(IllegalStateException.class, () -> MadeUp.STAND_IN.run(MadeUp.settings("batchSize", 36), () -> {
            throw new EngineException("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory");
        })).getMessage();
        assertEquals(1, full.lines().count());
        assertTrue(full.startsWith(MadeUp.STAND_IN + ": out of memory") && full.contains("Set batchSize = 18 in \"Settings\""), full);
    }

    @Test
    void otherErrorsOfTheEngineStayAsTheyAre() {
        EngineException other = new EngineException("other");
        assertSame(other, assertThrows(EngineException.class, () -> TrainingDevice.CPU.run(MadeUp.settings(), () -> {
            throw other;
        })));
    }
}
