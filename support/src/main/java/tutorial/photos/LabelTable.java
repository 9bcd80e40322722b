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
     * The table that has the labels of photos in folders that are only parts of a set: these differ by a number or a last letter alone,
     * and the table names none of them. It lists the photos, or lies beside numbered folders.
     */
    static Optional<Path> ofParts(Folder unzipped, Folder root, List<Folder> folders) {
        List<String> names = folders.stream().map(Folder::name).toList();
        boolean areNumbered = areAlikeBut("\\d+", names);
        return !areNumbered && !areAlikeBut("(?<!\\p{L})\\p{L}$", names) ? Optional.empty()
                : unzipped.allOthers().filter(file -> TABLE.test(Folder.name(file)))
                        .filter(file -> root.path().startsWith(file.getParent()))
                        .filter(file -> {
                            Set<String> cells = cells(file);
                            return names.stream().noneMatch(cells::contains)
                                    && (areNumbered && file.getParent().equals(root.path()) || listsAPhoto(cells, folders));
                        }).findFirst();
    }

    private static boolean areAlikeBut(String part, List<String> names) {
        List<String> rest = names.stream().map(name -> name.replaceAll(part, "\0")).distinct().toList();
        return rest.size() == 1 && rest.get(0).contains("\0") && rest.get(0).matches(".*\\p{L}.*");
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
