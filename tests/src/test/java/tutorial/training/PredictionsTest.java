package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.modality.Classifications;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tutorial.testing.MadeUp;
import tutorial.training.Predictions.Prediction;

class PredictionsTest {
    private static final List<String> CLASSES = List.of("boot", "runner", "sandal", "untested");

    /** Boots: one of two right. Runners: both right. Sandals: none of one. */
    private final Predictions predictions = new Predictions(CLASSES, MadeUp.photosOf(0, 0, 1, 1, 2),
            List.of(says(0, 0.6), says(1, 0.5), says(1, 0.9), says(1, 0.7), says(0, 0.8)));

    @Test
    void accuracyIsTheShareThatIsRightOfAllAndOfAClass() {
        assertEquals(3, predictions.right());
        assertEquals(3 / 5.0, predictions.accuracy());
        assertEquals(List.of("boot", "runner", "sandal"), predictions.classesWithPhotos());
        assertEquals(List.of(0.5, 1.0, 0.0), predictions.classesWithPhotos().stream().map(predictions::accuracy).toList());
    }

    @Test
    void inTheConfusionARowIsTheTruthAndAColumnThePrediction() {
        assertEquals(Map.of(0, Map.of(0, 1L, 1, 1L), 1, Map.of(1, 2L), 2, Map.of(0, 1L)), predictions.confusion());
    }

    @Test
    void theMostConfidentComeFirst() {
        assertEquals(List.of(prediction(2, "runner", "runner", 0.9), prediction(3, "runner", "runner", 0.7)),
                predictions.mostConfident(2, true));
        assertEquals(List.of(prediction(4, "boot", "sandal", 0.8), prediction(1, "runner", "boot", 0.5)),
                predictions.mostConfident(9, false));
    }

    @Test
    void photosAreAskedForInBatchesAndAnsweredInOrder() throws Exception {
        List<Path> photos = predictions.photos().stream().map(photo -> photo.file()).toList();
        List<List<Path>> asked = new ArrayList<>();
        List<Classifications> found = Predictions.inBatches(photos, 3, photo -> photo, 2, some -> {
            asked.add(List.copyOf(some));
            return some.stream().map(photo -> predictions.found().get(photos.indexOf(photo))).toList();
        });
        assertEquals(List.of(photos.subList(0, 2), photos.subList(2, 4), photos.subList(4, 5)), asked);
        assertEquals(predictions.found(), found);
    }

    /** A training that diverged gives probabilities that are no numbers; its page must still come to its end. */
    @Test
    void aNetworkThatDivergedIsRightNowhere() {
        Classifications nothing = new Classifications(CLASSES, List.of(Double.NaN, Double.NaN, Double.NaN, Double.NaN));
        Predictions diverged = new Predictions(CLASSES, MadeUp.photosOf(0, 1, 2), List.of(nothing, nothing, nothing));
        assertEquals(0, diverged.accuracy());
        assertEquals(Map.of(), diverged.confusion());
        assertEquals(List.of(), diverged.mostConfident(6, true));
        assertEquals(3, diverged.mostConfident(6, false).size());
        assertEquals(prediction(0, "no class", "boot", Double.NaN), diverged.mostConfident(6, false).get(0));
    }

    private Prediction prediction(int photo, String predicted, String truth, double probability) {
        return new Prediction(predictions.photos().get(photo).file(), predicted, truth, probability);
    }

    private static Classifications says(int label, double probability) {
        double rest = (1 - probability) / 3;
        return new Classifications(CLASSES, IntStream.range(0, 4).mapToObj(i -> i == label ? probability : rest).toList());
    }
}
