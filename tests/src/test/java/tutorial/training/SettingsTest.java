package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tutorial.testing.Small;

class SettingsTest {
    private static final List<String> BOTH = List.of("on the fly", "cached");

    /** As the notebook has them. */
    private String dataZip = "data/sneakers.zip";
    private int epochs = 3;
    private int batchSize = 32;
    private int imageSize = 224;
    private String secondDevice = "gpu0";
    private double heldOut = 0.2;
    private double maxUnzippedGB = 20;
    private double maxSkippedShare = 0.5;
    private float learningRate = 0.001f;
    private float momentum = 0.9f;
    private long seed = 2207;
    private int decoders = 2;
    private int warmUpSteps = 2;
    private int partSteps = 4;
    private int stepsPerReading = 10;
    private String layout = "faster";
    private String precision = "float32";
    private int sweepSeconds = 30;
    private Map<String, Double> pricePerHour = Map.of("CPU", 0.095, "GPU", 0.445);
    private String resultsFolder = "results";
    private String modelsFolder = "models";

    private String check() {
        return Settings.check(dataZip, epochs, batchSize, imageSize, secondDevice, true, heldOut, maxUnzippedGB, maxSkippedShare, learningRate,
                momentum, seed, decoders, warmUpSteps, partSteps, stepsPerReading, layout, precision, sweepSeconds, pricePerHour, resultsFolder, modelsFolder);
    }

    /** What was refused is remembered, and would be in the way of other tests' trainings. */
    @AfterEach
    void correctAll() {
        assertDoesNotThrow(new SettingsTest()::check);
        Settings.loadings("both", null);
        assertDoesNotThrow(Setting::requireAccepted);
    }

    @Test
    void theNotebooksOwnValuesAreAcceptedAndToldInALine() {
        assertEquals("3 epochs of data/sneakers.zip in batches of 32, 224 × 224 pixels, 20 % of the pictures kept for the test", check());
        epochs = 1;
        heldOut = 0;
        assertEquals("1 epoch of data/sneakers.zip in batches of 32, 224 × 224 pixels, 0 % of the pictures kept for the test", check());
    }

    @Test
    void valuesAtTheirBoundsAreAccepted() {
        epochs = 10_000;
        batchSize = 1;
        imageSize = 64;
        heldOut = 0.99;
        momentum = 0;
        seed = Integer.MIN_VALUE;
        warmUpSteps = 0;
        sweepSeconds = 0;
        layout = "NCHW";
        secondDevice = "none";
        assertDoesNotThrow(this::check);
    }

    /** Where there is mixed precision, as on Linux and macOS. */
    @Test
    void mixedPrecisionIsAcceptedAndWhereItIsSlowerALineSaysSo() {
        assumeTrue(!System.getProperty("os.name").startsWith("Windows"));
        Small.manager().close();
        precision = "mixed";
        assertTrue(check().contains(" kept for the test, in mixed precision"), check());
        assertEquals(", in mixed precision", Settings.inMixedPrecision(null));
        assertEquals(", in mixed precision. <b>On the CPU that will be slower.</b> Old.", Settings.inMixedPrecision("Old."));
    }

    /** A change of one setting, and how the refusal begins. */
    record Bad(String refusal, Consumer<SettingsTest> change) {
        @Override
        public String toString() {
            return refusal;
        }
    }

    static Stream<Bad> badValues() {
        return Stream.of(
                new Bad("dataZip = \"null\"", all -> all.dataZip = null),
                new Bad("dataZip = \" \"", all -> all.dataZip = " "),
                new Bad("epochs = 0", all -> all.epochs = 0),
                new Bad("epochs = -1", all -> all.epochs = -1),
                new Bad("epochs = 2000000000", all -> all.epochs = 2_000_000_000),
                new Bad("batchSize = 0", all -> all.batchSize = 0),
                new Bad("batchSize = -32", all -> all.batchSize = -32),
                new Bad("batchSize = 65537", all -> all.batchSize = 65_537),
                new Bad("imageSize = 32", all -> all.imageSize = 32),
                new Bad("imageSize = 4097", all -> all.imageSize = 4_097),
                new Bad("secondDevice = \"tpu\"", all -> all.secondDevice = "tpu"),
                new Bad("secondDevice = \"null\"", all -> all.secondDevice = null),
                new Bad("heldOut = 1.0", all -> all.heldOut = 1.0),
                new Bad("heldOut = -0.1", all -> all.heldOut = -0.1),
                new Bad("heldOut = NaN", all -> all.heldOut = Double.NaN),
                new Bad("maxUnzippedGB = 0.0", all -> all.maxUnzippedGB = 0),
                new Bad("maxSkippedShare = 1.5", all -> all.maxSkippedShare = 1.5),
                new Bad("learningRate = 0.0", all -> all.learningRate = 0),
                new Bad("learningRate = NaN", all -> all.learningRate = Float.NaN),
                new Bad("learningRate = Infinity", all -> all.learningRate = Float.POSITIVE_INFINITY),
                new Bad("learningRate = -0.1", all -> all.learningRate = -0.1f),
                new Bad("momentum = 1.0", all -> all.momentum = 1.0f),
                new Bad("momentum = 1.1", all -> all.momentum = 1.1f),
                new Bad("seed = 9223372036854775807", all -> all.seed = Long.MAX_VALUE),
                new Bad("decoders = 0", all -> all.decoders = 0),
                new Bad("warmUpSteps = -1", all -> all.warmUpSteps = -1),
                new Bad("partSteps = 0", all -> all.partSteps = 0),
                new Bad("stepsPerReading = 0", all -> all.stepsPerReading = 0),
                new Bad("layout = \"CHWN\"", all -> all.layout = "CHWN"),
                new Bad("layout = \"null\"", all -> all.layout = null),
                new Bad("precision = \"bfloat16\"", all -> all.precision = "bfloat16"),
                new Bad("precision = \"null\"", all -> all.precision = null),
                new Bad("sweepSeconds = -1", all -> all.sweepSeconds = -1),
                new Bad("pricePerHour.get(\"GPU\") = null", all -> all.pricePerHour = Map.of("CPU", 0.095)),
                new Bad("pricePerHour.get(\"CPU\") = null", all -> all.pricePerHour = null),
                new Bad("pricePerHour.get(\"GPU\") = 0.0", all -> all.pricePerHour = new HashMap<>(Map.of("CPU", 0.095, "GPU", 0.0))),
                new Bad("resultsFolder = \"\"", all -> all.resultsFolder = ""),
                new Bad("modelsFolder = \"null\"", all -> all.modelsFolder = null));
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void aBadValueIsRefusedInOneLineAndNothingTrainsUntilItIsCorrected(Bad bad) {
        bad.change.accept(this);
        String message = assertThrows(IllegalArgumentException.class, this::check).getMessage();
        assertTrue(message.startsWith(bad.refusal + ": must be "), message);
        assertEquals(1, message.lines().count(), message);
        assertEquals("Not begun: " + message, assertThrows(IllegalStateException.class, Setting::requireAccepted).getMessage());
    }

    @Test
    void bothWaysOfDataLoadingComeOneAfterTheOther() {
        assertEquals(BOTH, Settings.loadings("both", null));
        assertEquals(List.of("on the fly"), Settings.loadings("on the fly", null));
        assertEquals(List.of("cached"), Settings.loadings("cached", null));
    }

    @Test
    void theFormerNameAndItsFormerValuesStillCount() {
        assertEquals(List.of("on the fly"), Settings.loadings("both", "streamed"));
        assertEquals(List.of("cached"), Settings.loadings("both", "prepared"));
        assertEquals(BOTH, Settings.loadings("cached", "both"));
        assertEquals(List.of("cached"), Settings.loadings("both", "cached"), "today's value under the former name");
    }

    @Test
    void whatIsRefusedHasTheNameThatWasUsed() {
        assertTrue(refusal("both", "piped").startsWith("feeding = \"piped\": must be one of \"on the fly\", \"cached\", \"both\"."));
        assertTrue(refusal("piped", null).startsWith("dataLoading = \"piped\": must be one of "));
        assertTrue(refusal("streamed", null).startsWith("dataLoading = \"streamed\": must be one of "), "no value of today's name");
        assertTrue(refusal(null, null).startsWith("dataLoading = \"null\": must be one of "));
    }

    @Test
    void aRefusedNameIsForgottenWhenTheOtherCounts() {
        refusal("both", "piped");
        Settings.loadings("both", null);
        assertDoesNotThrow(Setting::requireAccepted);
        refusal("piped", null);
        Settings.loadings("piped", "both");
        assertDoesNotThrow(Setting::requireAccepted);
    }

    private static String refusal(String dataLoading, String formerly) {
        return assertThrows(IllegalArgumentException.class, () -> Settings.loadings(dataLoading, formerly)).getMessage();
    }
}
