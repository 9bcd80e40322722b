package tutorial.files;

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
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/** A folder with one CSV file a run and one row a leg; the notebook saves its runs there and shows them beside all others. */
public final class ResultsFolder {
    private static final Pattern ROW = Pattern.compile("(?i)\\brow (?:number )?(\\d+)");

    /** Not in the files of this notebook's earlier versions. */
    private static final List<String> NEWER_COLUMNS = List.of("machine", "weights", "precision", "layout", "wall clock, s",
            "TFLOP/s", "peak, TFLOP/s", "test accuracy, %", "GPU utilisation, %", "GPU memory, peak MiB", "GPU power, W");

    /** What earlier versions called a column, and what they wrote into one. */
    private static final Map<String, String> RENAMED = Map.of("feeding", "data loading", "held-out accuracy, %", "test accuracy, %");
    private static final Map<String, String> REWORDED = Map.of("streamed", "on the fly", "prepared", "cached");

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
                DoubleColumn.create("images/s"), DoubleColumn.create("compute only, images/s"),
                DoubleColumn.create("TFLOP/s"), DoubleColumn.create("peak, TFLOP/s"),
                DoubleColumn.create("median step, ms"), DoubleColumn.create("spread of steps, ms"),
                DoubleColumn.create("waiting for data, %"), DoubleColumn.create("loss"),
                DoubleColumn.create("accuracy, %"), DoubleColumn.create("test accuracy, %"), DoubleColumn.create("speed-up"),
                DoubleColumn.create("speed-up, compute only"), StringColumn.create("software"),
                DoubleColumn.create("GPU utilisation, %"), DoubleColumn.create("GPU memory, peak MiB"), DoubleColumn.create("GPU power, W"));
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
     *     {@link #emptyTable()}, a cell does not fit its column, or figures contradict each other
     */
    public static Table read(Path first, Path folder) throws IOException {
        Table all = emptyTable();
        for (Path file : files(first, folder)) {
            all.append(read(file));
        }
        return all;
    }

    /** The same without the files that {@link #read(Path, Path)} refuses. */
    public static Table readable(Path first, Path folder) throws IOException {
        Table all = emptyTable();
        for (Path file : files(first, folder)) {
            try {
                all.append(read(file));
            } catch (IOException refused) {
                continue;
            }
        }
        return all;
    }

    /** The rows of one file alone. */
    public static Table read(Path file) throws IOException {
        Table empty = emptyTable();
        Map<String, ColumnType> types = new HashMap<>();
        empty.columns().forEach(column -> types.put(column.name(), column.type()));
        try {
            Table run = Table.read().usingOptions(CsvReadOptions.builder(file.toFile())
                    .columnTypes(name -> types.getOrDefault(RENAMED.getOrDefault(name, name), ColumnType.STRING))
                    .locale(Locale.ROOT));
            useTodaysWords(run);
            NEWER_COLUMNS.stream().filter(name -> !run.containsColumn(name)).map(empty::column).forEach(
                    column -> run.addColumns(column.emptyCopy(run.rowCount())));
            Table rows = empty.append(run.selectColumns(empty.columnNames().toArray(String[]::new)));
            requireConsistent(rows, file);
            return rows;
        } catch (RuntimeException e) {
            throw new IOException(file + lineIn(e) + ": not a results file of this notebook (" + e.getMessage()
                    + "). Repair it or move it out of the folder, and run this cell again.", e);
        }
    }

    private static void useTodaysWords(Table run) {
        RENAMED.forEach((before, now) -> {
            if (run.containsColumn(before)) {
                run.column(before).setName(now);
            }
        });
        if (run.containsColumn("data loading")) {
            StringColumn loading = run.stringColumn("data loading");
            for (int row = 0; row < loading.size(); row++) {
                loading.set(row, REWORDED.getOrDefault(loading.get(row), loading.get(row)));
            }
        }
    }

    /**
     * The GPU's rows of the newest run that had one, for readers without.
     *
     * @param all as {@link #read} returns it; the original tutorial's rows, which tell no date and no DJL, are left out
     * @param imageSize of no other size, since a figure for one says nothing of another
     * @return a table like {@code all}, without rows if no such run is there
     */
    public static Table recordedGpu(Table all, int imageSize) {
        Table recorded = all.emptyCopy().setName("Recorded GPU run");
        String newest = "";
        for (Row row : all) {
            if (!row.getString("device").equals("GPU") || row.getInt("image size") != imageSize
                    || row.getString("date").isEmpty() || !row.getString("software").startsWith("DJL ")) {
                continue;
            }
            String run = row.getString("date") + ", " + row.getString("machine") + ", " + row.getString("processor");
            if (run.compareTo(newest) > 0) {
                newest = run;
                recorded.clear();
            }
            if (run.equals(newest)) {
                recorded.append(row);
            }
        }
        return recorded;
    }

    /** Anyone may contribute a file: its figures must at least agree among themselves. */
    private static void requireConsistent(Table rows, Path file) throws IOException {
        Map<String, Row> cpuOfLoading = new HashMap<>();
        for (Row row : rows) {
            if (row.getString("device").equals("CPU")) {
                cpuOfLoading.putIfAbsent(row.getString("data loading"), rows.row(row.getRowNumber()));
            }
        }
        for (Row row : rows) {
            String contradiction = contradiction(row, cpuOfLoading.get(row.getString("data loading")));
            if (contradiction != null) {
                throw new IOException(file + ", line " + (row.getRowNumber() + 2) + ": contradicts itself (" + contradiction
                        + "). Correct it or move the file out of the folder, and run this cell again.");
            }
        }
    }

    /**
     * @param cpu what the speed-up refers to, or null
     * @return what does not agree, or null; figures that are missing agree with all
     */
    private static String contradiction(Row row, Row cpu) {
        long images = row.getLong("images");
        double seconds = row.getDouble("seconds");
        double rate = row.getDouble("images/s");
        if (images <= 0 || !(seconds > 0)) {
            return images + " images in " + seconds + " seconds";
        }
        if (differ(rate, images / seconds)) {
            return "images/s is " + rate + ", but " + images + " images in " + seconds + " seconds are " + images / seconds;
        }
        if (row.getInt("photos") > 0 && row.getInt("epochs") > 0 && images > (long) row.getInt("photos") * row.getInt("epochs")) {
            return images + " images are more than photos times epochs";
        }
        for (String[] pair : new String[][] {{"speed-up", "images/s"}, {"speed-up, compute only", "compute only, images/s"}}) {
            double ratio = cpu == null ? Double.NaN : row.getDouble(pair[1]) / cpu.getDouble(pair[1]);
            if (differ(row.getDouble(pair[0]), ratio)) {
                return pair[0] + " is " + row.getDouble(pair[0]) + ", but the rates of the lines are " + ratio + " to 1";
            }
        }
        for (String share : List.of("waiting for data, %", "accuracy, %", "test accuracy, %", "GPU utilisation, %")) {
            if (row.getDouble(share) < 0 || row.getDouble(share) > 100) {
                return share + " is " + row.getDouble(share);
            }
        }
        return null;
    }

    private static boolean differ(double told, double computed) {
        return Math.abs(told - computed) > 1e-3 * Math.abs(computed);
    }

    /** Tablesaw counts rows, from 1, without the header. */
    private static String lineIn(RuntimeException error) {
        Matcher row = ROW.matcher(String.valueOf(error.getMessage()));
        return row.find() ? ", line " + (Integer.parseInt(row.group(1)) + 1) : "";
    }

    private static List<Path> files(Path first, Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of(first);                  // no run has been saved there yet
        }
        try (Stream<Path> files = Files.list(folder)) {
            return Stream.concat(Stream.of(first),
                    files.filter(file -> file.getFileName().toString().matches("[^.].*\\.csv"))
                            .filter(file -> !file.getFileName().equals(first.getFileName())).sorted()).toList();
        }
    }
}
