package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static tutorial.testing.Said.assertSays;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        Race race = MadeUp.race(MadeUp.GPU);
        Costs costs = costs(race, Map.of("CPU", 0.1, "T4", 0.5, MadeUp.GPU.processor(), 2.0));
        Table table = costs.table((price, rate) -> 0);
        assertEquals(List.of("CPU, on the fly", "GPU, on the fly", PUBLISHED.get(0), PUBLISHED.get(1)), table.stringColumn("run").asList());
        assertEquals(List.of(0.1, 2.0, 0.1, 0.5), table.doubleColumn("price per hour").asList());
        assertSays(costs.breakEven(), "20.0 times", "400.0 images/s");
        assertFalse(costs.breakEven().contains("original"), costs.breakEven());
    }

    @Test
    void aGpuWithoutAPriceHasNoFigureAndIsNamed() throws IOException {
        Costs costs = costs(MadeUp.race(MadeUp.GPU), 224, 0.5);
        assertEquals(List.of("CPU, on the fly", PUBLISHED.get(0), PUBLISHED.get(1)),
                costs.table((price, rate) -> 0).stringColumn("run").asList());
        assertSays(costs.breakEven(), MadeUp.GPU.processor(), "pricePerHour");
    }

    /** The word that fits best, and nothing for what only looks alike. */
    @ParameterizedTest
    @CsvSource(nullValues = "none", value = {"A T4, 0.4", "Tesla T4, 0.4", "NVIDIA A100-SXM4-40GB, 3.0", "NVIDIA A100 80GB PCIe, 4.0",
        "NVIDIA L40S, none", "NVIDIA A1000, none", "NVIDIA A100-SXM4-40GB MIG 1g.5gb, none"})
    void aGpuHasThePriceOfItsName(String gpu, Double price) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Path file = files.findFirst().orElseThrow();
            Files.writeString(file, Files.readString(file).replace("A T4", gpu));
        }
        Map<String, Double> prices = Map.of("CPU", 0.1, "T4", 0.4, "A100", 3.0, "A100 80GB", 4.0, "L40", 1.0);
        Table table = costs(MadeUp.race(), prices).table((each, rate) -> 0);
        List<Double> recorded = table.where(table.stringColumn("run").startsWith("recorded")).doubleColumn("price per hour").asList();
        assertEquals(price == null ? List.of() : List.of(price, price), recorded);
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
        assertFalse(small.breakEven().contains("original"), small.breakEven());
    }

    /** @param ofT4 its price per hour; the CPU's is 0.1 */
    private Costs costs(Race race, int imageSize, double ofT4) throws IOException {
        return new Costs(new Answer(race, imageSize, AnswerTest.ORIGINAL, folder), Map.of("CPU", 0.1, "T4", ofT4));
    }

    private Costs costs(Race race, Map<String, Double> prices) throws IOException {
        return new Costs(new Answer(race, 224, AnswerTest.ORIGINAL, folder), prices);
    }
}
