package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.training.TrainingDevice.CPU;

import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tutorial.photos.DataLoading;
import tutorial.photos.PhotoDataset;
import tutorial.testing.MadeUp;
import tutorial.testing.Small;

/** With results that no network computed. */
class RecorderTest {
    private static final List<Integer> BATCHES = List.of(4, 4, 2, 4, 4, 2, 4);
    private static final EpochSampler ORDER = new EpochSampler(MadeUp.photos(10), 4, 7, 3).first(BATCHES.size());

    private final List<Progress> told = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 100})
    void lossesEpochsAndRightAnswersAreTheSameHoweverOftenTheyAreRead(int stepsPerReading) throws Exception {
        List<Step> steps = record(stepsPerReading, Stopwatch.ofWholes()).steps();
        assertEquals(BATCHES, steps.stream().map(Step::images).toList());
        assertEquals(List.of(0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5), steps.stream().map(Step::loss).toList());
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L), steps.stream().map(Step::correct).toList());
        assertEquals(List.of(1, 1, 1, 2, 2, 2, 3), steps.stream().map(Step::epoch).toList());
    }

    @Test
    void whereTheWatchTimesPartsEachStepIsRead() throws Exception {
        for (Step step : record(3, new Stopwatch(() -> {})).steps()) {
            assertEquals(step.seconds(), step.part("work") + step.part(Run.READING), 1e-9);
            assertTrue(step.part("work") >= 2e-3 && step.wall() >= step.seconds(), step.toString());
        }
        assertEquals(BATCHES.size(), told.size());
    }

    /** Also what reading takes counts. */
    @Test
    void theTimeOfAStretchIsSharedEvenlyAmongItsSteps() throws Exception {
        Run run = record(3, Stopwatch.ofWholes());
        List<Double> seconds = run.steps().stream().map(Step::seconds).toList();
        for (int i = 1; i < 6; i++) {
            assertEquals(i == 3, !seconds.get(i).equals(seconds.get(i - 1)), "step " + i + " of " + seconds);
        }
        assertTrue(run.steps().stream().allMatch(step -> step.parts().equals(Map.of())), run.steps().toString());
        assertNotEquals(0, run.seconds());
    }

    @Test
    void resultsAreReadInStretchesAndAtTheEndWithTheProgressOfTheEpochAndOfTheWhole() throws Exception {
        Run run = record(3, Stopwatch.ofWholes());
        assertEquals(List.of(10L, 20L, 24L), told.stream().map(Progress::images).toList());
        Progress last = told.get(2);
        assertEquals(List.of(3, 3), List.of(last.epoch(), last.epochs()));
        assertEquals(24, last.totalImages());
        assertEquals(6.5, last.loss());
        assertEquals(6 / 4.0, last.accuracy());
        assertEquals(run.seconds(), last.seconds());
        assertEquals((4 * 0.5 + 4 * 1.5 + 2 * 2.5) / 10, told.get(0).loss(), 1e-9);
    }

    private Run record(int stepsPerReading, Stopwatch watch) throws Exception {
        try (BatchSource source = new BatchSource(new PhotoDataset(ORDER.photos(), 1, null), DataLoading.ON_THE_FLY, 16, CPU);
             Recorder recorder = new Recorder(CPU, source, ORDER, watch, stepsPerReading, told::add);
             NDManager manager = Small.manager(); Model untrained = Model.newInstance("none", CPU.device())) {
            int arrays = Small.liveArrays(manager.getParentManager());
            recorder.start();
            for (int i = 0; i < BATCHES.size(); i++) {
                try (NDManager step = manager.newSubManager()) {              // whose arrays are closed before they are read
                    Thread.sleep(2);
                    watch.lap("work");
                    recorder.keep(BATCHES.get(i), step.create(new float[] {i + 0.5f, i}));
                }
                recorder.readIfDue();
            }
            assertEquals(arrays, Small.liveArrays(manager.getParentManager()), "arrays that were read and not freed");
            return recorder.run(untrained);
        }
    }
}
