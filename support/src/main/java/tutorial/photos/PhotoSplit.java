package tutorial.photos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
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
                        + (photos.splits().size() == 1 ? " is a split, no class. "
                                : " are splits, not classes: their photos are put together. ")
                        + ofSplits(photos, test)));
    }

    /** Copies of a photo go together: into the test, where they fit into each class's share of it, else into the training. */
    private static List<Photo> drawn(PhotoFolder photos, double share, long seed) {
        Map<Photo, List<Photo>> copies = new HashMap<>();
        photos.copies().forEach(group -> group.forEach(photo -> copies.put(photo, group)));
        Map<Integer, Long> room = new HashMap<>();
        for (int label = 0; label < photos.classNames().size(); label++) {
            room.put(label, (long) (share * photos.ofClass(label).size()));
        }
        Random random = new Random(seed);
        Set<Photo> test = new LinkedHashSet<>();
        for (int label = 0; label < photos.classNames().size(); label++) {
            List<Photo> ofClass = new ArrayList<>(photos.ofClass(label));
            Collections.shuffle(ofClass, random);
            long all = room.get(label);
            for (Photo photo : ofClass) {
                List<Photo> same = copies.getOrDefault(photo, List.of(photo));
                Map<Integer, Long> needed = same.stream().collect(Collectors.groupingBy(Photo::label, Collectors.counting()));
                if (!test.contains(photo) && needed.entrySet().stream().allMatch(one -> one.getValue() <= room.get(one.getKey()))) {
                    test.addAll(same);
                    needed.forEach((of, count) -> room.merge(of, -count, Long::sum));
                }
            }
            if (all > 0 && room.get(label) == all) {        // rather more than the share than none
                ofClass.stream().map(photo -> copies.getOrDefault(photo, List.of(photo)))
                        .filter(same -> 2 * same.size() <= ofClass.size() && ofClass.containsAll(same)).findFirst().ifPresent(test::addAll);
            }
        }
        return List.copyOf(test);
    }

    private static String ofSplits(PhotoFolder photos, List<Photo> test) {
        if (photos.heldOut().isEmpty()) {
            return "None of them is for the test, so a share of each class is drawn.";
        }
        String own = PhotoLayout.namesListed(photos.heldOut().stream()
                .flatMap(photo -> StreamSupport.stream(photos.root().relativize(photo.file()).spliterator(), false).map(Path::toString)
                        .filter(photos.splits()::contains).limit(1)).distinct().toList());
        return test.isEmpty() ? "heldOut = 0 keeps none for the test, so those in " + own + " are trained on, too."
                : "Those in " + own + " are the test set; no share is drawn.";
    }
}
