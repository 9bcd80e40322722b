package tutorial.photos;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tutorial.page.Fonts;
import tutorial.page.PhotoGrid;

/**
 * The photos of an unzipped data set: one folder per class, every file decoded once.
 *
 * @param layout where its class folders lie
 * @param classNames names of the classes, sorted
 * @param photos all readable photos of the classes, sorted by path, so in the same order on every machine
 * @param skipped files that are no readable photo of a class, and class folders without one, sorted by path
 * @param heldOut the photos that its own split keeps for the test; none where a share is drawn
 * @param remarks what the reader should know of the photos, in a line each
 */
public record PhotoFolder(PhotoLayout layout, List<String> classNames, List<Photo> photos, List<Skipped> skipped,
        List<Photo> heldOut, List<String> remarks) {
    /**
     * A readable photo.
     *
     * @param label index of its class among the class names
     * @param format found from the content: JPEG, PNG, GIF, BMP, WEBP ...
     * @param width the file's width in pixels, upright
     * @param height the file's height in pixels, upright
     * @param bytes the file's size
     */
    public record Photo(Path file, int label, String format, int width, int height, long bytes) {}

    /** A file or class folder that is left out, with the reason in a few words. */
    public record Skipped(Path file, String reason) {}

    /** A file once read: a photo whose label is not known yet, or one with a reason to skip it. */
    private record Tried(Photo photo, String reason) {
        /** A file that goes with photos and is none: no failure. Yet the content decides, not the name. */
        boolean isSidecar() {
            return reason != null && PhotoLayout.isNamedAsSidecar(photo.file);
        }
    }

    private static final String NO_CLASS = "not in a class folder";
    private static final int MUCH_LARGER = 5;
    private static final int TOLD_DUPLICATES = 10;
    private static final int TOLD_REASONS = 3;

    /** The folder whose sub-folders are the classes, or splits of them. */
    public Path root() {
        return layout.root();
    }

    /** What is trained on, and what is kept for the test. */
    public record Split(List<Photo> training, List<Photo> test) {}

    /**
     * Keeps photos for the test: those that the data set keeps itself, else a share of each class, drawn the same way for the
     * same seed. Of what is drawn each class keeps a photo to train on.
     *
     * @param share from 0, which keeps none, to below 1
     */
    public Split split(double share, long seed) {
        return share > 0 && !heldOut.isEmpty() ? keeping(heldOut) : keeping(drawn(share, seed));
    }

    private Split keeping(List<Photo> test) {
        Set<Photo> tested = Set.copyOf(test);
        return new Split(photos.stream().filter(photo -> !tested.contains(photo)).toList(), List.copyOf(test));
    }

    private List<Photo> drawn(double share, long seed) {
        Random random = new Random(seed);
        List<Photo> test = new ArrayList<>();
        for (int label = 0; label < classNames.size(); label++) {
            List<Photo> ofClass = new ArrayList<>(ofClass(label));
            Collections.shuffle(ofClass, random);
            test.addAll(ofClass.subList(0, (int) (share * ofClass.size())));
        }
        return test;
    }

    private List<Photo> ofClass(int label) {
        return photos.stream().filter(photo -> photo.label == label).toList();
    }

    /** How many photos there are, and what is odd about them, as HTML. */
    public String summary(Split split) {
        List<String> lines = new ArrayList<>(List.of(photos.size() + " photos in " + classNames.size() + " classes, "
                + skipped.size() + " files set aside; " + split.training.size() + " photos to train on, " + split.test.size() + " to test on"));
        if (!layout.splits().isEmpty()) {
            lines.add(PhotoLayout.listed(layout.splits()) + " are splits, not classes: their photos are put together. " + testOf(split));
        }
        Stream.concat(remarks.stream(), Fonts.remark(classNames).stream())
                .forEach(remark -> lines.add(remark.replace("&", "&amp;").replace("<", "&lt;")));
        return String.join("<br>", lines);
    }

    private String testOf(Split split) {
        String own = PhotoLayout.listed(layout.splits().stream().filter(one -> !in(List.of(one), heldOut).isEmpty()).toList());
        return heldOut.isEmpty() ? "None of them is for the test, so a share of each class is drawn."
                : split.test.isEmpty() ? "heldOut = 0 keeps none for the test, so those in " + own + " are trained on, too."
                : "Those in " + own + " are the test set; no share is drawn.";
    }

    /** The photos as a table, a row for each. */
    public Table table() {
        return Table.create("Photos", StringColumn.create("class", photos.stream().map(photo -> classNames.get(photo.label))),
                StringColumn.create("format", photos.stream().map(Photo::format)),
                IntColumn.create("width", photos.stream().mapToInt(Photo::width).toArray()),
                IntColumn.create("height", photos.stream().mapToInt(Photo::height).toArray()),
                DoubleColumn.create("kB", photos.stream().mapToDouble(photo -> photo.bytes / 1000.0).toArray()));
    }

    /** What was skipped and why, in two tables, of which the second names so many files; none where all could be read. */
    public List<Table> setAside(int most) {
        return skipped.isEmpty() ? List.of() : List.of(reasonsTable(), skippedTable(most));
    }

    private Table reasonsTable() {
        return Table.create("Files set aside", StringColumn.create("reason", reasons().keySet()),
                LongColumn.create("files", reasons().values().stream().mapToLong(Long::longValue).toArray()));
    }

    private Table skippedTable(int most) {
        List<Skipped> first = skipped.subList(0, Math.min(most, skipped.size()));
        return Table.create("The first of them", StringColumn.create("file", first.stream().map(one -> sortKey(root().relativize(one.file)))),
                StringColumn.create("reason", first.stream().map(Skipped::reason)));
    }

    /** The first photos of the first classes, ready for {@link PhotoGrid}. */
    public Map<String, List<PhotoGrid.Tile>> firstOfEach(int classes, int each) {
        Map<String, List<PhotoGrid.Tile>> rows = new LinkedHashMap<>();
        for (int label = 0; label < Math.min(classes, classNames.size()); label++) {
            rows.put(classNames.get(label), ofClass(label).stream().limit(each)
                    .map(photo -> new PhotoGrid.Tile(photo.file, "")).toList());
        }
        return rows;
    }

    /** Reads every file, however many have to be skipped; see {@link #scan(Path, double)}. */
    public static PhotoFolder scan(Path unzipped) throws IOException {
        return scan(unzipped, 1);
    }

    /**
     * Finds the classes and reads every file.
     *
     * @param maxSkippedShare of the visible files, from 0 to 1
     * @throws IOException if the folders are no classes, fewer than two have readable photos or too many files have to be
     *     skipped, in one line that names the folder and the remedy; or if the thread is interrupted
     */
    public static PhotoFolder scan(Path unzipped, double maxSkippedShare) throws IOException {
        if (!Files.isDirectory(unzipped)) {
            throw new IOException(unzipped + ": no such folder. Unzip the photos into it.");
        }
        PhotoLayout layout = PhotoLayout.of(unzipped);
        Path root = layout.root();
        List<Callable<Tried>> tasks = new ArrayList<>();
        PhotoLayout.visibleFiles(unzipped).forEach(file -> tasks.add(() -> tryOne(layout, file)));
        List<Tried> all = onAllCores(root, tasks);
        List<Tried> tried = all.stream().filter(one -> !one.isSidecar()).toList();
        List<Photo> readable = tried.stream().filter(one -> one.reason == null).map(Tried::photo).toList();
        List<String> classNames = readable.stream().map(photo -> layout.className(photo.file)).distinct().sorted().toList();
        List<Skipped> skipped = tried.stream().filter(one -> one.reason != null)
                .map(one -> new Skipped(one.photo.file, one.reason)).collect(Collectors.toList());
        requireTwoClasses(root, classNames, skipped, all.size(), PhotoLayout.labelsIn(unzipped));
        requireFewSkipped(root, skipped, tried.size(), maxSkippedShare);
        for (Path classRoot : layout.classRoots()) {
            PhotoLayout.visibleFolders(classRoot).stream().filter(folder -> !classNames.contains(folder.getFileName().toString()))
                    .forEach(folder -> skipped.add(new Skipped(folder, "class folder without a readable photo")));
        }
        List<Photo> photos = readable.stream()
                .map(photo -> new Photo(photo.file, classNames.indexOf(layout.className(photo.file)), photo.format,
                        photo.width, photo.height, photo.bytes))
                .sorted(Comparator.comparing(photo -> sortKey(photo.file))).toList();
        skipped.sort(Comparator.comparing(one -> sortKey(one.file)));
        List<Photo> heldOut = heldOut(layout, photos);
        List<String> remarks = new ArrayList<>(imbalance(classNames, photos));
        remarks.addAll(neverTrained(classNames, photos, heldOut));
        remarks.addAll(duplicates(root, photos, heldOut));
        remarks.addAll(oddities(unzipped, layout, classNames, all));
        return new PhotoFolder(layout, classNames, photos, List.copyOf(skipped), heldOut, List.copyOf(remarks));
    }

    /** The photos of the test split, else of the validation split; none if nothing would be left to train on. */
    private static List<Photo> heldOut(PhotoLayout layout, List<Photo> photos) {
        return Stream.of(layout.forTest(), layout.forValidation()).map(splits -> in(splits, photos))
                .filter(some -> !some.isEmpty() && some.size() < photos.size()).findFirst().orElse(List.of());
    }

    private static List<Photo> in(List<Path> folders, List<Photo> photos) {
        return photos.stream().filter(photo -> folders.stream().anyMatch(photo.file::startsWith)).toList();
    }

    /** How often each reason to skip occurs, the most frequent first. */
    public Map<String, Long> reasons() {
        return reasons(skipped);
    }

    private static Map<String, Long> reasons(List<Skipped> skipped) {
        Map<String, Long> counts = skipped.stream()
                .collect(Collectors.groupingBy(Skipped::reason, Collectors.counting()));
        Map<String, Long> mostFrequentFirst = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .forEach(one -> mostFrequentFirst.put(one.getKey(), one.getValue()));
        return Collections.unmodifiableMap(mostFrequentFirst);
    }

    /** Ends at once, and leaves no thread behind, when the thread is interrupted. */
    private static <T> List<T> onAllCores(Path root, List<Callable<T>> tasks) throws IOException {
        ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), task -> {
            Thread thread = new Thread(task, "photo-scan");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<T>> futures = pool.invokeAll(tasks);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            throw new InterruptedIOException(root + ": reading the photos was stopped. Run the cell again.");
        } catch (ExecutionException e) {
            throw new IOException(root + ": the photos cannot be read (" + e.getCause() + ").", e);
        } finally {
            pool.shutdownNow();
        }
    }

    private static Tried tryOne(PhotoLayout layout, Path file) {
        try {
            long bytes = Files.size(file);
            if (layout.className(file) == null) {
                return new Tried(new Photo(file, -1, "", 0, 0, bytes), NO_CLASS);
            }
            return ImageDecoder.read(file, 1, decoded ->
                    new Tried(new Photo(file, -1, decoded.format(), decoded.width(), decoded.height(), bytes), null));
        } catch (IOException e) {
            return new Tried(new Photo(file, -1, "", 0, 0, 0), e.getMessage());
        }
    }

    private static void requireTwoClasses(Path root, List<String> classNames, List<Skipped> skipped,
            int files, String labels) throws IOException {
        if (classNames.size() >= 2) {
            return;
        }
        boolean loose = skipped.stream().anyMatch(one -> one.reason.equals(NO_CLASS) && PhotoLayout.isNamedAsImage(one.file));
        if (classNames.isEmpty() && !loose) {
            throw new IOException(root + ": no readable photo among " + files + " files"
                    + skipped.stream().limit(1).map(one -> " (" + one.file.getFileName() + ": " + one.reason + ")")
                            .collect(Collectors.joining())
                    + ". Put JPEG, PNG, GIF or BMP files there, in a folder for each class.");
        }
        throw new IOException(root + ": only one class has readable photos, \""
                + (classNames.isEmpty() ? root.getFileName() : classNames.get(0)) + "\"" + labels
                + ". Each class needs a folder of its own, and there must be two at least.");
    }

    private static void requireFewSkipped(Path root, List<Skipped> skipped, int files, double maxSkippedShare)
            throws IOException {
        if (skipped.size() <= maxSkippedShare * files) {
            return;
        }
        String reasons = reasons(skipped).entrySet().stream().limit(TOLD_REASONS)
                .map(one -> one.getValue() + " " + one.getKey()).collect(Collectors.joining(", "));
        throw new IOException(root + ": " + skipped.size() + " of " + files + " files had to be skipped (" + reasons
                + "). Replace or remove them, or raise maxSkippedShare, now " + maxSkippedShare + ", in \"Settings\".");
    }

    private static List<String> imbalance(List<String> classNames, List<Photo> photos) {
        int[] counts = new int[classNames.size()];
        photos.forEach(photo -> counts[photo.label]++);
        int largest = 0;
        int smallest = 0;
        for (int label = 1; label < counts.length; label++) {
            largest = counts[label] > counts[largest] ? label : largest;
            smallest = counts[label] < counts[smallest] ? label : smallest;
        }
        return counts[largest] <= MUCH_LARGER * counts[smallest] ? List.of()
                : List.of("The classes are out of balance: \"" + classNames.get(largest) + "\" has " + counts[largest]
                        + " photos, \"" + classNames.get(smallest) + "\" only " + counts[smallest] + ".");
    }

    private static List<String> neverTrained(List<String> classNames, List<Photo> photos, List<Photo> heldOut) {
        Set<Photo> tested = Set.copyOf(heldOut);
        Set<Integer> trained = photos.stream().filter(photo -> !tested.contains(photo)).map(Photo::label).collect(Collectors.toSet());
        List<String> never = IntStream.range(0, classNames.size()).filter(label -> !trained.contains(label))
                .mapToObj(label -> "\"" + classNames.get(label) + "\"").toList();
        return never.isEmpty() ? List.of() : List.of("No photo to train on, only some for the test: " + String.join(", ", never) + ".");
    }

    /**
     * Tells of the same bytes in several classes, or to train on and for the test. Only files of the same size are read again,
     * for their hash.
     */
    private static List<String> duplicates(Path root, List<Photo> photos, List<Photo> heldOut) throws IOException {
        Set<Photo> tested = Set.copyOf(heldOut);
        List<Photo> suspects = sameKeys(photos, photos.stream().map(Photo::bytes).toList()).stream()
                .filter(group -> areIn(group, Photo::label) || areIn(group, tested::contains)).flatMap(List::stream).toList();
        List<Callable<String>> tasks = new ArrayList<>();
        suspects.forEach(photo -> tasks.add(() -> sha256(photo.file)));
        List<List<Photo>> same = sameKeys(suspects, onAllCores(root, tasks));
        List<List<Photo>> duplicates = same.stream().filter(group -> areIn(group, Photo::label)).toList();
        List<String> remarks = new ArrayList<>();
        for (List<Photo> group : duplicates.subList(0, Math.min(TOLD_DUPLICATES, duplicates.size()))) {
            remarks.add("The same photo lies in several classes: " + listed(root, group) + ".");
        }
        if (duplicates.size() > TOLD_DUPLICATES) {
            remarks.add("So do " + (duplicates.size() - TOLD_DUPLICATES) + " more photos.");
        }
        List<List<Photo>> leaks = same.stream().filter(group -> areIn(group, tested::contains)).toList();
        if (!leaks.isEmpty()) {
            remarks.add("So many photos of the test set are also among those to train on, which makes the test too easy: "
                    + leaks.stream().flatMap(List::stream).filter(tested::contains).count() + ", such as " + listed(root, leaks.get(0)) + ".");
        }
        return remarks;
    }

    private static String listed(Path root, List<Photo> photos) {
        return photos.stream().map(photo -> sortKey(root.relativize(photo.file))).collect(Collectors.joining(", "));
    }

    private static boolean areIn(List<Photo> photos, Function<Photo, ?> several) {
        return photos.stream().map(several).distinct().count() > 1;
    }

    /** Groups the photos whose keys are equal. */
    private static <K> List<List<Photo>> sameKeys(List<Photo> photos, List<K> keys) {
        Map<K, List<Photo>> groups = new LinkedHashMap<>();
        for (int i = 0; i < photos.size(); i++) {
            groups.computeIfAbsent(keys.get(i), key -> new ArrayList<>()).add(photos.get(i));
        }
        return List.copyOf(groups.values());
    }

    /** What is no photo and no failure either, and what looks as if it were meant otherwise. */
    private static List<String> oddities(Path unzipped, PhotoLayout layout, List<String> classNames, List<Tried> tried) throws IOException {
        List<String> remarks = new ArrayList<>();
        List<String> splits = classNames.stream().filter(PhotoLayout::isNamedAsSplit).toList();
        if (layout.splits().isEmpty() && splits.size() > 1) {
            remarks.add("Taken for classes, since other folders lie beside them, though they look like splits: " + String.join(", ", splits) + ".");
        }
        List<String> sidecars = tried.stream().filter(Tried::isSidecar).map(one -> one.photo.file.getFileName().toString()).sorted().toList();
        if (!sidecars.isEmpty()) {
            remarks.add("Passed over, as no photos: " + sidecars.size() + " files such as " + sidecars.get(0) + ".");
        }
        List<String> clutter = PhotoLayout.clutter(unzipped);
        if (!clutter.isEmpty()) {
            remarks.add("Passed over, as put there by storage or a gallery: " + clutter.size() + " files in "
                    + clutter.stream().distinct().sorted().collect(Collectors.joining(", ")) + ".");
        }
        return remarks;
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String sortKey(Path file) {
        return file.toString().replace(File.separatorChar, '/');
    }
}
