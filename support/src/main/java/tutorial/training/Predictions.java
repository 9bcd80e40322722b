package tutorial.training;

import ai.djl.modality.Classifications;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tutorial.machine.TrainingThread;
import tutorial.photos.DecodedAhead;
import tutorial.photos.PhotoFolder;

/**
 * What one trained network predicts for photos whose class is known. The notebook's section on what was learned makes one for
 * each run, and shows its tables and pictures.
 *
 * @param found in the order of the photos
 */
public record Predictions(List<String> classNames, List<PhotoFolder.Photo> photos, List<Classifications> found) {
    /**
     * What the network takes one photo for.
     *
     * @param probability of the predicted class, 0 to 1; NaN where the scores are no numbers
     */
    public record Prediction(Path photo, String predicted, String truth, double probability) {}

    /** Predicts for the pixels of some photos at once. */
    @FunctionalInterface
    public interface Batched<P> {
        List<Classifications> of(List<P> pixels) throws Exception;
    }

    private String truth(int i) {
        return classNames.get(photos.get(i).label());
    }

    /** The number of the likeliest class; -1 where the scores are no numbers, as after a training that diverged. */
    private int guessed(int i) {
        return isNoNumber(found.get(i)) ? -1 : classNames.indexOf(found.get(i).best().getClassName());
    }

    private boolean right(int i) {
        return guessed(i) == photos.get(i).label();
    }

    /** The classes that there are photos of, sorted. */
    public List<String> classesWithPhotos() {
        return all().mapToObj(this::truth).distinct().sorted().toList();
    }

    private static boolean isNoNumber(Classifications classes) {
        return Double.isNaN(classes.best().getProbability());
    }

    private IntStream all() {
        return IntStream.range(0, photos.size());
    }

    /** The share of right predictions, 0 to 1. */
    public double accuracy() {
        return right() / (double) photos.size();
    }

    public long right() {
        return all().filter(this::right).count();
    }

    /** The same, of the photos of one class. */
    public double accuracy(String className) {
        int[] ofClass = all().filter(i -> truth(i).equals(className)).toArray();
        return IntStream.of(ofClass).filter(this::right).count() / (double) ofClass.length;
    }

    /** How often each class was taken for which: by the number of the true class, then of the predicted one; without zeros. */
    public Map<Integer, Map<Integer, Long>> confusion() {
        return all().boxed().filter(i -> guessed(i) >= 0).collect(Collectors.groupingBy(i -> photos.get(i).label(),
                Collectors.groupingBy(this::guessed, Collectors.counting())));
    }

    /** The predictions with the highest probability, among the right or the wrong ones. */
    public List<Prediction> mostConfident(int most, boolean right) {
        return all().filter(i -> right(i) == right).mapToObj(this::prediction)
                .sorted(Comparator.comparing(Prediction::probability).reversed()).limit(most).toList();
    }

    private Prediction prediction(int i) {
        String predicted = guessed(i) < 0 ? "no class" : classNames.get(guessed(i));
        return new Prediction(photos.get(i).file(), predicted, truth(i), found.get(i).best().getProbability());
    }

    /**
     * Asks in batches, while those that follow are decoded; the stop button ends it between two.
     *
     * @param decoders threads that decode
     */
    public static <P> List<Classifications> inBatches(List<Path> photos, int decoders, DecodedAhead.Decoder<Path, P> decoder, int batchSize,
            Batched<P> predictor) throws Exception {
        List<Classifications> found = new ArrayList<>();
        List<P> batch = new ArrayList<>();
        try (var decoded = new DecodedAhead<>(photos.iterator(), decoders, 2 * batchSize, decoder)) {
            while (decoded.hasNext()) {
                batch.add(decoded.next().orThrow());
                if (batch.size() == batchSize || !decoded.hasNext()) {
                    found.addAll(predictor.of(List.copyOf(batch)));
                    batch.clear();
                    TrainingThread.checkStop();
                }
            }
        }
        return found;
    }
}
