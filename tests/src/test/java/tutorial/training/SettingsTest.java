package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.djl.Device;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tutorial.photos.DataLoading;
import tutorial.testing.MadeUp;
import tutorial.testing.Small;

class SettingsTest {
    @Test
    void theNotebooksOwnValues() {
        Settings settings = MadeUp.settings();
        assertEquals("data/sneakers.zip", settings.dataZip());
        assertEquals("gpu0", settings.secondDevice());
        assertEquals(List.of(3, 32, 224), List.of(settings.epochs(), settings.batchSize(), settings.imageSize()));
        assertEquals(Precision.FLOAT32, settings.precision());
        for (String shown : List.of("3 epochs", "data/sneakers.zip", "batches of 32", "224 × 224", "20 %")) {
            assertTrue(settings.inWords().contains(shown), settings.inWords());
        }
        assertTrue(MadeUp.settings("epochs", 1).inWords().startsWith("1 epoch "));
    }

    @Test
    void valuesAtTheirBounds() {
        assertDoesNotThrow(() -> MadeUp.settings("epochs", 10_000, "batchSize", 1, "imageSize", 64, "heldOut", 0.99, "momentum", 0f,
                "seed", (long) Integer.MIN_VALUE, "warmUpSteps", 0, "sweepSeconds", 0, "layout", "NCHW", "secondDevice", "none"));
    }

    static Stream<Arguments> badValues() {
        return Stream.of(
                arguments("dataZip", null),
                arguments("dataZip", " "),
                arguments("epochs", 0),
                arguments("epochs", -1),
                arguments("epochs", 2_000_000_000),
                arguments("batchSize", 0),
                arguments("batchSize", -32),
                arguments("batchSize", 65_537),
                arguments("imageSize", 32),
                arguments("imageSize", 4_097),
                arguments("secondDevice", "tpu"),
                arguments("secondDevice", null),
                arguments("dataLoading", "piped"),
                arguments("dataLoading", null),
                arguments("pretrained", null),
                arguments("heldOut", 1.0),
                arguments("heldOut", -0.1),
                arguments("heldOut", Double.NaN),
                arguments("maxUnzippedGB", 0.0),
                arguments("maxSkippedShare", 1.5),
                arguments("learningRate", 0f),
                arguments("learningRate", Float.NaN),
                arguments("learningRate", Float.POSITIVE_INFINITY),
                arguments("learningRate", -0.1f),
                arguments("momentum", 1.0f),
                arguments("momentum", 1.1f),
                arguments("seed", Long.MAX_VALUE),
                arguments("decoders", 0),
                arguments("warmUpSteps", -1),
                arguments("partSteps", 0),
                arguments("stepsPerReading", 0),
                arguments("layout", "CHWN"),
                arguments("layout", null),
                arguments("precision", "bfloat16"),
                arguments("precision", null),
                arguments("sweepSeconds", -1),
                arguments("pricePerHour", Map.of("CPU", 0.095)),
                arguments("pricePerHour", null),
                arguments("pricePerHour", Map.of("CPU", 0.095, "GPU", 0.0)),
                arguments("resultsFolder", ""),
                arguments("modelsFolder", null),
                arguments("noSuchSetting", 1));
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void aBadValueIsRefusedInOneLine(String name, Object value) {
        String message = refusal(() -> MadeUp.settings(name, value));
        assertTrue(message.startsWith(name + " = " + (value instanceof String ? "\"" + value + "\"" : value) + ": must be "), message);
    }

    @Test
    void aMissingSettingIsRefusedByItsName() {
        assertTrue(refusal(() -> Settings.of("dataZip", "data/sneakers.zip")).startsWith("batchSize = "));
    }

    @Test
    void aBatchOfMorePhotosThanThereAreIsRefused() {
        assertDoesNotThrow(() -> MadeUp.settings().requireBatchAtMost(32, "there are 32"));
        String message = refusal(() -> MadeUp.settings().requireBatchAtMost(31, "there are 31"));
        assertTrue(message.startsWith("batchSize = 32: must be at most 31") && message.contains("there are 31"), message);
    }

    @Test
    void bothWaysOfDataLoadingComeOneAfterTheOther() {
        assertEquals(List.of(DataLoading.ON_THE_FLY, DataLoading.CACHED), MadeUp.settings("dataLoading", "both").loadings());
        assertEquals(List.of(DataLoading.ON_THE_FLY), MadeUp.settings("dataLoading", "on the fly").loadings());
        assertEquals(List.of(DataLoading.CACHED), MadeUp.settings("dataLoading", "cached").loadings());
    }

    @Test
    void theLayoutIsFixedOrTheFasterOne() {
        assertNull(MadeUp.settings("layout", "faster").layout());
        assertEquals(Layout.NCHW, MadeUp.settings("layout", "NCHW").layout());
    }

    /** Where there is mixed precision, as on Linux and macOS. */
    @Test
    void whereMixedPrecisionIsSlowerALineSaysSo() {
        assumeTrue(!System.getProperty("os.name").startsWith("Windows"));
        Small.manager().close();
        Settings mixed = MadeUp.settings("precision", "mixed");
        assertEquals(Precision.MIXED, mixed.precision());
        assertTrue(mixed.inWords().endsWith(Settings.inMixedPrecision(Autocast.whyNotFaster(Device.cpu()))), mixed.inWords());
        assertTrue(Settings.inMixedPrecision("An old one.").endsWith("slower.</b> An old one."));
        assertEquals(", in mixed precision", Settings.inMixedPrecision(null));
    }

    private static String refusal(Runnable settings) {
        String message = assertThrows(IllegalArgumentException.class, settings::run).getMessage();
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.contains("\"Settings\""), message);
        return message;
    }
}
