package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.testing.Said.assertSays;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tutorial.files.ResultsFolder;
import tutorial.machine.CpuFigures;
import tutorial.machine.GpuFigures;
import tutorial.photos.DataLoading;
import tutorial.testing.MadeUp;
import tutorial.testing.Project;
import tutorial.training.Layout;
import tutorial.training.Precision;
import tutorial.training.Race;
import tutorial.training.Run;
import tutorial.training.TrainingDevice;

class AnswerTest {
    static final Path ORIGINAL = Project.SOURCE.resolve("results/0000-original-tutorial.csv");


    @TempDir
    Path folder;

    private final Race alone = MadeUp.race();
    private final Race two = longEnough(MadeUp.GPU);

    @BeforeEach
    void record() throws IOException {
        MadeUp.recordGpu(folder, "2026-12-01T10:00:00", 224, "float32");
    }

    @Test
    void withoutAGpuTheHeadlineShowsARecordedRunAndThePublishedFigures() throws IOException {
        String alt = answer(alone, 224).headline(1, 1).alt();
        assertSays(alt, "This CPU trains 20.0 images per second", ": 20 images per second compute only: 25.0 ± 0.3",
                "recorded: A T4, on the fly: 100 images per second ×5.0; compute only: 600; 2026-12-01",
                "recorded: A T4, cached: 480 images per second", "published: Intel Xeon: 4.65 ",
                "published: NVIDIA T4: 61.8 images per second ×13.3");
    }

    @Test
    void withAGpuOfItsOwnTheHeadlineShowsNothingElse() throws IOException {
        String alt = answer(two, 224).headline(5, 20).alt();
        assertSays(alt, "The GPU trains 5.0× ", " 20.0× compute only", ": 100 images per second ×5.0, compute only: 500 ± 5, ×20.0");
        assertFalse(alt.contains("recorded") || alt.contains("published"), alt);
    }

    @Test
    void theCpuInAGpusPlaceIsNamedSo() throws IOException {
        String alt = answer(longEnough(MadeUp.STAND_IN), 224).headline(5, 20).alt();
        assertTrue(alt.startsWith(MadeUp.STAND_IN + " trains 5.0× "), alt);
        assertTrue(alt.contains("published: "), "there is no GPU: " + alt);
    }

    /** A figure for images of one size says nothing of another. */
    @Test
    void figuresForAnotherImageSizeAreLeftOut() throws IOException {
        Answer small = answer(alone, 96);
        for (String text : List.of(small.headline(1, 1).alt(), small.sentence(1, 1))) {
            assertFalse(text.contains("published") || text.contains("recorded"), text);
        }
    }

    @Test
    void aDamagedFileThatSomebodyContributedHidesNeitherTheAnswerNorTheOthers() throws IOException {
        Files.writeString(folder.resolve("2026-12-02-damaged.csv"), "date,device\n1,2\n");
        assertSays(answer(alone, 224).headline(1, 1).alt(), ": 20 images", "published: NVIDIA T4", "recorded: A T4, on the fly");
        assertSays(new Answer(alone, 224, ORIGINAL, folder.resolve("none")).headline(1, 1).alt(), "published: NVIDIA T4");
    }

    @Test
    void whatARecordedRunDoesNotTellIsLeftOut() throws IOException {
        Path file;
        try (Stream<Path> files = Files.list(folder)) {
            file = files.findFirst().orElseThrow();
        }
        Table run = ResultsFolder.read(file);
        for (Row row : run) {
            Stream.of("machine", "speed-up", "speed-up, compute only", "compute only, images/s").forEach(row::setMissing);
        }
        run.write().csv(file.toFile());
        String alt = answer(alone, 224).headline(1, 1).alt();
        assertSays(alt, "recorded: A T4, on the fly: 100 images per second 2026-12-01");
        assertFalse(alt.contains("NaN"), alt);
    }

    @Test
    void aRecordedRunInMixedPrecisionSaysSo() throws IOException {
        MadeUp.recordGpu(folder, "2026-12-02T10:00:00", 224, "bfloat16, mixed");
        assertSays(answer(alone, 224).headline(1, 1).alt(), "recorded: A T4, on the fly, mixed: 100 images per second ");
    }

    @Test
    void theSentenceHasBothSpeedUpsOrSaysHowToGetAGpuUnlessNoneIsWanted() throws IOException {
        assertSays(answer(two, 224).sentence(5, 20), MadeUp.GPU.processor(), "100 images per second, 5.0 times", "20.0 times");
        assertSays(answer(alone, 224).sentence(1, 1), TrainingDevice.CPU.processor(), "20.0 images per second", "4.65", "61.8", "×13.3",
                "<a href=\"docs/free-gpus.md\">");
        Race unwanted = new Race(List.of(TrainingDevice.CPU), Layout.NHWC, Precision.FLOAT32, false);
        unwanted.add(alone.cpu());
        String sentence = answer(unwanted, 96).sentence(1, 1);
        assertSays(sentence, "20.0 images per second", "secondDevice = \"none\"");
        assertFalse(sentence.contains("free-gpus"), sentence);
    }

    /** As a race of the sample on a fast GPU is: then no speed-up stands in the title, and a line says what to do. */
    @Test
    void aRaceOfLessThanFiveSecondsIsToldAsTooShortToCompare() throws IOException {
        assertFalse(answer(alone, 224).sentence(1, 1).contains("too short"), "it took 6.4 s");
        two.add(new Run(new Run.Key(MadeUp.GPU, DataLoading.ON_THE_FLY), 0, List.of(MadeUp.stretched(32, 0.2, 1), MadeUp.stretched(32, 0.2, 1))));
        assertSays(answer(two, 224).sentence(8, 20), "20.0 times", "too short to compare", "GPU, on the fly took 0.4 s", "13 times as long");
        String alt = answer(two, 224).headline(8, 20).alt();
        assertTrue(alt.startsWith("The GPU trains 20.0× as fast as the CPU, compute only; the race was too short to compare"), alt);
    }

    @Test
    void theSpreadStandsBesideTheRate() throws IOException {
        alone.add(new Run(alone.cpu().key(), 0, List.of(MadeUp.step(1, 32, 4, 1, 0), MadeUp.step(1, 32, 5, 1, 0))));
        assertSays(answer(alone, 224).headline(1, 1).alt(), "This CPU trains 7.1 ± 0.9 images per second", ": 7.11 images per second ± 0.9; compute");
        assertSays(answer(alone, 224).sentence(1, 1), "7.1 ± 0.9 images per second");
    }

    /** Wherever the test runs, so many cores are more than there are. */
    @Test
    void theSentenceSaysWhatMadeARateUnsure() throws IOException {
        Run cpu = alone.cpu();
        alone.add(new Run(cpu.key(), 0, cpu.steps(), cpu.gpu(), new CpuFigures(5000, 0, Double.NaN), null));
        assertSays(answer(alone, 224).sentence(1, 1), "CPU: ", "5000.0 of ", "20.0 images per second", "free-gpus");
    }

    /** A T4 at its limit of power did not wait for data: it was slower itself. */
    @Test
    void aGpuThatWasThrottledIsToldBesideTheAnswer() throws IOException {
        assertTrue(answer(two, 224).sentence(5, 20).endsWith("</b>"));
        Run cool = two.first(MadeUp.GPU);
        two.add(new Run(cool.key(), 0, cool.steps(), new GpuFigures(99, 3000, 69, 900, 1590, 84, 0.9, 0), cool.cpu(), null));
        assertSays(answer(two, 224).sentence(5, 20), "throttled", "900 of 1590 MHz", "power");
    }

    private static Race longEnough(TrainingDevice other) {
        Race race = MadeUp.race(other);
        race.add(MadeUp.run(other, DataLoading.ON_THE_FLY, 100, new double[20]));
        return race;
    }

    private Answer answer(Race race, int imageSize) throws IOException {
        return new Answer(race, imageSize, ORIGINAL, folder);
    }
}
