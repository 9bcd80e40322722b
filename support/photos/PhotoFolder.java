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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The photos of an unzipped data set: one folder per class, every file decoded once.
 *
 * @param root the folder whose sub-folders are the classes
 * @param classNames names of the classes, sorted
 * @param photos all readable photos of the classes, sorted by path, so in the same order on every machine
 * @param skipped files that are no readable photo of a class, and class folders without one, sorted by path
 * @param remarks what the reader should know of the photos, in a line each
 */
public record PhotoFolder(Path root, List<String> classNames, List<Photo> photos, List<Skipped> skipped,
        List<String> remarks) {
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
    private record Tried(Photo photo, String reason) {}

    private static final String NO_CLASS = "not in a class folder";
    private static final String IMAGE_NAME = "(?i).*\\.(jpe?g|jfif|png|gif|bmp|webp|heic|avif|tiff?)";
    private static final String BY_SYSTEM = "(?i)\\..*|__MACOSX|Thumbs\\.db|desktop\\.ini";
    private static final int MUCH_LARGER = 5;
    private static final int TOLD_DUPLICATES = 10;
    private static final int TOLD_REASONS = 3;

    /** What is trained on, and what is kept for the test. */
    public record Split(List<Photo> training, List<Photo> test) {}

    /**
     * Keeps a share of each class for the test, drawn the same way for the same seed. Each class keeps a photo to train on.
     *
     * @param share from 0 to below 1
     */
    public Split split(double share, long seed) {
        Random random = new Random(seed);
        List<Photo> test = new ArrayList<>();
        for (int label = 0; label < classNames.size(); label++) {
            List<Photo> ofClass = new ArrayList<>(ofClass(label));
            Collections.shuffle(ofClass, random);
            test.addAll(ofClass.subList(0, (int) (share * ofClass.size())));
        }
        Set<Photo> tested = Set.copyOf(test);
        return new Split(photos.stream().filter(photo -> !tested.contains(photo)).toList(), List.copyOf(test));
    }

    private List<Photo> ofClass(int label) {
        return photos.stream().filter(photo -> photo.label == label).toList();
    }

    /** How many photos there are, and what is odd about them, as HTML. */
    public String summary(Split split) {
        List<String> lines = new ArrayList<>(List.of(photos.size() + " photos in " + classNames.size() + " classes, "
                + skipped.size() + " files set aside; " + split.training.size() + " photos to train on, " + split.test.size() + " to test on"));
        Stream.concat(remarks.stream(), Fonts.remark(classNames).stream()).forEach(remark -> lines.add(remark.replace("&", "&amp;").replace("<", "&lt;")));
        return String.join("<br>", lines);
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
        return Table.create("The first of them", StringColumn.create("file", first.stream().map(one -> sortKey(root.relativize(one.file)))),
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
     * Finds the classes, going down while a folder holds nothing but one folder, and reads every file.
     *
     * @param maxSkippedShare of the visible files, from 0 to 1
     * @throws IOException if fewer than two classes have readable photos or too many files have to be skipped, in one
     *     line that names the folder and the remedy; or if the thread is interrupted
     */
    public static PhotoFolder scan(Path unzipped, double maxSkippedShare) throws IOException {
        if (!Files.isDirectory(unzipped)) {
            throw new IOException(unzipped + ": no such folder. Unzip the photos into it.");
        }
        Path root = classRoot(unzipped);
        List<Callable<Tried>> tasks = new ArrayList<>();
        visibleFiles(unzipped).forEach(file -> tasks.add(() -> tryOne(root, file)));
        List<Tried> tried = onAllCores(root, tasks);
        List<Photo> readable = tried.stream().filter(one -> one.reason == null).map(Tried::photo).toList();
        List<String> classNames = readable.stream().map(photo -> className(root, photo.file)).distinct().sorted()
                .toList();
        List<Skipped> skipped = tried.stream().filter(one -> one.reason != null)
                .map(one -> new Skipped(one.photo.file, one.reason)).collect(Collectors.toList());
        requireTwoClasses(root, classNames, skipped);
        requireFewSkipped(root, skipped, tried.size(), maxSkippedShare);
        for (Path child : visibleChildren(root)) {
            if (Files.isDirectory(child) && !classNames.contains(child.getFileName().toString())) {
                skipped.add(new Skipped(child, "class folder without a readable photo"));
            }
        }
        List<Photo> photos = readable.stream()
                .map(photo -> new Photo(photo.file, classNames.indexOf(className(root, photo.file)), photo.format,
                        photo.width, photo.height, photo.bytes))
                .sorted(Comparator.comparing(photo -> sortKey(photo.file))).toList();
        skipped.sort(Comparator.comparing(one -> sortKey(one.file)));
        List<String> remarks = new ArrayList<>(imbalance(classNames, photos));
        remarks.addAll(duplicates(root, photos));
        return new PhotoFolder(root, classNames, photos, List.copyOf(skipped), List.copyOf(remarks));
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

    private static Path classRoot(Path unzipped) throws IOException {
        Path root = unzipped;
        while (true) {
            List<Path> children = visibleChildren(root);
            List<Path> folders = children.stream().filter(Files::isDirectory).toList();
            if (folders.size() != 1 || children.stream().anyMatch(PhotoFolder::isNamedAsImage)) {
                return root;
            }
            root = folders.get(0);
        }
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

    private static Tried tryOne(Path root, Path file) {
        try {
            long bytes = Files.size(file);
            if (className(root, file) == null) {
                return new Tried(new Photo(file, -1, "", 0, 0, bytes), NO_CLASS);
            }
            ImageDecoder.Decoded decoded = ImageDecoder.read(file);
            return new Tried(new Photo(file, -1, decoded.format(), decoded.width(), decoded.height(), bytes), null);
        } catch (IOException e) {
            return new Tried(new Photo(file, -1, "", 0, 0, 0), e.getMessage());
        }
    }

    private static void requireTwoClasses(Path root, List<String> classNames, List<Skipped> skipped)
            throws IOException {
        if (classNames.size() >= 2) {
            return;
        }
        boolean loose = skipped.stream().anyMatch(one -> one.reason.equals(NO_CLASS) && isNamedAsImage(one.file));
        if (classNames.isEmpty() && !loose) {
            throw new IOException(root + ": no readable photo among " + skipped.size() + " files"
                    + skipped.stream().limit(1).map(one -> " (" + one.file.getFileName() + ": " + one.reason + ")")
                            .collect(Collectors.joining())
                    + ". Put JPEG, PNG, GIF or BMP files there, in a folder for each class.");
        }
        throw new IOException(root + ": only one class has readable photos, \""
                + (classNames.isEmpty() ? root.getFileName() : classNames.get(0))
                + "\". Each class needs a folder of its own, and there must be two at least.");
    }

    private static void requireFewSkipped(Path root, List<Skipped> skipped, int files, double maxSkippedShare)
            throws IOException {
        if (skipped.size() <= maxSkippedShare * files) {
            return;
        }
        String reasons = reasons(skipped).entrySet().stream().limit(TOLD_REASONS)
                .map(one -> one.getValue() + " " + one.getKey()).collect(Collectors.joining(", "));
        throw new IOException(root + ": " + skipped.size() + " of " + files + " files had to be skipped (" + reasons
                + "). Replace or remove them, or raise maxSkippedShare, now " + maxSkippedShare + ", " + Setting.PLACE + ".");
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

    /** Tells of the same bytes in several classes. Only files of the same size are read again, for their hash. */
    private static List<String> duplicates(Path root, List<Photo> photos) throws IOException {
        List<Photo> suspects = acrossClasses(photos, photos.stream().map(Photo::bytes).toList()).stream()
                .flatMap(List::stream).toList();
        List<Callable<String>> tasks = new ArrayList<>();
        suspects.forEach(photo -> tasks.add(() -> sha256(photo.file)));
        List<List<Photo>> duplicates = acrossClasses(suspects, onAllCores(root, tasks));
        List<String> remarks = new ArrayList<>();
        for (List<Photo> group : duplicates.subList(0, Math.min(TOLD_DUPLICATES, duplicates.size()))) {
            remarks.add("The same photo lies in several classes: " + group.stream()
                    .map(photo -> sortKey(root.relativize(photo.file))).collect(Collectors.joining(", ")) + ".");
        }
        if (duplicates.size() > TOLD_DUPLICATES) {
            remarks.add("So do " + (duplicates.size() - TOLD_DUPLICATES) + " more photos.");
        }
        return remarks;
    }

    /** Groups the photos whose keys are equal, and leaves out the groups that lie within one class. */
    private static <K> List<List<Photo>> acrossClasses(List<Photo> photos, List<K> keys) {
        Map<K, List<Photo>> groups = new LinkedHashMap<>();
        for (int i = 0; i < photos.size(); i++) {
            groups.computeIfAbsent(keys.get(i), key -> new ArrayList<>()).add(photos.get(i));
        }
        return groups.values().stream()
                .filter(group -> group.stream().mapToInt(Photo::label).distinct().count() > 1).toList();
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The name of the class folder that a file is in, or null. */
    private static String className(Path root, Path file) {
        boolean inClass = file.startsWith(root) && file.getNameCount() >= root.getNameCount() + 2;
        return inClass ? file.getName(root.getNameCount()).toString() : null;
    }

    private static List<Path> visibleFiles(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).filter(file -> isVisible(folder.relativize(file))).toList();
        }
    }

    private static List<Path> visibleChildren(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> isVisible(child.getFileName())).toList();
        }
    }

    private static boolean isVisible(Path relative) {
        return StreamSupport.stream(relative.spliterator(), false).map(Path::toString)
                .noneMatch(name -> name.matches(BY_SYSTEM));
    }

    private static boolean isNamedAsImage(Path file) {
        return file.getFileName().toString().matches(IMAGE_NAME) && Files.isRegularFile(file);
    }

    private static String sortKey(Path file) {
        return file.toString().replace(File.separatorChar, '/');
    }
}
