package tutorial.photos;

import static tutorial.photos.PhotoLayout.listed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the class folders of a data set by how its folders lie, since they are named in every language. Folders side by side that
 * hold folders of the same names are splits of one set, renditions of it, or classes that are divided alike. What tells them apart is,
 * in this order: their names, if all are those of splits; how many photos each holds; else the reader, who is asked.
 */
final class LayoutFinder {
    /** Where a file of this name lies, with any ending, the reader has decided: the folders beside it are the classes. */
    private static final Predicate<String> MARKER = Folder.named("classes-here(\\..*)?");
    private static final Predicate<String> IMAGES = Folder.named("(jpeg)?(images?|imgs?|photos?|pictures?)");
    private static final Predicate<String> ANNOTATIONS =
            Folder.named("(segmentation)?(masks?|labels?|annotations?|ground_?truth|gt|trimaps?|bbox(es)?)");
    private static final double MOST = 0.6;
    private static final int NAMED = 4;

    /**
     * A folder among those beside it.
     *
     * @param at where it divides: chains of single folders are gone through
     * @param inside the folders there, by names as a person compares them; none where photos lie there
     */
    private record Node(Folder top, Folder at, Map<String, Folder> inside) {
        long size() {
            return top.size();
        }

        boolean isHolder() {
            return !inside.isEmpty();
        }
    }

    private final Folder unzipped;

    LayoutFinder(Folder unzipped) {
        this.unzipped = unzipped;
    }

    PhotoLayout layout() throws IOException {
        List<Folder> marked = unzipped.tree().filter(folder -> folder.others().stream().map(Folder::name).anyMatch(MARKER)).toList();
        if (!marked.isEmpty()) {
            return new PhotoLayout(marked.size() == 1 ? marked.get(0) : unzipped, marked.size() == 1 ? List.of() : marked, marked,
                    List.of(), List.of());
        }
        return layout(down(unzipped));
    }

    private PhotoLayout layout(Folder root) throws IOException {
        List<Folder> children = root.withPhotos();
        refuseAnnotations(root);
        for (Folder child : children) {
            refuseAnnotations(child);
        }
        List<Node> nodes = nodes(children);
        Optional<PhotoLayout> ofPart = withoutCopies(root, nodes);
        if (ofPart.isPresent()) {
            return ofPart.get();
        }
        List<Node> holders = nodes.stream().filter(Node::isHolder).toList();
        if (SplitName.areAll(names(children))) {
            return ofSplits(root, nodes, "");
        }
        if (holders.isEmpty()) {
            refuseParts(root, children);
            return PhotoLayout.ofClasses(root, List.of());
        }
        List<Node> twins = twins(holders);
        if (twins.size() > 1) {
            return ofTwins(root, nodes, twins);
        }
        Node largest = holders.stream().max(Comparator.comparing(Node::size)).orElseThrow();
        long others = nodes.stream().mapToLong(Node::size).sum() - largest.size();
        if (others == 0 || holders.size() == 1 && others < largest.size() || 10 * others <= largest.size()) {
            List<Folder> aside = tops(nodes).stream().filter(folder -> folder != largest.top).toList();
            return layout(largest.at).with(aside, aside.isEmpty() ? List.of() : List.of(asideOf(aside) + "The classes are those in "
                    + path(largest.at) + "." + wayOut(root)));
        }
        return PhotoLayout.ofClasses(root, List.of("The classes are " + listed(tops(nodes)) + "; folders in them, as "
                + listed(List.copyOf(largest.inside.values())) + ", are no classes of their own." + wayOut(largest.at)));
    }

    private static String asideOf(List<Folder> folders) {
        return "Set aside, since the class folders lie elsewhere: " + folders.stream().limit(NAMED)
                .map(folder -> folder.name() + "/ (" + Count.of(folder.size(), "photo") + ")").collect(Collectors.joining(", "))
                + (folders.size() > NAMED ? " and " + Count.of(folders.size() - NAMED, "other folder") : "") + ". ";
    }

    private String wayOut(Folder root) {
        return " If the classes are those in " + path(root) + " instead, put an empty file named classes-here there.";
    }

    private String path(Folder folder) {
        return Folder.key(folder.path()) + "/";
    }

    /** Folders around the classes are gone through, while one of them has all photos, and others beside it are no empty classes. */
    private static Folder down(Folder folder) throws IOException {
        List<Folder> full = folder.withPhotos();
        if (folder.folders().size() == 1 && 10L * folder.photos().size() <= folder.size()) {
            refuseAnnotations(folder);
            return down(folder.folders().get(0));
        }
        if (full.size() == 1 && folder.isAroundOthers() && full.get(0).isAroundOthers()) {
            refuseAnnotations(folder);
            return down(full.get(0));
        }
        return folder;
    }

    private static List<Node> nodes(List<Folder> children) throws IOException {
        List<Node> nodes = new ArrayList<>();
        for (Folder child : children) {
            nodes.add(node(child, down(child)));
        }
        Set<String> classes = nodes.stream().flatMap(node -> node.inside.keySet().stream()).collect(Collectors.toSet());
        nodes.replaceAll(node -> node.isHolder() ? node : ofOneClass(node, classes));
        return nodes;
    }

    private static Node node(Folder top, Folder at) {
        Map<String, Folder> inside = new LinkedHashMap<>();
        if (at.isAroundOthers()) {
            at.withPhotos().forEach(folder -> inside.put(ClassNames.key(folder.name()), folder));
        }
        return new Node(top, at, inside);
    }

    /** A split may have a single class, which is one of those that others have. */
    private static Node ofOneClass(Node node, Set<String> classes) {
        for (Folder around = node.top; around.isAroundOthers(); around = around.withPhotos().get(0)) {
            Node here = node(node.top, around);
            if (classes.containsAll(here.inside.keySet())) {
                return here;
            }
        }
        return node;
    }

    /** Those that share two names or more, and at least half of what they hold. */
    private static List<Node> twins(List<Node> holders) {
        Map<String, Long> counts = holders.stream().flatMap(node -> node.inside.keySet().stream())
                .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
        Set<String> common = counts.keySet().stream().filter(name -> counts.get(name) > 1).collect(Collectors.toSet());
        return common.size() < 2 ? List.of() : holders.stream()
                .filter(node -> 2 * node.inside.keySet().stream().filter(common::contains).count() >= node.inside.size()).toList();
    }

    /** Leaves out a folder that has once more, whole, what lies beside it. */
    private Optional<PhotoLayout> withoutCopies(Folder root, List<Node> nodes) throws IOException {
        Set<String> beside = names(tops(nodes)).stream().map(ClassNames::key).collect(Collectors.toSet());
        Map<Set<String>, Node> first = new HashMap<>();
        for (Node node : nodes) {
            for (Folder again = node.top; again.isAroundOthers(); again = again.withPhotos().get(0)) {
                Set<String> inside = node(node.top, again).inside.keySet();
                long same = inside.stream().filter(beside::contains).count();
                if (same == inside.size() && isCopy(again, root)) {
                    return Optional.of(without(root, node.top, "what lies beside it"));
                }
                if (same > 1 && 2 * same >= inside.size()) {
                    return Optional.of(ofSplitAmongClasses(root, node.top, again));
                }
                if (inside.size() > 1) {
                    break;
                }
            }
            Node other = first.putIfAbsent(node.inside.keySet(), node);
            if (other != null && node.isHolder() && isCopy(node.at, other.at)) {
                return Optional.of(without(root, node.top, "what lies in " + other.top.name() + "/"));
            }
        }
        return Optional.empty();
    }

    private PhotoLayout without(Folder root, Folder copy, String what) throws IOException {
        List<Folder> rest = root.folders().stream().filter(folder -> folder != copy).toList();
        Folder whole = new Folder(root.path(), rest, root.photos(), root.others());
        return layout(down(whole)).with(List.of(copy), List.of(path(copy) + " is left out: it holds " + what + " once more."));
    }

    private static boolean isCopy(Folder copy, Folder of) throws IOException {
        for (Path photo : (Iterable<Path>) copy.allPhotos()::iterator) {
            Path other = of.path().resolve(copy.path().relativize(photo));
            if (other.equals(photo) || !Files.exists(other) || Files.mismatch(photo, other) >= 0) {
                return false;
            }
        }
        return true;
    }

    private PhotoLayout ofSplitAmongClasses(Folder root, Folder split, Folder classes) throws IOException {
        if (SplitName.isAll(split.name())) {
            return new PhotoLayout(root, List.of(split), List.of(classes, root), List.of(), List.of());
        }
        List<Folder> beside = root.withPhotos().stream().filter(folder -> folder != split).toList();
        throw new IOException(root.path() + ": " + split.name() + "/ holds folders of the same names as lie beside it ("
                + some(names(beside)) + "), with other photos. Zip the ones or the others alone.");
    }

    private PhotoLayout ofSplits(Folder root, List<Node> splits, String whyNot) throws IOException {
        List<Node> holders = splits.stream().filter(Node::isHolder).toList();
        List<Folder> aside = splits.stream().filter(node -> !node.isHolder()).map(Node::top).toList();
        if (holders.isEmpty()) {
            throw withoutClasses(root, splits);
        }
        List<Folder> classRoots = new ArrayList<>();
        List<Folder> alsoAside = new ArrayList<>(aside);
        List<String> remarks = new ArrayList<>();
        for (Node split : holders) {
            if (SplitName.areAll(names(split.inside.values()))) {
                throw splitsAgain(root, tops(splits), split.top, List.copyOf(split.inside.values()));
            }
            PhotoLayout ofSplit = split.inside.size() == 1 ? PhotoLayout.ofClasses(split.at, List.of()) : layout(split.at);
            if (!ofSplit.splits().isEmpty()) {
                throw splitsAgain(root, tops(splits), split.top, ofSplit.splits());
            }
            classRoots.addAll(ofSplit.classRoots());
            alsoAside.addAll(ofSplit.setAside());
            remarks.addAll(ofSplit.remarks());
        }
        if (!aside.isEmpty()) {
            remarks.add(asideOf(aside).strip());
        }
        if (!whyNot.isEmpty()) {
            remarks.add(whyNot);
        }
        return holders.size() == 1 ? new PhotoLayout(holders.get(0).at, List.of(), classRoots, alsoAside, remarks)
                : new PhotoLayout(root, tops(holders), classRoots, alsoAside, remarks);
    }

    private static IOException splitsAgain(Folder root, List<Folder> splits, Folder split, List<Folder> again) {
        return new IOException(root.path() + ": " + listed(splits) + " are splits, and in " + split.name()
                + "/ there are splits again: " + listed(again)
                + ". What one of them trains on may be another's test, so zip one of them alone.");
    }

    private static IOException withoutClasses(Folder root, List<Node> splits) {
        Folder split = tops(splits).stream().filter(folder -> SplitName.is(SplitName.Kind.TRAINING, folder.name())).findFirst()
                .orElse(splits.get(0).top);
        String photo = split.allPhotos().map(Folder::name).sorted().findFirst().orElse("1.jpg");
        return new IOException(root.path() + ": the photos lie in " + listed(tops(splits)) + " without a folder for each class"
                + LabelTable.labelsIn(root) + ". Move each photo into a folder with the name of its class, such as " + split.name()
                + "/CLASS/" + photo + ", and zip it anew; data/README.md shows how.");
    }

    /** Folders side by side that hold folders of the same names. */
    private PhotoLayout ofTwins(Folder root, List<Node> nodes, List<Node> twins) throws IOException {
        List<Node> splits = twins.stream().filter(node -> SplitName.of(node.top.name()).isPresent()).toList();
        List<Node> others = nodes.stream().filter(node -> node.isHolder() && !splits.contains(node)).toList();
        if (SplitName.areAll(names(tops(splits)))) {
            if (others.isEmpty()) {
                return ofSplits(root, nodes, "");
            }
            throw new IOException(root.path() + ": " + listed(tops(splits)) + " are splits with the same classes ("
                    + some(names(splits.get(0).inside.values())) + "), but " + listed(tops(others))
                    + " beside them is none. Zip the splits alone.");
        }
        if (twins.stream().allMatch(node -> SplitName.areAll(names(node.inside.values())))) {
            return ofClassesInSplits(root, nodes, twins);
        }
        String what = listed(tops(twins)) + " hold folders of the same names (" + some(names(twins.get(0).inside.values())) + ")";
        if (isOneMost(twins)) {
            return ofSplits(root, nodes, what + ", and one of them has most photos of each, so they are taken for splits."
                    + wayOut(root));
        }
        throw new IOException(root.path() + ": " + what + ", so what the classes are is unclear. If it is those, zip one of "
                + listed(tops(twins)) + " alone or, if they are splits, name them train/ and test/. If " + listed(tops(twins))
                + " are the classes, put an empty file named classes-here into " + path(root) + ".");
    }

    /** Such as nike/train, nike/test, adidas/train, adidas/test. */
    private static PhotoLayout ofClassesInSplits(Folder root, List<Node> nodes, List<Node> twins) throws IOException {
        List<Folder> splits = twins.stream().flatMap(node -> node.inside.values().stream()).toList();
        for (Folder split : splits) {
            if (!split.withPhotos().isEmpty()) {
                throw splitsAgain(root, tops(twins), twins.get(0).top, List.copyOf(twins.get(0).inside.values()));
            }
        }
        List<Folder> whole = nodes.stream().filter(node -> !twins.contains(node)).map(Node::top).toList();
        return new PhotoLayout(root, splits, List.of(root), List.of(), whole.isEmpty() ? List.of()
                : List.of(listed(whole) + " are not split, and all trained on."));
    }

    /** As in training and test, but not in renditions of the same photos, be they several of each. */
    private static boolean isOneMost(List<Node> twins) {
        Node largest = twins.stream().max(Comparator.comparing(Node::size)).orElseThrow();
        return twins.stream().noneMatch(node -> node != largest && isMadeFrom(largest.at, node.at))
                && largest.inside.keySet().stream().allMatch(name -> largest.inside.get(name).size() >= MOST * twins.stream()
                .flatMap(node -> Stream.ofNullable(node.inside.get(name))).mapToLong(Folder::size).sum());
    }

    /** Whether for each photo there are some named after it, as 17_flipped.jpg is after 17.jpg. */
    private static boolean isMadeFrom(Folder many, Folder few) {
        List<String> made = many.allPhotos().map(LayoutFinder::stem).sorted().toList();
        return few.allPhotos().map(LayoutFinder::stem).allMatch(stem -> {
            int from = Collections.binarySearch(made, stem + "\0");
            return made.stream().skip(-1 - from).takeWhile(name -> name.startsWith(stem))
                    .anyMatch(name -> !Character.isDigit(name.charAt(stem.length())));
        });
    }

    private static String stem(Path photo) {
        return Folder.name(photo).replaceFirst("\\.[^.]*$", "");
    }

    /** Folders with the masks or boxes of objects in photos say nothing of classes, and masks would be taken for photos. */
    private static void refuseAnnotations(Folder root) throws IOException {
        List<Folder> photos = root.withPhotos().stream().filter(folder -> !ANNOTATIONS.test(folder.name())).toList();
        boolean areDivided = photos.stream().anyMatch(Folder::isAroundOthers);
        List<Folder> annotations = root.folders().stream().filter(folder -> ANNOTATIONS.test(folder.name()))
                .filter(folder -> !areDivided || folder.size() > 0).toList();
        if (!photos.isEmpty() && !annotations.isEmpty()
                && photos.stream().map(Folder::name).allMatch(name -> IMAGES.test(name) || SplitName.isAll(name))) {
            throw new IOException(root.path() + ": " + listed(annotations) + " beside " + listed(photos)
                    + " are for finding or cutting out objects and name no class. Zip the photos alone, in a folder for each class.");
        }
    }

    private void refuseParts(Folder root, List<Folder> folders) throws IOException {
        Optional<Path> table = folders.size() < 2 ? Optional.empty() : LabelTable.ofParts(unzipped, root, folders);
        if (table.isPresent()) {
            throw new IOException(root.path() + ": " + listed(folders) + " differ by a number alone, and are parts, not classes; "
                    + "the labels are in " + Folder.name(table.get()) + ". Move each photo into a folder with the name of its class, and "
                    + "zip it anew; data/README.md shows how. If they are the classes, put an empty file named classes-here into " + root.path() + ".");
        }
    }

    private static List<Folder> tops(List<Node> nodes) {
        return nodes.stream().map(Node::top).toList();
    }

    private static List<String> names(Collection<Folder> folders) {
        return folders.stream().map(Folder::name).toList();
    }

    private static String some(List<String> names) {
        Set<String> sorted = new TreeSet<>(names);
        return sorted.stream().limit(NAMED).collect(Collectors.joining(", ")) + (sorted.size() > NAMED ? ", ..." : "");
    }
}
