package tutorial.machine;

import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import tutorial.files.Download;

/**
 * DJL's build of PyTorch with CUDA, several gigabytes. DJL would fetch it without a word when the engine starts, and stop
 * the notebook where it cannot; here it is fetched beforehand, in view of the reader, to where DJL looks for it.
 */
final class CudaLibraries {
    private final URI site;
    private final String build;
    private final Path folder;

    /**
     * @param site where DJL publishes this version of PyTorch; ends in a slash
     * @param flavour as "cu128"
     * @param platform as "linux-x86_64"
     */
    CudaLibraries(URI site, String flavour, String platform) {
        this.site = site;
        this.build = flavour + "/" + platform + "/";
        this.folder = Utils.getEngineCacheDir("pytorch").resolve(PyTorchVersion.VERSION + "-" + flavour + "-" + platform).toAbsolutePath();
    }

    /** Where DJL looks for them. */
    Path folder() {
        return folder;
    }

    boolean areThere() {
        return Files.exists(folder.resolve(System.mapLibraryName("torch")));
    }

    /**
     * Fetches them, unless they are there. What has come whole stays, so that after a break it goes on from there.
     *
     * @param progress takes a line on what is fetched and where to, and on how far it is
     * @throws IOException in one line, if the site cannot be reached, has no such build, or the folder cannot be written
     */
    void fetch(Consumer<String> progress) throws IOException {
        if (areThere()) {
            return;
        }
        Path unfinished = Files.createDirectories(folder.resolveSibling(folder.getFileName() + ".part"));
        List<URI> files = files(unfinished.resolve("files.txt"));
        String what = "Fetching PyTorch with CUDA, once: several gigabytes, from " + site.getHost() + " to " + folder;
        for (URI file : files) {
            Path library = unfinished.resolve(Path.of(file.getPath()).getFileName().toString().replaceFirst("\\.gz$", ""));
            String which = " · file " + (files.indexOf(file) + 1) + " of " + files.size() + ", " + library.getFileName() + ": ";
            if (Files.notExists(library)) {
                Path packed = unfinished.resolve(library.getFileName() + ".gz");
                Download.fetch(file, packed, anything -> {}, done -> progress.accept(what + which + done));
                unpack(packed, library);
            }
        }
        Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        progress.accept("PyTorch with CUDA is in " + folder + ".");
    }

    /** DJL publishes a list with a line a file, as "cu128/linux-x86_64/native/lib/libc10.so.gz". */
    private List<URI> files(Path list) throws IOException {
        Files.deleteIfExists(list);
        Download.fetch(site.resolve("files.txt"), list, file -> {}, line -> {});
        try (Stream<String> lines = Files.lines(list)) {
            List<URI> files = lines.map(String::strip).filter(line -> line.startsWith(build)).map(site::resolve).toList();
            if (files.isEmpty()) {
                throw new IOException(site + "files.txt: has no build " + build);
            }
            return files;
        } finally {
            Files.deleteIfExists(list);
        }
    }

    private static void unpack(Path packed, Path to) throws IOException {
        Path half = Files.createTempFile(to.getParent(), "unpacking", "");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
            Files.copy(in, half, StandardCopyOption.REPLACE_EXISTING);
            Files.move(half, to, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(half);
            Files.deleteIfExists(packed);
        }
    }
}
