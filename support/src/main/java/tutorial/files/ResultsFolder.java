package tutorial.files;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.io.csv.CsvReadOptions;

/** A folder with one CSV file a run and one row a leg; the notebook saves its runs there and shows them beside all others. */
public final class ResultsFolder {
    private static final Pattern ROW = Pattern.compile("(?i)\\brow (?:number )?(\\d+)");

    private static final String BYTE_ORDER_MARK = "\uFEFF";     // spreadsheets write it before the first column's name

    /** Columns that not all earlier files have. */
    private static final Set<String> LATER = Set.of("spread of images/s", "spread of compute only, images/s", "TFLOP/s", "peak, TFLOP/s",
            "memory bandwidth, GB/s", "GPU clock, MHz", "GPU temperature, C", "GPU throttled, %", "used by others, cores");
    /** What the first files called their columns. */
    private static final Map<String, String> RENAMED = Map.of("feeding", "data loading", "held-out accuracy, %", "test accuracy, %");

    private ResultsFolder() {}

    /** A table without rows that has the columns of the files, in order; the units stand in the columns' names. */
    public static Table emptyTable() {
        return Table.create("Results",
                StringColumn.create("date"), StringColumn.create("device"), StringColumn.create("processor"),
                StringColumn.create("machine"), StringColumn.create("data loading"), StringColumn.create("data"),
                IntColumn.create("photos"), IntColumn.create("epochs"), IntColumn.create("batch"),
                IntColumn.create("image size"), StringColumn.create("weights"), StringColumn.create("precision"),
                StringColumn.create("layout"), LongColumn.create("images"), DoubleColumn.create("preparation, s"),
                DoubleColumn.create("seconds"), DoubleColumn.create("wall clock, s"),
                DoubleColumn.create("images/s"), DoubleColumn.create("spread of images/s"),
                DoubleColumn.create("compute only, images/s"), DoubleColumn.create("spread of compute only, images/s"),
                DoubleColumn.create("TFLOP/s"), DoubleColumn.create("peak, TFLOP/s"),
                DoubleColumn.create("memory bandwidth, GB/s"),
                DoubleColumn.create("median step, ms"), DoubleColumn.create("spread of steps, ms"),
                DoubleColumn.create("waiting for data, %"), DoubleColumn.create("loss"),
                DoubleColumn.create("accuracy, %"), DoubleColumn.create("test accuracy, %"), DoubleColumn.create("speed-up"),
                DoubleColumn.create("speed-up, compute only"), StringColumn.create("software"),
                DoubleColumn.create("GPU utilisation, %"), DoubleColumn.create("GPU memory, peak MiB"),
                DoubleColumn.create("GPU power, W"), DoubleColumn.create("GPU clock, MHz"),
                DoubleColumn.create("GPU temperature, C"), DoubleColumn.create("GPU throttled, %"), DoubleColumn.create("used by others, cores"));
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
        try {
            return writeNew(Files.createDirectories(folder), date + "-" + processor, run.write().toString("csv"));
        } catch (IOException e) {
            throw new OneLineException(folder, "cannot be written (" + e.getMessage()
                    + "). Set resultsFolder to a folder that can, and run this cell again", e);
        }
    }

    /** Two notebooks may save in the same second; neither may replace the other's file. */
    private static Path writeNew(Path folder, String name, String rows) throws IOException {
        for (int number = 1; ; number++) {
            Path file = folder.resolve(name + (number == 1 ? "" : "-" + number) + ".csv");
            try {
                return Files.writeString(file, rows, StandardOpenOption.CREATE_NEW);
            } catch (FileAlreadyExistsException taken) {
                continue;
            } catch (IOException diskFull) {
                Files.deleteIfExists(file);
                throw diskFull;
            }
        }
    }

    /**
     * All rows: those of one file first, then of all files in the folder, in the order of their names. Files that {@link #read(Path)}
     * refuses are left out, as a list of one's own that a spreadsheet saved there.
     *
     * @param first what the others are to be compared with; it may lie in the folder too
     * @param leftOut told why, in a line each
     */
    public static Table read(Path first, Path folder, Consumer<String> leftOut) throws IOException {
        Table all = read(first);
        for (Path file : others(first, folder)) {
            try {
                all.append(read(file));
            } catch (OneLineException refused) {
                leftOut.accept(refused.getMessage());
            }
        }
        return all;
    }

    /**
     * The rows of one file alone.
     *
     * @throws IOException naming the file, and the line where it is only one, if it does not have the columns of
     *     {@link #emptyTable()} (but for those that came later), a cell does not fit its column, or figures contradict each other
     */
    public static Table read(Path file) throws IOException {
        Table rows = emptyTable();
        Map<String, ColumnType> types = rows.columns().stream().collect(Collectors.toMap(Column::name, Column::type));
        try {
            String text = Files.readString(file).replaceFirst("^" + BYTE_ORDER_MARK, "");
            Table run = Table.read().usingOptions(CsvReadOptions.builderFromString(text)
                    .columnTypes(name -> types.getOrDefault(RENAMED.getOrDefault(name, name), ColumnType.STRING)).locale(Locale.ROOT));
            run.columns().forEach(column -> column.setName(RENAMED.getOrDefault(column.name(), column.name())));
            LATER.stream().filter(name -> !run.containsColumn(name)).forEach(name -> run.addColumns(DoubleColumn.create(name, run.rowCount())));
            rows.append(run.selectColumns(rows.columnNames().toArray(String[]::new)));
        } catch (RuntimeException | CharacterCodingException e) {
            throw new OneLineException(file + lineIn(e), "not a results file of this notebook (" + e.getMessage()
                    + "). Repair it or move it out of the folder, and run this cell again", e);
        }
        Contradictions.requireNone(rows, file);
        return rows;
    }

    /** Tablesaw counts rows, from 1, without the header. */
    private static String lineIn(Exception error) {
        Matcher row = ROW.matcher(String.valueOf(error.getMessage()));
        return row.find() ? ", line " + (Integer.parseInt(row.group(1)) + 1) : "";
    }

    private static List<Path> others(Path first, Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();                       // no run has been saved there yet
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("[^.].*\\.csv"))
                    .filter(file -> !file.getFileName().equals(first.getFileName()))
                    .filter(file -> file.toFile().length() > 0)           // an empty one is being written by another notebook
                    .sorted().toList();
        }
    }

    /**
     * The GPU's rows of the newest run that had one, for readers without. The original tutorial's rows, which tell no date and
     * no DJL, are left out; so are files that {@link #read(Path)} refuses.
     *
     * @param imageSize of no other size, since a figure for one says nothing of another
     * @return a table without rows if no such run is there
     */
    public static Table recordedGpu(Path first, Path folder, int imageSize) throws IOException {
        Table all = read(first, folder, refused -> {});
        Table recorded = all.where(all.stringColumn("device").isEqualTo("GPU").and(all.stringColumn("date").isNotMissing())
                .and(all.stringColumn("software").startsWith("DJL ")).and(all.intColumn("image size").isEqualTo(imageSize)));
        String newest = recorded.stringColumn("date").asList().stream().max(Comparator.naturalOrder()).orElse("");
        return recorded.where(recorded.stringColumn("date").isEqualTo(newest)).setName("Recorded GPU run");
    }
}
