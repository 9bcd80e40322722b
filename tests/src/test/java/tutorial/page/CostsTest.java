package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static tutorial.testing.Said.assertSays;

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
    private static final List<String> PUBLISHED = List.of("published: Intel Xeon, Google Colab", "published: NVIDIA T4, Google Colab");

    @TempDir
    Path folder;

    @BeforeEach
    void record() throws IOException {
        MadeUp.recordGpu(folder, "2026-12-01T10:00:00", 224, "float32");
    }

    @Test
    void costsAreThoseOfAllRunsAtThePriceOfTheirDevice() throws IOException {
        Table table = costs(MadeUp.race(), 224, 0.5).table((price, rate) -> price / rate);
        assertEquals(List.of("CPU, on the fly", "recorded: A T4, on the fly, 8 cores, 2026-12-01",
                "recorded: A T4, cached, 8 cores, 2026-12-01", PUBLISHED.get(0), PUBLISHED.get(1)), table.stringColumn("run").asList());
        assertEquals(List.of(0.1, 0.5, 0.5, 0.1, 0.5), table.doubleColumn("price per hour").asList());
        assertEquals(0.1 / 20, table.doubleColumn("price of a million images").get(0), 1e-12);
        assertEquals(0.5 / 480, table.doubleColumn("price of a million images").get(2), 1e-12);
    }

    @Test
    void withAGpuOfItsOwnNoRecordedRunIsShown() throws IOException {
        Table table = costs(MadeUp.race(MadeUp.GPU), 224, 0.5).table((price, rate) -> 0);
        assertEquals(List.of("CPU, on the fly", "GPU, on the fly", PUBLISHED.get(0), PUBLISHED.get(1)), table.stringColumn("run").asList());
    }

    @Test
    void aGpuIsCheaperFromTheRatioOfThePricesOn() throws IOException {
        assertSays(costs(MadeUp.race(), 224, 0.5).breakEven(), "5.0 times", "100.0 images/s", "61.8 images/s, was not");
        assertSays(costs(MadeUp.race(), 224, 0.2).breakEven(), "2.0 times", "40.0 images/s", "61.8 images/s, was beyond");
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
