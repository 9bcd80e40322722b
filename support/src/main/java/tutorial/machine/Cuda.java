package tutorial.machine;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * What CUDA's driver (libcuda) tells of the GPUs that this process may use: in CUDA's order, without those that are hidden, a
 * MIG slice as such.
 *
 * @param isThere whether the library can be loaded
 * @param version the newest CUDA that it knows, as 12080 for 12.8, or 0
 * @param error why it lists no GPU, as "no CUDA-capable device is detected, error 100", else empty
 */
record Cuda(boolean isThere, int version, List<Gpu> gpus, String error) {
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;

    /** Held, since JNA closes a library that nothing refers to. */
    private static final Optional<DriverLibrary> LIBRARY = DriverLibrary.open(DriverLibrary.onWindows() ? "nvcuda" : "libcuda.so.1");
    /** Asked once: what a process sees of the GPUs does not change while it lives. */
    static final Cuda DRIVER = LIBRARY.map(Cuda::ask).orElse(new Cuda(false, 0, List.of(), ""));

    private static Cuda ask(DriverLibrary library) {
        int[] version = new int[1];
        int[] count = new int[1];
        int failed = library.call("cuInit", 0);
        library.call("cuDriverGetVersion", version);
        failed = failed == 0 ? library.call("cuDeviceGetCount", count) : failed;
        if (failed != 0) {
            Pointer[] text = new Pointer[1];
            boolean known = library.call("cuGetErrorString", failed, text) == 0 && text[0] != null;
            return new Cuda(true, version[0], List.of(), (known ? text[0].getString(0) : "CUDA error") + ", error " + failed);
        }
        return new Cuda(true, version[0], IntStream.range(0, count[0]).mapToObj(number -> gpu(library, number)).toList(), "");
    }

    private static Gpu gpu(DriverLibrary library, int number) {
        int[] device = new int[1];
        byte[] name = new byte[256];
        long[] bytes = new long[1];
        int[] major = new int[1];
        int[] minor = new int[1];
        byte[] uuid = new byte[16];
        library.call("cuDeviceGet", device, number);
        library.call("cuDeviceGetName", name, name.length, device[0]);
        library.call("cuDeviceTotalMem_v2", bytes, device[0]);
        library.call("cuDeviceGetAttribute", major, CAPABILITY_MAJOR, device[0]);
        library.call("cuDeviceGetAttribute", minor, CAPABILITY_MINOR, device[0]);
        boolean isWhole = !Native.toString(name).contains(" MIG ") && library.call("cuDeviceGetUuid_v2", uuid, device[0]) == 0;
        ByteBuffer halves = ByteBuffer.wrap(uuid);
        return new Gpu(Native.toString(name).strip(), bytes[0], 10 * major[0] + minor[0],
                isWhole ? "GPU-" + new UUID(halves.getLong(), halves.getLong()) : "");
    }

    String dottedVersion() {
        return version / 1000 + "." + version % 1000 / 10;
    }
}
