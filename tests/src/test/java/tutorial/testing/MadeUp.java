package tutorial.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tutorial.photos.PhotoFolder;
import tutorial.training.Burst;
import tutorial.training.Run;
import tutorial.training.Step;

/** Runs, speeds and photos that nobody measured or took, for tests of what is made of them. */
public final class MadeUp {
    public static final int BATCH = 32;

    private MadeUp() {}

    /** Two epochs of two steps, of which each part but the last takes its share of the time: 10, 20, 60 and 10 %. */
    public static Run run(String device, String loading, double rate) {
        return run(device, loading, rate, 1.4, 1.2, 1.0, 0.8);
    }

    /** The same with another loss for each step, two to an epoch. */
    public static Run run(String device, String loading, double rate, double... losses) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < losses.length; i++) {
            steps.add(step(1 + i / 2, BATCH, BATCH / rate, losses[i], 8 * (1 + i / 2)));
        }
        return new Run(device, "A " + device, loading, loading.equals("cached") ? 2 : 0, steps);
    }

    public static Step step(int epoch, int images, double seconds, double loss, long correct) {
        Map<String, Double> parts = new LinkedHashMap<>();
        double[] shares = {0.1, 0.2, 0.6, 0.1, 0};
        for (int i = 0; i < shares.length; i++) {
            parts.put(Run.PARTS.get(i), shares[i] * seconds);
        }
        return new Step(epoch, images, seconds, 1.5 * seconds, parts, loss, correct);
    }

    /** A step of a stretch, whose parts are not known. */
    public static Step stretched(int images, double seconds, double loss) {
        return new Step(1, images, seconds, seconds, Map.of(), loss, 0);
    }

    public static Burst burst(double rate) {
        return new Burst(100, 100 / rate, 1.25, Double.NaN, Double.NaN);
    }

    /** One for each label. */
    public static List<PhotoFolder.Photo> photosOf(int... labels) {
        return IntStream.range(0, labels.length)
                .mapToObj(i -> new PhotoFolder.Photo(Path.of(i + ".png"), labels[i], "PNG", 4, 4, 100)).toList();
    }

    /** So many, each with its number as its label. */
    public static List<PhotoFolder.Photo> photos(int count) {
        return photosOf(IntStream.range(0, count).toArray());
    }
}
