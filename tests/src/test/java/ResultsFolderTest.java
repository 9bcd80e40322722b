import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

class ResultsFolderTest {
    private final Path original = Project.SOURCE.resolve("results/0000-original-tutorial.csv");

    @TempDir
    Path folder;

    @Test
    void aRunIsReadBackAsItWasWritten() throws IOException {
        Table run = run("2026-11-23T10:00:00", "Weird, \"CPU\" ü");
        ResultsFolder.save(run, folder);
        Table read = ResultsFolder.read(original, folder);
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
        var saves = Stream.generate(() -> (Callable<Path>) () -> ResultsFolder.save(run("2026-11-23T10:00:00", "CPU"), folder)).limit(16).toList();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        for (var save : threads.invokeAll(saves)) {
            save.get();
        }
        threads.shutdown();
        assertEquals(2 + 16, ResultsFolder.read(original, folder).rowCount());
        assertEquals(16, names().size(), names().toString());
    }

    @Test
    void theOriginalsFiguresComeFirstAndOnce() throws IOException {
        Files.copy(original, folder.resolve(original.getFileName()));
        ResultsFolder.save(run("2026-11-23T10:00:00", "CPU"), folder);
        Table all = ResultsFolder.read(original, folder);
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
            assertEquals(99.25, ResultsFolder.read(original, folder).doubleColumn("seconds").get(2));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aDamagedFileIsNamed() throws IOException {
        Files.writeString(folder.resolve("2026.csv"), "date,device\n1,2\n");
        String message = assertThrows(IOException.class, () -> ResultsFolder.read(original, folder)).getMessage();
        assertTrue(message.contains("2026.csv: not a results file"), message);
    }

    /** A value that is no number, a line cut off, one too long, one more. */
    @Test
    void aDamagedLineIsNamed() throws IOException {
        Path file = ResultsFolder.save(run("2026-11-23T10:00:00", "CPU"), folder);
        String line = Files.readAllLines(file).get(1);
        for (String bad : List.of(line.replace("720", "seven"), line.substring(0, 40), line + ",1", "garbage")) {
            Files.write(file, List.of(Files.readAllLines(file).get(0), line, bad));
            String message = assertThrows(IOException.class, () -> ResultsFolder.read(original, folder), bad).getMessage();
            assertTrue(message.startsWith(file + ", line 3: not a results file"), message);
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        String message = assertThrows(IOException.class, () -> ResultsFolder.save(run("2026", "CPU"), file.resolve("sub"))).getMessage();
        assertTrue(message.contains("cannot be written") && message.contains("resultsFolder"), message);
    }

    /** Every file that the project ships must be of one piece: a rate is images over seconds, a speed-up a ratio. */
    @Test
    void shippedResultsDoNotContradictThemselves() throws IOException {
        Path shipped = Project.SOURCE.resolve("results");
        Table all = ResultsFolder.read(original, shipped);
        assertTrue(all.rowCount() >= 2);
        Map<String, Row> cpu = new HashMap<>();
        for (Row row : all) {
            String run = row.getString("date") + row.getString("feeding");
            cpu.putIfAbsent(run, all.row(row.getRowNumber()));
            assertEquals(row.getLong("images") / row.getDouble("seconds"), row.getDouble("images/s"), 1e-4 * row.getDouble("images/s"));
            assertEquals(row.getDouble("images/s") / cpu.get(run).getDouble("images/s"), row.getDouble("speed-up"), 1e-4 * row.getDouble("speed-up"));
            assertTrue(row.getLong("images") <= (long) row.getInt("photos") * row.getInt("epochs"), row.toString());
        }
    }

    private static Table run(String date, String processor) {
        Table run = ResultsFolder.emptyTable();
        Row row = run.appendRow();
        row.setString("date", date);
        row.setString("device", "CPU");
        row.setString("processor", processor);
        row.setLong("images", 720);
        row.setDouble("seconds", 99.25);
        return run;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
