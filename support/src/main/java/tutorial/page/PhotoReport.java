package tutorial.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tutorial.photos.Count;
import tutorial.photos.PhotoDataset;
import tutorial.photos.PhotoFolder;
import tutorial.photos.PhotoSplit;

/** What the page says of the photos of a data set. */
public final class PhotoReport {
    private PhotoReport() {}

    /** How many photos there are, and what is odd about them, as HTML. */
    public static String summary(PhotoFolder photos, PhotoSplit split) {
        List<String> remarks = new ArrayList<>(split.remarks());
        remarks.addAll(photos.remarks());
        Fonts.remark(photos.classNames()).ifPresent(remarks::add);
        StringBuilder html = new StringBuilder(Count.of(photos.photos().size(), "photo") + " in "
                + Count.of(photos.classNames().size(), "class") + ", " + Count.of(photos.skipped().size(), "file") + " set aside; "
                + Count.of(split.training().size(), "photo") + " to train on, "
                + split.test().size() + " to test on");
        remarks.forEach(remark -> html.append("<br>").append(remark.replace("&", "&amp;").replace("<", "&lt;")));
        return html.toString();
    }

    /** What was skipped and why, in two tables, of which the second names so many files; none where all could be read. */
    public static List<Table> setAside(PhotoFolder photos, int most) {
        if (photos.skipped().isEmpty()) {
            return List.of();
        }
        Map<String, Long> reasons = PhotoFolder.Skipped.reasons(photos.skipped());
        List<PhotoFolder.Skipped> first = photos.skipped().stream().limit(most).toList();
        Stream<String> files = first.stream().map(one -> photos.root().relativize(one.file()).toString().replace('\\', '/'));
        return List.of(
                Table.create("Files set aside", StringColumn.create("reason", reasons.keySet()),
                        LongColumn.create("files", reasons.values().stream().mapToLong(Long::longValue).toArray())),
                Table.create("The first of them", StringColumn.create("file", files),
                        StringColumn.create("reason", first.stream().map(PhotoFolder.Skipped::reason))));
    }

    /** The first photos of the first classes, ready for {@link PhotoGrid}. */
    public static Map<String, List<PhotoGrid.Tile>> firstOfEach(PhotoFolder photos, int classes, int each) {
        Map<String, List<PhotoGrid.Tile>> rows = new LinkedHashMap<>();
        for (int label = 0; label < Math.min(classes, photos.classNames().size()); label++) {
            rows.put(photos.classNames().get(label), photos.ofClass(label).stream().limit(each)
                    .map(photo -> new PhotoGrid.Tile(photo.file(), "")).toList());
        }
        return rows;
    }

    /** How much the cache takes, and what to do if that is too much. */
    public static String cache(PhotoDataset photos, int imageSize) {
        return "All photos cached take " + Math.round(photos.cacheBytes(imageSize) / 1e6) + " MB."
                + (photos.cacheFits(imageSize) ? "" : " That is more than half of this machine's free memory, so they are only decoded "
                        + "on the fly. A smaller imageSize in \"Settings\" would make them fit.");
    }
}
