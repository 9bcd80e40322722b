package tutorial.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

class MachineTest {
    @Test
    void theTableOfThisMachine() {
        Table table = Machine.table(Engine.getInstance());
        Map<String, String> rows = new HashMap<>();
        for (Row row : table) {
            rows.put(row.getString("what"), row.getString("value"));
        }
        assertEquals(List.of("CPU", "Cores", "Memory", "Freed memory", "GPU", "NVIDIA driver", "Operating system", "Java", "DJL", "PyTorch",
                "Threads", "GPUs that DJL sees"), table.stringColumn("what").asList());
        assertEquals(Machine.cpu(), rows.get("CPU"));
        assertTrue(rows.get("Cores").contains(Runtime.getRuntime().availableProcessors() + " logical"), rows.get("Cores"));
        assertTrue(rows.get("PyTorch").startsWith("2.7.1"), rows.get("PyTorch"));
        assertTrue(Machine.software().startsWith("DJL " + rows.get("DJL") + ", PyTorch 2.7.1"), Machine.software());
    }

    @Test
    void memoryNamesTheLimitOfAContainer() {
        assertEquals("23.5 GiB", Machine.memory(25_276_510_208L, 25_276_510_208L));
        String limited = Machine.memory(2L << 30, 25_276_510_208L);
        assertTrue(limited.startsWith("2.0 GiB, ") && limited.contains("container") && limited.contains("23.5 GiB"), limited);
    }

    @ParameterizedTest
    @CsvSource({"0,, false", "75,, false", "80,, true", "90, 1, true", "90, 0, false"})
    void tf32FromAmpereOnUnlessItIsSwitchedOff(int capability, String override, boolean tf32) {
        assertEquals(tf32, new Gpu("A GPU", 1, capability, "").roundsToTf32(override));
    }

    @ParameterizedTest
    @CsvSource({"flags: fma avx2 avx512f avx512_bf16 vaes, true", "flags: avx512f amx_bf16 amx_tile, true", "Features: fp asimd bf16, true",
        "flags: fma avx2 avx512f avx512_vnni, false", "hw.optional.arm.FEAT_BF16: 1, false"})
    void bfloat16OfCpus(String flags, boolean has) {
        assertEquals(has, CpuFeatures.hasBfloat16(List.of("vendor_id: x", flags)));
    }
}
