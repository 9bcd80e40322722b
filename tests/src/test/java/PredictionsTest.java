import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.modality.Classifications;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class PredictionsTest {
    private static final List<String> CLASSES = List.of("boot", "runner", "sandal");

    /** Boots: one of two right. Runners: both right. Sandals: none of one. */
    private final Predictions predictions = new Predictions(CLASSES, MadeUp.photosOf(0, 0, 1, 1, 2),
            List.of(says(0, 0.6), says(1, 0.5), says(1, 0.9), says(1, 0.7), says(0, 0.8)));

    @Test
    void accuracyIsTheShareThatIsRight() {
        assertEquals(3 / 5.0, predictions.accuracy());
    }

    @Test
    void eachRunHasAColumnAndEachClassARow() {
        Map<String, Predictions> byRun = new LinkedHashMap<>();
        byRun.put("CPU, on the fly", predictions);
        byRun.put("GPU, cached", new Predictions(CLASSES, predictions.photos(), List.of(says(0, 0.6), says(0, 0.5), says(1, 0.9), says(1, 0.7), says(2, 0.8))));
        Table table = Predictions.accuracies(byRun, "the test set");
        assertEquals("Accuracy on the test set, %", table.name());
        assertEquals(List.of("boot", "runner", "sandal", "all"), table.stringColumn("class").asList());
        assertEquals(List.of(50.0, 100.0, 0.0, 60.0), table.doubleColumn("CPU, on the fly").asList());
        assertEquals(List.of(100.0, 100.0, 100.0, 100.0), table.doubleColumn("GPU, cached").asList());
    }

    @Test
    void ofManyClassesTheFirstAreShownAndOnlyThoseThatWereTested() {
        List<String> classes = IntStream.range(0, 30).mapToObj("class %02d"::formatted).toList();
        int[] tested = IntStream.range(5, 30).toArray();
        List<Classifications> right = IntStream.of(tested).mapToObj(label -> new Classifications(List.of(classes.get(label)), List.of(1.0))).toList();
        Table table = Predictions.accuracies(Map.of("CPU", new Predictions(classes, MadeUp.photosOf(tested), right)), "the test set");
        assertEquals(Predictions.MANY + 1, table.rowCount());
        assertEquals("class 05", table.stringColumn("class").get(0));
        assertEquals(100, table.doubleColumn("CPU").get(0));
    }

    @Test
    void inTheConfusionARowIsTheTruthAndAColumnThePrediction() {
        assertArrayEquals(new int[][] {{1, 1, 0}, {0, 2, 0}, {1, 0, 0}}, predictions.confusion());
    }

    @Test
    void theSurestComeFirstAndWrongOnesTellTheTruth() {
        Map<String, List<PhotoGrid.Tile>> surest = predictions.surest(2);
        assertEquals(List.of("right", "wrong"), List.copyOf(surest.keySet()));
        assertEquals(List.of(tile(2, "runner, 90.0 %"), tile(3, "runner, 70.0 %")), surest.get("right"));
        assertEquals(List.of(tile(4, "boot, 80.0 %\nbut it is sandal"), tile(1, "runner, 50.0 %\nbut it is boot")), surest.get("wrong"));
    }

    @Test
    void photosAreAskedForInBatchesAndAnsweredInOrder() throws Exception {
        List<Path> photos = IntStream.range(0, 7).mapToObj(i -> Path.of(String.valueOf(i))).toList();
        List<List<Path>> asked = new ArrayList<>();
        List<Classifications> found = Predictions.inBatches(photos, 3, some -> {
            asked.add(List.copyOf(some));
            return some.stream().map(photo -> new Classifications(List.of("photo " + photo), List.of(1.0))).toList();
        });
        assertEquals(List.of(photos.subList(0, 3), photos.subList(3, 6), photos.subList(6, 7)), asked);
        assertEquals(photos.stream().map(photo -> "photo " + photo).toList(), found.stream().map(one -> one.best().getClassName()).toList());
    }

    @Test
    void theLikeliestClassesAreNamedWithTheirShares() {
        Classifications three = new Classifications(CLASSES, List.of(0.2, 0.5, 0.3));
        assertEquals(List.of("runner", "sandal"), Predictions.names(three, 2));
        assertEquals(List.of(50.0, 30.0), Predictions.percent(three, 2));
        assertEquals(List.of("runner", "sandal", "boot"), Predictions.names(three, 5), "as many as there are");
        assertEquals("runner, 50.0 %", Predictions.inWords(three));
    }

    /** A training that diverged gives probabilities that are no numbers; its page must still come to its end. */
    @Test
    void aNetworkThatDivergedIsStillJudged() {
        Classifications nothing = new Classifications(CLASSES, List.of(Double.NaN, Double.NaN, Double.NaN));
        Predictions diverged = new Predictions(CLASSES, MadeUp.photosOf(0, 1, 2), List.of(nothing, nothing, nothing));
        assertEquals(1 / 3.0, diverged.accuracy(), 1e-9, "always the same class");
        assertEquals(3, diverged.surest(6).values().stream().mapToInt(List::size).sum());
    }

    private PhotoGrid.Tile tile(int photo, String caption) {
        return new PhotoGrid.Tile(predictions.photos().get(photo).file(), caption);
    }

    private static Classifications says(int label, double probability) {
        double rest = (1 - probability) / 2;
        return new Classifications(CLASSES, IntStream.range(0, 3).mapToObj(i -> i == label ? probability : rest).toList());
    }
}
