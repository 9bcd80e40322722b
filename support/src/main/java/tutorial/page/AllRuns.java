package tutorial.page;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tutorial.files.ResultsFolder;

/** All runs in the results folder on images of one size, the fastest first, this notebook's marked. */
public final class AllRuns {
    private static final int MOST_ROWS = 12;

    private final List<Row> rows;
    private final int imageSize;
    private final String date;
    private final List<String> leftOut = new ArrayList<>();

    /**
     * Beside the original's; runs of this size are compared, others' only on the fly.
     *
     * @param date of this notebook's rows
     */
    public AllRuns(Path resultsFolder, int imageSize, String date) throws IOException {
        this(Answer.ORIGINAL, resultsFolder, imageSize, date);
    }

    AllRuns(Path original, Path resultsFolder, int imageSize, String date) throws IOException {
        Table all = ResultsFolder.read(original, resultsFolder, leftOut::add);
        this.imageSize = imageSize;
        this.date = date;
        List<Row> comparable = new ArrayList<>(RecordedRuns.rows(all));
        comparable.removeIf(row -> row.getInt("image size") != imageSize || !isOwn(row) && !row.getString("data loading").equals("on the fly"));
        comparable.sort(Comparator.comparing((Row row) -> row.getDouble("images/s")).reversed());
        rows = new ArrayList<>();
        for (Row row : comparable) {
            if (isOwn(row) || isPublished(row) || rows.size() < MOST_ROWS) {
                rows.add(row);
            }
        }
    }

    public Picture rates() {
        List<String> labels = labels();
        List<Charts.Bar> bars = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            bars.add(new Charts.Bar(labels.get(i), row.getDouble("images/s"), Double.NaN, kind(row), note(row)));
        }
        String title = String.format(Locale.ROOT, "All runs on images of %d × %d pixels", imageSize, imageSize);
        return Charts.bars(leftOut.isEmpty() ? title : title + ". Left out: " + leftOut(), "images per second", bars);
    }

    private String leftOut() {
        return leftOut.get(0) + (leftOut.size() == 1 ? "" : " So are " + (leftOut.size() - 1) + " more files.");
    }

    private static String note(Row row) {
        return (RecordedRuns.rate(row).plusMinus() + RecordedRuns.mixed(row)).replaceFirst("^, ", "");
    }

    /** Each as short as tells it from the others: by the day, else also by the time, else by a number. */
    private List<String> labels() {
        List<String> days = rows.stream().map(row -> label(row, false)).toList();
        List<String> times = rows.stream().map(row -> Collections.frequency(days, label(row, false)) == 1 ? label(row, false) : label(row, true)).toList();
        List<String> labels = new ArrayList<>();
        for (String label : times) {
            long before = times.subList(0, labels.size()).stream().filter(label::equals).count();
            labels.add(Collections.frequency(times, label) == 1 ? label : label + " (" + (1 + before) + ")");
        }
        return labels;
    }

    private boolean isOwn(Row row) {
        return row.getString("date").equals(date);
    }

    private static boolean isPublished(Row row) {
        return row.getString("date").isEmpty();
    }

    private String label(Row row, boolean withTime) {
        return isOwn(row) ? "▶ " + RecordedRuns.machine(row) + ", " + row.getString("data loading")
                : RecordedRuns.machine(row) + ", " + RecordedRuns.date(row, withTime);
    }

    private Charts.Kind kind(Row row) {
        return !isOwn(row) ? Charts.Kind.PUBLISHED : RecordedRuns.isOfGpu(row) ? Charts.Kind.GPU : Charts.Kind.CPU;
    }
}
