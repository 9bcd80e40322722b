import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The photos of an unzipped data set: one folder per class, every file read once.
 *
 * @param root the folder whose sub-folders are the classes
 * @param classNames names of the classes, sorted
 * @param photos all readable photos of the classes, sorted by path, so in the same order on every machine
 * @param skipped files that are no readable photo of a class, and class folders without one, sorted by path
 */
public record PhotoFolder(Path root, List<String> classNames, List<Photo> photos, List<Skipped> skipped) {
    /**
     * A readable photo.
     *
     * @param label index of its class among the class names
     * @param format found from the content: JPEG, PNG, GIF, BMP ...
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

    /**
     * Finds the classes, going down while a folder holds nothing but one folder, and reads every file.
     *
     * @throws IOException if fewer than two classes have readable photos, in one line that names the folder and the
     *     remedy; or if the thread is interrupted
     */
    public static PhotoFolder scan(Path unzipped) throws IOException {
        if (!Files.isDirectory(unzipped)) {
            throw new IOException(unzipped + ": no such folder. Unzip the photos into it.");
        }
        Path root = classRoot(unzipped);
        List<Tried> tried = tryAll(root, visibleFiles(unzipped));
        List<Photo> readable = tried.stream().filter(one -> one.reason == null).map(Tried::photo).toList();
        List<String> classNames = readable.stream().map(photo -> className(root, photo.file)).distinct().sorted()
                .toList();
        List<Skipped> skipped = tried.stream().filter(one -> one.reason != null)
                .map(one -> new Skipped(one.photo.file, one.reason)).collect(Collectors.toList());
        requireTwoClasses(root, classNames, skipped);
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
        return new PhotoFolder(root, classNames, photos, List.copyOf(skipped));
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

    /** Reads on all cores; ends at once, and leaves no thread behind, when the thread is interrupted. */
    private static List<Tried> tryAll(Path root, List<Path> files) throws IOException {
        ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), task -> {
            Thread thread = new Thread(task, "photo-scan");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Callable<Tried>> tasks = new ArrayList<>();
            files.forEach(file -> tasks.add(() -> tryOne(root, file)));
            List<Future<Tried>> results = pool.invokeAll(tasks);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            List<Tried> tried = new ArrayList<>();
            for (Future<Tried> result : results) {
                tried.add(result.get());
            }
            return tried;
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
                .noneMatch(name -> name.startsWith(".") || name.equals("__MACOSX"));
    }

    private static boolean isNamedAsImage(Path file) {
        return file.getFileName().toString().matches(IMAGE_NAME) && Files.isRegularFile(file);
    }

    private static String sortKey(Path file) {
        return file.toString().replace(File.separatorChar, '/');
    }
}
