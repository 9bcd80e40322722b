import ai.djl.modality.Classifications;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What one trained network predicts for photos whose class is known. The notebook's section on what was learned makes one for
 * each run, and shows its tables and pictures.
 *
 * @param found in the order of the photos
 */
public record Predictions(List<String> classNames, List<PhotoFolder.Photo> photos, List<Classifications> found) {
    /** Classes that a table or a matrix still shows legibly. */
    public static final int MANY = 20;

    /** Predicts for some photos at once. */
    @FunctionalInterface
    public interface Batched {
        List<Classifications> of(List<Path> photos) throws Exception;
    }

    private String truth(int i) {
        return classNames.get(photos.get(i).label());
    }

    private String guess(int i) {
        return found.get(i).best().getClassName();
    }

    private boolean right(int i) {
        return guess(i).equals(truth(i));
    }

    private IntStream all() {
        return IntStream.range(0, photos.size());
    }

    /** The share of right predictions, 0 to 1. */
    public double accuracy() {
        return all().filter(this::right).count() / (double) photos.size();
    }

    private double accuracy(String className) {
        int[] ofClass = all().filter(i -> truth(i).equals(className)).toArray();
        return IntStream.of(ofClass).filter(this::right).count() / (double) ofClass.length;
    }

    /** How often each class, by row, was taken for each, by column. */
    public int[][] confusion() {
        int[][] counts = new int[classNames.size()][classNames.size()];
        all().forEach(i -> counts[photos.get(i).label()][classNames.indexOf(guess(i))]++);
        return counts;
    }

    /** In per cent, of each of the first classes and in all, with a column for each run. */
    public static Table accuracies(Map<String, Predictions> byRun, String photos) {
        Predictions any = byRun.values().iterator().next();
        List<String> classes = any.all().mapToObj(any::truth).distinct().sorted().limit(MANY).toList();
        List<String> rows = new ArrayList<>(classes);
        rows.add("all");
        Table table = Table.create("Accuracy on " + photos + ", %", StringColumn.create("class", rows));
        byRun.forEach((run, predictions) -> {
            List<Double> shares = new ArrayList<>(classes.stream().map(name -> 100 * predictions.accuracy(name)).toList());
            shares.add(100 * predictions.accuracy());
            table.addColumns(Run.column(run, shares, share -> share));
        });
        return table;
    }

    /** The surest of the right predictions and the surest of the wrong ones, ready for {@link PhotoGrid}. */
    public Map<String, List<PhotoGrid.Tile>> surest(int each) {
        Map<String, List<PhotoGrid.Tile>> rows = new LinkedHashMap<>();
        for (boolean right : List.of(true, false)) {
            rows.put(right ? "right" : "wrong", all().filter(i -> right(i) == right).boxed()
                    .sorted(Comparator.comparing((Integer i) -> found.get(i).best().getProbability()).reversed()).limit(each)
                    .map(i -> new PhotoGrid.Tile(photos.get(i).file(), inWords(found.get(i)) + (right ? "" : "\nbut it is " + truth(i)))).toList());
        }
        return rows;
    }

    /** Asks in batches; the stop button ends it between two. */
    public static List<Classifications> inBatches(List<Path> photos, int batchSize, Batched predictor) throws Exception {
        List<Classifications> found = new ArrayList<>();
        for (int from = 0; from < photos.size(); from += batchSize) {
            found.addAll(predictor.of(photos.subList(from, Math.min(from + batchSize, photos.size()))));
            TrainingThread.checkStop();
        }
        return found;
    }

    /** The likeliest classes. */
    public static List<String> names(Classifications classes, int most) {
        return classes.topK(most).stream().map(Classifications.Classification::getClassName).toList();
    }

    /** Their probabilities, in per cent. */
    public static List<Double> percent(Classifications classes, int most) {
        return classes.topK(most).stream().map(one -> 100 * one.getProbability()).toList();
    }

    /** The likeliest class, as "runner, 87.3 %". */
    public static String inWords(Classifications classes) {
        var best = classes.best();
        return String.format(Locale.ROOT, "%s, %.1f %%", best.getClassName(), 100 * best.getProbability());
    }
}
