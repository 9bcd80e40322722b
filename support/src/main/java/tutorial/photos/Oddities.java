package tutorial.photos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tutorial.photos.PhotoFolder.Photo;

/** What a reader should know of the photos of a data set before training on them, in a line each. */
record Oddities(Path root, List<String> classNames, List<Photo> photos, Set<Photo> heldOut, List<List<Photo>> copies) {
    private static final int MUCH_LARGER = 5;
    private static final int TOLD_COPIES = 10;

    /**
     * All that is odd.
     *
     * @param others files that are no photos
     * @param clutter for each file passed over as storage's, the name of its folder
     */
    List<String> told(PhotoLayout layout, List<Path> others, List<String> clutter) {
        List<String> told = new ArrayList<>(layout.remarks());
        tellAlikeNames(told);
        tellImbalance(told);
        tellNeverTrained(told);
        tellCopies(told);
        List<String> splits = classNames.stream().filter(SplitName::isAll).toList();
        if (layout.splits().isEmpty() && splits.size() > 1) {
            told.add("Taken for classes, since other folders lie beside them, though they look like splits: "
                    + String.join(", ", splits) + ".");
        }
        if (!others.isEmpty()) {
            told.add("Passed over, as no photos: " + Count.of(others.size(), "file") + " such as "
                    + others.stream().map(Folder::name).min(String::compareTo).orElseThrow() + ".");
        }
        if (!clutter.isEmpty()) {
            told.add("Passed over, as put there by storage or a gallery: " + Count.of(clutter.size(), "file") + " in "
                    + clutter.stream().distinct().sorted().collect(Collectors.joining(", ")) + ".");
        }
        return List.copyOf(told);
    }

    private void tellImbalance(List<String> told) {
        Map<Integer, Long> counts = photos.stream().collect(Collectors.groupingBy(Photo::label, TreeMap::new, Collectors.counting()));
        var largest = Collections.max(counts.entrySet(), Map.Entry.comparingByValue());
        var smallest = Collections.min(counts.entrySet(), Map.Entry.comparingByValue());
        if (largest.getValue() > MUCH_LARGER * smallest.getValue()) {
            told.add("The classes are out of balance: \"" + classNames.get(largest.getKey()) + "\" has "
                    + Count.of(largest.getValue(), "photo") + ", \"" + classNames.get(smallest.getKey()) + "\" only "
                    + smallest.getValue() + ".");
        }
    }

    private void tellNeverTrained(List<String> told) {
        Set<Integer> trained = photos.stream().filter(photo -> !heldOut.contains(photo)).map(Photo::label).collect(Collectors.toSet());
        List<String> never = IntStream.range(0, classNames.size()).filter(label -> !trained.contains(label))
                .mapToObj(label -> "\"" + classNames.get(label) + "\"").toList();
        if (!never.isEmpty()) {
            told.add("No photo to train on, only some for the test: " + String.join(", ", never) + ".");
        }
    }

    /** The same photo in several classes, both to train on and for the test, or several times in a class. */
    private void tellCopies(List<String> told) {
        List<List<Photo>> inSeveral = copies.stream().filter(group -> differ(group, Photo::label)).toList();
        inSeveral.stream().limit(TOLD_COPIES)
                .forEach(group -> told.add("The same photo lies in several classes: " + listed(group) + "."));
        if (inSeveral.size() > TOLD_COPIES) {
            long more = inSeveral.size() - TOLD_COPIES;
            told.add("So " + (more == 1 ? "does " : "do ") + Count.of(more, "more photo") + ".");
        }
        List<List<Photo>> leaks = copies.stream().filter(group -> differ(group, heldOut::contains)).toList();
        if (!leaks.isEmpty()) {
            told.add("So many photos of the test set are also among those to train on, which makes the test too easy: "
                    + leaks.stream().flatMap(List::stream).filter(heldOut::contains).count() + ", such as " + listed(leaks.get(0)) + ".");
        }
        List<List<Photo>> inOne = copies.stream().filter(group -> !inSeveral.contains(group)).toList();
        if (heldOut.isEmpty() && !inOne.isEmpty()) {
            told.add("Copies of other photos of their class: " + (inOne.stream().mapToLong(List::size).sum() - inOne.size()) + ", such as "
                    + listed(inOne.get(0)) + ". None is both trained on and in the test set: copies are drawn together.");
        }
    }

    private void tellAlikeNames(List<String> told) {
        List<List<String>> alike = ClassNames.alike(classNames);
        if (!alike.isEmpty()) {
            told.add("These names of classes look the same but for case, blanks or how accents are stored: "
                    + alike.stream().limit(TOLD_COPIES).map(group -> "\"" + String.join("\" and \"", group) + "\"")
                            .collect(Collectors.joining("; ")) + (alike.size() > TOLD_COPIES ? "; ..." : "")
                    + ". If they mean one class, name their folders alike.");
        }
    }

    private static boolean differ(List<Photo> photos, Function<Photo, ?> what) {
        return photos.stream().map(what).distinct().count() > 1;
    }

    private String listed(List<Photo> group) {
        return group.stream().map(photo -> Folder.key(root.relativize(photo.file()))).collect(Collectors.joining(", "));
    }
}
