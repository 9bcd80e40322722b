package tutorial.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AllocatorTest {
    private static final long BYTES = 256 << 20;
    private static final long PAGE = 4096;

    @BeforeAll
    static void onlyWithGlibc() {
        assumeTrue(Allocator.canKeep());
        assumeTrue(System.getenv("MALLOC_ARENA_MAX") == null);
        Allocator.keepMemory();
    }

    @AfterAll
    static void asUsual() {
        Allocator.setKept(false);
    }

    @Test
    void largeArrayIsGotAgainWithoutPageFaults() throws Exception {
        assertTrue(pageFaultsOfSecondArray() < BYTES / PAGE / 10);
    }

    @Test
    void memoryGoesBackWhereItIsNotKept() throws Exception {
        Allocator.setKept(false);
        try {
            assertTrue(pageFaultsOfSecondArray() > BYTES / PAGE / 2);
        } finally {
            Allocator.setKept(true);
        }
    }

    @Test
    void everyThreadOfItsKindIsOnTheHeap() throws Exception {
        assertTrue(on(Allocator.thread("first", Machine.logicalCores()), Allocator::isOnHeap));
        assertTrue(on(Allocator.thread("second", Machine.logicalCores()), Allocator::isOnHeap));
    }

    @Test
    void threadGoesOnAfterAFailure() throws Exception {
        Executor thread = Allocator.thread("failing", Machine.logicalCores());
        Thread first = on(thread, Thread::currentThread);
        FutureTask<Void> failing = new FutureTask<>(() -> {
            throw new AssertionError();
        });
        thread.execute(failing);
        assertEquals(first, on(thread, Thread::currentThread));
        assertFalse(failing.isCancelled());
    }

    @Test
    void environmentSaysOtherwise() {
        assertTrue(Allocator.inWords(Map.of("MALLOC_ARENA_MAX", "4")).contains("MALLOC_ARENA_MAX"));
        assertFalse(Allocator.inWords(Map.of()).contains("MALLOC"));
    }

    private static long pageFaultsOfSecondArray() throws Exception {
        return on(Allocator.thread("training", Machine.logicalCores()), () -> {
            touchAndFree();
            long before = pageFaults();
            touchAndFree();
            return pageFaults() - before;
        });
    }

    private static <T> T on(Executor thread, java.util.concurrent.Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        thread.execute(task);
        return task.get();
    }

    private static void touchAndFree() {
        long address = Native.malloc(BYTES);
        new Pointer(address).setMemory(0, BYTES, (byte) 1);
        Native.free(address);
    }

    private static long pageFaults() throws IOException {
        return Long.parseLong(Files.readString(Path.of("/proc/self/stat")).replaceAll("(?s)^.*\\) ", "").split(" ")[7]);
    }
}
