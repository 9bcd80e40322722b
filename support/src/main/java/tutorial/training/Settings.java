package tutorial.training;

import ai.djl.Device;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Checks all of the notebook's settings in one call, before a bad one costs time; see {@link Setting}. */
public final class Settings {
    private Settings() {}

    /**
     * How photos may get to a device, one after the other in the race.
     *
     * @param dataLoading "on the fly", "cached" or "both"
     * @param formerly the setting's former name, which still counts if it is given: "streamed", "prepared" or "both"
     */
    public static List<String> loadings(String dataLoading, String formerly) {
        String name = formerly == null ? "dataLoading" : "feeding";
        String value = formerly == null ? dataLoading : switch (formerly) {
            case "streamed" -> "on the fly";
            case "prepared" -> "cached";
            default -> formerly;
        };
        Setting.forget(formerly == null ? "feeding" : "dataLoading");
        Setting.oneOf(name, value, "on the fly", "cached", "both");
        return value.equals("both") ? List.of("on the fly", "cached") : List.of(value);
    }

    /**
     * @return the settings that matter most, in a line
     * @throws IllegalArgumentException in one line that names the setting, its value and the remedy
     */
    public static String check(String dataZip, int epochs, int batchSize, int imageSize, String secondDevice, boolean pretrained,
            double heldOut, double maxUnzippedGB, double maxSkippedShare, float learningRate, float momentum, long seed, int decoders,
            int warmUpSteps, int partSteps, int stepsPerReading, String layout, String precision, int sweepSeconds,
            Map<String, Double> pricePerHour, String resultsFolder, String modelsFolder) {
        Setting.text("dataZip", dataZip);
        Setting.between("epochs", epochs, 1, 10_000);
        Setting.between("batchSize", batchSize, 1, 65_536);
        Setting.between("imageSize", imageSize, 64, 4_096);
        Setting.device("secondDevice", secondDevice);
        Setting.fraction("heldOut", heldOut);
        Setting.positive("maxUnzippedGB", maxUnzippedGB, 100_000);
        Setting.positive("maxSkippedShare", maxSkippedShare, 1);
        Setting.positive("learningRate", asTyped(learningRate), 100);
        Setting.fraction("momentum", asTyped(momentum));
        Setting.between("seed", seed, Integer.MIN_VALUE, Integer.MAX_VALUE);
        Setting.between("decoders", decoders, 1, 1_024);
        Setting.between("warmUpSteps", warmUpSteps, 0, 1_000);
        Setting.between("partSteps", partSteps, 1, 10_000);
        Setting.between("stepsPerReading", stepsPerReading, 1, 10_000);
        Setting.oneOf("layout", layout, "faster", "NHWC", "NCHW");
        Setting.oneOf("precision", precision, Autocast.FLOAT32, Autocast.MIXED);
        if (precision.equals(Autocast.MIXED)) {
            Setting.possible("precision", precision, Autocast.FLOAT32, Autocast.whyNot());
        }
        Setting.between("sweepSeconds", sweepSeconds, 0, 86_400);
        Setting.prices("pricePerHour", pricePerHour, "CPU", "GPU");
        Setting.text("resultsFolder", resultsFolder);
        Setting.text("modelsFolder", modelsFolder);
        return String.format(Locale.ROOT, "%d %s of %s in batches of %d, %d × %d pixels, %.0f %% of the pictures kept for the test",
                epochs, epochs == 1 ? "epoch" : "epochs", dataZip, batchSize, imageSize, imageSize, 100 * heldOut)
                + (precision.equals(Autocast.MIXED) ? inMixedPrecision(Autocast.whyNotFaster(Device.cpu())) : "");
    }

    /** @param whyNotFaster on the CPU; null where it may be faster */
    static String inMixedPrecision(String whyNotFaster) {
        return ", in mixed precision" + (whyNotFaster == null ? "" : ". <b>On the CPU that will be slower.</b> " + whyNotFaster);
    }

    /** 0.1f as 0.1, not as the 0.10000000149011612 that a cast makes of it. */
    private static double asTyped(float value) {
        return Double.parseDouble(Float.toString(value));
    }
}
