package tutorial.machine;

import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import tutorial.files.Download;

/**
 * DJL's build of PyTorch with CUDA, several gigabytes. DJL would fetch it without a word when the engine starts, and stop
 * the notebook where it cannot; here it is fetched beforehand, in view of the reader, to where DJL looks for it.
 */
public final class CudaLibraries {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final URI site;
    private final String build;
    private final Path folder;

    /**
     * @param site where DJL publishes a version of PyTorch; ends in a slash
     * @param version of PyTorch, as "2.7.1"
     * @param flavour as "cu128"
     * @param platform as "linux-x86_64"
     */
    public CudaLibraries(URI site, String version, String flavour, String platform) {
        this.site = site;
        this.build = flavour + "/" + platform + "/";
        this.folder = Utils.getEngineCacheDir("pytorch").resolve(version + "-" + flavour + "-" + platform).toAbsolutePath();
    }

    /** Where DJL looks for them. */
    public Path folder() {
        return folder;
    }

    public boolean areThere() {
        return Files.exists(folder.resolve(System.mapLibraryName("torch")));
    }

    /**
     * Fetches them, unless they are there. What has come whole stays, so that after a break it goes on from there.
     *
     * @param progress takes a line on what is fetched, how much it is and where to, then on how far it is
     * @throws IOException in one line, if the site cannot be reached, has no such build, or the folder cannot be written
     */
    public void fetch(Consumer<String> progress) throws IOException {
        if (areThere()) {
            return;
        }
        Path unfinished = Files.createDirectories(folder.resolveSibling(folder.getFileName() + ".part"));
        List<URI> files = files(unfinished);
        long total = 0;
        for (URI file : files) {
            total += Math.max(0, size(file));
        }
        String what = "Fetching PyTorch with CUDA, once: " + files.size() + " files, "
                + (total > 0 ? String.format(Locale.ROOT, "%.1f GB", total / 1e9) : "several GB")
                + ", from " + site.getHost() + " to " + folder;
        progress.accept(what);
        for (int i = 0; i < files.size(); i++) {
            String name = name(files.get(i));
            if (Files.notExists(unfinished.resolve(name))) {
                String file = what + " · file " + (i + 1) + ", " + name + ": ";
                Path packed = unfinished.resolve(name + ".gz");
                Download.fetch(files.get(i), packed, anything -> {}, done -> progress.accept(file + done));
                try {
                    unpack(packed, unfinished.resolve(name));
                } finally {
                    Files.deleteIfExists(packed);
                }
            }
        }
        Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        progress.accept("PyTorch with CUDA is in " + folder + ".");
    }

    /** DJL publishes a list with a line a file, as "cu128/linux-x86_64/native/lib/libc10.so.gz". */
    private List<URI> files(Path scratch) throws IOException {
        Path list = scratch.resolve("files.txt");
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

    private static String name(URI file) {
        String path = file.getRawPath();
        return URLDecoder.decode(path.substring(path.lastIndexOf('/') + 1), StandardCharsets.UTF_8).replaceFirst("\\.gz$", "");
    }

    private static void unpack(Path packed, Path to) throws IOException {
        Path half = Files.createTempFile(to.getParent(), "unpacking", "");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
            Files.copy(in, half, StandardCopyOption.REPLACE_EXISTING);
            Files.move(half, to, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(half);
        }
    }

    /** Bytes, or -1 where the site does not tell. */
    private static long size(URI file) throws IOException {
        HttpRequest head = HttpRequest.newBuilder(file).method("HEAD", HttpRequest.BodyPublishers.noBody()).timeout(PATIENCE).build();
        try {
            return HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).connectTimeout(PATIENCE).build()
                    .send(head, HttpResponse.BodyHandlers.discarding()).headers().firstValueAsLong("Content-Length").orElse(-1);
        } catch (IOException notTold) {
            return -1;
        } catch (InterruptedException pressedStop) {
            Thread.currentThread().interrupt();   // Download hears of it, too
            return -1;
        }
    }
}
