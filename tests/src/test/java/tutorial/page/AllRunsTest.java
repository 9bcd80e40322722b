package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.MadeUp;

class AllRunsTest {
    private static final String OWN = "2026-12-24T10:00:00";

    @TempDir
    Path folder;

    @Test
    void ratesAreSortedAndTheOwnOnesMarkedWithTheirDataLoading() throws IOException {
        MadeUp.recordGpu(folder, "2026-12-01T10:00:00", 224, "float32");
        MadeUp.recordGpu(folder, "2026-12-02T10:00:00", 96, "float32");
        MadeUp.recordGpu(folder, OWN, 224, "float32");
        List<String> rates = bars(all(OWN).rates());
        assertEquals(List.of("▶ A T4, 8 cores, cached: 480 images per second",
                "A T4, 8 cores, 2026-12-01: 100 images per second",
                "▶ A T4, 8 cores, on the fly: 100 images per second",
                "NVIDIA T4, Google Colab, published: 61.8 images per second",
                "▶ A CPU, 8 cores, cached: 40 images per second",
                "A CPU, 8 cores, 2026-12-01: 20 images per second",
                "▶ A CPU, 8 cores, on the fly: 20 images per second"), rates.subList(0, 7));
        assertEquals(8, rates.size(), "with the original's CPU, and without the runs on small images: " + rates);
    }

    /** The original's figures and one's own are what the others are there for. */
    @Test
    void ofManyRunsTheFastestAreShownAndAlwaysThePublishedAndTheOwnOnes() throws IOException {
        for (int day = 10; day < 25; day++) {
            MadeUp.recordGpu(folder, "2026-11-" + day + "T10:00:00", 224, "float32");
        }
        MadeUp.recordGpu(folder, OWN, 224, "float32");
        List<String> rates = bars(all(OWN).rates());
        assertEquals(4, rates.stream().filter(bar -> bar.startsWith("▶")).count(), rates.toString());
        assertEquals(2, rates.stream().filter(bar -> bar.contains("published")).count(), rates.toString());
        assertTrue(rates.size() < 19, rates.toString());
    }

    @Test
    void aRunInMixedPrecisionSaysSo() throws IOException {
        MadeUp.recordGpu(folder, "2026-12-01T10:00:00", 224, "bfloat16, mixed");
        List<String> rates = bars(all(OWN).rates());
        assertTrue(rates.contains("A T4, 8 cores, 2026-12-01: 100 images per second mixed"), rates.toString());
        assertTrue(rates.contains("A CPU, 8 cores, 2026-12-01: 20 images per second"), rates.toString());
        assertTrue(bars(all("2026-12-01T10:00:00").rates()).contains("▶ A T4, 8 cores, cached: 480 images per second mixed"));
    }

    @Test
    void runsOfOneDayAreToldApartByTheTimeAndThoseOfOneMinuteByANumber() throws IOException {
        for (String date : List.of("2026-12-01T10:00:00", "2026-12-01T11:30:00", "2026-12-01T11:30:20", "2026-12-02T10:00:00")) {
            MadeUp.recordGpu(folder, date, 224, "float32");
        }
        List<String> labels = bars(all(OWN).rates()).stream().map(bar -> bar.replaceFirst(": [\\d.]+ images per second$", "")).toList();
        assertEquals(labels.size(), Set.copyOf(labels).size(), labels.toString());
        assertTrue(labels.containsAll(List.of("A T4, 8 cores, 2026-12-01 10:00", "A T4, 8 cores, 2026-12-01 11:30 (1)",
                "A T4, 8 cores, 2026-12-01 11:30 (2)", "A T4, 8 cores, 2026-12-02")), labels.toString());
    }

    @Test
    void onlyTheOwnRunHasAColour() throws IOException {
        MadeUp.recordGpu(folder, "2026-12-01T10:00:00", 224, "float32");
        assertEquals(0, ChartsTest.count(all(OWN).rates(), Charts.Kind.GPU.color));
        assertTrue(ChartsTest.count(all("2026-12-01T10:00:00").rates(), Charts.Kind.GPU.color) > 0);
        assertTrue(ChartsTest.count(all("2026-12-01T10:00:00").rates(), Charts.Kind.CPU.color) > 0, "and its CPU as one");
    }

    @Test
    void aFileThatIsNoResultsIsNamedInTheTitle() throws IOException {
        Files.writeString(folder.resolve("prices.csv"), "name,price\nshoe,3\n");
        MadeUp.recordGpu(folder, OWN, 224, "float32");
        String told = all(OWN).rates().alt();
        assertTrue(told.contains("prices.csv") && told.contains("480 images per second"), told);
    }

    private AllRuns all(String own) throws IOException {
        return new AllRuns(AnswerTest.ORIGINAL, folder, 224, own);
    }

    /** What the text of a chart says of each bar. */
    private static List<String> bars(Picture chart) {
        return List.of(chart.alt().replaceFirst("^.*?\\. ", "").replaceFirst("\\.$", "").split("; "));
    }
}
