package tutorial.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** All runs in the results folder on images of one size, the fastest first, this notebook's marked. */
public final class AllRuns {
    /** What the original tutorial trained on: three epochs of 2,207 photos. */
    private static final long ORIGINAL_IMAGES = 3 * 2207;
    private static final int MOST_ROWS = 12;

    private final List<Row> rows;
    private final int imageSize;
    private final String date;

    /**
     * @param all rows of results; runs of this size are compared, others' only on the fly
     * @param date of this notebook's rows
     */
    public AllRuns(Table all, int imageSize, String date) {
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
        List<Charts.Bar> bars = rows.stream()
                .map(row -> new Charts.Bar(label(row), row.getDouble("images/s"), Double.NaN, kind(row), conditions(row))).toList();
        return Charts.bars(String.format(Locale.ROOT, "All runs on images of %d × %d pixels", imageSize, imageSize), "images per second", bars);
    }

    /** What the original's training would take at the rate of each run. */
    public Picture seconds() {
        List<Charts.Bar> bars = new ArrayList<>();
        for (Row row : rows) {
            String how = row.getLong("images") == ORIGINAL_IMAGES ? "measured" : "projected";
            String conditions = conditions(row);
            bars.add(new Charts.Bar(label(row), ORIGINAL_IMAGES / row.getDouble("images/s"), Double.NaN, kind(row),
                    conditions.isEmpty() ? how : how + ", " + conditions));
        }
        return Charts.bars(String.format(Locale.ROOT, "Time for the original's training, %,d images", ORIGINAL_IMAGES), "seconds", bars);
    }

    private boolean isOwn(Row row) {
        return row.getString("date").equals(date);
    }

    private static boolean isPublished(Row row) {
        return row.getString("date").isEmpty();
    }

    private String label(Row row) {
        return (isOwn(row) ? "▶ " : "") + RecordedRuns.chip(row) + ", " + RecordedRuns.machineAndDate(row);
    }

    /** The data loading of this run's bars, which are there for each way, while others' are all on the fly; and mixed precision. */
    private String conditions(Row row) {
        String conditions = (isOwn(row) ? ", " + row.getString("data loading") : "") + RecordedRuns.mixed(row);
        return conditions.isEmpty() ? "" : conditions.substring(2);
    }

    private static Charts.Kind kind(Row row) {
        return isPublished(row) ? Charts.Kind.PUBLISHED : RecordedRuns.isOfGpu(row) ? Charts.Kind.GPU : Charts.Kind.CPU;
    }
}
