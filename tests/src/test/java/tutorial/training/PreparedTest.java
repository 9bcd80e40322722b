package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static tutorial.testing.Said.assertRefused;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tutorial.testing.MadeUp;

class PreparedTest {
    private static final Map<String, Object> OTHERS = Map.ofEntries(
            Map.entry("dataZip", "data/mine.zip"), Map.entry("heldOut", 0.5), Map.entry("seed", 1L), Map.entry("imageSize", 96),
            Map.entry("pretrained", false), Map.entry("secondDevice", "none"), Map.entry("layout", "NCHW"),
            Map.entry("precision", "mixed"), Map.entry("batchSize", 16), Map.entry("decoders", 1), Map.entry("dataLoading", "cached"),
            Map.entry("epochs", 1), Map.entry("learningRate", 0.01f), Map.entry("momentum", 0.5f));
    private static final Settings BEFORE = MadeUp.settings();

    private final Prepared prepared = new Prepared();

    @BeforeEach
    void allOfThePageHasRun() {
        for (Stage stage : Stage.values()) {
            run(stage, BEFORE);
        }
    }

    private void run(Stage stage, Settings settings) {
        prepared.begin(stage, settings);
        prepared.end(stage, settings);
    }

    @ParameterizedTest
    @EnumSource
    void aStageBuildsOnNoneThatWasMadeWithAnotherSetting(Stage stage) {
        OTHERS.forEach((name, value) -> {
            Settings now = MadeUp.settings(name, value);
            if (stage != Stage.PHOTOS && before(stage).madeFrom().contains(name)) {
                assertRefused(IllegalStateException.class, () -> prepared.begin(stage, now), now.inWords(name), BEFORE.inWords(name));
            } else {
                assertDoesNotThrow(() -> prepared.begin(stage, now), name);
            }
        });
    }

    @Test
    void everySettingThatChangesWhatATrainingComputesBelongsToAStage() {
        Set<String> free = Set.of("maxUnzippedGB", "maxSkippedShare", "warmUpSteps", "measureSeconds", "stepsPerReading", "sweepSeconds",
                "pricePerHour", "resultsFolder", "modelsFolder");
        Set<String> all = new TreeSet<>(Settings.names());
        all.removeAll(free);
        assertEquals(all, new TreeSet<>(Stage.RESULTS.madeFrom()));
        assertEquals(all, new TreeSet<>(OTHERS.keySet()), "and to the test above");
    }

    @Test
    void aStageThatIsRunAgainWithTheNewValueLetsTheNextOneFollow() {
        Settings now = MadeUp.settings("imageSize", 96);
        for (Stage stage : Stage.values()) {
            assertDoesNotThrow(() -> run(stage, now), stage.name());
        }
        assertRefused(IllegalStateException.class, () -> prepared.begin(Stage.RESULTS, BEFORE), "imageSize = 224 now", "imageSize = 96");
    }

    /** Its old result still stands, made with other settings. */
    @Test
    void aStageThatFailedOrWasStoppedWithNewSettingsIsNotBuiltUpon() {
        Settings now = MadeUp.settings("dataZip", "data/none.zip");
        prepared.begin(Stage.PHOTOS, now);
        assertRefused(IllegalStateException.class, () -> prepared.begin(Stage.DECODING, now), "\"The photos\" has not come to its end");
        prepared.end(Stage.PHOTOS, BEFORE);
        assertDoesNotThrow(() -> prepared.begin(Stage.RESULTS, BEFORE));
    }

    @Test
    void aStageThatWasStoppedWithTheSameSettingsStillHasItsOldResult() {
        prepared.begin(Stage.RACE, BEFORE);
        assertDoesNotThrow(() -> prepared.begin(Stage.RESULTS, BEFORE));
    }

    @Test
    void aStageThatNobodyRanIsNoObstacle() {
        assertDoesNotThrow(() -> new Prepared().begin(Stage.RACE, BEFORE));
    }

    private static Stage before(Stage stage) {
        return Stage.values()[stage.ordinal() - 1];
    }
}
