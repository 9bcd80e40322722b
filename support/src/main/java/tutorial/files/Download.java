package tutorial.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Fetches a published file once. It is there whole or not at all; after a break it is begun again. */
public final class Download {
    /** Looks at what has arrived; throws if it is not what was asked for. */
    public interface Check {
        void accept(Path file) throws IOException;
    }

    private static final String PART = ".part";
    private static final int ATTEMPTS = 2;
    private static final int SECONDS_OF_SILENCE = 5;
    private static final long REDRAW_NANOS = 250_000_000L;

    private Download() {}

    /**
     * Downloads to {@code file}, unless it is there.
     *
     * @param progress takes a line on how far it is, a few times a second
     * @throws IOException in one line that names the address: if there is no answer within five seconds, no such file,
     *     two breaks, or if {@code check} refuses what came
     * @throws CancellationException if the stop button was pressed
     */
    public static Path fetch(URI from, Path file, Check check, Consumer<String> progress) throws IOException {
        if (Files.exists(file)) {
            return file;
        }
        Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
        String prefix = "." + file.getFileName() + "-";
        deleteLeftOvers(folder, prefix);
        Path unfinished = Files.createTempFile(folder, prefix, PART);
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    copy(from, unfinished, progress);
                    break;
                } catch (BreakOff broken) {
                    if (attempt == ATTEMPTS) {
                        throw new IOException(from + ": the connection broke off twice (" + broken.getCause() + ").", broken);
                    }
                }
            }
            try {
                check.accept(unfinished);
            } catch (IOException refused) {
                throw new IOException(from + ": what came is not the file asked for ("
                        + refused.getMessage().replace(unfinished.toString(), "it") + ")", refused);
            }
            return Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** Of a process that was killed; one that is younger may belong to a download that is under way. */
    private static void deleteLeftOvers(Path folder, String prefix) throws IOException {
        FileTime anHourAgo = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, prefix + "*" + PART)) {
            for (Path part : parts) {
                if (Files.getLastModifiedTime(part).compareTo(anHourAgo) < 0) {
                    Files.deleteIfExists(part);
                }
            }
        }
    }

    private static final class BreakOff extends IOException {
        BreakOff(Throwable cause) {
            super(cause);
        }
    }

    private static void copy(URI from, Path to, Consumer<String> progress) throws IOException {
        HttpResponse<InputStream> response = answer(from);
        try (InputStream in = response.body(); OutputStream out = Files.newOutputStream(to)) {
            if (response.statusCode() != 200) {
                throw new IOException(from + ": the server answers " + response.statusCode() + ".");
            }
            long total = response.headers().firstValueAsLong("Content-Length").orElse(-1);
            byte[] buffer = new byte[1 << 16];
            long done = 0;
            long drawn = System.nanoTime() - REDRAW_NANOS;
            for (int count = read(in, buffer); count >= 0; count = read(in, buffer)) {
                out.write(buffer, 0, count);
                done += count;
                if (System.nanoTime() - drawn >= REDRAW_NANOS) {
                    drawn = System.nanoTime();
                    progress.accept(megabytes(done) + (total < 0 ? "" : " of " + megabytes(total)) + " MB");
                }
                if (Thread.interrupted()) {
                    throw stopped();
                }
            }
            progress.accept(megabytes(done) + " MB, done");
        }
    }

    /** A connection that breaks off or falls silent, as opposed to a disk that is full; the client also notices a wrong length. */
    private static int read(InputStream in, byte[] buffer) throws BreakOff {
        try {
            return ForkJoinPool.commonPool().submit(() -> in.read(buffer)).get(SECONDS_OF_SILENCE, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new BreakOff(innermost(e));
        } catch (TimeoutException e) {
            throw new BreakOff(new IOException("nothing came for " + SECONDS_OF_SILENCE + " seconds"));
        } catch (InterruptedException pressedStop) {
            throw stopped();
        }
    }

    private static CancellationException stopped() {
        return new CancellationException("Stopped. Run the cell again to download.");
    }

    private static HttpResponse<InputStream> answer(URI from) throws IOException {
        HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(Duration.ofSeconds(SECONDS_OF_SILENCE)).build();
        try {
            return client.sendAsync(HttpRequest.newBuilder(from).build(), HttpResponse.BodyHandlers.ofInputStream())
                    .get(SECONDS_OF_SILENCE, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException(from + ": no answer within " + SECONDS_OF_SILENCE + " seconds.", e);
        } catch (ExecutionException e) {
            throw new IOException(from + ": cannot be reached (" + innermost(e) + ").", e);
        } catch (InterruptedException pressedStop) {
            throw stopped();
        }
    }

    /** The client's own exception often has no message. */
    private static Throwable innermost(Throwable error) {
        return error.getCause() == null ? error : innermost(error.getCause());
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / 1e6);
    }
}
