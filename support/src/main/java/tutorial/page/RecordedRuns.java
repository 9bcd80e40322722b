package tutorial.page;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tutorial.files.ResultsFolder;

/**
 * What others measured at the same image size: the original tutorial's published figures, and a recorded run of a GPU that
 * somebody contributed, for where this machine has none.
 */
final class RecordedRuns {
    private final Table published;
    private final Table recorded;

    /** @param hasGpu whether this machine does, so that no other is needed */
    RecordedRuns(Path original, Path resultsFolder, int imageSize, boolean hasGpu) throws IOException {
        Table figures = ResultsFolder.read(original);
        published = figures.where(figures.intColumn("image size").isEqualTo(imageSize));
        recorded = hasGpu ? ResultsFolder.emptyTable()
                : ResultsFolder.recordedGpu(original, resultsFolder, imageSize);
    }

    List<Row> published() {
        return rows(published);
    }

    List<Row> recorded() {
        return rows(recorded);
    }

    static List<Row> rows(Table table) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < table.rowCount(); i++) {
            rows.add(table.row(i));
        }
        return rows;
    }

    static String chip(Row row) {
        return Labels.processor(row.getString("processor"));
    }

    /** As "8 cores, 2026-12-01", without what a row does not tell. */
    static String machineAndDate(Row row) {
        String cores = cores(row);
        return cores.isEmpty() ? date(row, false) : cores + ", " + date(row, false);
    }

    /** As "Intel Xeon, 2 cores". */
    static String machine(Row row) {
        String cores = cores(row);
        return cores.isEmpty() ? chip(row) : chip(row) + ", " + cores;
    }

    private static String cores(Row row) {
        return row.getString("machine").replaceFirst("(\\d+ cores).*", "$1");
    }

    /** As "2026-12-01" or "2026-12-01 10:00". */
    static String date(Row row, boolean withTime) {
        String date = row.getString("date");
        return date.isEmpty() ? "published" : withTime ? date.replaceFirst("T(..:..).*", " $1") : date.replaceFirst("T.*", "");
    }

    /** What sets a run apart from those in float32, as ", mixed"; else empty. */
    static String mixed(Row row) {
        return row.getString("precision").endsWith("mixed") ? ", mixed" : "";
    }

    static boolean isOfGpu(Row row) {
        return row.getString("device").equals("GPU");
    }
}
