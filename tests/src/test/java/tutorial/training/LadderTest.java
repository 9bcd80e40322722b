package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static tutorial.testing.Said.assertSays;
import static tutorial.training.TrainingDevice.CPU;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tutorial.testing.MadeUp;
import tutorial.testing.Small;

class LadderTest {
    private static final Format NCHW = new Format(Layout.NCHW, Precision.FLOAT32);
    private static final Format NHWC = new Format(Layout.NHWC, Precision.FLOAT32);
    private static final Format MIXED = new Format(Layout.NHWC, Precision.MIXED);

    private final List<Format> measured = new ArrayList<>();

    @BeforeAll
    static void startPyTorch() {
        Small.manager().close();
    }

    @Test
    void aGpuWithTensorCoresHasARungForEachOfThem() {
        assertEquals(List.of("NCHW", "NCHW, TF32", "NHWC, TF32", "NHWC, bfloat16, mixed"), names(Ladder.rungs(true, "bfloat16, mixed")));
        assertEquals(List.of("NCHW", "NHWC", "NHWC, float16, mixed"), names(Ladder.rungs(false, "float16, mixed")));
        assertEquals(List.of("NCHW", "NHWC"), names(Ladder.rungs(false, null)));
        assertEquals(List.of(false, true, true, true), Ladder.rungs(true, "bfloat16, mixed").stream().map(Ladder.Rung::tf32).toList());
        assertEquals(List.of(NCHW, NCHW, NHWC, MIXED), Ladder.rungs(true, "bfloat16, mixed").stream().map(Ladder.Rung::format).toList());
    }

    /** Where the CPU computes in bfloat16, that is measured, too. */
    @Test
    void aCpuWithoutBfloat16HasNoRungForMixedPrecisionAndALineSaysWhy() throws Exception {
        Ladder ladder = climb(Precision.FLOAT32);
        boolean bfloat16 = Autocast.whyNot() == null && Autocast.whyNotFaster(Device.cpu()) == null;
        assertEquals(inTurns(bfloat16 ? List.of(NCHW, NHWC, MIXED) : List.of(NCHW, NHWC)), measured);
        assertEquals(bfloat16 ? 0 : 1, ladder.missing().size());
        assertTrue(bfloat16 || ladder.missing().get(0).startsWith("CPU, no bar for mixed precision: "));
        List<Throughput> rates = List.copyOf(ladder.measured().get(CPU).values());
        assertEquals(List.of(10.0, 20.0), rates.subList(0, 2).stream().map(Throughput::imagesPerSecond).toList());
    }

    @Test
    void aRaceInMixedPrecisionHasThatRungWhereverItCanBeMeasured() throws Exception {
        assumeTrue(Autocast.whyNot() == null);
        Ladder ladder = climb(Precision.MIXED);
        assertEquals(inTurns(List.of(NCHW, NHWC, MIXED)), measured);
        assertEquals(List.of(), ladder.missing());
        assertEquals(List.of("NCHW", "NHWC", "NHWC, bfloat16, mixed"), names(List.copyOf(ladder.measured().get(CPU).keySet())));
    }

    @Test
    void aRungThatDoesNotFitIsMissingAndTheOthersAreMeasured() throws Exception {
        Ladder ladder = new Ladder(Precision.FLOAT32);
        ladder.climb(List.of(CPU), 1, (on, format) -> {
            if (format.equals(NCHW)) {
                throw new EngineException("DefaultCPUAllocator: can't allocate memory");
            }
            return MadeUp.throughput(10);
        });
        assertSays(ladder.missing().toString(), "CPU, no bar for NCHW: out of memory");
        assertEquals(1, ladder.missing().stream().filter(why -> why.contains("NCHW")).count(), "told once, and not tried again");
        assertEquals("NHWC", names(List.copyOf(ladder.measured().get(CPU).keySet())).get(0));
        EngineException other = new EngineException("other");
        assertSame(other, assertThrows(EngineException.class, () -> ladder.climb(List.of(CPU), 1, (on, format) -> {
            throw other;
        })));
    }

    /** Of the library for CPUs too, where it has no effect. */
    @Test
    void tf32CanBeSwitchedOffAndOn() {
        assumeTrue(Libtorch.hasTf32Switch());
        assertTrue(Libtorch.setTf32(false), "PyTorch's default");
        assertEquals(false, Libtorch.setTf32(true));
        assertEquals(true, Libtorch.setTf32(true));
    }

    /** The lowest rung of a GPU with TF32 is without it; whatever happens, it is on again afterwards. */
    @Test
    void aRungIsMeasuredWithTheTf32ThatItSays() throws Exception {
        assumeTrue(Libtorch.hasTf32Switch());
        Map<String, Boolean> on = new LinkedHashMap<>();
        Ladder ladder = new Ladder(Precision.FLOAT32);
        ladder.climb(Map.of(CPU, Ladder.rungs(true, null)), 1, (device, format) -> {
            on.merge(format + " " + measured.size() % 3, tf32(), Boolean::logicalAnd);
            measured.add(format);
            return MadeUp.throughput(10);
        });
        assertEquals(List.of(false, true, true), List.copyOf(on.values()), on.toString());
        assertThrows(EngineException.class, () -> ladder.climb(Map.of(CPU, Ladder.rungs(true, null)), 1, (device, format) -> {
            throw new EngineException("other");
        }));
        assertTrue(tf32());
    }

    private static boolean tf32() {
        boolean before = Libtorch.setTf32(true);
        Libtorch.setTf32(before);
        return before;
    }

    private static List<Format> inTurns(List<Format> formats) {
        return Stream.of(formats, formats, formats).flatMap(List::stream).toList();
    }

    private Ladder climb(Precision racing) throws Exception {
        Ladder ladder = new Ladder(racing);
        ladder.climb(List.of(CPU), 1, (on, format) -> {
            measured.add(format);
            return MadeUp.throughput(10 * (1 + List.of(NCHW, NHWC, MIXED).indexOf(format)));
        });
        return ladder;
    }

    private static List<String> names(List<Ladder.Rung> rungs) {
        return rungs.stream().map(Ladder.Rung::name).toList();
    }
}
