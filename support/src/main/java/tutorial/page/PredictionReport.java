package tutorial.page;

import ai.djl.modality.Classifications;
import java.awt.image.BufferedImage;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tutorial.training.ByRun;
import tutorial.training.Predictions;
import tutorial.training.Predictions.Prediction;
import tutorial.training.Run;

/** What the trained networks predict, as tables and pictures. */
public final class PredictionReport {
    private static final int MOST_LIKELY = 5;

    private PredictionReport() {}

    /**
     * A table with a row for each run, and one with a row for each of the first classes. The whole is no row among the classes,
     * since any name may be one of theirs.
     */
    public static List<Table> accuracies(ByRun<Predictions> byRun, String photos) {
        return List.of(inAll(byRun, photos), byClass(byRun, photos));
    }

    private static Table inAll(ByRun<Predictions> byRun, String photos) {
        Collection<Predictions> runs = byRun.values();
        return Table.create("Accuracy on " + photos, StringColumn.create("run", byRun.runs().stream().map(Run::name)),
                RunTables.column("photos", runs, run -> run.photos().size()), RunTables.column("right", runs, Predictions::right),
                RunTables.column("accuracy, %", runs, run -> 100 * run.accuracy()));
    }

    private static Table byClass(ByRun<Predictions> byRun, String photos) {
        List<String> all = byRun.values().iterator().next().classesWithPhotos();
        List<String> first = all.subList(0, Math.min(Charts.MANY, all.size()));
        Table table = Table.create("Accuracy on " + photos + ", %"
                + (first.size() < all.size() ? ", of the first " + first.size() + " of " + all.size() + " classes" : ""),
                StringColumn.create("class", first));
        byRun.runs().forEach(run ->
                table.addColumns(RunTables.column(run.name(), first, name -> 100 * byRun.get(run).accuracy(name))));
        return table;
    }

    /** The most confident of the right predictions and of the wrong ones, ready for {@link PhotoGrid}. */
    public static Map<String, List<PhotoGrid.Tile>> mostConfident(Predictions predictions, int each) {
        List<Prediction> right = predictions.mostConfident(each, true);
        List<Prediction> wrong = predictions.mostConfident(each, false);
        List<String> names = Stream.of(right, wrong).flatMap(List::stream).flatMap(one -> Stream.of(one.predicted(), one.truth())).distinct().toList();
        List<String> labels = Labels.of(names, PhotoGrid.ROOM);
        Function<String, String> label = name -> labels.get(names.indexOf(name));
        Function<Prediction, String> caption = one -> label.apply(one.predicted()) + "\n" + percent(one.probability());
        Map<String, List<PhotoGrid.Tile>> rows = new LinkedHashMap<>();
        rows.put("right", right.stream().map(one -> new PhotoGrid.Tile(one.photo(), caption.apply(one))).toList());
        rows.put("wrong", wrong.stream().map(one -> new PhotoGrid.Tile(one.photo(),
                caption.apply(one) + ", but it is\n" + label.apply(one.truth()))).toList());
        return rows;
    }

    /** A photo, and beside it the likeliest classes. */
    public static Picture beside(BufferedImage photo, Classifications answer) {
        List<Classifications.Classification> likeliest = answer.topK(MOST_LIKELY);
        return Charts.beside(photo, "This is " + inWords(answer), likeliest.stream().map(one -> one.getClassName()).toList(),
                likeliest.stream().map(one -> 100 * one.getProbability()).toList());
    }

    /** The likeliest class, as "runner, 87.3 %"; of a network that diverged there is none. */
    public static String inWords(Classifications classes) {
        var best = classes.best();
        return Double.isNaN(best.getProbability()) ? "no class: the scores are no numbers"
                : Labels.shortened(best.getClassName()) + ", " + percent(best.getProbability());
    }

    private static String percent(double probability) {
        return Double.isNaN(probability) ? "no value" : String.format(Locale.ROOT, "%.1f %%", 100 * probability);
    }
}
