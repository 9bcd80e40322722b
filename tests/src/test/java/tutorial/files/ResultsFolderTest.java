package tutorial.files;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tutorial.testing.Project;
import tutorial.testing.Said;

class ResultsFolderTest {
    private final Path original = Project.SOURCE.resolve("results/0000-original-tutorial.csv");

    @TempDir
    Path folder;

    private final List<String> leftOut = new ArrayList<>();

    @Test
    void aRunIsReadBackAsItWasWritten() throws IOException {
        Table run = run("2026-11-23T10:00:00", "Weird, \"CPU\" ü");
        ResultsFolder.save(run, folder);
        Table read = read();
        assertEquals(run.columnNames(), read.columnNames());
        assertEquals("Weird, \"CPU\" ü", read.stringColumn("processor").get(2));
        assertEquals(720, read.longColumn("images").get(2));
        assertEquals(99.25, read.doubleColumn("seconds").get(2));
        assertTrue(read.doubleColumn("loss").isMissing(2));
    }

    @Test
    void theFileIsNamedAfterDateAndProcessorAndNothingElseIsLeft() throws IOException {
        ResultsFolder.save(run("2026-11-23T10:00:00", "AMD EPYC 7763 (64 cores)"), folder);
        assertEquals(List.of("2026-11-23T10-00-00-amd-epyc-7763-64-cores.csv"), names());
    }

    @Test
    void runsThatAreSavedAtTheSameTimeAreAllKept() throws Exception {
        Callable<Path> saving = () -> ResultsFolder.save(run("2026-11-23T10:00:00", "CPU"), folder);
        var saves = Collections.nCopies(16, saving);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        for (var save : threads.invokeAll(saves)) {
            save.get();
        }
        threads.shutdown();
        assertEquals(2 + 16, read().rowCount());
        assertEquals(16, names().size(), names().toString());
    }

    @Test
    void theOriginalsFiguresComeFirstAndOnce() throws IOException {
        Files.copy(original, folder.resolve(original.getFileName()));
        ResultsFolder.save(run("2026-11-23T10:00:00", "CPU"), folder);
        Table all = read();
        assertEquals(3, all.rowCount());
        assertEquals(1425.24, all.doubleColumn("seconds").get(0));
        assertEquals(107.13, all.doubleColumn("seconds").get(1));
    }

    @Test
    void numbersAreWrittenAlikeInEveryLocale() throws IOException {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            ResultsFolder.save(run("2026-11-23T10:00:00", "CPU"), folder);
            assertEquals(99.25, read().doubleColumn("seconds").get(2));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aFileWithOtherColumnsIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("2026.csv"), "date,device\n1,2\n");
        assertRefused(file + ": not a results file");
    }

    /** Lists of one's own, and what a spreadsheet makes of a results file. */
    @Test
    void filesThatAreNoResultsAreLeftOut() throws IOException {
        Path good = ResultsFolder.save(run("2026-11-23T10:00:00", "CPU"), folder);
        String text = Files.readString(good);
        Files.writeString(folder.resolve("1-semicolons.csv"), text.replace(',', ';'));
        Files.writeString(folder.resolve("2-utf16.csv"), text, StandardCharsets.UTF_16);
        Files.writeString(folder.resolve("3-prices.csv"), "name,price\nshoe,3\n");
        Files.writeString(folder.resolve("4-with-mark.csv"), "\uFEFF" + text);
        assertEquals(2 + 2, read().rowCount());
        assertEquals(List.of("1-semicolons.csv", "2-utf16.csv", "3-prices.csv"),
                leftOut.stream().map(line -> line.replaceFirst(".*?([^/\\\\]+\\.csv): not a results file(?s:.*)", "$1")).toList());
    }

    @Test
    void aFileOfTheFirstVersionIsRead() throws IOException {
        Path file = ResultsFolder.save(run("2026-11-23T10:00:00", "CPU"), folder);
        Files.writeString(file, Files.readString(file).replace("data loading", "feeding").replace("test accuracy", "held-out accuracy"));
        assertEquals("on the fly", read().stringColumn("data loading").get(2));
    }

    @ParameterizedTest
    @CsvSource({"720, seven", "(?<=^.{40}).*, ''", "$, ',1'", "^.*$, garbage"})
    void aDamagedLineIsNamed(String good, String bad) throws IOException {
        Path file = ResultsFolder.save(run("2026-11-23T10:00:00", "CPU"), folder);
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.add(lines.get(1).replaceFirst(good, bad));
        Files.write(file, lines);
        assertRefused(file + ", line 3: not a results file");
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path sub = file.resolve("sub");
        Said.assertRefused(IOException.class, () -> ResultsFolder.save(run("2026", "CPU"), sub), sub + ": ", "resultsFolder");
    }

    @ParameterizedTest
    @CsvSource({"61.8034164, 62.8034164, images/s is 62.8034164", "107.13, 108.13, images/s is 61.8034164",
            "13.30383646, 14.30383646, speed-up is 14.30383646", "',6621,', ',0,', 0 images", "',2207,', ',2206,', 6621 images"})
    void aRowThatContradictsItselfIsRefused(String good, String bad, String told) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(original));
        int line = lines.get(2).contains(good) ? 2 : 1;
        assertTrue(lines.get(line).contains(good), good);
        lines.set(line, lines.get(line).replace(good, bad));
        Path file = Files.write(folder.resolve("contributed.csv"), lines);
        assertRefused(file + ", line " + (line + 1) + ": contradicts itself (" + told);
    }

    @Test
    void aSpeedUpRefersToTheCpusFirstRunOrInOlderFilesToThatWhichLoadedItsDataAlike() throws IOException {
        Table run = ResultsFolder.emptyTable();
        leg(run, "GPU", "on the fly", 100, 5);                          // the order does not matter
        leg(run, "CPU", "on the fly", 20, 1);
        leg(run, "CPU", "cached", 40, 1);
        leg(run, "GPU", "cached", 120, 3);
        ResultsFolder.save(run, folder);
        assertEquals(2 + 4, read().rowCount());
        run.row(3).setDouble("speed-up", 6);
        ResultsFolder.save(run, folder);
        assertEquals(2 + 8, read().rowCount());
        run.row(3).setDouble("speed-up", 7);
        Path bad = ResultsFolder.save(run, folder);
        assertRefused(bad + ", line 5: contradicts itself (speed-up is 7.0, but the figures that it follows from give 6.0");
    }

    @Test
    void aFileFromBeforeTheSpreadsIsReadWithoutThem() throws IOException {
        Table run = run("2026-11-23T10:00:00", "CPU");
        run.removeColumns("spread of images/s", "spread of compute only, images/s").write().csv(folder.resolve("old.csv").toFile());
        Table read = read();
        assertEquals(3, read.rowCount());
        assertTrue(read.doubleColumn("spread of images/s").isMissing(2));
    }

    @Test
    void withoutACpuThereIsNothingToContradictASpeedUp() throws IOException {
        Table run = ResultsFolder.emptyTable();
        leg(run, "GPU", "cached", 120, 3);
        ResultsFolder.save(run, folder);
        assertEquals(3, read().rowCount());
    }

    @Test
    void theRecordedGpuRunIsTheNewestOfThisNotebookAtThisImageSize() throws IOException {
        for (String date : List.of("2026-12-02T10:00:00", "2026-12-01T10:00:00", "2026-12-03T10:00:00", "2026-12-04T10:00:00")) {
            Table run = ResultsFolder.emptyTable();
            leg(run, "CPU", "on the fly", 20, 1);
            leg(run, date.contains("-04T") ? "CPU standing in for the GPU" : "GPU", "on the fly", 100, 5);
            leg(run, date.contains("-04T") ? "CPU standing in for the GPU" : "GPU", "cached", 120, Double.NaN);
            for (Row row : run) {
                row.setString("date", date);
                row.setInt("image size", date.contains("-03T") ? 64 : 224);
                row.setDouble("TFLOP/s", 1.5);
            }
            ResultsFolder.save(run, folder);
        }
        Files.writeString(folder.resolve("9999-damaged.csv"), "date,device\n1,2\n");
        Table recorded = recordedGpu(224);
        assertEquals(List.of("2026-12-02T10:00:00", "2026-12-02T10:00:00"), recorded.stringColumn("date").asList());
        assertEquals(List.of("on the fly", "cached"), recorded.stringColumn("data loading").asList());
        assertEquals(List.of(1.5, 1.5), recorded.doubleColumn("TFLOP/s").asList());
        assertEquals(ResultsFolder.emptyTable().columnNames(), recorded.columnNames());
        assertEquals("2026-12-03T10:00:00", recordedGpu(64).stringColumn("date").get(0));
        assertEquals(0, recordedGpu(96).rowCount());
    }

    /** Of the shipped files, the original tutorial's alone have a GPU, which was not this notebook's. */
    @Test
    void theOriginalsGpuIsNoRecordedRun() throws IOException {
        assertEquals("GPU", ResultsFolder.read(original).stringColumn("device").get(1));
        assertEquals(0, recordedGpu(224).rowCount());
    }

    @Test
    void shippedResultsAreReadAndTellTheirMachine() throws IOException {
        Table all = ResultsFolder.read(original, Project.SOURCE.resolve("results"), line -> fail(line));
        for (String told : List.of("processor", "machine", "software", "data", "data loading", "weights", "precision")) {
            assertEquals(0, all.stringColumn(told).countMissing(), told);
        }
    }

    private Table read() throws IOException {
        return ResultsFolder.read(original, folder, leftOut::add);
    }

    private Table recordedGpu(int imageSize) throws IOException {
        return ResultsFolder.recordedGpu(original, folder, imageSize);
    }

    private void assertRefused(String start) {
        leftOut.clear();
        assertDoesNotThrow(this::read);
        assertTrue(leftOut.get(0).startsWith(start), leftOut::toString);
    }

    private static Table run(String date, String processor) {
        Table run = ResultsFolder.emptyTable();
        Row row = leg(run, "CPU", "on the fly", 720 / 99.25, 1);
        row.setString("date", date);
        row.setString("processor", processor);
        row.setLong("images", 720);
        row.setDouble("seconds", 99.25);
        return run;
    }

    private static Row leg(Table run, String device, String loading, double rate, double speedup) {
        Row row = run.appendRow();
        row.setString("date", "2026-11-23T10:00:00");
        row.setString("device", device);
        row.setString("processor", "A " + device);
        row.setString("data loading", loading);
        row.setString("software", "DJL 0.36.0, PyTorch 2.7.1, Java 17");
        row.setLong("images", 1000);
        row.setDouble("seconds", 1000 / rate);
        row.setDouble("images/s", rate);
        row.setDouble("speed-up", speedup);
        return row;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
