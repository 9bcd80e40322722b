package tutorial.photos;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A folder with all in it that may be a photo: hidden files are left out, and what storage and galleries put between photos, mostly
 * smaller copies of them. Both lists are sorted by {@link #key}.
 */
record Folder(Path path, List<Folder> folders, List<Path> files) {
    private static final Predicate<String> IMAGE = named(".*\\.(jpe?g|jfif|png|gif|bmp|webp|heic|avif|tiff?)");
    private static final Predicate<String> SIDECAR = named(".*\\.(json|xml|txt|csv|tsv|md|ya?ml|html?|xmp|aae)");
    private static final Predicate<String> HIDDEN = named("\\..*|__MACOSX|Thumbs\\.db|desktop\\.ini");
    private static final Predicate<String> CLUTTER = Pattern.compile("@eaDir|@Recycle|@Recently-Snapshot|@tmp|#recycle|#snapshot"
            + "|\\$RECYCLE\\.BIN|System Volume Information|lost\\+found|Thumbs").asMatchPredicate();

    /** Whether the whole of a name matches, whatever its case. */
    static Predicate<String> named(String pattern) {
        return Pattern.compile("(?i)" + pattern).asMatchPredicate();
    }

    static Folder read(Path path) throws IOException {
        List<Folder> folders = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        try (Stream<Path> children = Files.list(path)) {
            for (Path child : children.sorted(Comparator.comparing(Folder::key)).toList()) {
                if (HIDDEN.or(CLUTTER).test(name(child))) {
                    continue;
                }
                if (Files.isDirectory(child)) {
                    folders.add(read(child));
                } else if (Files.isRegularFile(child)) {
                    files.add(child);
                }
            }
        }
        return new Folder(path, List.copyOf(folders), List.copyOf(files));
    }

    /** Of each file that storage or a gallery has added: the name of its folder. */
    static List<String> clutter(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).map(folder::relativize).filter(file -> names(file).noneMatch(HIDDEN))
                    .flatMap(file -> names(file).filter(CLUTTER).limit(1)).toList();
        }
    }

    private static Stream<String> names(Path relative) {
        return StreamSupport.stream(relative.spliterator(), false).map(Path::toString);
    }

    static String name(Path path) {
        return path.getFileName().toString();
    }

    /** What paths are sorted by, the same on every machine. */
    static String key(Path path) {
        return path.toString().replace(File.separatorChar, '/');
    }

    static boolean isNamedAsImage(Path file) {
        return IMAGE.test(name(file));
    }

    /** Whether its name says that it goes with photos, as their labels or licence do, and is none. */
    static boolean isNamedAsSidecar(Path file) {
        return SIDECAR.test(name(file));
    }

    String name() {
        return name(path);
    }

    /** All files, at any depth. */
    Stream<Path> allFiles() {
        return Stream.concat(files.stream(), folders.stream().flatMap(Folder::allFiles));
    }

    /** The folders in which something may be a photo, at any depth. */
    List<Folder> withPhotos() {
        return folders.stream().filter(folder -> !folder.allFiles().allMatch(Folder::isNamedAsSidecar)).toList();
    }

    boolean hasLoosePhotos() {
        return files.stream().anyMatch(Folder::isNamedAsImage);
    }
}
