package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.modality.Classifications;
import java.awt.image.BufferedImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;
import tutorial.photos.DataLoading;
import tutorial.testing.MadeUp;
import tutorial.training.ByRun;
import tutorial.training.Predictions;
import tutorial.training.Run;
import tutorial.training.TrainingDevice;

class PredictionReportTest {
    private static final List<String> CLASSES = List.of("boot", "runner", "sandal");
    private static final Run CPU = MadeUp.run(TrainingDevice.CPU, DataLoading.ON_THE_FLY, 20);
    private static final Run GPU = MadeUp.run(MadeUp.GPU, DataLoading.CACHED, 100);

    /** Boots: one of two right. Runners: both right. Sandals: none of one. */
    private final Predictions predictions = new Predictions(CLASSES, MadeUp.photosOf(0, 0, 1, 1, 2),
            List.of(says(0, 0.6), says(1, 0.5), says(1, 0.9), says(1, 0.7), says(0, 0.8)));

    @Test
    void accuraciesByRunAndByClass() {
        ByRun<Predictions> byRun = new ByRun<>("Did it learn?");
        byRun.put(CPU, predictions);
        byRun.put(GPU, new Predictions(CLASSES, predictions.photos(), List.of(says(0, 1), says(0, 1), says(1, 1), says(1, 1), says(2, 1))));
        List<Table> tables = PredictionReport.accuracies(byRun, "the test set");
        Table whole = tables.get(0);
        assertEquals("Accuracy on the test set", whole.name());
        assertEquals(List.of("CPU, on the fly", "GPU, cached"), whole.stringColumn("run").asList());
        assertEquals(List.of(5.0, 5.0), whole.doubleColumn("photos").asList());
        assertEquals(List.of(3.0, 5.0), whole.doubleColumn("right").asList());
        assertEquals(List.of(60.0, 100.0), whole.doubleColumn("accuracy, %").asList());
        assertEquals("Accuracy on the test set, %", tables.get(1).name());
        assertEquals(CLASSES, tables.get(1).stringColumn("class").asList());
        assertEquals(List.of(50.0, 100.0, 0.0), tables.get(1).doubleColumn("CPU, on the fly").asList());
        assertEquals(List.of(100.0, 100.0, 100.0), tables.get(1).doubleColumn("GPU, cached").asList());
    }

    /** As of a public set of blood cells, whose classes are "all", for a kind of leukaemia, and "hem". */
    @Test
    void aClassMayHaveAnyName() {
        List<String> names = List.of("&amp;", "<b>x</b>", "<script>alert(1)</script>", "all", "mean", "total", "w".repeat(200), "👟");
        List<Classifications> found = IntStream.range(0, 8).mapToObj(i -> new Classifications(names, IntStream.range(0, 8).mapToObj(
                j -> (i < 4 ? i : 0) == j ? 0.6 : 0.05).toList())).toList();
        Table table = byClass(new Predictions(names, MadeUp.photosOf(0, 1, 2, 3, 4, 5, 6, 7), found));
        assertEquals(names, table.stringColumn("class").asList(), "and no row of what is no class");
        assertEquals(List.of(100.0, 100.0, 100.0, 100.0, 0.0, 0.0, 0.0, 0.0), table.doubleColumn("CPU, on the fly").asList());
        assertEquals(names, Jsoup.parse(HtmlTable.of(table)).select("tbody td:first-child").eachText());
    }

    @Test
    void ofManyClassesTheFirstAreShownAndOnlyThoseThatWereTested() {
        List<String> classes = IntStream.range(0, 30).mapToObj("class %02d"::formatted).toList();
        int[] tested = IntStream.range(5, 30).toArray();
        List<Classifications> right = IntStream.of(tested)
                .mapToObj(label -> new Classifications(List.of(classes.get(label)), List.of(1.0))).toList();
        Table table = byClass(new Predictions(classes, MadeUp.photosOf(tested), right));
        assertTrue(table.name().endsWith("the first 20 of 25 classes"), table.name());
        assertEquals(Charts.MANY, table.rowCount());
        assertEquals("class 05", table.stringColumn("class").get(0));
        assertEquals(100, table.doubleColumn("CPU, on the fly").get(0));
    }

    @Test
    void captionsOfTheMostConfidentTellThePredictionAndOfWrongOnesTheTruth() {
        Map<String, List<PhotoGrid.Tile>> rows = PredictionReport.mostConfident(predictions, 2);
        assertEquals(List.of("right", "wrong"), List.copyOf(rows.keySet()));
        assertEquals(List.of(tile(2, "runner\n90.0 %"), tile(3, "runner\n70.0 %")), rows.get("right"));
        assertEquals(List.of(tile(4, "boot\n80.0 %, but it is\nsandal"), tile(1, "runner\n50.0 %, but it is\nboot")), rows.get("wrong"));
    }

    @Test
    void belowAPhotoLongNamesAreToldApart() {
        List<String> names = List.of("Tomato_Early_blight_of_the_leaf", "Tomato_Late_blight_of_the_leaf");
        Predictions wrong = new Predictions(names, MadeUp.photosOf(0), List.of(new Classifications(names, List.of(0.1, 0.9))));
        String[] lines = PredictionReport.mostConfident(wrong, 1).get("wrong").get(0).caption().split("\n");
        assertEquals(3, lines.length);
        assertEquals(lines[0], Labels.shortened(lines[0], PhotoGrid.ROOM), "fits");
        assertNotEquals(lines[0], lines[2]);
    }

    @Test
    void besideAPhotoTheLikeliestClassesStandWithTheirShares() {
        Classifications three = new Classifications(CLASSES, List.of(0.2, 0.5, 0.3));
        String alt = PredictionReport.beside(new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB), three).alt();
        assertTrue(alt.startsWith("This is runner, 50.0 %") && alt.endsWith("runner: 50 %; sandal: 30 %; boot: 20 %."), alt);
        assertEquals("runner, 50.0 %", PredictionReport.inWords(three));
    }

    /** A training that diverged gives probabilities that are no numbers; its page must still come to its end. */
    @Test
    void aNetworkThatDivergedNamesNoClass() {
        Classifications nothing = new Classifications(CLASSES, List.of(Double.NaN, Double.NaN, Double.NaN));
        Predictions diverged = new Predictions(CLASSES, MadeUp.photosOf(0, 1, 2), List.of(nothing, nothing, nothing));
        List<PhotoGrid.Tile> wrong = PredictionReport.mostConfident(diverged, 6).get("wrong");
        assertEquals(3, wrong.size());
        assertTrue(wrong.get(0).caption().matches("no class\n.*\nboot"), wrong.get(0).caption());
        assertTrue(PredictionReport.inWords(nothing).startsWith("no class"), PredictionReport.inWords(nothing));
    }

    private static Table byClass(Predictions predictions) {
        ByRun<Predictions> byRun = new ByRun<>("Did it learn?");
        byRun.put(CPU, predictions);
        return PredictionReport.accuracies(byRun, "the test set").get(1);
    }

    private PhotoGrid.Tile tile(int photo, String caption) {
        return new PhotoGrid.Tile(predictions.photos().get(photo).file(), caption);
    }

    private static Classifications says(int label, double probability) {
        double rest = (1 - probability) / 2;
        return new Classifications(CLASSES, IntStream.range(0, 3).mapToObj(i -> i == label ? probability : rest).toList());
    }
}
