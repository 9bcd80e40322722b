package tutorial.photos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The photos of an unzipped data set: one folder per class, every file decoded once.
 *
 * @param root the folder whose sub-folders are the classes, or splits of them
 * @param splits names of the splits, whose photos are put together; none where there are only classes
 * @param classNames names of the classes, sorted
 * @param photos all readable photos of the classes, sorted by path, so in the same order on every machine
 * @param skipped files that are no readable photo of a class, and class folders without one, sorted by path
 * @param heldOut the photos that its own split keeps for the test; none where a share is drawn
 * @param copies photos with the same pixels, in groups
 * @param remarks what the reader should know of the photos, in a line each
 */
public record PhotoFolder(Path root, List<String> splits, List<String> classNames, List<Photo> photos, List<Skipped> skipped,
        List<Photo> heldOut, List<List<Photo>> copies, List<String> remarks) {
    /**
     * A readable photo.
     *
     * @param label index of its class among the class names
     * @param format found from the content: JPEG, PNG, GIF, BMP, WEBP ...
     * @param width the file's width in pixels, upright
     * @param height the file's height in pixels, upright
     * @param bytes the file's size
     */
    public record Photo(Path file, int label, String format, int width, int height, long bytes) {}

    /** A file or class folder that is left out, with the reason in a few words. */
    public record Skipped(Path file, String reason) {
        /** How often each reason occurs, the most frequent first. */
        public static Map<String, Long> reasons(List<Skipped> skipped) {
            Map<String, Long> mostFrequentFirst = new LinkedHashMap<>();
            skipped.stream().collect(Collectors.groupingBy(Skipped::reason, Collectors.counting())).entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                    .forEach(one -> mostFrequentFirst.put(one.getKey(), one.getValue()));
            return mostFrequentFirst;
        }
    }

    /**
     * Finds the classes and reads every file.
     *
     * @param maxSkippedShare of the files named or beginning like an image, from 0 to 1
     * @throws IOException if the folders are no classes, fewer than two have readable photos or too many files have to be
     *     skipped, in one line that names the folder and the remedy; or if the thread is interrupted
     */
    public static PhotoFolder scan(Path unzipped, double maxSkippedShare) throws IOException {
        return PhotoScan.scan(unzipped, maxSkippedShare);
    }

    /**
     * Keeps photos for the test: those that the data set keeps itself, else a share of each class, drawn the same way for the
     * same seed. Of what is drawn each class keeps a photo to train on, and copies of a photo stay together.
     *
     * @param share from 0, which keeps none, to below 1
     */
    public PhotoSplit split(double share, long seed) {
        return PhotoSplit.of(this, share, seed);
    }

    /** The photos of a class, in order. */
    public List<Photo> ofClass(int label) {
        return photos.stream().filter(photo -> photo.label == label).toList();
    }

    /** The photos as a table, a row for each. */
    public Table table() {
        return Table.create("Photos", StringColumn.create("class", photos.stream().map(photo -> classNames.get(photo.label))),
                StringColumn.create("format", photos.stream().map(Photo::format)),
                IntColumn.create("width", photos.stream().mapToInt(Photo::width).toArray()),
                IntColumn.create("height", photos.stream().mapToInt(Photo::height).toArray()),
                DoubleColumn.create("kB", photos.stream().mapToDouble(photo -> photo.bytes / 1000.0).toArray()));
    }
}
