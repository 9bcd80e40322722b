package tutorial.photos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DecodedAheadTest {
    private static final int AHEAD = 4;

    private final List<Integer> names = IntStream.range(0, 20).boxed().toList();

    @Test
    void photosComeInOrderAndOneThatCannotBeReadWithItsReason() {
        List<String> found = new ArrayList<>();
        try (var decoded = new DecodedAhead<>(names.iterator(), 3, AHEAD, name -> {
            if (name % 7 == 6) {
                throw new IOException("empty file");
            }
            return 10 * name;
        })) {
            decoded.forEachRemaining(one -> found.add(one.error() == null ? one.pixels().toString() : one.error().getMessage()));
        }
        assertEquals(names.stream().map(name -> name % 7 == 6 ? "empty file" : String.valueOf(10 * name)).toList(), found);
    }

    @Test
    void noMoreAreTakenThanMayWait() {
        AtomicInteger taken = new AtomicInteger();
        try (var decoded = new DecodedAhead<>(names.stream().peek(name -> taken.incrementAndGet()).iterator(), 2, AHEAD, name -> name)) {
            for (int asked = 0; asked < 10; asked++) {
                assertEquals(asked + AHEAD, taken.get(), 1);        // a stream's iterator may look at the next one
                decoded.next();
            }
        }
    }

    @Test
    void aMistakeInTheProgramIsNoUnreadablePhoto() {
        try (var decoded = new DecodedAhead<>(names.iterator(), 1, AHEAD, name -> 1 / name)) {
            assertThrows(IllegalStateException.class, decoded::next);
        }
    }
}
