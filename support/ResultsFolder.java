import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/** A folder with one CSV file a run and one row a leg. */
public final class ResultsFolder {
    private static final Pattern ROW = Pattern.compile("(?i)\\brow (?:number )?(\\d+)");

    private ResultsFolder() {}

    /** A table without rows that has the columns of the files, in order; the units stand in the columns' names. */
    public static Table emptyTable() {
        return Table.create("Results",
                StringColumn.create("date"), StringColumn.create("device"), StringColumn.create("processor"),
                StringColumn.create("feeding"), StringColumn.create("data"), IntColumn.create("photos"),
                IntColumn.create("epochs"), IntColumn.create("batch"), IntColumn.create("image size"),
                LongColumn.create("images"), DoubleColumn.create("preparation, s"), DoubleColumn.create("seconds"),
                DoubleColumn.create("images/s"), DoubleColumn.create("compute only, images/s"),
                DoubleColumn.create("median step, ms"), DoubleColumn.create("spread of steps, ms"),
                DoubleColumn.create("waiting for data, %"), DoubleColumn.create("loss"),
                DoubleColumn.create("accuracy, %"), DoubleColumn.create("speed-up"),
                DoubleColumn.create("speed-up, compute only"), StringColumn.create("software"));
    }

    /**
     * Writes one run to a file of its own, named after its date and its last row's processor.
     *
     * @param run rows of one run, with the columns of {@link #emptyTable()}
     * @return the file
     * @throws IOException if the folder cannot be written; no half-written file is left
     */
    public static Path save(Table run, Path folder) throws IOException {
        int last = run.rowCount() - 1;
        String date = run.stringColumn("date").get(last).replace(':', '-');
        String processor = run.stringColumn("processor").get(last).toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        String name = date + "-" + processor;
        try {
            Files.createDirectories(folder);
            Path unfinished = folder.resolve("." + name + "-" + UUID.randomUUID() + ".part");
            try {
                run.write().csv(unfinished.toFile());
                return moveToFreeName(unfinished, folder, name);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            throw new IOException(folder + ": cannot be written (" + e.getMessage()
                    + "). Set resultsFolder to a folder that can, and run this cell again.", e);
        }
    }

    /** Two notebooks may save in the same second; neither may replace the other's file. */
    private static Path moveToFreeName(Path unfinished, Path folder, String name) throws IOException {
        for (int number = 1; ; number++) {
            Path file = folder.resolve(name + (number == 1 ? "" : "-" + number) + ".csv");
            try {
                Files.createLink(file, unfinished);
                return file;
            } catch (FileAlreadyExistsException taken) {
                continue;
            } catch (UnsupportedOperationException | FileSystemException noLinks) {
                return Files.move(unfinished, file);
            }
        }
    }

    /**
     * All rows: those of one file first, then of all files in the folder, in the order of their names.
     *
     * @param first what the others are to be compared with; it may lie in the folder too
     * @throws IOException naming the file, and the line where it is only one, if it does not have the columns of
     *     {@link #emptyTable()} or a cell does not fit its column
     */
    public static Table read(Path first, Path folder) throws IOException {
        Table all = emptyTable();
        Map<String, ColumnType> types = new HashMap<>();
        all.columns().forEach(column -> types.put(column.name(), column.type()));
        for (Path file : files(first, folder)) {
            try {
                Table run = Table.read().usingOptions(CsvReadOptions.builder(file.toFile())
                        .columnTypes(name -> types.getOrDefault(name, ColumnType.STRING)).locale(Locale.ROOT));
                all.append(run.selectColumns(all.columnNames().toArray(String[]::new)));
            } catch (RuntimeException e) {
                throw new IOException(file + lineIn(e) + ": not a results file of this notebook (" + e.getMessage()
                        + "). Repair it or move it out of the folder, and run this cell again.", e);
            }
        }
        return all;
    }

    /** Tablesaw counts rows, from 1, without the header. */
    private static String lineIn(RuntimeException error) {
        Matcher row = ROW.matcher(String.valueOf(error.getMessage()));
        return row.find() ? ", line " + (Integer.parseInt(row.group(1)) + 1) : "";
    }

    private static List<Path> files(Path first, Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return Stream.concat(Stream.of(first),
                    files.filter(file -> file.getFileName().toString().matches("[^.].*\\.csv"))
                            .filter(file -> !file.getFileName().equals(first.getFileName())).sorted()).toList();
        }
    }
}
