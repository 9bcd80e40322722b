package tutorial.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Fetches a published file once. It is there whole or not at all; after a break it is begun again, once. */
public final class Download {
    /** Looks at what has arrived; throws if it is not what was asked for. */
    public interface Check {
        void accept(Path file) throws IOException;
    }

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
        Path unfinished = Unfinished.nextTo(file);
        try {
            try {
                copy(from, unfinished, progress);
            } catch (BreakOff once) {
                copy(from, unfinished, progress);
            }
            require(check, unfinished, from);
            return Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (BreakOff twice) {
            throw new OneLineException(from, "the connection broke off twice (" + twice.getMessage() + ")", twice);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static void copy(URI from, Path to, Consumer<String> progress) throws IOException {
        HttpResponse<InputStream> response = answer(from);
        try (InputStream in = response.body(); OutputStream out = Files.newOutputStream(to)) {
            if (response.statusCode() != 200) {
                throw new OneLineException(from, "the server answers " + response.statusCode());
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
            }
            progress.accept(megabytes(done) + " MB, done");
        }
    }

    private static void require(Check check, Path unfinished, URI from) throws IOException {
        try {
            check.accept(unfinished);
        } catch (IOException refused) {
            String reason = refused.getMessage().replace(unfinished.toString(), "it");
            throw new OneLineException(from, "what came is not the file asked for (" + reason + ")", refused);
        }
    }

    private static HttpResponse<InputStream> answer(URI from) throws IOException {
        HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(Duration.ofSeconds(SECONDS_OF_SILENCE)).build();
        try {
            return await(client.sendAsync(HttpRequest.newBuilder(from).build(), HttpResponse.BodyHandlers.ofInputStream()));
        } catch (BreakOff unreachable) {
            throw new OneLineException(from, "cannot be reached (" + unreachable.getMessage() + ")", unreachable);
        }
    }

    /** Also notices a connection that ends before all has come. */
    private static int read(InputStream in, byte[] buffer) throws BreakOff {
        return await(ForkJoinPool.commonPool().submit(() -> in.read(buffer)));
    }

    private static <T> T await(Future<T> coming) throws BreakOff {
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return coming.get(SECONDS_OF_SILENCE, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new BreakOff(innermost(e));
        } catch (TimeoutException e) {
            throw new BreakOff("no answer within " + SECONDS_OF_SILENCE + " seconds");
        } catch (InterruptedException pressedStop) {
            throw new CancellationException("Stopped. Run the cell again to download.");
        }
    }

    /** As opposed to a disk that is full. */
    private static final class BreakOff extends IOException {
        BreakOff(Object reason) {
            super(reason.toString());
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
