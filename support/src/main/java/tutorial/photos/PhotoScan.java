package tutorial.photos;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import tutorial.photos.PhotoFolder.Photo;
import tutorial.photos.PhotoFolder.Skipped;

/** Tries every file of an unzipped data set, on all cores, and refuses a data set that cannot be trained on. */
final class PhotoScan {
    private static final String NO_CLASS = "not in a class folder";
    private static final int TOLD_REASONS = 3;

    /** Pixels of the shorter side that photos are compared by, at least: a decoder may leave out others. */
    private static final int COMPARED_SIDE = 64;

    /** A file once read: of a class, or with a reason to skip it. */
    private record Tried(Path file, String className, String format, int width, int height, long bytes, long checksum, String reason) {
        static Tried skipped(Path file, String reason) {
            return new Tried(file, null, null, 0, 0, 0, 0, reason);
        }

        List<Number> pixels() {
            return List.of(width, height, checksum);
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
            folder.allPhotos().sorted(Comparator.comparing(Folder::key)).forEach(file -> tasks.add(() -> tryOne(layout, file)));
            List<Tried> all = pool.results(tasks);
            List<Tried> readable = all.stream().filter(one -> one.reason == null).toList();
            List<Path> others = folder.allOthers().toList();
            List<Skipped> skipped = all.stream().filter(one -> one.reason != null).map(one -> new Skipped(one.file, one.reason)).toList();
            List<String> classNames = readable.stream().map(Tried::className).distinct().sorted().toList();
            requireTwoClasses(root, classNames, skipped, all.size() + others.size(), LabelTable.labelsIn(folder));
            requireFewSkipped(root, layout, skipped, all.size(), maxSkippedShare);
            List<Photo> photos = readable.stream().map(one -> one.photo(classNames)).toList();
            List<Photo> heldOut = heldOut(layout, photos);
            List<List<Photo>> copies = copies(readable, photos);
            return new PhotoFolder(root, layout.splits().stream().map(Folder::name).distinct().toList(), classNames, photos,
                    withEmptyClasses(skipped, layout, classNames), heldOut, copies,
                    new Oddities(root, classNames, photos, Set.copyOf(heldOut), copies).told(layout, others, Folder.clutter(unzipped)));
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
            return ImageDecoder.read(file, COMPARED_SIDE,
                    decoded -> new Tried(file, className, decoded.format(), decoded.width(), decoded.height(), bytes,
                            checksum(decoded.image()), null));
        } catch (IOException e) {
            return Tried.skipped(file, ImageFiles.reason(file, e));
        }
    }

    /** Of all pixels decoded, by two polynomials of 32 bits, which the processor computes faster than anything decodes. */
    private static long checksum(BufferedImage image) {
        byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        long sum = 0;
        for (Checksum one : List.of(new CRC32(), new CRC32C())) {
            one.update(pixels);
            sum = sum << 32 | one.getValue();
        }
        return sum;
    }

    private static List<List<Photo>> copies(List<Tried> tried, List<Photo> photos) {
        Map<List<Number>, List<Photo>> byPixels = new LinkedHashMap<>();
        for (int i = 0; i < photos.size(); i++) {
            byPixels.computeIfAbsent(tried.get(i).pixels(), pixels -> new ArrayList<>()).add(photos.get(i));
        }
        return byPixels.values().stream().filter(group -> group.size() > 1).toList();
    }

    private static void requireTwoClasses(Path root, List<String> classNames, List<Skipped> skipped, int files, String labels)
            throws IOException {
        if (classNames.size() >= 2) {
            return;
        }
        boolean loose = skipped.stream().anyMatch(one -> one.reason().equals(NO_CLASS) && ImageFiles.isNamedAsImage(one.file()));
        if (classNames.isEmpty() && !loose) {
            String first = skipped.isEmpty() ? "" : " (" + Folder.name(skipped.get(0).file()) + ": " + skipped.get(0).reason() + ")";
            throw new IOException(root + ": no readable photo among " + Count.of(files, "file") + first
                    + ". Put JPEG, PNG, GIF or BMP files there, in a folder for each class.");
        }
        throw new IOException(root + ": only one class has readable photos, \""
                + (classNames.isEmpty() ? Folder.name(root) : classNames.get(0)) + "\"" + labels
                + ". Each class needs a folder of its own, and there must be two at least.");
    }

    private static void requireFewSkipped(Path root, PhotoLayout layout, List<Skipped> skipped, int files, double maxSkippedShare)
            throws IOException {
        List<Skipped> failed = skipped.stream().filter(one -> !layout.isSetAside(one.file())).toList();
        int tried = files - skipped.size() + failed.size();
        if (failed.size() <= maxSkippedShare * tried) {
            return;
        }
        String reasons = Skipped.reasons(failed).entrySet().stream().limit(TOLD_REASONS)
                .map(one -> one.getValue() + " " + one.getKey()).collect(Collectors.joining(", "));
        throw new IOException(root + ": " + failed.size() + " of " + Count.of(tried, "file") + " had to be skipped (" + reasons
                + "). Replace or remove them, or raise maxSkippedShare, now " + maxSkippedShare + ", in \"Settings\".");
    }

    private static List<Skipped> withEmptyClasses(List<Skipped> files, PhotoLayout layout, List<String> classNames) {
        Stream<Skipped> empty = layout.classFolders().stream()
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
