package tutorial.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The zips that a large download comes in, each whole in itself: photos-001.zip as Google Drive names them, photos_part1.zip or
 * photos 1 of 3.zip.
 *
 * @param zips all that lie beside the one asked for, by their numbers
 */
record ZipParts(SortedMap<Integer, Path> zips) {
    private static final Pattern PART = Pattern.compile("(?i)"
            + "(.*-(?=0\\d\\d\\.)|(?:.*[-_. (])?(?:part|pt|vol)[-_. ]?|.*[-_. (](?=\\d+[-_ ]?of))"
            + "(\\d{1,3})((?:[-_ ]?of[-_ ]?\\d+)?\\)?\\.zip)");

    static ZipParts of(Path zip) throws IOException {
        SortedMap<Integer, Path> zips = new TreeMap<>();
        Optional<String> whole = name(zip);
        if (whole.isPresent()) {
            try (Stream<Path> beside = Files.list(zip.toAbsolutePath().getParent())) {
                beside.filter(other -> name(other).equals(whole) && Files.isRegularFile(other))
                        .forEach(other -> zips.put(number(other), zip.resolveSibling(other.getFileName())));
            }
            zips.put(number(zip), zip);
        } else {
            zips.put(0, zip);
        }
        return new ZipParts(zips);
    }

    /** The name with all but the part's number. */
    private static Optional<String> name(Path zip) {
        Matcher part = PART.matcher(zip.getFileName().toString());
        return part.matches() ? Optional.of((part.group(1) + "#" + part.group(3)).toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    private static int number(Path zip) {
        Matcher part = PART.matcher(zip.getFileName().toString());
        return part.matches() ? Integer.parseInt(part.group(2)) : 0;
    }

    /** What the reader should know of the parts; empty where the name speaks of none. */
    Optional<String> remark() {
        Path first = zips.get(zips.firstKey());
        if (name(first).isEmpty()) {
            return Optional.empty();
        }
        if (zips.size() == 1) {
            return Optional.of(first + ": its name is that of one part of a download, and no other part lies beside it. If there are more, "
                    + "put them into the same folder and run the cell again: all are taken together.");
        }
        String missing = Stream.iterate(1, number -> number < zips.lastKey(), number -> number + 1)
                .filter(number -> !zips.containsKey(number))
                .map(String::valueOf).collect(Collectors.joining(", "));
        return Optional.of(zips.values().stream().map(Path::toString).collect(Collectors.joining(", "))
                + ": taken together, as parts of one download." + (missing.isEmpty() ? "" : " Missing, by the numbers: " + missing + "."));
    }
}
