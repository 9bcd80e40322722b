package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.photos.DataLoading.CACHED;
import static tutorial.photos.DataLoading.ON_THE_FLY;
import static tutorial.testing.MadeUp.STAND_IN;
import static tutorial.testing.Said.assertRefused;
import static tutorial.training.TrainingDevice.CPU;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
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
    void channelsLastStaysUnlessTheOtherLayoutIsFasterByMoreThanTheSpreads() {
        race.add(CPU, Layout.NHWC, throughput(20, 1));
        race.add(CPU, Layout.NCHW, throughput(23, 2.1));
        assertEquals(Layout.NHWC, race.format(CPU).layout());
        race.add(CPU, Layout.NCHW, throughput(23, 1.9));
        assertEquals(Layout.NCHW, race.format(CPU).layout());
        race.add(STAND_IN, Layout.NCHW, throughput(20, 1));
        assertEquals(Layout.NCHW, race.format(STAND_IN).layout(), "the only one that was measured");
    }

    private static Throughput throughput(double rate, double spread) {
        return new Throughput(new Rate(rate, spread), 1.25, Double.NaN, 1, 500);
    }

    @Test
    void allDevicesAreMeasuredInBothLayoutsInTurnsInThePrecisionOfTheRace() throws Exception {
        List<String> order = new ArrayList<>();
        race.measure(1, (on, format) -> {
            order.add(on.isAsynchronous() + " " + format.layout() + " " + format.precision());
            return MadeUp.throughput(order.size() > 8 ? 40 : 30);
        });
        assertEquals(List.of("false NCHW float32", "false NHWC float32", "true NCHW float32", "true NHWC float32"), order.subList(0, 4));
        assertEquals(order.subList(0, 4), order.subList(4, 8));
        assertEquals(12, order.size());
        assertEquals(new Rate(30, 10), race.layouts(STAND_IN).get(Layout.NCHW).rate());
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
        Run other = race.add(MadeUp.trained(MadeUp.run(STAND_IN, CACHED, 100)));
        race.add(MadeUp.run(CPU, CACHED, 30));
        Run cpu = race.add(MadeUp.trained(MadeUp.run(CPU, ON_THE_FLY, 20)));
        assertEquals(List.of(cpu, other), race.trained());
        race.add(MadeUp.run(CPU, ON_THE_FLY, 20));
        assertEquals(List.of(other), race.trained(), "weights of the run before are not this one's");
    }

    @Test
    void aSpeedUpComparesWithTheCpusWholeTrainingAndNotWithAFewStepsOfItsOtherDataLoading() {
        race.add(MadeUp.run(CPU, ON_THE_FLY, 20));
        Run onTheFly = race.add(MadeUp.run(STAND_IN, ON_THE_FLY, 100));
        Run cached = race.add(MadeUp.run(STAND_IN, CACHED, 120));
        assertEquals(5, race.speedUp(onTheFly), 1e-9);
        Run few = race.add(MadeUp.run(CPU, CACHED, 15));
        assertEquals(5, race.speedUp(onTheFly), 1e-9);
        assertEquals(6, race.speedUp(cached), 1e-9, "not 8");
        assertEquals(0.75, race.speedUp(few), 1e-9);
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

    @Test
    void runsMadeWithOtherSettingsAreNoPartOfTheRace() {
        race.begin(MadeUp.settings());
        Run cpu = race.add(MadeUp.run(CPU, ON_THE_FLY, 20));
        race.begin(MadeUp.settings("pricePerHour", Map.of("CPU", 1.0, "GPU", 2.0), "sweepSeconds", 1));
        assertSame(cpu, race.cpu(), "a price changes no training");
        race.begin(MadeUp.settings("epochs", 1));
        assertRefused(IllegalStateException.class, race::cpu, "\"The race\"");
    }
}
