package tutorial.photos;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Where in an unzipped data set its class folders lie: side by side, or in splits such as train/ and test/.
 *
 * @param root the folder whose sub-folders are the classes, or the splits
 * @param splits the folders of {@code root} that the photos are split into, sorted; none where its sub-folders are the classes
 * @param classRoots the folders whose sub-folders are the classes
 */
public record PhotoLayout(Path root, List<Path> splits, List<Path> classRoots) {
    private static final Predicate<String> IMAGE = named("(?i).*\\.(jpe?g|jfif|png|gif|bmp|webp|heic|avif|tiff?)");
    private static final Predicate<String> SIDECAR = named("(?i).*\\.(json|xml|txt|csv|tsv|md|ya?ml|html?|xmp|aae)");
    private static final Predicate<String> TABLE = named("(?i).*\\.(csv|tsv)");
    private static final Predicate<String> HIDDEN = named("(?i)\\..*|__MACOSX|Thumbs\\.db|desktop\\.ini");

    /** What network storage, Windows and galleries put between photos, mostly smaller copies of them. */
    private static final Predicate<String> CLUTTER = named("@eaDir|@Recycle|@Recently-Snapshot|@tmp|#recycle|#snapshot"
            + "|\\$RECYCLE\\.BIN|System Volume Information|lost\\+found|Thumbs");

    /** A split's name may have a word around it, as in seg_train, test_set or train images. */
    private static final String AROUND = "(seg|set|data|images?|photos?|[_\\- .])*";
    private static final Predicate<String> TEST = named("(?i)" + AROUND + "test(s|ing)?\\d*" + AROUND);
    private static final Predicate<String> VALIDATION = named("(?i)" + AROUND + "(val|valid|validation|dev|eval|evaluation)" + AROUND);
    private static final Predicate<String> OTHER_SPLIT = named("(?i)" + AROUND + "(train(ing)?|pred(iction)?s?|fold[_\\- .]?\\d+)" + AROUND);
    private static final Predicate<String> SPLIT = TEST.or(VALIDATION).or(OTHER_SPLIT);

    private static final Predicate<String> IMAGES = named("(?i)(jpeg)?(images?|imgs?|photos?|pictures?)");
    private static final Predicate<String> ANNOTATIONS = named("(?i)(segmentation)?(masks?|labels?|annotations?|ground_?truth|gt|trimaps?|bbox(es)?)");

    private static Predicate<String> named(String pattern) {
        return Pattern.compile(pattern).asMatchPredicate();
    }

    /**
     * Finds the classes, going down while a folder holds nothing but one folder.
     *
     * @throws IOException if the folders cannot be classes, in one line that names them and the remedy
     */
    public static PhotoLayout of(Path unzipped) throws IOException {
        Path root = down(unzipped);
        List<Path> folders = withPhotos(root);
        refuseAnnotations(root, folders);
        PhotoLayout layout = areSplits(folders) ? ofSplits(root, folders) : ofClasses(root, folders);
        for (Path classRoot : layout.classRoots) {
            for (Path ofClass : withPhotos(classRoot)) {
                refuseMasks(ofClass);
            }
        }
        return layout;
    }

    /** Not test1, test2, test3: where there is a test, something else is there to train on. */
    private static boolean areSplits(List<Path> folders) {
        return folders.size() > 1 && allAre(SPLIT, folders) && !allAre(TEST, folders);
    }

    private static boolean allAre(Predicate<String> kind, List<Path> folders) {
        return folders.stream().allMatch(folder -> kind.test(name(folder)));
    }

    private static List<Path> only(Predicate<String> kind, List<Path> folders) {
        return folders.stream().filter(folder -> kind.test(name(folder))).toList();
    }

    private static PhotoLayout ofSplits(Path root, List<Path> splits) throws IOException {
        List<Path> classRoots = new ArrayList<>();
        for (Path split : splits) {
            Path classRoot = downInSplit(split);
            List<Path> classes = withPhotos(classRoot);
            refuseAnnotations(classRoot, classes);
            if (areSplits(classes)) {
                throw new IOException(root + ": " + listed(splits) + " are splits, and in " + listed(List.of(split)) + " there are splits again: "
                        + listed(classes) + ". What one of them trains on may be another's test, so zip one of them alone.");
            }
            if (!classes.isEmpty()) {
                classRoots.add(classRoot);
            }
        }
        if (classRoots.isEmpty()) {
            throw withoutClasses(root, splits);
        }
        return new PhotoLayout(root, splits, List.copyOf(classRoots));
    }

    /** The name of the class folder that a file is in, or null. */
    String className(Path file) {
        return classRoots.stream().filter(file::startsWith)
                .filter(classRoot -> file.getNameCount() >= classRoot.getNameCount() + 2)
                .map(classRoot -> file.getName(classRoot.getNameCount()).toString()).findFirst().orElse(null);
    }

    /** The splits that are for the test. */
    List<Path> forTest() {
        return only(TEST, splits);
    }

    /** The splits that are for trying out while training. */
    List<Path> forValidation() {
        return only(VALIDATION, splits);
    }

    /** The folders' names as a sentence has them: test/, train/ and val/. */
    static String listed(List<Path> folders) {
        List<String> names = folders.stream().map(folder -> name(folder) + "/").toList();
        int last = names.size() - 1;
        return last < 1 ? String.join("", names) : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }

    /** Every file but what is hidden and what storage adds to photos; of these {@link #clutter} tells. */
    static List<Path> visibleFiles(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).filter(file -> isVisible(folder.relativize(file))).toList();
        }
    }

    /** The folders that are passed over as storage's, one for each file in them. */
    static List<String> clutter(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).map(folder::relativize)
                    .filter(file -> names(file).noneMatch(HIDDEN))
                    .flatMap(file -> names(file).filter(CLUTTER).limit(1)).toList();
        }
    }

    static List<Path> visibleFolders(Path folder) throws IOException {
        return visibleChildren(folder).stream().filter(Files::isDirectory).sorted().toList();
    }

    static boolean isNamedAsImage(Path file) {
        return IMAGE.test(name(file)) && Files.isRegularFile(file);
    }

    /** Whether its name says that it goes with photos, as their labels or licence do, and is none. */
    static boolean isNamedAsSidecar(Path file) {
        return SIDECAR.test(name(file));
    }

    private static Path down(Path folder) throws IOException {
        Path root = folder;
        for (Path next = onlyFolder(root); next != null; next = onlyFolder(root)) {
            root = next;
        }
        return root;
    }

    /** A split may hold a single class, which is no folder around classes. */
    private static Path downInSplit(Path split) throws IOException {
        Path root = split;
        for (Path next = onlyFolder(root); next != null && (SPLIT.test(name(next)) || holdsClasses(next)); next = onlyFolder(root)) {
            root = next;
        }
        return root;
    }

    /** The one folder that there is, or that has the classes where only folders of annotations lie beside it; or null. */
    private static Path onlyFolder(Path folder) throws IOException {
        List<Path> folders = visibleFolders(folder);
        List<Path> full = withPhotos(folder);
        boolean alone = folders.size() == 1 || full.size() == 1 && withPhotos(full.get(0)).size() > 1;
        return !alone || hasLoosePhotos(folder) ? null : folders.size() == 1 ? folders.get(0) : full.get(0);
    }

    private static boolean holdsClasses(Path folder) throws IOException {
        return !withPhotos(folder).isEmpty() && !hasLoosePhotos(folder);
    }

    private static boolean hasLoosePhotos(Path folder) throws IOException {
        return visibleChildren(folder).stream().anyMatch(PhotoLayout::isNamedAsImage);
    }

    /** Often the data set lies beside its own splits once more, and these would be classes. */
    private static PhotoLayout ofClasses(Path root, List<Path> folders) throws IOException {
        List<Path> splits = only(SPLIT, folders);
        Set<String> seen = new TreeSet<>();
        Set<String> inSeveral = new TreeSet<>();
        for (Path split : splits) {
            withPhotos(downInSplit(split)).stream().map(PhotoLayout::name).filter(name -> !seen.add(name)).forEach(inSeveral::add);
        }
        if (inSeveral.size() > 1 && splits.size() < folders.size()) {
            throw new IOException(root + ": " + listed(splits) + " are splits with the same classes (" + String.join(", ", inSeveral) + "), but "
                    + listed(only(SPLIT.negate(), folders)) + " beside them is none. Zip the splits alone.");
        }
        return new PhotoLayout(root, List.of(), List.of(root));
    }

    /** Folders with the masks or boxes of objects in photos say nothing of classes, and masks would be taken for photos. */
    private static void refuseAnnotations(Path root, List<Path> folders) throws IOException {
        List<Path> photos = only(ANNOTATIONS.negate(), folders);
        if (photos.size() < folders.size() || !only(IMAGES, photos).isEmpty()) {
            refuse(root, photos, only(ANNOTATIONS, visibleFolders(root)));
        }
    }

    private static void refuseMasks(Path ofClass) throws IOException {
        List<Path> folders = withPhotos(ofClass);
        refuse(ofClass, only(IMAGES, folders), only(ANNOTATIONS, folders));
    }

    private static void refuse(Path root, List<Path> photos, List<Path> annotations) throws IOException {
        if (!photos.isEmpty() && !annotations.isEmpty() && allAre(IMAGES.or(SPLIT), photos)) {
            throw new IOException(root + ": " + listed(annotations) + " beside " + listed(photos) + " are for finding or cutting out "
                    + "objects and name no class. Zip the photos alone, in a folder for each class.");
        }
    }

    private static IOException withoutClasses(Path root, List<Path> splits) throws IOException {
        Path split = only(OTHER_SPLIT, splits).stream().findFirst().orElse(splits.get(0));
        String photo = visibleFiles(split).stream().filter(PhotoLayout::isNamedAsImage).map(PhotoLayout::name).sorted().findFirst().orElse("1.jpg");
        return new IOException(root + ": the photos lie in " + listed(splits) + " without a folder for each class" + labelsIn(root)
                + ". Move each photo into a folder with the name of its class, such as " + name(split) + "/CLASS/" + photo
                + ", and zip it anew; data/README.md shows how.");
    }

    /** Names the table that most likely has the labels; empty if there is none. */
    static String labelsIn(Path root) throws IOException {
        return visibleFiles(root).stream().filter(file -> TABLE.test(name(file)))
                .min(Comparator.comparing((Path file) -> !name(file).matches("(?i).*label.*"))
                        .thenComparing(file -> !name(file).matches("(?i).*train.*")).thenComparing(Comparator.naturalOrder()))
                .map(file -> "; their labels are in " + root.relativize(file).toString().replace(File.separatorChar, '/')).orElse("");
    }

    static boolean isNamedAsSplit(String folder) {
        return SPLIT.test(folder);
    }

    /** The folders in which something may be a photo, at any depth. */
    private static List<Path> withPhotos(Path folder) throws IOException {
        List<Path> full = new ArrayList<>();
        for (Path child : visibleFolders(folder)) {
            try (Stream<Path> tree = Files.walk(child)) {
                if (tree.anyMatch(file -> Files.isRegularFile(file) && isVisible(child.relativize(file)) && !isNamedAsSidecar(file))) {
                    full.add(child);
                }
            }
        }
        return full;
    }

    private static List<Path> visibleChildren(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> isVisible(child.getFileName())).toList();
        }
    }

    private static boolean isVisible(Path relative) {
        return names(relative).noneMatch(HIDDEN.or(CLUTTER));
    }

    private static Stream<String> names(Path relative) {
        return StreamSupport.stream(relative.spliterator(), false).map(Path::toString);
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
