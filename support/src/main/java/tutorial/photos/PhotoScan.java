package tutorial.photos;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tutorial.photos.PhotoFolder.Photo;
import tutorial.photos.PhotoFolder.Skipped;

/** Tries every file of an unzipped data set, on all cores, and refuses a data set that cannot be trained on. */
final class PhotoScan {
    private static final String NO_CLASS = "not in a class folder";
    private static final int TOLD_REASONS = 3;

    /** A file once read: of a class, or with a reason to skip it. */
    private record Tried(Path file, String className, String format, int width, int height, long bytes, String reason) {
        static Tried skipped(Path file, String reason) {
            return new Tried(file, null, null, 0, 0, 0, reason);
        }

        Photo photo(List<String> classNames) {
            return new Photo(file, classNames.indexOf(className), format, width, height, bytes);
        }
    }

    private PhotoScan() {}

    static PhotoFolder scan(Path unzipped, double maxSkippedShare) throws IOException {
        if (!Files.isDirectory(unzipped)) {
            throw new IOException(unzipped + ": no such folder. Unzip the photos into it.");
        }
        Folder folder = Folder.read(unzipped);
        PhotoLayout layout = PhotoLayout.of(folder);
        Path root = layout.root().path();
        try (DecoderPool pool = new DecoderPool(Runtime.getRuntime().availableProcessors())) {
            List<Callable<Tried>> tasks = new ArrayList<>();
            folder.allFiles().sorted(Comparator.comparing(Folder::key)).forEach(file -> tasks.add(() -> tryOne(layout, file)));
            List<Tried> all = pool.results(tasks);
            List<Tried> readable = all.stream().filter(one -> one.reason == null).toList();
            List<Path> sidecars = all.stream().filter(one -> one.reason != null).map(Tried::file).filter(Folder::isNamedAsSidecar).toList();
            List<Skipped> skipped = all.stream().filter(one -> one.reason != null && !Folder.isNamedAsSidecar(one.file))
                    .map(one -> new Skipped(one.file, one.reason)).toList();
            List<String> classNames = readable.stream().map(Tried::className).distinct().sorted().toList();
            requireTwoClasses(root, classNames, skipped, all.size(), PhotoLayout.labelsIn(folder));
            requireFewSkipped(root, skipped, all.size() - sidecars.size(), maxSkippedShare);
            List<Photo> photos = readable.stream().map(one -> one.photo(classNames)).toList();
            List<Photo> heldOut = heldOut(layout, photos);
            return new PhotoFolder(root, layout.splits().stream().map(Folder::name).toList(), classNames, photos,
                    withEmptyClasses(skipped, layout, classNames), heldOut,
                    new Oddities(root, classNames, photos, Set.copyOf(heldOut)).told(layout, sidecars, Folder.clutter(unzipped)));
        } catch (InterruptedException e) {
            throw new InterruptedIOException(root + ": reading the photos was stopped. Run the cell again.");
        } catch (ExecutionException e) {
            throw new IOException(root + ": the photos cannot be read (" + e.getCause() + ").", e);
        }
    }

    private static Tried tryOne(PhotoLayout layout, Path file) {
        String className = layout.className(file);
        if (className == null) {
            return Tried.skipped(file, NO_CLASS);
        }
        try {
            long bytes = Files.size(file);
            return ImageDecoder.read(file, 1,
                    decoded -> new Tried(file, className, decoded.format(), decoded.width(), decoded.height(), bytes, null));
        } catch (IOException e) {
            return Tried.skipped(file, e.getMessage());
        }
    }

    private static void requireTwoClasses(Path root, List<String> classNames, List<Skipped> skipped, int files, String labels)
            throws IOException {
        if (classNames.size() >= 2) {
            return;
        }
        boolean loose = skipped.stream().anyMatch(one -> one.reason().equals(NO_CLASS) && Folder.isNamedAsImage(one.file()));
        if (classNames.isEmpty() && !loose) {
            String first = skipped.isEmpty() ? "" : " (" + Folder.name(skipped.get(0).file()) + ": " + skipped.get(0).reason() + ")";
            throw new IOException(root + ": no readable photo among " + files + " files" + first
                    + ". Put JPEG, PNG, GIF or BMP files there, in a folder for each class.");
        }
        throw new IOException(root + ": only one class has readable photos, \""
                + (classNames.isEmpty() ? Folder.name(root) : classNames.get(0)) + "\"" + labels
                + ". Each class needs a folder of its own, and there must be two at least.");
    }

    private static void requireFewSkipped(Path root, List<Skipped> skipped, int files, double maxSkippedShare) throws IOException {
        if (skipped.size() <= maxSkippedShare * files) {
            return;
        }
        String reasons = Skipped.reasons(skipped).entrySet().stream().limit(TOLD_REASONS)
                .map(one -> one.getValue() + " " + one.getKey()).collect(Collectors.joining(", "));
        throw new IOException(root + ": " + skipped.size() + " of " + files + " files had to be skipped (" + reasons
                + "). Replace or remove them, or raise maxSkippedShare, now " + maxSkippedShare + ", in \"Settings\".");
    }

    private static List<Skipped> withEmptyClasses(List<Skipped> files, PhotoLayout layout, List<String> classNames) {
        Stream<Skipped> empty = layout.classRoots().stream().flatMap(classRoot -> classRoot.folders().stream())
                .filter(folder -> !classNames.contains(folder.name()))
                .map(folder -> new Skipped(folder.path(), "class folder without a readable photo"));
        return Stream.concat(files.stream(), empty).sorted(Comparator.comparing(one -> Folder.key(one.file()))).toList();
    }

    /** The photos of the test split, else of the validation split; none if nothing would be left to train on. */
    private static List<Photo> heldOut(PhotoLayout layout, List<Photo> photos) {
        return Stream.of(layout.forTest(), layout.forValidation())
                .map(splits -> photos.stream()
                        .filter(photo -> splits.stream().anyMatch(split -> photo.file().startsWith(split.path()))).toList())
                .filter(some -> !some.isEmpty() && some.size() < photos.size()).findFirst().orElse(List.of());
    }
}
