package tutorial.photos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Where in an unzipped data set its class folders lie, found by {@link LayoutFinder}.
 *
 * @param root the folder whose sub-folders are the classes, or the splits
 * @param splits the folders that the photos are split into; none where there are only classes
 * @param classRoots the folders whose sub-folders are the classes; one inside another comes first
 * @param setAside folders that are left out, though they have photos
 * @param remarks what the reader should know of it, in a line each
 */
record PhotoLayout(Folder root, List<Folder> splits, List<Folder> classRoots, List<Folder> setAside, List<String> remarks) {
    private static final int NAMED = 4;

    /** @throws IOException if the folders cannot be classes, or more than one reading is likely, in one line with the remedy */
    static PhotoLayout of(Folder unzipped) throws IOException {
        return new LayoutFinder(unzipped).layout();
    }

    static PhotoLayout ofClasses(Folder root, List<String> remarks) {
        return new PhotoLayout(root, List.of(), List.of(root), List.of(), remarks);
    }

    PhotoLayout with(List<Folder> moreSetAside, List<String> remarksBefore) {
        return new PhotoLayout(root, splits, classRoots, joined(setAside, moreSetAside), joined(remarksBefore, remarks));
    }

    private static <T> List<T> joined(List<T> some, List<T> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /** Names of folders as a sentence has them: test/, train/ and val/; of many the first. */
    static String namesListed(List<String> folders) {
        return folders.size() > 2 * NAMED
                ? String.join("/, ", folders.subList(0, NAMED)) + "/ and " + (folders.size() - NAMED) + " others"
                : String.join("/, ", folders).concat("/").replaceFirst("/, ([^/]*/)$", "/ and $1");
    }

    static String listed(List<Folder> folders) {
        return namesListed(folders.stream().map(Folder::name).toList());
    }

    /** The name of the class folder that a file is in, or null. */
    String className(Path file) {
        return isSetAside(file) ? null : classRoots.stream().map(Folder::path).filter(file::startsWith).findFirst()
                .filter(classRoot -> file.getNameCount() >= classRoot.getNameCount() + 2)
                .map(classRoot -> file.getName(classRoot.getNameCount()).toString()).orElse(null);
    }

    /** Whether a file lies in a folder that the layout leaves out as a whole. */
    boolean isSetAside(Path file) {
        return setAside.stream().anyMatch(folder -> file.startsWith(folder.path()));
    }

    /** The folders of classes, with or without a photo in them. */
    List<Folder> classFolders() {
        List<Folder> folders = new ArrayList<>();
        for (Folder classRoot : classRoots) {
            classRoot.folders().stream().filter(folder -> !isSetAside(folder.path()))
                    .filter(folder -> classRoots.stream().noneMatch(other -> other.path().startsWith(folder.path()))).forEach(folders::add);
        }
        return folders;
    }

    /** The splits that are for the test. */
    List<Folder> forTest() {
        return only(folder -> SplitName.is(SplitName.Kind.TEST, folder));
    }

    /** The splits that are for trying out while training. */
    List<Folder> forValidation() {
        return only(folder -> SplitName.is(SplitName.Kind.VALIDATION, folder));
    }

    private List<Folder> only(Predicate<String> kind) {
        return splits.stream().filter(folder -> kind.test(folder.name())).toList();
    }
}
