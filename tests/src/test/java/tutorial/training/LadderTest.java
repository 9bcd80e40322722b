package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tutorial.testing.MadeUp;
import tutorial.testing.Small;

class LadderTest {
    private final List<String> set = new ArrayList<>();
    private final List<String> measured = new ArrayList<>();

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
    }

    /** And where the CPU computes in bfloat16, it is measured, too. */
    @Test
    void whatTheRaceHasMeasuredIsNotMeasuredAgain() throws Exception {
        Ladder ladder = new Ladder(race("float32"));
        climb(ladder);
        boolean bfloat16 = Autocast.whyNot() == null && Autocast.whyNotFaster(Device.cpu()) == null;
        assertEquals(bfloat16 ? List.of("mixed NHWC") : List.of(), measured);
        assertEquals(bfloat16 ? 0 : 1, ladder.missing().size());
        assertTrue(bfloat16 || ladder.missing().get(0).startsWith("CPU, no bar for mixed precision: "), ladder.missing().toString());
        assertEquals(List.of(20.0, 25.0), ladder.bursts().get("CPU").values().stream().limit(2).map(burst -> Math.rint(burst.imagesPerSecond())).toList());
    }

    @Test
    void aRaceInMixedPrecisionHasTheRungsBelowItMeasured() throws Exception {
        assumeTrue(Autocast.whyNot() == null);
        Ladder ladder = new Ladder(race("mixed"));
        climb(ladder);
        assertEquals(List.of("float32 NCHW", "float32 NHWC"), measured);
        assertEquals(List.of("float32", "mixed", "float32", "mixed"), set, "and the setting is set back each time");
        assertEquals(List.of(), ladder.missing());
        assertEquals(List.of("NCHW", "NHWC", "NHWC, bfloat16, mixed"), names(List.copyOf(ladder.bursts().get("CPU").keySet())));
    }

    @Test
    void aMeasurementThatFailsSetsTheSettingBack() {
        IllegalStateException failure = new IllegalStateException("out of memory");
        assertSame(failure, assertThrows(IllegalStateException.class, () -> new Ladder(race("mixed")).climb("CPU", set::add, nhwc -> {
            throw failure;
        })));
        assertEquals(List.of("float32", "mixed"), set);
    }

    /** Of the library for CPUs too, where it has no effect. */
    @Test
    void tf32CanBeSwitchedOffAndOn() {
        assumeTrue(Libtorch.hasTf32Switch());
        assertTrue(Libtorch.setTf32(false), "PyTorch's default");
        assertEquals(false, Libtorch.setTf32(true));
        assertEquals(true, Libtorch.setTf32(true));
    }

    private void climb(Ladder ladder) throws Exception {
        ladder.climb("CPU", set::add, nhwc -> {
            measured.add(set.get(set.size() - 1) + (nhwc ? " NHWC" : " NCHW"));
            return MadeUp.burst(10);
        });
    }

    private static Race race(String precision) {
        Race race = new Race(Map.of("CPU", Device.cpu()), "faster", precision);
        race.add("CPU", "NHWC", MadeUp.burst(25));
        race.add("CPU", "NCHW", MadeUp.burst(20));
        return race;
    }

    private static List<String> names(List<Ladder.Rung> rungs) {
        return rungs.stream().map(Ladder.Rung::name).toList();
    }
}
