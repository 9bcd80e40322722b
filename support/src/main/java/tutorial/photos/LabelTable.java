package tutorial.photos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Tables beside photos, which may have their labels. */
final class LabelTable {
    private static final Predicate<String> TABLE = Folder.named(".*\\.(csv|tsv|xlsx?)");
    private static final int LOOKED_AT = 20;

    private LabelTable() {}

    /** Names the table that most likely has the labels; empty if there is none. */
    static String labelsIn(Folder root) {
        return root.allOthers().filter(file -> TABLE.test(Folder.name(file)))
                .min(Comparator.comparing((Path file) -> !Folder.name(file).matches("(?i).*label.*"))
                        .thenComparing(file -> !Folder.name(file).matches("(?i).*train.*")).thenComparing(Folder::key))
                .map(file -> "; their labels are in " + Folder.key(root.path().relativize(file))).orElse("");
    }

    /**
     * The table that has the labels of photos in folders that are only parts of a set: these differ by a number alone, and the table
     * lies beside them or, further up, lists the photos; it names none of the folders.
     */
    static Optional<Path> ofParts(Folder unzipped, Folder root, List<Folder> folders) {
        boolean areNumbered = folders.get(0).name().matches(".*\\p{L}.*")
                && folders.stream().map(folder -> folder.name().replaceAll("\\d+", "0")).distinct().count() == 1
                && folders.stream().allMatch(folder -> folder.name().matches(".*\\d.*"));
        return !areNumbered ? Optional.empty() : unzipped.allOthers().filter(file -> TABLE.test(Folder.name(file)))
                .filter(file -> root.path().startsWith(file.getParent())).filter(file -> {
                    Set<String> cells = cells(file);
                    return folders.stream().map(Folder::name).noneMatch(cells::contains)
                            && (file.getParent().equals(root.path()) || listsAPhoto(cells, folders));
                }).findFirst();
    }

    private static boolean listsAPhoto(Set<String> cells, List<Folder> folders) {
        return folders.stream().flatMap(Folder::allPhotos).limit(LOOKED_AT).map(Folder::name)
                .anyMatch(name -> cells.contains(name) || cells.contains(name.replaceFirst("\\.[^.]*$", "")));
    }

    /** What stands in the table, of a path the file's name; of a spreadsheet nothing. */
    private static Set<String> cells(Path table) {
        try {
            String text = Files.readString(table, StandardCharsets.ISO_8859_1);
            return Arrays.stream(text.split("[,;\t\r\n\"]+")).map(cell -> cell.strip().replaceFirst(".*[/\\\\]", ""))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            return Set.of();
        }
    }
}
