package tutorial.photos;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Photos in the order of their names, decoded ahead by threads, while those before go through a network.
 *
 * @param <N> what names a photo, as its path
 * @param <P> what is made of it
 */
public final class DecodedAhead<N, P> implements Iterator<DecodedAhead.Decoded<N, P>>, AutoCloseable {
    /** A photo: its pixels, else why it cannot be read. */
    public record Decoded<N, P>(N name, P pixels, IOException error) {
        /** Its pixels. */
        public P orThrow() throws IOException {
            if (error != null) {
                throw new IOException(name + ": " + error.getMessage(), error);
            }
            return pixels;
        }
    }

    /** Reads and decodes one photo. */
    @FunctionalInterface
    public interface Decoder<N, P> {
        P of(N name) throws IOException;
    }

    private record Task<N, P>(N name, Future<P> pixels) {}

    private final Iterator<N> names;
    private final DecoderPool pool;
    private final int ahead;
    private final Decoder<N, P> decoder;
    private final Deque<Task<N, P>> tasks = new ArrayDeque<>();

    /**
     * @param threads that decode
     * @param ahead how many photos may be decoded before they are asked for
     */
    public DecodedAhead(Iterator<N> names, int threads, int ahead, Decoder<N, P> decoder) {
        this.names = names;
        this.pool = new DecoderPool(threads);
        this.ahead = ahead;
        this.decoder = decoder;
        fill();
    }

    private void fill() {
        while (tasks.size() < ahead && names.hasNext()) {
            N name = names.next();
            tasks.add(new Task<>(name, pool.submit(() -> decoder.of(name))));
        }
    }

    @Override
    public boolean hasNext() {
        return !tasks.isEmpty();
    }

    /** Waits for the next photo. */
    @Override
    public Decoded<N, P> next() {
        Task<N, P> task = tasks.remove();
        try {
            P pixels = task.pixels.get();
            return new Decoded<>(task.name, pixels, null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException unread) {
                return new Decoded<>(task.name, null, unread);
            }
            throw new IllegalStateException(task.name + ": " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Stopped while photos were decoded.");
        } finally {
            fill();
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
