package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.files.ResultsFolder;
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
        assertEquals(List.of("▶ A T4, 8 cores, 2026-12-24: 480 images per second cached",
                "A T4, 8 cores, 2026-12-01: 100 images per second",
                "▶ A T4, 8 cores, 2026-12-24: 100 images per second on the fly",
                "NVIDIA T4, Google Colab, published: 61.8 images per second",
                "▶ A CPU, 8 cores, 2026-12-24: 40 images per second cached",
                "A CPU, 8 cores, 2026-12-01: 20 images per second",
                "▶ A CPU, 8 cores, 2026-12-24: 20 images per second on the fly"), rates.subList(0, 7));
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
        List<String> seconds = bars(all("2026-12-01T10:00:00").seconds());
        assertTrue(seconds.contains("▶ A T4, 8 cores, 2026-12-01: 13.8 seconds projected, cached, mixed"), seconds.toString());
    }

    @Test
    void secondsAreProjectedFromTheRateUnlessTheRunHadAsManyImages() throws IOException {
        MadeUp.recordGpu(folder, OWN, 224, "float32");
        assertTrue(all(OWN).seconds().alt().contains("6,621 images"));
        assertEquals(List.of("▶ A T4, 8 cores, 2026-12-24: 13.8 seconds projected, cached",
                "▶ A T4, 8 cores, 2026-12-24: 66.2 seconds measured, on the fly",
                "NVIDIA T4, Google Colab, published: 107 seconds measured"), bars(all(OWN).seconds()).subList(0, 3));
    }

    private AllRuns all(String own) throws IOException {
        return new AllRuns(ResultsFolder.read(AnswerTest.ORIGINAL, folder), 224, own);
    }

    /** What the text of a chart says of each bar. */
    private static List<String> bars(Picture chart) {
        return List.of(chart.alt().replaceFirst("^.*?\\. ", "").replaceFirst("\\.$", "").split("; "));
    }
}
