package tutorial.machine;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * glibc's {@code malloc}, of which PyTorch gets the memory of its arrays on a CPU. A training step takes and frees gigabytes. Left to
 * itself, glibc gives them back to the operating system, and every step gets them again page by page; here it keeps them.
 */
public final class Allocator {
    /** What can be told to glibc by an environment variable, or while the program runs; the numbers are those of its malloc.h. */
    private enum Option {
        MALLOC_ARENA_MAX(-8, 1, 0), MALLOC_MMAP_MAX_(-4, 0, 65_536), MALLOC_TRIM_THRESHOLD_(-1, -1, 64 << 20);

        final int parameter;
        final int kept;
        final int asUsual;

        Option(int parameter, int kept, int asUsual) {
            this.parameter = parameter;
            this.kept = kept;
            this.asUsual = asUsual;
        }
    }

    private static final int MMAP_THRESHOLD = -3;
    /** What glibc itself arrives at, once a program has freed an array as large. */
    private static final int LARGEST_THRESHOLD = 32 << 20;
    /** Enough that it does not come from what the thread has freed before. */
    private static final int PROBE = 100_000;
    private static final Pattern HEAP = Pattern.compile("(?m)^(\\w+)-(\\w+) .*\\[heap]$");

    private Allocator() {}

    /**
     * Keeps what is freed, and has PyTorch ask for large pages, unless an environment variable says otherwise. To be called before
     * PyTorch is loaded, and only of use for arrays that are made on the thread of {@link #thread}.
     */
    public static void keepMemory() {
        NativeLibrary c = c();
        if (c != null) {
            c.getFunction("setenv").invokeInt(new Object[] {"THP_MEM_ALLOC_ENABLE", "1", 0});
            setKept(true);
        }
    }

    /** Whether freed memory is kept from now on, or goes back to the operating system as usual; for a comparison. */
    public static void setKept(boolean kept) {
        NativeLibrary c = c();
        if (c == null) {
            return;
        }
        Function mallopt = c.getFunction("mallopt");
        for (Option option : Option.values()) {
            if (!System.getenv().containsKey(option.name())) {
                mallopt.invokeInt(new Object[] {option.parameter, kept ? option.kept : option.asUsual});
            }
        }
        if (!kept) {
            mallopt.invokeInt(new Object[] {MMAP_THRESHOLD, LARGEST_THRESHOLD});
        }
    }

    /** Whether this system's {@code malloc} can be told to keep memory: glibc's on Linux can. */
    public static boolean canKeep() {
        return c() != null;
    }

    /** Whether freed memory is kept, and if not, by whose will. */
    static String inWords(Map<String, String> environment) {
        String others = Stream.of(Option.values()).filter(option -> environment.containsKey(option.name()))
                .map(option -> option + "=" + environment.get(option.name())).collect(Collectors.joining(", "));
        return !canKeep() ? "goes back to the operating system, which may slow a CPU down: only Linux with glibc can be told to keep it"
                : others.isEmpty() ? "kept for the next training step" : "as the environment says: " + others;
    }

    /** glibc; null on another operating system or with another C library, as musl. */
    private static NativeLibrary c() {
        try {
            NativeLibrary c = Platform.isLinux() ? NativeLibrary.getInstance("c") : null;
            return c == null || c.getFunction("mallopt") == null ? null : c;
        } catch (UnsatisfiedLinkError notGlibc) {
            return null;
        }
    }

    /**
     * Starts a thread that runs what it is given, one after the other, for good.
     *
     * <p>It gets its memory from the heap of the process. glibc gives most threads an arena of their own, which cannot grow beyond 64 MB:
     * a larger array there is mapped by itself, and given back when it is freed, whatever {@link #keepMemory} says. Which arena a
     * thread gets is glibc's choice, in turns, so threads are started until one has the heap.
     *
     * @param cores of the machine
     */
    static Executor thread(String name, int cores) {
        BlockingQueue<Runnable> given = new LinkedBlockingQueue<>();
        CountDownLatch found = new CountDownLatch(1);
        int most = canKeep() ? 8 * cores + 2 : 1;      // glibc makes no more arenas
        boolean onHeap = false;
        for (int started = 1; started <= most && !onHeap; started++) {
            boolean last = started == most;
            CompletableFuture<Boolean> answer = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                boolean heap = isOnHeap();
                answer.complete(heap);
                try {
                    if (heap || last) {
                        while (true) {
                            given.take().run();
                        }
                    }
                    found.await();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            }, name);
            thread.setDaemon(true);
            thread.start();
            onHeap = answer.join();
        }
        found.countDown();
        return given::add;
    }

    /** Whether this thread's arrays lie in the heap of the process. */
    static boolean isOnHeap() {
        long address = Native.malloc(PROBE);
        try {
            Matcher heap = HEAP.matcher(Files.readString(Path.of("/proc/self/maps")));
            return heap.find() && Long.compareUnsigned(address, Long.parseUnsignedLong(heap.group(1), 16)) >= 0
                    && Long.compareUnsigned(address, Long.parseUnsignedLong(heap.group(2), 16)) < 0;
        } catch (IOException noMaps) {
            return false;
        } finally {
            Native.free(address);
        }
    }
}
