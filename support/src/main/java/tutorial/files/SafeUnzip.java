package tutorial.files;

import ai.djl.util.Utils;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.ZipException;

/**
 * Unzips a data set: {@code data/sneakers.zip} becomes the folder {@code data/sneakers/}, whole or not at all.
 *
 * <p>Every failure is an IOException whose message is one line that names the file and the remedy; after it nothing
 * half-unzipped is left, and a folder unzipped earlier is still there.
 */
public final class SafeUnzip {
    private static final String MARKER = ".unzipped";

    private SafeUnzip() {}

    /**
     * Unzips into {@code intoFolder}, unless this has been done for this very zip (same size and time of change).
     *
     * <p>Nothing is locked, since not every disk has locks. Each call unzips in a hidden folder of its own, which it renames at
     * the end. Of several at the same time, in this process or others, the first one's folder stays, and the others take it.
     *
     * <p>A zip that is one part of a download is unzipped with the other parts that lie beside it.
     *
     * @param tell takes a line of HTML, if the zip does not say in which encoding its names are or is one part of a download
     * @return the folder, named as the zip without its extension
     * @throws IOException if the zip is missing, damaged, encrypted, empty, unsafe or larger than {@code maxGigabytes}
     *     when unzipped; if a folder of that name is not of our making; or if the thread is interrupted
     */
    public static Path extract(Path zip, Path intoFolder, double maxGigabytes, Consumer<String> tell) throws IOException {
        requireFile(zip);
        Path folder = intoFolder.resolve(zip.getFileName().toString().replaceFirst("(?<=[^.])\\.[^.]*$", ""));
        try {
            ZipParts parts = ZipParts.of(zip);
            Path place = Files.isDirectory(folder) ? folder.toRealPath() : folder;       // be it a link
            Path unfinished = Unfinished.nextTo(place);
            if (!isUnzipped(parts, place)) {
                requireReplaceable(place);
                try {
                    unzip(parts, unfinished, Math.round(maxGigabytes * 1e9));
                    rename(parts, unfinished, place);
                } finally {
                    Utils.deleteQuietly(unfinished);
                }
            }
            parts.remark().ifPresent(line -> tell(line, tell));
            tellOfGuessedName(zip, folder, tell);
            return folder;
        } catch (OneLineException e) {
            throw e;
        } catch (IOException e) {
            throw explained(zip, folder, e);
        }
    }

    private static void requireFile(Path zip) throws IOException {
        if (Files.isDirectory(zip)) {
            throw new OneLineException(zip, "is a folder, not a zip. Set dataZip to the path of a zip");
        }
        if (!Files.exists(zip)) {
            throw new OneLineException(zip, "no such file. Put your zip there, or set dataZip to its path");
        }
    }

    private static boolean isUnzipped(ZipParts parts, Path folder) throws IOException {
        return markerIn(folder).stream().limit(1).anyMatch(stampOf(parts)::equals);
    }

    private static String stampOf(ZipParts parts) throws IOException {
        List<String> stamps = new ArrayList<>();
        for (Path zip : parts.zips().values()) {
            stamps.add(Files.size(zip) + " bytes, changed " + Files.getLastModifiedTime(zip));
        }
        return String.join("; ", stamps);
    }

    /** The stamp of the zip, then a file or folder whose name may be wrong, if there is one. */
    private static List<String> markerIn(Path folder) throws IOException {
        try {
            return Files.readAllLines(folder.resolve(MARKER));
        } catch (FileSystemException none) {
            return List.of();
        }
    }

    /** Deletes nothing that the user may have made: only an empty folder or one with our marker is replaced. */
    private static void requireReplaceable(Path folder) throws IOException {
        String[] children = folder.toFile().list();         // at one look, since another call may be replacing it
        boolean isUsers = children == null ? Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(folder)
                : children.length > 0 && !List.of(children).contains(MARKER);
        if (isUsers) {
            throw new OneLineException(folder, "is in the way of unzipping. Move it elsewhere, or rename the zip");
        }
    }

    private static void unzip(ZipParts parts, Path unfinished, long maxBytes) throws IOException {
        List<String> marker = new ArrayList<>(List.of(stampOf(parts)));
        Files.createDirectory(unfinished);
        Set<Path> made = new HashSet<>(Set.of(unfinished));
        long bytesLeft = maxBytes;
        for (Path zip : parts.zips().values()) {
            try (ZipContents contents = new ZipContents(zip)) {
                List<ZipContents.Entry> entries = contents.entries(bytesLeft, maxBytes);
                bytesLeft -= entries.stream().mapToLong(entry -> entry.zipped().getSize()).sum();
                for (ZipContents.Entry entry : entries) {
                    makeFolders(unfinished, entry, made);
                    if (!entry.isFolder()) {
                        try (OutputStream out = Files.newOutputStream(unfinished.resolve(entry.path()), StandardOpenOption.CREATE_NEW)) {
                            contents.copy(entry, out);
                        }
                    }
                }
                entries.stream().filter(ZipContents.Entry::isGuessed).findFirst().ifPresent(entry -> marker.add(entry.path().toString()));
            } catch (FileAlreadyExistsException e) {
                throw new OneLineException(zip, "holds \"" + unfinished.relativize(Path.of(e.getFile())) + "\" twice, or beside a name "
                        + "that this disk takes for the same" + (parts.zips().size() > 1 ? ", or another part has it, too" : "")
                        + ". Rename one of them in the zip", e);
            } catch (ZipException e) {
                throw explained(zip, unfinished, e);
            }
        }
        Files.write(unfinished.resolve(MARKER), marker);
    }

    /** Fails where a folder exists that is not among those made: its name differs, if only by case. */
    private static void makeFolders(Path unfinished, ZipContents.Entry entry, Set<Path> made) throws IOException {
        int depth = entry.path().getNameCount() - (entry.isFolder() ? 0 : 1);
        for (int count = 1; count <= depth; count++) {
            Path folder = unfinished.resolve(entry.path().subpath(0, count));
            if (made.add(folder)) {
                Files.createDirectory(folder);
            }
        }
    }

    /** Of several at the same time only one succeeds, for no folder is renamed to the name of one that holds something. */
    private static void rename(ZipParts parts, Path unfinished, Path folder) throws IOException {
        if (unfinished.toFile().renameTo(folder.toFile()) || isUnzipped(parts, folder)) {
            return;
        }
        requireReplaceable(folder);
        File old = Unfinished.nextTo(folder).toFile();
        folder.toFile().renameTo(old);                      // unless another call has just done so
        if (!unfinished.toFile().renameTo(folder.toFile()) && !isUnzipped(parts, folder)) {
            old.renameTo(folder.toFile());
            throw new IOException("it cannot be renamed to that");
        }
        Utils.deleteQuietly(old.toPath());
    }

    private static void tellOfGuessedName(Path zip, Path folder, Consumer<String> tell) throws IOException {
        markerIn(folder).stream().skip(1).filter(name -> new File(folder.toFile(), name).exists()).findFirst().ifPresent(name -> {
            tell(zip + ": the encoding of its file names is unknown, so they may look wrong, as \"" + name
                    + "\" may; different ones were kept apart. Rename the folders in " + folder
                    + ", or make the zip anew with names in UTF-8, as 7-Zip does with the parameter cu=on.", tell);
        });
    }

    private static void tell(String line, Consumer<String> tell) {
        tell.accept(line.replaceAll("\\p{Cntrl}+", " ").replace("&", "&amp;").replace("<", "&lt;"));
    }

    private static IOException explained(Path zip, Path folder, IOException e) {
        if (Thread.interrupted()) {
            return new OneLineException(zip, "unzipping was stopped. Run the cell again", e);
        }
        if (e instanceof ZipException) {
            return new OneLineException(zip, "is damaged (" + NoZip.reason(e) + "). Copy or make it anew", e);
        }
        return new OneLineException(zip, "cannot be unzipped to " + folder + " (" + e + "). See that the folder may be written to, "
                + "that the disk has room and that no name in the zip is too long for it", e);
    }
}
