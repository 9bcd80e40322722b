package tutorial.training;

import java.util.ArrayList;
import java.util.List;

/** What the notebook makes for later cells, in the order of the page, with the settings that each makes something of first. */
public enum Stage {
    PHOTOS("The photos", "dataZip", "heldOut", "seed"),
    DECODING("Getting photos to the device", "imageSize", "decoders", "dataLoading"),
    WEIGHTS("One training step, and how to time it", "pretrained"),
    DEVICES("One training step, and how to time it", "secondDevice", "layout", "precision"),
    COMPUTE_ONLY("One training step, and how to time it", "batchSize"),
    RACE("The race", "epochs", "learningRate", "momentum"),
    /** All that follows the race and builds on it. */
    RESULTS("Take it away");

    private final String section;
    private final List<String> settings;

    Stage(String section, String... settings) {
        this.section = section;
        this.settings = List.of(settings);
    }

    /** The heading of the section that makes it. */
    public String section() {
        return section;
    }

    /** Names of the settings that it was made from: its own and those of all stages before. */
    List<String> madeFrom() {
        List<String> names = new ArrayList<>();
        for (Stage stage : values()) {
            if (stage.compareTo(this) <= 0) {
                names.addAll(stage.settings);
            }
        }
        return names;
    }
}
