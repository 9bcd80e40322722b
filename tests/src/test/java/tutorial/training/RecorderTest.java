package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static tutorial.training.TrainingDevice.CPU;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tutorial.machine.GpuFigures;
import tutorial.photos.DataLoading;
import tutorial.photos.PhotoDataset;
import tutorial.testing.MadeUp;
import tutorial.testing.MadeUpDevice;
import tutorial.testing.Small;

/** With results that no network computed. */
class RecorderTest {
    private static final List<Integer> BATCHES = List.of(4, 4, 2, 4, 4, 2, 4);
    private static final EpochSampler ORDER = new EpochSampler(MadeUp.photos(10), 4, 7, 3).first(BATCHES.size());

    private static final long SECOND = 1_000_000_000;
    private static final double DRAWING = 0.5;

    private final List<Progress> told = new ArrayList<>();
    private final List<Long> watched = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 100})
    void lossesEpochsAndRightAnswersAreTheSameHoweverOftenTheyAreRead(int stepsPerReading) throws Exception {
        List<Step> steps = record(stepsPerReading, false).steps();
        assertEquals(BATCHES, steps.stream().map(Step::images).toList());
        assertEquals(List.of(0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5), steps.stream().map(Step::loss).toList());
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L), steps.stream().map(Step::correct).toList());
        assertEquals(List.of(1, 1, 1, 2, 2, 2, 3), steps.stream().map(Step::epoch).toList());
    }

    @Test
    void whereTheWatchTimesPartsEachStepIsRead() throws Exception {
        for (Step step : record(3, true).steps()) {
            assertEquals(Map.of(Run.WAITING, 0.001, "work", 0.011, Run.READING, 0.0), step.parts());
            assertEquals(0.012, step.seconds(), 1e-9);
        }
        assertEquals(0, told.get(0).seconds() - 0.012, 1e-9);
        assertEquals(BATCHES.size(), told.size());
    }

    /** Also what reading takes counts. */
    @Test
    void theTimeOfAStretchIsSharedEvenlyAmongItsSteps() throws Exception {
        Run run = record(3, false);
        List<Double> seconds = run.steps().stream().map(Step::seconds).toList();
        for (int i = 0; i < 6; i++) {
            assertEquals(0.032 / 3, seconds.get(i), 1e-9, "step " + i + " of " + seconds);
            assertEquals(Map.of(Run.WAITING, 0.001), run.steps().get(i).parts());
        }
        assertEquals(0.012, seconds.get(6), 1e-9);
        assertEquals((DRAWING + 0.032) / 3, run.steps().get(3).wall(), 1e-9, "with the moments in which the clock stood still");
    }

    @Test
    void resultsAreReadInStretchesAndAtTheEndWithTheProgressOfTheEpochAndOfTheWhole() throws Exception {
        Run run = record(3, false);
        assertEquals(List.of(10L, 20L, 24L), told.stream().map(Progress::images).toList());
        Progress last = told.get(2);
        assertEquals(List.of(3, 3), List.of(last.epoch(), last.epochs()));
        assertEquals(24, last.totalImages());
        assertEquals(6.5, last.loss());
        assertEquals(6 / 4.0, last.accuracy());
        assertEquals(run.seconds(), last.seconds());
        assertEquals((4 * 0.5 + 4 * 1.5 + 2 * 2.5) / 10, told.get(0).loss(), 1e-9);
    }

    /** Saving the model afterwards, and drawing in between, is not of the race. */
    @Test
    void aGpuIsWatchedFromTheStartToTheLastReading() throws Exception {
        record(3, false);
        assertEquals(List.of(SECOND + 1L, SECOND + 1L + Math.round((2 * 0.032 + 0.012 + 2 * DRAWING) * 1e9), -1L), watched, "and no longer");
    }

    /** Each step is waited for 1 ms, takes Java 1 ms to launch and the device 10; reading waits for it. */
    private Run record(int stepsPerReading, boolean inParts) throws Exception {
        MadeUpDevice device = new MadeUpDevice();
        Stopwatch watch = new Stopwatch(device.clock(), inParts);
        Function<NDList, float[]> reading = arrays -> {
            device.synchronise();
            return Recorder.numbers(arrays);
        };
        Consumer<Progress> progress = now -> {
            told.add(now);
            device.passes(DRAWING);
        };
        Recorder.Watcher watcher = new Recorder.Watcher() {
            @Override
            public GpuFigures between(long begin, long end) {
                watched.addAll(List.of(begin, end));
                return GpuFigures.UNKNOWN;
            }

            @Override
            public void close() {
                watched.add(-1L);
            }
        };
        device.passes(1);
        try (BatchSource source = new BatchSource(new PhotoDataset(ORDER.photos(), 1, null), DataLoading.ON_THE_FLY, 16, CPU);
             Recorder recorder = new Recorder(CPU, source, ORDER, watch, stepsPerReading, progress, reading, watcher);
             NDManager manager = Small.manager(); Model untrained = Model.newInstance("none", CPU.device())) {
            int arrays = Small.liveArrays(manager.getParentManager());
            assertSame(watch, recorder.start());
            for (int i = 0; i < BATCHES.size(); i++) {
                try (NDManager step = manager.newSubManager()) {              // whose arrays are closed before they are read
                    device.passes(0.001);
                    watch.lap(Run.WAITING);
                    device.step(0.001, 0.01);
                    watch.lap("work");
                    recorder.keep(BATCHES.get(i), step.create(new float[] {i + 0.5f, i}));
                }
                recorder.readIfDue();
            }
            assertEquals(arrays, Small.liveArrays(manager.getParentManager()), "arrays that were read and not freed");
            device.passes(100);                                                // in which the model is saved
            return recorder.run(untrained);
        }
    }
}
