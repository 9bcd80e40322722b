package tutorial.photos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhotoCacheTest {
    private static final List<DataLoading> BOTH = List.of(DataLoading.values());
    /** More than any machine has: 48 TB. */
    private static final int TOO_MANY = 1_000_000;
    private static final int LARGE = 4_000;

    private final List<String> told = new ArrayList<>();

    @Test
    void aPhotoTakesThreeBytesAPixel() {
        assertEquals(3 * 224 * 224 * 2_207, PhotoCache.bytes(2_207, 224));
        assertEquals(48_000_000_000_000L, PhotoCache.bytes(TOO_MANY, LARGE));
    }

    @Test
    void whatFitsIsLoadedInEveryWay() {
        assertEquals(BOTH, PhotoCache.possible(BOTH, 240, 224, told::add));
        assertEquals(List.of(DataLoading.CACHED), PhotoCache.possible(List.of(DataLoading.CACHED), 240, 224, told::add));
        assertEquals("All photos cached take 36 MB.", told.get(0));
    }

    @Test
    void whatDoesNotFitIsOnlyDecodedOnTheFly() {
        assertEquals(List.of(DataLoading.ON_THE_FLY), PhotoCache.possible(BOTH, TOO_MANY, LARGE, told::add));
        assertEquals(List.of(DataLoading.ON_THE_FLY), PhotoCache.possible(List.of(DataLoading.CACHED), TOO_MANY, LARGE, told::add));
        String line = "All photos cached take 48000000 MB. That is more than half of this machine's free memory, so they are only decoded "
                + "on the fly. A smaller imageSize in \"Settings\" would make them fit.";
        assertEquals(List.of(line, line), told);
    }
}
