package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.photos.DataLoading.CACHED;
import static tutorial.photos.DataLoading.ON_THE_FLY;
import static tutorial.testing.MadeUp.GPU;
import static tutorial.testing.Said.assertSays;
import static tutorial.training.TrainingDevice.CPU;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tutorial.testing.MadeUp;
import tutorial.training.Format;
import tutorial.training.Ladder;
import tutorial.training.Layout;
import tutorial.training.NetworkPart;
import tutorial.training.Precision;
import tutorial.training.Race;
import tutorial.training.Rate;
import tutorial.training.Roofline;
import tutorial.training.Run;
import tutorial.training.Step;
import tutorial.training.Sweep;
import tutorial.training.Throughput;
import tutorial.training.TrainingDevice;

class RunChartsTest {
    @TempDir
    Path folder;

    private static final Format NCHW = new Format(Layout.NCHW, Precision.FLOAT32);

    @Test
    void eachRungOfTheLadderHasItsGainAndItsLoss() throws IOException {
        Ladder ladder = new Ladder(Precision.FLOAT32);
        ladder.add(CPU, new Ladder.Rung("NCHW", NCHW), MadeUp.throughput(20));
        ladder.add(CPU, new Ladder.Rung("NHWC", NCHW), MadeUp.throughput(25));
        ladder.add(GPU, new Ladder.Rung("NCHW", NCHW), MadeUp.throughput(400));
        ladder.add(GPU, new Ladder.Rung("NHWC, bfloat16, mixed", NCHW), MadeUp.throughput(900));
        assertSays(RunCharts.ladder(ladder, answer(), List.of()).alt(), "CPU: 1.3 times as fast, at NHWC; GPU: 2.3 times as fast, at NHWC, bfloat16, mixed",
                "CPU, NCHW: 20 images per second, compute only ± 0.2 ×1.00, loss 1.2500", "CPU, NHWC: 25 images per second, compute only ± 0.3 ×1.25",
                "GPU, NCHW: 400 images per second, compute only ± 4 ×1.00", "mixed: 900 images per second, compute only ± 9 ×2.25");
    }

    /** As `make compare` writes them; those of another machine or of another device are left out. */
    @Test
    void pyTorchsRatesOnThisMachineStandBesideThoseOfItsDevice() throws IOException {
        Files.writeString(folder.resolve("2026-01-02-some-cpu-r-2-cores-photos.csv"), """
                what,who,round,images/s
                "CPU: training step, compute only",PyTorch,1,16
                "CPU: training step, compute only",PyTorch,2,18
                "CPU: training step, compute only","PyTorch, bfloat16 autocast",1,30
                "CPU: training step, compute only","this notebook, NHWC",1,99
                "decode and resize, 1 thread","torchvision",1,400
                """);
        Files.writeString(folder.resolve("2025-01-02-some-cpu-r-2-cores-photos.csv"), "older");
        Files.writeString(folder.resolve("2026-01-02-some-cpu-r-2-cores-photos.of-decoding.csv"), """
                what,who,round,images/s
                "decode and resize, 1 thread","torchvision",1,400
                """);
        List<PyTorchRate> rates = PyTorchRate.recorded(folder, "Some CPU (R)", 2);
        assertEquals(List.of(new PyTorchRate("CPU", "PyTorch, 2026-01-02", false, 17),
                new PyTorchRate("CPU", "PyTorch at its best, 2026-01-02", true, 30)), rates);
        assertEquals(List.of(), PyTorchRate.recorded(folder, "Some CPU (R)", 4));
        assertEquals(List.of(), PyTorchRate.recorded(folder.resolve("none"), "Some CPU (R)", 2));
        assertEquals(List.of(), PyTorchRate.recordedHere(16, 224));
        Ladder ladder = new Ladder(Precision.FLOAT32);
        ladder.add(CPU, new Ladder.Rung("plain DJL", NCHW), MadeUp.throughput(10));
        ladder.add(GPU, new Ladder.Rung("plain DJL", NCHW), MadeUp.throughput(100));
        String alt = RunCharts.ladder(ladder, answer(), rates).alt();
        assertSays(alt, "CPU, PyTorch at its best, 2026-01-02: 30 images per second, compute only ×3.00, mixed");
        assertEquals(2, alt.split("PyTorch", -1).length - 1, alt);
    }

    /** A rate on synthetic data beside one with photos: so it says whose that is. */
    @Test
    void aCpuThatComesNearTheOriginalsGpuIsToldSo() throws IOException {
        Ladder ladder = new Ladder(Precision.FLOAT32);
        ladder.add(CPU, new Ladder.Rung("NCHW", NCHW), MadeUp.throughput(20));
        assertFalse(RunCharts.ladder(ladder, answer(), List.of()).alt().contains("T4"));
        ladder.add(CPU, new Ladder.Rung("NHWC, bfloat16, mixed", NCHW), MadeUp.throughput(57.1));
        assertSays(RunCharts.ladder(ladder, answer(), List.of()).alt(), "mixed: 92 % of the original's NVIDIA T4. ");
    }

    private Answer answer() throws IOException {
        return new Answer(MadeUp.race(), 224, AnswerTest.ORIGINAL, folder);
    }

    @Test
    void theRooflineTellsWhichPartsOfTheNetworkMemoryBounds() {
        Map<TrainingDevice, Roofline> peaks = Map.of(CPU, MadeUp.roofline("float32", 0.3e12, 25e9),
                GPU, MadeUp.roofline("TF32", 130e12, 1.4e12));
        Map<TrainingDevice, List<NetworkPart>> parts = new LinkedHashMap<>();
        NetworkPart quick = new NetworkPart("head", 1e6, 1e8, 0.001);
        parts.put(CPU, List.of(new NetworkPart("stem", 15e9, 1.9e9, 0.2), new NetworkPart("stage 1", 90e9, 2.25e9, 0.4), quick));
        parts.put(GPU, List.of(new NetworkPart("stem", 15e9, 1.9e9, 0.002), new NetworkPart("stage 1", 90e9, 2.25e9, 0.003)));
        String alt = RunCharts.rooflines(peaks, parts).alt();
        assertSays(alt.substring(0, alt.indexOf(". ")), "CPU: stem; GPU: stem, stage 1");
        assertSays(alt, "CPU: 0.3 TFLOP/s, float32, memory 25 GB/s, ridge 12 FLOP per byte, stem 0.075 TFLOP/s at 7.89, "
                + "stage 1 0.225 TFLOP/s at 40; GPU: 130 TFLOP/s, TF32, memory 1400 GB/s, ridge 92.9", "stage 1 30 TFLOP/s at 40");
        assertFalse(alt.contains("head"), alt);
        parts.replace(CPU, List.of(new NetworkPart("stage 1", 90e9, 2.25e9, 0.4)));
        assertSays(RunCharts.rooflines(peaks, parts).alt(), "CPU: nothing; GPU: stem");
    }

    @Test
    void theTitleOfTheTimesNamesTheRunThatWaitsMost() {
        Run waiting = new Run(new Run.Key(GPU, ON_THE_FLY), 0, List.of(
                new Step(1, 32, 1, 1, Map.of(Run.WAITING, 0.75, Run.COMPUTING, 0.25), 1, 0)));
        Race race = MadeUp.race(GPU);
        race.add(waiting);
        String alt = RunCharts.times(race, List.of(MadeUp.run(CPU, CACHED, 20), waiting)).alt();
        assertTrue(alt.startsWith("GPU, on the fly ") && alt.substring(0, alt.indexOf(". ")).contains("75.0 %"), alt);
        assertSays(alt, "together 50 ms per image", "together 31.3 ms per image");
        Run fed = new Run(new Run.Key(CPU, CACHED), 0, List.of(
                new Step(1, 32, 1, 1, Map.of(Run.WAITING, 0.002, Run.COMPUTING, 0.9, "optimiser", 0.098), 1, 0)));
        Race quick = new Race(List.of(CPU), Layout.NHWC, Precision.FLOAT32, true);
        quick.add(CPU, Layout.NHWC, MadeUp.throughput(32));
        quick.add(fed);
        String finding = RunCharts.times(quick, List.of(fed)).alt();
        assertSays(finding.substring(0, finding.indexOf(". ")), "does not wait", "90 %", "forward and backward");
    }

    @Test
    void theTitleOfTheSweepTellsWhatLargerBatchesGain() {
        Sweep sweep = new Sweep();
        sweep.add(CPU, 1, MadeUp.throughput(11));
        assertSays(RunCharts.whyNoSweep(new Sweep()), "No chart: no batch size was measured", "sweepSeconds");
        assertSays(RunCharts.whyNoSweep(sweep), "No chart: only one batch size was measured");
        for (int batch : List.of(2, 4)) {
            sweep.add(CPU, batch, MadeUp.throughput(10 + batch));
        }
        for (int batch : List.of(1, 2, 4)) {
            sweep.add(GPU, batch, MadeUp.throughput(50 * batch));
        }
        assertSays(RunCharts.sweep(sweep, 32).alt(), "CPU ×1.3, GPU ×4.0. ");
        assertNull(RunCharts.whyNoSweep(sweep));
    }

    @Test
    void ofADeviceWithOneBatchSizeNoGainIsTold() {
        Sweep sweep = new Sweep();
        sweep.add(CPU, 1, MadeUp.throughput(11));
        sweep.add(GPU, 1, MadeUp.throughput(50));
        sweep.add(GPU, 2, MadeUp.throughput(100));
        assertTrue(RunCharts.sweep(sweep, 32).alt().startsWith("What a larger batch gains over one image: GPU ×2.0. "));
    }

    @Test
    void aGainWithinTheSpreadsIsNone() throws IOException {
        Ladder ladder = new Ladder(Precision.FLOAT32);
        ladder.add(CPU, new Ladder.Rung("NCHW", NCHW), MadeUp.throughput(24.8));
        ladder.add(CPU, new Ladder.Rung("NHWC", NCHW), MadeUp.throughput(25));
        assertTrue(RunCharts.ladder(ladder, answer(), List.of()).alt().startsWith("CPU: no change makes it faster beyond doubt. "));
    }

    /** What a busy machine made unsure does not hide what is sure. */
    @Test
    void theFastestRungThatIsSurelyFasterIsNamed() throws IOException {
        Ladder ladder = new Ladder(Precision.FLOAT32);
        ladder.add(CPU, new Ladder.Rung("plain DJL", NCHW), MadeUp.throughput(10));
        ladder.add(CPU, new Ladder.Rung("channels-last", NCHW), MadeUp.throughput(15));
        ladder.add(CPU, new Ladder.Rung("mixed", NCHW), new Throughput(new Rate(30, 25), 1.25, Double.NaN, 1, 500));
        assertTrue(RunCharts.ladder(ladder, answer(), List.of()).alt().startsWith("CPU: 1.5 times as fast, at channels-last. "));
    }

    /** Of one epoch its steps are compared. */
    @ParameterizedTest
    @CsvSource({"1.4 1.2 1.0 0.8, falls, 1.30, 0.90", "1.4 1.2 1.5 1.4, does not fall, 1.30, 1.45", "1.4 1.2, falls, 1.40, 1.20",
            "1.4 1.5, does not fall, 1.40, 1.50", "1.4 NaN, diverged, 1.40, NaN", "1.4 Infinity 2, diverged, 1.40, Infinity",
            "1.4 3.4e38, diverged, 1.40, 3.40e+38"})
    void theFindingOnTheLoss(String losses, String finding, String first, String last) {
        Run run = MadeUp.run(CPU, ON_THE_FLY, 20, List.of(losses.split(" ")).stream().mapToDouble(Double::parseDouble).toArray());
        String said = RunCharts.lossFinding(run);
        assertTrue(said.matches("The (loss|training) " + finding + "\\b.*"), said);
        assertTrue(said.endsWith("from " + first + " to " + last), said);
        assertEquals(finding.equals("diverged"), run.diverged());
        assertTrue(RunCharts.losses(List.of(run), 4).alt().startsWith(said + ". "));
    }

    @Test
    void aTrainingThatDivergedIsToldWithItsRemedy() {
        Run diverged = MadeUp.run(CPU, ON_THE_FLY, 20, 1.4, Double.NaN);
        assertSays(RunCharts.divergence(diverged), "from 1.40 to NaN", "learningRate in \"Settings\"");
    }
}
