package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.photos.DataLoading.CACHED;
import static tutorial.photos.DataLoading.ON_THE_FLY;
import static tutorial.testing.MadeUp.STAND_IN;
import static tutorial.testing.Said.assertRefused;
import static tutorial.training.TrainingDevice.CPU;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tutorial.machine.CpuFigures;
import tutorial.machine.GpuFigures;
import tutorial.testing.MadeUp;

class RaceTest {
    private final Race race = new Race(List.of(CPU, STAND_IN), null, Precision.FLOAT32, true);

    @Test
    void settingsOfTheRace() {
        Race alone = new Race(MadeUp.settings("secondDevice", "none", "layout", "NCHW"), null, line -> {});
        assertEquals(List.of(CPU), alone.devices());
        assertEquals(CPU, alone.last());
        assertEquals(false, alone.gpuWanted());
        assertEquals(new Format(Layout.NCHW, Precision.FLOAT32), alone.format(CPU));
        Race two = new Race(MadeUp.settings("secondDevice", "cpu"), null, line -> {});
        assertEquals(STAND_IN, two.last());
        assertTrue(two.gpuWanted());
    }

    @Test
    void aDeviceRacesInTheLayoutInWhichItIsFaster() {
        assertEquals(Layout.NHWC, race.format(CPU).layout(), "until it is known");
        race.add(CPU, Layout.NHWC, MadeUp.throughput(20));
        assertEquals(Double.NaN, race.layoutGain(CPU), "one layout alone tells no gain");
        race.add(CPU, Layout.NCHW, MadeUp.throughput(25));
        race.add(STAND_IN, Layout.NHWC, MadeUp.throughput(200));
        race.add(STAND_IN, Layout.NCHW, MadeUp.throughput(100));
        assertEquals(Layout.NCHW, race.format(CPU).layout());
        assertEquals(Layout.NHWC, race.format(STAND_IN).layout());
        assertEquals(25, race.computeOnly(CPU).imagesPerSecond(), 1e-9);
        assertEquals(1.25, race.layoutGain(CPU), 1e-9);
        assertEquals(2, race.layoutGain(STAND_IN), 1e-9);
    }

    @Test
    void aLayoutInTheSettingsCountsWhicheverIsFaster() {
        Race set = new Race(List.of(CPU), Layout.NHWC, Precision.FLOAT32, true);
        set.add(CPU, Layout.NHWC, MadeUp.throughput(20));
        set.add(CPU, Layout.NCHW, MadeUp.throughput(25));
        assertEquals(Layout.NHWC, set.format(CPU).layout());
        assertEquals(20, set.computeOnly(CPU).imagesPerSecond(), 1e-9);
    }

    @Test
    void aCellThatIsRunAgainReplacesWhatItHadAdded() {
        race.add(MadeUp.run(STAND_IN, ON_THE_FLY, 90));
        race.add(MadeUp.run(CPU, ON_THE_FLY, 20));
        race.add(MadeUp.run(STAND_IN, CACHED, 100));
        Run again = MadeUp.run(CPU, ON_THE_FLY, 21);
        assertSame(again, race.add(again));
        List<Run.Key> keys = List.of(again.key(), new Run.Key(STAND_IN, ON_THE_FLY), new Run.Key(STAND_IN, CACHED));
        assertEquals(keys, race.runs().stream().map(Run::key).toList());
        assertSame(again, race.cpu());
        race.add(CPU, Layout.NHWC, MadeUp.throughput(20));
        race.add(CPU, Layout.NHWC, MadeUp.throughput(30));
        assertEquals(30, race.computeOnly(CPU).imagesPerSecond(), 1e-9);
    }

    @Test
    void theFirstWayOfDataLoadingStaysFirst() {
        Run first = race.add(MadeUp.run(CPU, ON_THE_FLY, 20));
        race.add(MadeUp.run(CPU, CACHED, 30));
        assertSame(first, race.cpu());
        Run cached = race.add(MadeUp.run(STAND_IN, CACHED, 200));
        assertSame(cached, race.first(STAND_IN));
        assertEquals(List.of(first, cached), race.firstOfEach());
    }

    @Test
    void trainedAreTheRunsThatHaveWeights() {
        Run other = race.add(trained(MadeUp.run(STAND_IN, CACHED, 100)));
        race.add(MadeUp.run(CPU, CACHED, 30));
        Run cpu = race.add(trained(MadeUp.run(CPU, ON_THE_FLY, 20)));
        assertEquals(List.of(cpu, other), race.trained());
        race.add(MadeUp.run(CPU, ON_THE_FLY, 20));
        assertEquals(List.of(other), race.trained(), "weights of the run before are not this one's");
    }

    @Test
    void aSpeedUpComparesWithTheCpuThatLoadedItsDataAlike() {
        race.add(MadeUp.run(CPU, ON_THE_FLY, 20));
        Run onTheFly = race.add(MadeUp.run(STAND_IN, ON_THE_FLY, 100));
        Run cached = race.add(MadeUp.run(STAND_IN, CACHED, 120));
        assertEquals(5, race.speedUp(onTheFly), 1e-9);
        assertEquals(6, race.speedUp(cached), 1e-9, "over the CPU's only run, where there is no other");
        race.add(MadeUp.run(CPU, CACHED, 40));
        assertEquals(5, race.speedUp(onTheFly), 1e-9);
        assertEquals(3, race.speedUp(cached), 1e-9);
        assertEquals(1, race.speedUp(race.cpu()));
    }

    @Test
    void beforeAnythingHasRunOneLineSaysWhatToRun() {
        for (Executable tooEarly : List.<Executable>of(race::runs, race::trained, race::cpu, () -> race.first(CPU))) {
            assertRefused(IllegalStateException.class, tooEarly, "\"The race\"");
        }
        assertRefused(IllegalStateException.class, () -> race.computeOnly(CPU), "\"One training step, and how to time it\"");
        race.add(MadeUp.run(CPU, ON_THE_FLY, 20));
        assertRefused(IllegalStateException.class, () -> race.first(STAND_IN), STAND_IN + " has no run");
        Race withoutCpu = new Race(List.of(CPU, STAND_IN), null, Precision.FLOAT32, true);
        Run other = withoutCpu.add(MadeUp.run(STAND_IN, ON_THE_FLY, 100));
        assertRefused(IllegalStateException.class, () -> withoutCpu.speedUp(other), "CPU has no run");
    }

    private static Run trained(Run run) {
        return new Run(run.key(), run.caching(), run.steps(), GpuFigures.UNKNOWN, CpuFigures.UNKNOWN, new byte[] {1});
    }
}
