package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;
import tutorial.testing.MadeUp;
import tutorial.training.Race;

class CostsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void record() throws IOException {
        MadeUp.recordGpu(folder, "2026-12-01T10:00:00", 224, "float32");
    }

    @Test
    void costsAreThoseOfAllRunsAtThePriceOfTheirDevice() throws IOException {
        Table table = costs(MadeUp.race(), 224, 0.5).table((price, rate) -> price / rate);
        assertEquals(List.of("CPU, on the fly", "recorded: A T4, on the fly, 8 cores, 2026-12-01", "recorded: A T4, cached, 8 cores, 2026-12-01",
                "published: Intel Xeon, Google Colab", "published: NVIDIA T4, Google Colab"), table.stringColumn("run").asList());
        assertEquals(List.of(0.1, 0.5, 0.5, 0.1, 0.5), table.doubleColumn("price per hour").asList());
        assertEquals(0.1 / 20, table.doubleColumn("price of a million images").get(0), 1e-12);
        assertEquals(0.5 / 480, table.doubleColumn("price of a million images").get(2), 1e-12);
    }

    @Test
    void withAGpuOfItsOwnNoRecordedRunIsShown() throws IOException {
        assertEquals(List.of("CPU, on the fly", "GPU, on the fly", "published: Intel Xeon, Google Colab", "published: NVIDIA T4, Google Colab"),
                costs(MadeUp.race(MadeUp.GPU), 224, 0.5).table((price, rate) -> 0).stringColumn("run").asList());
    }

    @Test
    void aGpuIsCheaperFromTheRatioOfThePricesOn() throws IOException {
        String five = costs(MadeUp.race(), 224, 0.5).breakEven();
        assertTrue(five.contains("5.0 times") && five.contains("100.0 images/s") && five.contains("61.8 images/s, was not"), five);
        String two = costs(MadeUp.race(), 224, 0.2).breakEven();
        assertTrue(two.contains("2.0 times") && two.contains("40.0 images/s") && two.contains("61.8 images/s, was beyond"), two);
    }

    @Test
    void figuresForAnotherImageSizeAreLeftOut() throws IOException {
        Costs small = costs(MadeUp.race(), 96, 0.5);
        assertEquals(List.of("CPU, on the fly"), small.table((price, rate) -> 0).stringColumn("run").asList());
        assertFalse(small.breakEven().contains("T4"), small.breakEven());
    }

    /** @param ofGpu its price per hour; the CPU's is 0.1 */
    private Costs costs(Race race, int imageSize, double ofGpu) throws IOException {
        return new Costs(new Answer(race, imageSize, AnswerTest.ORIGINAL, folder), Map.of("CPU", 0.1, "GPU", ofGpu));
    }
}
