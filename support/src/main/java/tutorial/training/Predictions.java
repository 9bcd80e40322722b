package tutorial.training;

import ai.djl.modality.Classifications;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tutorial.machine.TrainingThread;
import tutorial.page.Charts;
import tutorial.page.Labels;
import tutorial.page.PhotoGrid;
import tutorial.page.Picture;
import tutorial.photos.PhotoFolder;

/**
 * What one trained network predicts for photos whose class is known. The notebook's section on what was learned makes one for
 * each run, and shows its tables and pictures.
 *
 * @param found in the order of the photos
 */
public record Predictions(List<String> classNames, List<PhotoFolder.Photo> photos, List<Classifications> found) {
    /** Predicts for some photos at once. */
    @FunctionalInterface
    public interface Batched {
        List<Classifications> of(List<Path> photos) throws Exception;
    }

    private String truth(int i) {
        return classNames.get(photos.get(i).label());
    }

    /** The number of the likeliest class; -1 where the scores are no numbers, as after a training that diverged. */
    private int guessed(int i) {
        return isNoNumber(found.get(i)) ? -1 : classNames.indexOf(found.get(i).best().getClassName());
    }

    private String guess(int i) {
        return guessed(i) < 0 ? "no class" : classNames.get(guessed(i));
    }

    private boolean right(int i) {
        return guessed(i) == photos.get(i).label();
    }

    private static boolean isNoNumber(Classifications classes) {
        return Double.isNaN(classes.best().getProbability());
    }

    private IntStream all() {
        return IntStream.range(0, photos.size());
    }

    /** The share of right predictions, 0 to 1. */
    public double accuracy() {
        return rightOnes() / (double) photos.size();
    }

    private long rightOnes() {
        return all().filter(this::right).count();
    }

    private double accuracy(String className) {
        int[] ofClass = all().filter(i -> truth(i).equals(className)).toArray();
        return IntStream.of(ofClass).filter(this::right).count() / (double) ofClass.length;
    }

    /** How often each class, by row, was taken for each, by column. */
    public int[][] confusion() {
        int[][] counts = new int[classNames.size()][classNames.size()];
        all().filter(i -> guessed(i) >= 0).forEach(i -> counts[photos.get(i).label()][guessed(i)]++);
        return counts;
    }

    /**
     * A table with a row for each run, and one with a row for each of the first classes. The whole is no row among the classes,
     * since any name may be one of theirs.
     */
    public static List<Table> accuracies(Map<String, Predictions> byRun, String photos) {
        return List.of(inAll(byRun, photos), byClass(byRun, photos));
    }

    private static Table inAll(Map<String, Predictions> byRun, String photos) {
        List<Predictions> runs = List.copyOf(byRun.values());
        return Table.create("Accuracy on " + photos, StringColumn.create("run", byRun.keySet()),
                Run.column("photos", runs, run -> run.photos.size()), Run.column("right", runs, Predictions::rightOnes),
                Run.column("accuracy, %", runs, run -> 100 * run.accuracy()));
    }

    private static Table byClass(Map<String, Predictions> byRun, String photos) {
        Predictions any = byRun.values().iterator().next();
        List<String> all = any.all().mapToObj(any::truth).distinct().sorted().toList();
        List<String> first = all.subList(0, Math.min(Charts.MANY, all.size()));
        Table table = Table.create("Accuracy on " + photos + ", %"
                + (first.size() < all.size() ? ", of the first " + first.size() + " of " + all.size() + " classes" : ""),
                StringColumn.create("class", first));
        byRun.forEach((run, predictions) -> table.addColumns(Run.column(run, first, name -> 100 * predictions.accuracy(name))));
        return table;
    }

    /** The surest of the right predictions and the surest of the wrong ones, ready for {@link PhotoGrid}. */
    public Map<String, List<PhotoGrid.Tile>> surest(int each) {
        List<Integer> right = surest(each, true);
        List<Integer> wrong = surest(each, false);
        List<String> names = Stream.of(right, wrong).flatMap(List::stream).flatMap(i -> Stream.of(guess(i), truth(i))).distinct().toList();
        List<String> labels = Labels.of(names, PhotoGrid.ROOM);
        Map<String, List<PhotoGrid.Tile>> rows = new LinkedHashMap<>();
        rows.put("right", right.stream().map(i -> tile(i, labels.get(names.indexOf(guess(i))) + "\n" + share(i))).toList());
        rows.put("wrong", wrong.stream().map(i -> tile(i, labels.get(names.indexOf(guess(i))) + "\n" + share(i) + ", but it is\n"
                + labels.get(names.indexOf(truth(i))))).toList());
        return rows;
    }

    private List<Integer> surest(int each, boolean right) {
        return all().filter(i -> right(i) == right).boxed()
                .sorted(Comparator.comparing((Integer i) -> found.get(i).best().getProbability()).reversed()).limit(each).toList();
    }

    private PhotoGrid.Tile tile(int i, String caption) {
        return new PhotoGrid.Tile(photos.get(i).file(), caption);
    }

    private String share(int i) {
        return percent(found.get(i).best().getProbability());
    }

    private static String percent(double probability) {
        return Double.isNaN(probability) ? "no value" : String.format(Locale.ROOT, "%.1f %%", 100 * probability);
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
    static List<String> names(Classifications classes, int most) {
        return classes.topK(most).stream().map(Classifications.Classification::getClassName).toList();
    }

    /** Their probabilities, in per cent. */
    static List<Double> percent(Classifications classes, int most) {
        return classes.topK(most).stream().map(one -> 100 * one.getProbability()).toList();
    }

    /** A photo, and beside it what it is held for: so many classes, the likeliest first. */
    public static Picture beside(BufferedImage photo, Classifications answer, int most) {
        return Charts.beside(photo, "This is " + inWords(answer), names(answer, most), percent(answer, most));
    }

    /** The likeliest class, as "runner, 87.3 %"; of a network that diverged there is none. */
    public static String inWords(Classifications classes) {
        var best = classes.best();
        return isNoNumber(classes) ? "no class: the scores are no numbers"
                : Labels.plain(best.getClassName()) + ", " + percent(best.getProbability());
    }
}
