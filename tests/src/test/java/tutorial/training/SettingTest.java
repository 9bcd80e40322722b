package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {
    @Test
    void theMessageNamesSettingValueRuleAndPlace() {
        assertEquals("epochs = 0: must be a whole number from 1 to 10. Change it in \"Settings\".",
                refusal(() -> Setting.between("epochs", 0, 1, 10)));
    }

    @Test
    void betweenIncludesItsBounds() {
        assertDoesNotThrow(() -> Setting.between("epochs", 1, 1, 10));
        assertDoesNotThrow(() -> Setting.between("epochs", 10, 1, 10));
        refusal(() -> Setting.between("epochs", 11, 1, 10));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.0, -1, 101, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void positiveRefuses(double value) {
        refusal(() -> Setting.positive("learningRate", value, 100));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, 2, Double.NaN})
    void fractionRefuses(double value) {
        refusal(() -> Setting.fraction("momentum", value));
    }

    @Test
    void fractionTakesZero() {
        assertDoesNotThrow(() -> Setting.fraction("momentum", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "tpu", "GPU", "gpu-1", "cpu0", "gpu1234"})
    void deviceRefuses(String name) {
        refusal(() -> Setting.device("secondDevice", name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "cpu", "gpu0", "gpu12"})
    void deviceTakes(String name) {
        assertDoesNotThrow(() -> Setting.device("secondDevice", name));
    }

    @Test
    void missingTextsAreRefused() {
        refusal(() -> Setting.text("dataZip", null));
        refusal(() -> Setting.text("dataZip", " "));
        refusal(() -> Setting.device("secondDevice", null));
    }

    @Test
    void oneOfNamesTheChoices() {
        assertDoesNotThrow(() -> Setting.oneOf("feeding", "both", "streamed", "both"));
        assertEquals("feeding = \"x\": must be one of \"streamed\", \"both\". Change it in \"Settings\".",
                refusal(() -> Setting.oneOf("feeding", "x", "streamed", "both")));
        refusal(() -> Setting.oneOf("feeding", null, "streamed"));
    }

    @Test
    void atMostSaysWhyThereIsNoMore() {
        assertDoesNotThrow(() -> Setting.atMost("batchSize", 12, 12, "my.zip has only 12 photos"));
        assertEquals("batchSize = 13: must be at most 12, since my.zip has only 12 photos. Change it in \"Settings\".",
                refusal(() -> Setting.atMost("batchSize", 13, 12, "my.zip has only 12 photos")));
        Setting.atMost("batchSize", 1, 12, "");
    }

    @Test
    void whatIsRefusedIsRememberedUntilItIsCorrected() {
        refusal(() -> Setting.oneOf("feeding", "x", "both"));
        assertEquals("Not begun: feeding = \"x\": must be one of \"both\". Change it in \"Settings\".",
                assertThrows(IllegalStateException.class, Setting::requireAccepted).getMessage());
        Setting.oneOf("feeding", "both", "both");
        assertDoesNotThrow(Setting::requireAccepted);
    }

    @BeforeEach
    @AfterEach
    void forget() {
        Setting.between("epochs", 1, 1, 1);
        Setting.positive("learningRate", 1, 1);
        Setting.fraction("momentum", 0);
        Setting.device("secondDevice", "cpu");
        Setting.text("dataZip", "a.zip");
        Setting.oneOf("feeding", "both", "both");
        Setting.prices("price", Map.of("CPU", 1.0, "GPU", 1.0), "CPU", "GPU");
    }

    @Test
    void everyPriceIsAskedFor() {
        assertDoesNotThrow(() -> Setting.prices("price", Map.of("CPU", 0.1, "GPU", 2.0), "CPU", "GPU"));
        assertEquals("price.get(\"GPU\") = null: must be a number above 0. Change it in \"Settings\".",
                refusal(() -> Setting.prices("price", Map.of("CPU", 0.1), "CPU", "GPU")));
        refusal(() -> Setting.prices("price", Map.of("CPU", Double.NaN), "CPU"));
        refusal(() -> Setting.prices("price", Map.of("CPU", 0.0), "CPU"));
        refusal(() -> Setting.prices("price", null, "CPU"));
    }

    private static String refusal(Executable check) {
        return assertThrows(IllegalArgumentException.class, check).getMessage();
    }
}
