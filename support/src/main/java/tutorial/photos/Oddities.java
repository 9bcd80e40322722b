package tutorial.photos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tutorial.photos.PhotoFolder.Photo;

/** What a reader should know of the photos of a data set before training on them, in a line each. */
record Oddities(Path root, List<String> classNames, List<Photo> photos, Set<Photo> heldOut) {
    private static final int MUCH_LARGER = 5;
    private static final int TOLD_DUPLICATES = 10;

    /**
     * All that is odd.
     *
     * @param sidecars files that are no photos, as their names say
     * @param clutter for each file passed over as storage's, the name of its folder
     */
    List<String> told(PhotoLayout layout, List<Path> sidecars, List<String> clutter) {
        List<String> told = new ArrayList<>();
        tellImbalance(told);
        tellNeverTrained(told);
        tellDuplicates(told);
        List<String> splits = classNames.stream().filter(PhotoLayout::isNamedAsSplit).toList();
        if (layout.splits().isEmpty() && splits.size() > 1) {
            told.add("Taken for classes, since other folders lie beside them, though they look like splits: "
                    + String.join(", ", splits) + ".");
        }
        if (!sidecars.isEmpty()) {
            told.add("Passed over, as no photos: " + sidecars.size() + " files such as "
                    + sidecars.stream().map(Folder::name).min(String::compareTo).orElseThrow() + ".");
        }
        if (!clutter.isEmpty()) {
            told.add("Passed over, as put there by storage or a gallery: " + clutter.size() + " files in "
                    + clutter.stream().distinct().sorted().collect(Collectors.joining(", ")) + ".");
        }
        return List.copyOf(told);
    }

    private void tellImbalance(List<String> told) {
        Map<Integer, Long> counts = photos.stream().collect(Collectors.groupingBy(Photo::label, TreeMap::new, Collectors.counting()));
        var largest = Collections.max(counts.entrySet(), Map.Entry.comparingByValue());
        var smallest = Collections.min(counts.entrySet(), Map.Entry.comparingByValue());
        if (largest.getValue() > MUCH_LARGER * smallest.getValue()) {
            told.add("The classes are out of balance: \"" + classNames.get(largest.getKey()) + "\" has " + largest.getValue()
                    + " photos, \"" + classNames.get(smallest.getKey()) + "\" only " + smallest.getValue() + ".");
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

    /** The same bytes in several classes, or both to train on and for the test. Only files of the same size are read again. */
    private void tellDuplicates(List<String> told) {
        Stream<Photo> suspects = groups(photos.stream(), Photo::bytes).stream()
                .filter(group -> differ(group, Photo::label) || differ(group, heldOut::contains)).flatMap(List::stream);
        Collection<List<Photo>> same = groups(suspects.parallel(), Oddities::content);
        List<List<Photo>> inSeveral = same.stream().filter(group -> differ(group, Photo::label)).toList();
        inSeveral.stream().limit(TOLD_DUPLICATES)
                .forEach(group -> told.add("The same photo lies in several classes: " + listed(group) + "."));
        if (inSeveral.size() > TOLD_DUPLICATES) {
            told.add("So do " + (inSeveral.size() - TOLD_DUPLICATES) + " more photos.");
        }
        List<List<Photo>> leaks = same.stream().filter(group -> differ(group, heldOut::contains)).toList();
        if (!leaks.isEmpty()) {
            told.add("So many photos of the test set are also among those to train on, which makes the test too easy: "
                    + leaks.stream().flatMap(List::stream).filter(heldOut::contains).count() + ", such as " + listed(leaks.get(0)) + ".");
        }
    }

    private static <K> Collection<List<Photo>> groups(Stream<Photo> photos, Function<Photo, K> key) {
        return photos.collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList())).values();
    }

    private static boolean differ(List<Photo> photos, Function<Photo, ?> what) {
        return photos.stream().map(what).distinct().count() > 1;
    }

    private String listed(List<Photo> group) {
        return group.stream().map(photo -> Folder.key(root.relativize(photo.file()))).collect(Collectors.joining(", "));
    }

    /** What is equal for the same bytes; of a file that cannot be read again, the file. */
    private static Object content(Photo photo) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(photo.file()), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return ByteBuffer.wrap(digest.digest());
        } catch (IOException | NoSuchAlgorithmException e) {
            return photo.file();
        }
    }
}
