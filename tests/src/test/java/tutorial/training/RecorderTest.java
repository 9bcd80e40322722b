package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tutorial.page.ProgressLine;
import tutorial.testing.Small;

class RecorderTest {
    private static final List<Integer> BATCHES = List.of(4, 4, 2, 4, 4, 2, 4);
    private static final int PHOTOS = 10;

    /** Whatever is kept, by the number of steps after which it was there. */
    private final List<Integer> readAfter = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 100})
    void lossesEpochsAndRightAnswersAreTheSameHoweverOftenTheyAreRead(int stepsPerReading) throws Exception {
        List<Step> steps = record(stepsPerReading, new Stopwatch(() -> {})).steps();
        assertEquals(BATCHES, steps.stream().map(Step::images).toList());
        assertEquals(List.of(0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5), steps.stream().map(Step::loss).toList());
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L), steps.stream().map(Step::correct).toList());
        assertEquals(List.of(1, 1, 1, 2, 2, 2, 3), steps.stream().map(Step::epoch).toList());
    }

    @Test
    void resultsAreReadInStretchesAndAtTheEnd() throws Exception {
        record(3, new Stopwatch(() -> {}));
        assertEquals(List.of(0, 0, 3, 3, 3, 6, 7), readAfter);
    }

    /** Also what reading takes counts. */
    @Test
    void theTimeOfAStretchIsSharedEvenlyAmongItsStepsAndSoAreItsParts() throws Exception {
        Run run = record(3, new Stopwatch(() -> {}));
        for (int i = 1; i < 6; i++) {
            assertEquals(i == 3, !run.steps().get(i).equals(likeBefore(run, i)), "step " + i + " of " + run.steps());
        }
        for (Step step : run.steps()) {
            assertEquals(step.seconds(), step.part("work") + step.part("reading back"), 1e-3);
            assertTrue(step.part("work") >= 2e-3 && step.wall() >= step.seconds(), step.toString());
        }
    }

    private static Step likeBefore(Run run, int i) {
        Step before = run.steps().get(i - 1);
        Step step = run.steps().get(i);
        return new Step(step.epoch(), step.images(), before.seconds(), before.wall(), before.parts(), step.loss(), step.correct());
    }

    @Test
    void aWatchThatNeverWaitsTellsNoParts() throws Exception {
        Run run = record(3, Stopwatch.ofWholes());
        assertTrue(run.steps().stream().allMatch(step -> step.parts().equals(Map.of())), run.steps().toString());
        assertNotEquals(0, run.seconds());
    }

    @Test
    void theProgressLineTellsOfWhatWasRead() throws Exception {
        List<String> shown = new ArrayList<>();
        try (NDManager results = Small.manager()) {
            Run run = new Run("CPU", "A CPU", "cached", 0, new ArrayList<>());
            Recorder recorder = new Recorder(run, PHOTOS, 1, new Stopwatch(() -> {}), results, new ProgressLine("CPU", 3, 30, shown::add));
            recorder.watch().start();
            recorder.keep(4, results.create(new float[] {1.25f, 1}));
            recorder.readIfDue(false);
        }
        assertTrue(shown.get(shown.size() - 1).contains("4 of 30 images"), shown.toString());
        assertTrue(shown.get(shown.size() - 1).contains("loss 1.250"), shown.toString());
    }

    private Run record(int stepsPerReading, Stopwatch watch) throws Exception {
        Run run = new Run("CPU", "A CPU", "cached", 0, new ArrayList<>());
        try (NDManager results = Small.manager()) {
            Recorder recorder = new Recorder(run, PHOTOS, stepsPerReading, watch, results, ProgressLine.silent());
            watch.start();
            for (int i = 0; i < BATCHES.size(); i++) {
                assertEquals(BATCHES.subList(0, i).stream().mapToInt(Integer::intValue).sum(), recorder.images());
                try (NDManager step = results.newSubManager()) {              // whose arrays are closed before they are read
                    Thread.sleep(2);
                    watch.lap("work");
                    recorder.keep(BATCHES.get(i), step.create(new float[] {i + 0.5f, i}));
                }
                recorder.readIfDue(i == BATCHES.size() - 1);
                readAfter.add(run.steps().size());
            }
            assertEquals(0, Small.liveArrays(results), "arrays that were read and not freed");
        }
        return run;
    }
}
