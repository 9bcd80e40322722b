package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import ai.djl.modality.Classifications;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;
import tutorial.page.Charts;
import tutorial.page.HtmlTable;
import tutorial.page.Labels;
import tutorial.page.PhotoGrid;
import tutorial.testing.MadeUp;

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
        Table whole = Predictions.accuracies(byRun, "the test set").get(0);
        assertEquals("Accuracy on the test set", whole.name());
        assertEquals(List.of("CPU, on the fly", "GPU, cached"), whole.stringColumn("run").asList());
        assertEquals(List.of(5.0, 5.0), whole.doubleColumn("photos").asList());
        assertEquals(List.of(3.0, 5.0), whole.doubleColumn("right").asList());
        assertEquals(List.of(60.0, 100.0), whole.doubleColumn("accuracy, %").asList());
        Table table = Predictions.accuracies(byRun, "the test set").get(1);
        assertEquals("Accuracy on the test set, %", table.name());
        assertEquals(CLASSES, table.stringColumn("class").asList());
        assertEquals(List.of(50.0, 100.0, 0.0), table.doubleColumn("CPU, on the fly").asList());
        assertEquals(List.of(100.0, 100.0, 100.0), table.doubleColumn("GPU, cached").asList());
    }

    /** As of a public set of blood cells, whose classes are "all", for a kind of leukaemia, and "hem". */
    @Test
    void aClassMayHaveAnyName() {
        List<String> names = List.of("&amp;", "<b>x</b>", "<script>alert(1)</script>", "all", "mean", "total", "w".repeat(200), "👟");
        List<Classifications> found = IntStream.range(0, 8).mapToObj(i -> new Classifications(names, IntStream.range(0, 8).mapToObj(
                j -> (i < 4 ? i : 0) == j ? 0.6 : 0.05).toList())).toList();
        Predictions any = new Predictions(names, MadeUp.photosOf(0, 1, 2, 3, 4, 5, 6, 7), found);
        Table table = Predictions.accuracies(Map.of("CPU", any), "the test set").get(1);
        assertEquals(names, table.stringColumn("class").asList(), "and no row of what is no class");
        assertEquals(List.of(100.0, 100.0, 100.0, 100.0, 0.0, 0.0, 0.0, 0.0), table.doubleColumn("CPU").asList());
        assertEquals(names, Jsoup.parse(HtmlTable.of(table)).select("tbody td:first-child").eachText());
        assertEquals(4, any.confusion()[4][0] + any.confusion()[5][0] + any.confusion()[6][0] + any.confusion()[7][0]);
    }

    @Test
    void ofManyClassesTheFirstAreShownAndOnlyThoseThatWereTested() {
        List<String> classes = IntStream.range(0, 30).mapToObj("class %02d"::formatted).toList();
        int[] tested = IntStream.range(5, 30).toArray();
        List<Classifications> right = IntStream.of(tested).mapToObj(label -> new Classifications(List.of(classes.get(label)), List.of(1.0))).toList();
        Table table = Predictions.accuracies(Map.of("CPU", new Predictions(classes, MadeUp.photosOf(tested), right)), "the test set").get(1);
        assertEquals("Accuracy on the test set, %, of the first 20 of 25 classes", table.name());
        assertEquals(Charts.MANY, table.rowCount());
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
        assertEquals(List.of(tile(2, "runner\n90.0 %"), tile(3, "runner\n70.0 %")), surest.get("right"));
        assertEquals(List.of(tile(4, "boot\n80.0 %, but it is\nsandal"), tile(1, "runner\n50.0 %, but it is\nboot")), surest.get("wrong"));
    }

    @Test
    void belowAPhotoLongNamesAreToldApart() {
        List<String> names = List.of("Tomato_Early_blight_of_the_leaf", "Tomato_Late_blight_of_the_leaf");
        Predictions wrong = new Predictions(names, MadeUp.photosOf(0), List.of(new Classifications(names, List.of(0.1, 0.9))));
        String[] lines = wrong.surest(1).get("wrong").get(0).caption().split("\n");
        assertEquals(3, List.of(lines).size());
        assertEquals(lines[0], Labels.shortened(lines[0], 60, PhotoGrid.ROOM), "fits");
        assertNotEquals(lines[0], lines[2]);
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
        assertEquals("This is runner, 50.0 %. runner: 50 %; sandal: 30 %.", Predictions.beside(new java.awt.image.BufferedImage(9, 9, 5), three, 2).alt());
        assertEquals("runner, 50.0 %", Predictions.inWords(three));
    }

    /** A training that diverged gives probabilities that are no numbers; its page must still come to its end. */
    @Test
    void aNetworkThatDivergedIsStillJudged() {
        Classifications nothing = new Classifications(CLASSES, List.of(Double.NaN, Double.NaN, Double.NaN));
        Predictions diverged = new Predictions(CLASSES, MadeUp.photosOf(0, 1, 2), List.of(nothing, nothing, nothing));
        assertEquals(0, diverged.accuracy(), "no answer is not a right one");
        assertArrayEquals(new int[3][3], diverged.confusion());
        assertEquals(3, diverged.surest(6).values().stream().mapToInt(List::size).sum());
        assertEquals("no class\nno value, but it is\nboot", diverged.surest(6).get("wrong").get(0).caption());
        assertEquals("no class: the scores are no numbers", Predictions.inWords(nothing));
    }

    private PhotoGrid.Tile tile(int photo, String caption) {
        return new PhotoGrid.Tile(predictions.photos().get(photo).file(), caption);
    }

    private static Classifications says(int label, double probability) {
        double rest = (1 - probability) / 2;
        return new Classifications(CLASSES, IntStream.range(0, 3).mapToObj(i -> i == label ? probability : rest).toList());
    }
}
