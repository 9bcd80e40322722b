package tutorial.page;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tutorial.files.ResultsFolder;
import tutorial.training.Rate;

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

    /** Without the place that some rows tell behind it. */
    static String chip(Row row) {
        return row.getString("processor").replaceFirst(" \\(.*", "");
    }

    /** As "8 cores, 2026-12-01", without what a row does not tell. */
    static String machineAndDate(Row row) {
        String cores = row.getString("machine").replaceFirst("(\\d+ cores).*", "$1");
        String day = row.getString("date").isEmpty() ? "published" : row.getString("date").replaceFirst("T.*", "");
        return cores.isEmpty() ? day : cores + ", " + day;
    }

    /** What sets a run apart from those in float32, as ", mixed"; else empty. */
    static String mixed(Row row) {
        return row.getString("precision").endsWith("mixed") ? ", mixed" : "";
    }

    /** Older files and published figures tell no spread. */
    static Rate rate(Row row) {
        return new Rate(row.getDouble("images/s"), row.getDouble("spread of images/s"));
    }

    static boolean isOfGpu(Row row) {
        return row.getString("device").equals("GPU");
    }
}
