package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static tutorial.testing.Said.assertSays;
import static tutorial.training.TrainingDevice.CPU;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tutorial.testing.MadeUp;
import tutorial.testing.Small;

class LadderTest {
    private static final Format PLAIN = new Format(Layout.NCHW, Precision.FLOAT32, Set.of());
    private static final Set<Change> OF_A_CPU = EnumSet.of(Change.ONE_ARRAY, Change.IN_PLACE, Change.MEMORY_KEPT);

    private final List<Format> measured = new ArrayList<>();

    @BeforeAll
    static void startPyTorch() {
        Small.manager().close();
    }

    @Test
    void eachRungHasOneChangeMore() {
        assertEquals(List.of("plain DJL", "channels-last", "all weights in one array", "in place, freed early", "memory kept", "bfloat16, mixed"),
                names(Ladder.rungs(OF_A_CPU, "bfloat16, mixed")));
        Set<Change> ofAGpu = EnumSet.complementOf(EnumSet.of(Change.MEMORY_KEPT));
        List<Ladder.Rung> rungs = Ladder.rungs(ofAGpu, "bfloat16, mixed");
        assertEquals(List.of("plain DJL", "channels-last", "all weights in one array", "in place, freed early", "TF32", "bfloat16, mixed",
                "cuDNN's benchmark mode"), names(rungs));
        assertEquals(PLAIN, rungs.get(0).format());
        for (int i = 1; i < rungs.size(); i++) {
            assertEquals(1, differences(rungs.get(i - 1).format(), rungs.get(i).format()), rungs.get(i).name());
        }
        assertEquals(names(rungs).stream().filter(name -> !name.contains("mixed")).toList(), names(Ladder.rungs(ofAGpu, null)));
    }

    private static int differences(Format below, Format above) {
        Set<Change> changes = EnumSet.copyOf(above.changes().isEmpty() ? EnumSet.noneOf(Change.class) : above.changes());
        changes.removeAll(below.changes());
        return changes.size() + (below.layout() == above.layout() ? 0 : 1) + (below.precision() == above.precision() ? 0 : 1);
    }

    /** It races with all changes that training may have, one of which can be left out. */
    @Test
    void highestRungIsWhatRaces() {
        List<Ladder.Rung> rungs = Ladder.rungs(EnumSet.allOf(Change.class), null);
        Format racing = new Format(Layout.NHWC, Precision.FLOAT32);
        assertEquals(racing, rungs.get(rungs.size() - 2).format());
        assertEquals(racing.without(Change.TF32), rungs.get(rungs.size() - 3).format());
        assertFalse(racing.without(Change.TF32).has(Change.TF32));
    }

    /** Where the CPU computes in bfloat16, that is measured, too. */
    @Test
    void aCpuWithoutBfloat16HasNoRungForMixedPrecisionAndALineSaysWhy() throws Exception {
        Ladder ladder = climb(Precision.FLOAT32);
        boolean bfloat16 = Autocast.whyNot() == null && Autocast.whyNotFaster(Device.cpu()) == null;
        assertEquals(bfloat16, measured.stream().anyMatch(format -> format.precision() == Precision.MIXED));
        assertEquals(bfloat16 ? 0 : 1, ladder.missing().size());
        assertTrue(bfloat16 || ladder.missing().get(0).startsWith("CPU, no bar for mixed precision: "));
        assertEquals(3 * ladder.measured().get(CPU).size(), measured.size(), "in turns");
        assertEquals(new HashSet<>(measured), new HashSet<>(measured.subList(0, measured.size() / 3)));
    }

    @Test
    void aRaceInMixedPrecisionHasThatRungWhereverItCanBeMeasured() throws Exception {
        assumeTrue(Autocast.whyNot() == null);
        Ladder ladder = climb(Precision.MIXED);
        assertEquals(List.of(), ladder.missing());
        assertTrue(names(List.copyOf(ladder.measured().get(CPU).keySet())).contains("bfloat16, mixed"));
    }

    @Test
    void aRungThatDoesNotFitIsMissingAndTheOthersAreMeasured() throws Exception {
        Ladder ladder = new Ladder(Precision.FLOAT32);
        ladder.climb(List.of(CPU), 1, (on, format) -> {
            if (format.equals(PLAIN)) {
                throw new EngineException("DefaultCPUAllocator: can't allocate memory");
            }
            return MadeUp.throughput(10);
        });
        assertSays(ladder.missing().toString(), "CPU, no bar for plain DJL: out of memory");
        assertEquals(1, ladder.missing().stream().filter(why -> why.contains("plain DJL")).count(), "told once, and not tried again");
        assertEquals("channels-last", names(List.copyOf(ladder.measured().get(CPU).keySet())).get(0));
        EngineException other = new EngineException("other");
        assertSame(other, assertThrows(EngineException.class, () -> ladder.climb(List.of(CPU), 1, (on, format) -> {
            throw other;
        })));
    }

    /** Of the library for CPUs too, where it has no effect. */
    @Test
    void tf32CanBeSwitchedOffAndOn() {
        assumeTrue(Libtorch.hasSwitches());
        assertTrue(Libtorch.setTf32(false), "PyTorch's default");
        assertEquals(false, Libtorch.setTf32(true));
        assertEquals(true, Libtorch.setTf32(true));
    }

    /** Whatever happens, they are afterwards as they were. */
    @Test
    void switchesOfTheProcessAreAsTheFormatSaysUntilItIsClosed() {
        assumeTrue(Libtorch.hasSwitches());
        Format racing = new Format(Layout.NHWC, Precision.FLOAT32);
        try (ProcessSwitches on = ProcessSwitches.of(racing.with(Change.CUDNN_BENCHMARK))) {
            assertTrue(tf32() && benchmark());
            try (ProcessSwitches off = ProcessSwitches.of(racing.without(Change.TF32))) {
                assertFalse(tf32() || benchmark());
            }
            assertTrue(tf32() && benchmark());
        }
        assertTrue(tf32());
        assertFalse(benchmark());
    }

    private static boolean benchmark() {
        boolean before = Libtorch.setCudnnBenchmark(false);
        Libtorch.setCudnnBenchmark(before);
        return before;
    }

    private static boolean tf32() {
        boolean before = Libtorch.setTf32(true);
        Libtorch.setTf32(before);
        return before;
    }

    private Ladder climb(Precision racing) throws Exception {
        Ladder ladder = new Ladder(racing);
        ladder.climb(List.of(CPU), 1, (on, format) -> {
            measured.add(format);
            return MadeUp.throughput(10);
        });
        return ladder;
    }

    private static List<String> names(List<Ladder.Rung> rungs) {
        return rungs.stream().map(Ladder.Rung::name).toList();
    }
}
