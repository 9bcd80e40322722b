package tutorial.photos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Where in an unzipped data set its class folders lie: side by side, or in splits such as train/ and test/.
 *
 * @param root the folder whose sub-folders are the classes, or the splits
 * @param splits the folders of {@code root} that the photos are split into; none where its sub-folders are the classes
 * @param classRoots the folders whose sub-folders are the classes
 */
record PhotoLayout(Folder root, List<Folder> splits, List<Folder> classRoots) {
    /** A split's name may have a word around it, as in seg_train, test_set or train images. */
    private static final String AROUND = "(seg|set|data|images?|photos?|[_\\- .])*";
    private static final Predicate<String> TEST = Folder.named(AROUND + "test(s|ing)?\\d*" + AROUND);
    private static final Predicate<String> VALIDATION = Folder.named(AROUND + "(val|valid|validation|dev|eval|evaluation)" + AROUND);
    private static final Predicate<String> OTHER_SPLIT =
            Folder.named(AROUND + "(train(ing)?|pred(iction)?s?|fold[_\\- .]?\\d+)" + AROUND);
    private static final Predicate<String> SPLIT = TEST.or(VALIDATION).or(OTHER_SPLIT);

    private static final Predicate<String> IMAGES = Folder.named("(jpeg)?(images?|imgs?|photos?|pictures?)");
    private static final Predicate<String> ANNOTATIONS =
            Folder.named("(segmentation)?(masks?|labels?|annotations?|ground_?truth|gt|trimaps?|bbox(es)?)");
    private static final Predicate<String> TABLE = Folder.named(".*\\.(csv|tsv)");

    /**
     * Finds the classes, going down while a folder holds nothing but one folder.
     *
     * @throws IOException if the folders cannot be classes, in one line that names them and the remedy
     */
    static PhotoLayout of(Folder unzipped) throws IOException {
        Folder root = down(unzipped, next -> true);
        List<Folder> folders = root.withPhotos();
        refuseAnnotations(root, folders);
        PhotoLayout layout = areSplits(folders) ? ofSplits(root, folders) : ofClasses(root, folders);
        for (Folder classRoot : layout.classRoots) {
            for (Folder ofClass : classRoot.withPhotos()) {
                refuseMasks(ofClass);
            }
        }
        return layout;
    }

    private static Folder down(Folder folder, Predicate<Folder> isAround) {
        Optional<Folder> next = onlyFolder(folder).filter(isAround);
        return next.isPresent() ? down(next.get(), isAround) : folder;
    }

    /** A split may hold a single class, which is no folder around classes. */
    private static Folder downInSplit(Folder split) {
        return down(split, next -> SPLIT.test(next.name()) || !next.withPhotos().isEmpty() && !next.hasLoosePhotos());
    }

    /** The one folder that there is, or that has the classes where only folders of annotations lie beside it. */
    private static Optional<Folder> onlyFolder(Folder folder) {
        List<Folder> full = folder.withPhotos();
        if (folder.hasLoosePhotos()) {
            return Optional.empty();
        }
        if (folder.folders().size() == 1) {
            return Optional.of(folder.folders().get(0));
        }
        return full.size() == 1 && full.get(0).withPhotos().size() > 1 ? Optional.of(full.get(0)) : Optional.empty();
    }

    /** Not test1, test2, test3: where there is a test, something else is there to train on. */
    private static boolean areSplits(List<Folder> folders) {
        return folders.size() > 1 && allAre(SPLIT, folders) && !allAre(TEST, folders);
    }

    private static PhotoLayout ofSplits(Folder root, List<Folder> splits) throws IOException {
        List<Folder> classRoots = new ArrayList<>();
        for (Folder split : splits) {
            Folder classRoot = downInSplit(split);
            List<Folder> classes = classRoot.withPhotos();
            refuseAnnotations(classRoot, classes);
            if (areSplits(classes)) {
                throw new IOException(root.path() + ": " + listed(splits) + " are splits, and in " + split.name()
                        + "/ there are splits again: " + listed(classes)
                        + ". What one of them trains on may be another's test, so zip one of them alone.");
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

    private static IOException withoutClasses(Folder root, List<Folder> splits) {
        Folder split = only(OTHER_SPLIT, splits).stream().findFirst().orElse(splits.get(0));
        String photo = split.allFiles().filter(Folder::isNamedAsImage).map(Folder::name).sorted().findFirst().orElse("1.jpg");
        return new IOException(root.path() + ": the photos lie in " + listed(splits) + " without a folder for each class" + labelsIn(root)
                + ". Move each photo into a folder with the name of its class, such as " + split.name() + "/CLASS/" + photo
                + ", and zip it anew; data/README.md shows how.");
    }

    /** Often the data set lies beside its own splits once more, and these would be classes. */
    private static PhotoLayout ofClasses(Folder root, List<Folder> folders) throws IOException {
        List<Folder> splits = only(SPLIT, folders);
        Set<String> seen = new TreeSet<>();
        Set<String> inSeveral = new TreeSet<>();
        for (Folder split : splits) {
            downInSplit(split).withPhotos().stream().map(Folder::name).filter(name -> !seen.add(name)).forEach(inSeveral::add);
        }
        if (inSeveral.size() > 1 && splits.size() < folders.size()) {
            throw new IOException(root.path() + ": " + listed(splits) + " are splits with the same classes (" + String.join(", ", inSeveral)
                    + "), but " + listed(only(SPLIT.negate(), folders)) + " beside them is none. Zip the splits alone.");
        }
        return new PhotoLayout(root, List.of(), List.of(root));
    }

    /** Folders with the masks or boxes of objects in photos say nothing of classes, and masks would be taken for photos. */
    private static void refuseAnnotations(Folder root, List<Folder> folders) throws IOException {
        List<Folder> photos = only(ANNOTATIONS.negate(), folders);
        if (photos.size() < folders.size() || !only(IMAGES, photos).isEmpty()) {
            refuse(root, photos, only(ANNOTATIONS, root.folders()));
        }
    }

    private static void refuseMasks(Folder ofClass) throws IOException {
        List<Folder> folders = ofClass.withPhotos();
        refuse(ofClass, only(IMAGES, folders), only(ANNOTATIONS, folders));
    }

    private static void refuse(Folder root, List<Folder> photos, List<Folder> annotations) throws IOException {
        if (!photos.isEmpty() && !annotations.isEmpty() && allAre(IMAGES.or(SPLIT), photos)) {
            throw new IOException(root.path() + ": " + listed(annotations) + " beside " + listed(photos)
                    + " are for finding or cutting out objects and name no class. Zip the photos alone, in a folder for each class.");
        }
    }

    private static boolean allAre(Predicate<String> kind, List<Folder> folders) {
        return folders.stream().map(Folder::name).allMatch(kind);
    }

    private static List<Folder> only(Predicate<String> kind, List<Folder> folders) {
        return folders.stream().filter(folder -> kind.test(folder.name())).toList();
    }

    private static String listed(List<Folder> folders) {
        return namesListed(folders.stream().map(Folder::name).toList());
    }

    /** Names of folders as a sentence has them: test/, train/ and val/. */
    static String namesListed(List<String> folders) {
        return String.join("/, ", folders).concat("/").replaceFirst("/, ([^/]*/)$", "/ and $1");
    }

    /** Names the table that most likely has the labels; empty if there is none. */
    static String labelsIn(Folder root) {
        return root.allFiles().filter(file -> TABLE.test(Folder.name(file)))
                .min(Comparator.comparing((Path file) -> !Folder.name(file).matches("(?i).*label.*"))
                        .thenComparing(file -> !Folder.name(file).matches("(?i).*train.*")).thenComparing(Folder::key))
                .map(file -> "; their labels are in " + Folder.key(root.path().relativize(file))).orElse("");
    }

    static boolean isNamedAsSplit(String folder) {
        return SPLIT.test(folder);
    }

    /** The name of the class folder that a file is in, or null. */
    String className(Path file) {
        return classRoots.stream().map(Folder::path).filter(file::startsWith)
                .filter(classRoot -> file.getNameCount() >= classRoot.getNameCount() + 2)
                .map(classRoot -> file.getName(classRoot.getNameCount()).toString()).findFirst().orElse(null);
    }

    /** The splits that are for the test. */
    List<Folder> forTest() {
        return only(TEST, splits);
    }

    /** The splits that are for trying out while training. */
    List<Folder> forValidation() {
        return only(VALIDATION, splits);
    }
}
