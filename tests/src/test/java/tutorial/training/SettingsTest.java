package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static tutorial.testing.Said.assertRefused;
import static tutorial.testing.Said.assertSays;

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
        assertSays(settings.inWords(), "3 epochs", "data/sneakers.zip", "batches of 32", "224 × 224", "20 %");
        assertTrue(MadeUp.settings("epochs", 1).inWords().startsWith("1 epoch "));
    }

    @Test
    void valuesAtTheirBounds() {
        assertDoesNotThrow(() -> MadeUp.settings("epochs", 10_000, "batchSize", 1, "imageSize", 64, "heldOut", 0.99, "momentum", 0f,
                "seed", (long) Integer.MIN_VALUE, "warmUpSteps", 0, "sweepSeconds", 0, "layout", "NCHW", "secondDevice", "none"));
    }

    static Stream<Arguments> badValues() {
        return Stream.of(
                bad("dataZip", null, " ", "~/shoes.zip"),
                bad("epochs", 0, -1, 2_000_000_000),
                bad("batchSize", 0, -32, 65_537),
                bad("imageSize", 32, 4_097),
                bad("secondDevice", "tpu", null),
                bad("dataLoading", "piped", null),
                bad("pretrained", (Object) null),
                bad("heldOut", 1.0, -0.1, Double.NaN),
                bad("maxUnzippedGB", 0.0),
                bad("maxSkippedShare", 1.5),
                bad("learningRate", 0f, Float.NaN, Float.POSITIVE_INFINITY, -0.1f),
                bad("momentum", 1.0f, 1.1f),
                bad("seed", Long.MAX_VALUE),
                bad("decoders", 0),
                bad("warmUpSteps", -1),
                bad("measureSeconds", -0.1),
                bad("stepsPerReading", 0),
                bad("layout", "CHWN", null),
                bad("precision", "bfloat16", null),
                bad("sweepSeconds", -1),
                bad("pricePerHour", Map.of("CPU", 0.095), Map.of("T4", 0.4, "A100", 3.0), Map.of("CPU", 0.095, "T4", 0.0), Map.of("CPU", 0.1, " ", 1.0), null),
                bad("resultsFolder", ""),
                bad("modelsFolder", (Object) null),
                bad("noSuchSetting", 1)).flatMap(each -> each);
    }

    private static Stream<Arguments> bad(String name, Object... values) {
        return Stream.of(values).map(value -> arguments(name, value));
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void aBadValueIsRefusedInOneLine(String name, Object value) {
        String shown = value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
        assertRefused(IllegalArgumentException.class, () -> MadeUp.settings(name, value), name + " = " + shown + ": must be ",
                "\"Settings\"");
    }

    @Test
    void aMissingSettingIsRefusedByItsName() {
        assertRefused(IllegalArgumentException.class, () -> Settings.of("dataZip", "data/sneakers.zip"), "batchSize = ");
    }

    @Test
    void aBatchOfMorePhotosThanThereAreIsRefused() {
        assertDoesNotThrow(() -> MadeUp.settings().requireBatchAtMost(32));
        assertRefused(IllegalArgumentException.class, () -> MadeUp.settings().requireBatchAtMost(31),
                "batchSize = 32: must be at most 31", "data/sneakers.zip");
    }

    @Test
    void bothWaysOfDataLoadingComeOneAfterTheOther() {
        assertEquals(List.of(DataLoading.ON_THE_FLY, DataLoading.CACHED), MadeUp.settings("dataLoading", "both").loadings(true));
        assertEquals(List.of(DataLoading.ON_THE_FLY), MadeUp.settings("dataLoading", "on the fly").loadings(true));
        assertEquals(List.of(DataLoading.CACHED), MadeUp.settings("dataLoading", "cached").loadings(true));
        assertEquals(List.of(DataLoading.ON_THE_FLY), MadeUp.settings("dataLoading", "cached").loadings(false));
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
}
