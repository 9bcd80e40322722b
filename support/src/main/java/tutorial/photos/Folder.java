package tutorial.photos;

import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
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
 * A folder with all in it: hidden files are left out, and what storage and galleries put between photos, mostly smaller copies of
 * them. Links are followed, but for one to a folder that it is in. All lists are sorted by {@link #key}.
 *
 * @param photos files that are named or begin like an image
 * @param others files that go with photos, as their labels, code or videos
 */
record Folder(Path path, List<Folder> folders, List<Path> photos, List<Path> others) {
    private static final Predicate<String> HIDDEN = named("\\..*|__MACOSX|Thumbs\\.db|desktop\\.ini");
    private static final Predicate<String> CLUTTER = Pattern.compile("@eaDir|@Recycle|@Recently-Snapshot|@tmp|#recycle|#snapshot"
            + "|\\$RECYCLE\\.BIN|System Volume Information|lost\\+found|Thumbs").asMatchPredicate();

    /** Whether the whole of a name matches, whatever its case. */
    static Predicate<String> named(String pattern) {
        return Pattern.compile("(?i)" + pattern).asMatchPredicate();
    }

    static Folder read(Path path) throws IOException {
        return read(path, List.of());
    }

    private static Folder read(Path path, List<Path> around) throws IOException {
        List<Folder> folders = new ArrayList<>();
        List<Path> photos = new ArrayList<>();
        List<Path> others = new ArrayList<>();
        List<Path> inside = new ArrayList<>(around);
        inside.add(path.toRealPath());
        try (Stream<Path> children = Files.list(path)) {
            for (Path child : children.sorted(Comparator.comparing(Folder::key)).toList()) {
                if (HIDDEN.or(CLUTTER).test(name(child))) {
                    continue;
                }
                if (Files.isDirectory(child)) {
                    if (!inside.contains(child.toRealPath())) {
                        folders.add(read(child, inside));
                    }
                } else if (Files.isRegularFile(child)) {
                    (ImageFiles.mayBePhoto(child) ? photos : others).add(child);
                }
            }
        } catch (AccessDeniedException e) {
            throw new IOException(path + ": you have no permission to read this folder. Change that, or leave it out.", e);
        }
        return new Folder(path, List.copyOf(folders), List.copyOf(photos), List.copyOf(others));
    }

    /** Of each file that storage or a gallery has added: the name of its folder. */
    static List<String> clutter(Path folder) throws IOException {
        Path real = folder.toRealPath();
        try (Stream<Path> tree = Files.walk(real)) {
            return tree.filter(Files::isRegularFile).map(real::relativize).filter(file -> names(file).noneMatch(HIDDEN))
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

    String name() {
        return name(path);
    }

    /** All photos, at any depth. */
    Stream<Path> allPhotos() {
        return Stream.concat(photos.stream(), folders.stream().flatMap(Folder::allPhotos));
    }

    /** All that are no photos, at any depth. */
    Stream<Path> allOthers() {
        return Stream.concat(others.stream(), folders.stream().flatMap(Folder::allOthers));
    }

    /** This folder and all in it, at any depth. */
    Stream<Folder> tree() {
        return Stream.concat(Stream.of(this), folders.stream().flatMap(Folder::tree));
    }

    /** The folders in which there are photos, at any depth. */
    List<Folder> withPhotos() {
        return folders.stream().filter(folder -> folder.allPhotos().findAny().isPresent()).toList();
    }

    /** How many photos there are, at any depth. */
    long size() {
        return allPhotos().count();
    }

    /** Whether nearly all of its photos lie in folders in it. */
    boolean isAroundOthers() {
        return !withPhotos().isEmpty() && 10L * photos.size() <= size();
    }
}
