package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.testing.Said.assertSays;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tutorial.testing.MadeUp;
import tutorial.training.Race;
import tutorial.training.Rate;

/** The CPU here trains 20 images/s, a GPU 100. */
class ElsewhereTest {
    private static final double FLOP = 10e9;
    private static final PublishedRate SLOW = new PublishedRate("T4", 300, true, "float32", "NCHW", 12, 224, FLOP);
    private static final PublishedRate FAST = new PublishedRate("RTX", 3200, false, "float16, mixed", "NHWC", 512, 224, FLOP);

    @ParameterizedTest
    @CsvSource({"800, 0, 0.75", "300, 0, 0.90625", "150, 0.5, 0.953125", "4000, 0, 0"})
    void aGpuWaitsForWhatThisMachineCannotDecode(double decoded, double slow, double fast) {
        Elsewhere elsewhere = at224(MadeUp.race(), decoded);
        assertEquals(slow, elsewhere.waiting(SLOW), 1e-9);
        assertEquals(fast, elsewhere.waiting(FAST), 1e-9);
        assertEquals(300, elsewhere.rate(SLOW));
    }

    @Test
    void theChartShowsWhatWasMeasuredHereAndElsewhereAndTheLineOfDecoding() {
        Picture chart = at224(MadeUp.race(), 800).chart();
        assertSays(chart.alt(), "160 times as fast as this CPU", "this machine, 40 times. ", ": 20 images per second measured here",
                "T4, float32, NCHW, batch 12: ≥ 300 images per second ×15; RTX, mixed, NHWC, batch 512: 3200 images per second ×160, waits 75 %",
                "800 images per second");
        assertTrue(ChartsTest.count(chart, Charts.Kind.PUBLISHED.color) > 0 && ChartsTest.count(chart, Charts.Kind.CPU.color) > 0);
        assertFalse(chart.alt().contains("estimate"), chart.alt());
        assertFalse(at224(MadeUp.race(), 4000).chart().alt().contains("waits"));
    }

    @Test
    void withAGpuInTheRaceItsBarStandsThereToo() {
        Picture chart = at224(MadeUp.race(MadeUp.GPU), 800).chart();
        assertSays(chart.alt(), "GPU: ", "100 images per second measured here", "T4, float32");
        assertTrue(ChartsTest.count(chart, Charts.Kind.GPU.color) > 0);
    }

    /** A quarter of the pixels, a quarter of the operations. */
    @ParameterizedTest
    @CsvSource({"112, 0.25, ≤, 1200, 13000, upper bounds", "160, 0.5, ≈, 600, 6400, within 5 %", "448, 4, ≈, 75, 800, within 5 %"})
    void forAnotherSizeRatesAreScaledAndCalledEstimatesWithTheirError(int size, double operations, String sign, String slow,
            String fast, String error) {
        Elsewhere elsewhere = new Elsewhere(MadeUp.race(), List.of(SLOW, FAST), new Rate(800, Double.NaN), size, operations * FLOP);
        assertEquals(300 / operations, elsewhere.rate(SLOW), 1e-9);
        assertSays(elsewhere.chart().alt(), "estimate", sign + " " + slow + " images per second");
        assertSays(elsewhere.sentence(), "estimates", sign + " " + fast, error);
    }

    @Test
    void theSentenceTellsOfTheFastestAndTheSlowest() {
        String sentence = at224(MadeUp.race(), 800).sentence();
        assertSays(sentence, "RTX (mixed, NHWC, batch 512)", "3200 images/s, ×160", "T4 (float32, NCHW, batch 12)", "≥ 300", "800 images/s", "75 %");
        assertFalse(sentence.contains("estimate"), sentence);
        assertSays(at224(MadeUp.race(), 150).sentence(), "95 %", "50 %");
        assertFalse(at224(MadeUp.race(), 4000).sentence().contains("%"));
    }

    @Test
    void withoutTheFileWhatWasMeasuredHereIsShownAndTheFileNamed() {
        Elsewhere elsewhere = Elsewhere.of(Path.of("none.csv"), MadeUp.race(), new Rate(800, 9), 224, FLOP);
        assertSays(elsewhere.chart().alt(), "decodes 800 ± 9 ", ": 20 images per second measured here");
        assertSays(elsewhere.sentence(), "none.csv", "git checkout");
    }

    private static Elsewhere at224(Race race, double decoded) {
        return new Elsewhere(race, List.of(SLOW, FAST), new Rate(decoded, Double.NaN), 224, FLOP);
    }
}
