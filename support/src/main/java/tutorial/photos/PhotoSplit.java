package tutorial.photos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import tutorial.photos.PhotoFolder.Photo;

/**
 * Which photos are trained on, and which are kept for the test.
 *
 * @param remarks what the reader should know of it, in a line each
 */
public record PhotoSplit(List<Photo> training, List<Photo> test, List<String> remarks) {
    static PhotoSplit of(PhotoFolder photos, double share, long seed) {
        List<Photo> test = share > 0 && !photos.heldOut().isEmpty() ? photos.heldOut() : drawn(photos, share, seed);
        Set<Photo> tested = Set.copyOf(test);
        return new PhotoSplit(photos.photos().stream().filter(photo -> !tested.contains(photo)).toList(), List.copyOf(test),
                photos.splits().isEmpty() ? List.of() : List.of(PhotoLayout.namesListed(photos.splits())
                        + " are splits, not classes: their photos are put together. " + ofSplits(photos, test)));
    }

    private static List<Photo> drawn(PhotoFolder photos, double share, long seed) {
        Random random = new Random(seed);
        List<Photo> test = new ArrayList<>();
        for (int label = 0; label < photos.classNames().size(); label++) {
            List<Photo> ofClass = new ArrayList<>(photos.ofClass(label));
            Collections.shuffle(ofClass, random);
            test.addAll(ofClass.subList(0, (int) (share * ofClass.size())));
        }
        return test;
    }

    private static String ofSplits(PhotoFolder photos, List<Photo> test) {
        if (photos.heldOut().isEmpty()) {
            return "None of them is for the test, so a share of each class is drawn.";
        }
        String own = PhotoLayout.namesListed(photos.heldOut().stream()
                .map(photo -> photos.root().relativize(photo.file()).getName(0).toString()).distinct().toList());
        return test.isEmpty() ? "heldOut = 0 keeps none for the test, so those in " + own + " are trained on, too."
                : "Those in " + own + " are the test set; no share is drawn.";
    }
}
