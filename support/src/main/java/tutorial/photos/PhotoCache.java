package tutorial.photos;

import ai.djl.Device;
import java.util.List;
import java.util.function.Consumer;
import tutorial.machine.Memory;

/** Where cached photos would lie: on the device if they take less than half of its free memory, else in the machine's. */
public final class PhotoCache {
    private PhotoCache() {}

    /** Bytes of so many photos of so many pixels a side. */
    public static long bytes(int photos, int size) {
        return 3L * size * size * photos;
    }

    /** The device where they fit. */
    public static Device placeFor(long bytes, Device device) {
        return bytes < Memory.free(device) / 2 ? device : Device.cpu();
    }

    /** How much the cache takes, and what to do if that is too much. */
    static String explained(long bytes) {
        return "All photos cached take " + Math.round(bytes / 1e6) + " MB." + (fits(bytes) ? "" : " That is more than half of this "
                + "machine's free memory, so they are only decoded on the fly. A smaller imageSize in \"Settings\" would make them fit.");
    }

    /** The ways of data loading that this machine has the memory for; says what the cache takes. */
    public static List<DataLoading> possible(List<DataLoading> loadings, int photos, int size, Consumer<String> tell) {
        long bytes = bytes(photos, size);
        tell.accept(explained(bytes));
        return fits(bytes) ? loadings : List.of(DataLoading.ON_THE_FLY);
    }

    /** Whether they fit into the machine's memory at all. */
    public static boolean fits(long bytes) {
        return bytes <= Memory.free(Device.cpu()) / 2;
    }
}
