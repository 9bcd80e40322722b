package tutorial.machine;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.Optional;
import java.util.stream.Stream;

/** NVIDIA's management library, which nvidia-smi asks: it knows all GPUs of the machine, hidden from this process or not. */
record Nvml(DriverLibrary library) {
    /** As in nvml.h: clocks, sensors, and what may hold the clock down. */
    private static final int MULTIPROCESSORS = 1;
    private static final int CORE = 0;
    private static final long BY_POWER = 0x4 | 0x80;            // the power limit; what brakes it from outside
    private static final long BY_HEAT = 0x8 | 0x20 | 0x40;      // hardware's slowdown, and by software and hardware for the temperature

    /** @return nothing where there is no driver */
    static Optional<Nvml> open() {
        return open(DriverLibrary.onWindows() ? "nvml" : "libnvidia-ml.so.1");
    }

    static Optional<Nvml> open(String nameOrPath) {
        return DriverLibrary.open(nameOrPath).filter(library -> library.call("nvmlInit_v2") == 0).map(Nvml::new);
    }

    /** As "550.54.15". */
    String driverVersion() {
        byte[] text = new byte[80];
        library.call("nvmlSystemGetDriverVersion", text, text.length);
        return Native.toString(text);
    }

    /** By {@link Gpu#uuid()}; nothing where it knows no such GPU. */
    Optional<Pointer> gpu(String uuid) {
        Pointer[] gpu = new Pointer[1];
        return library.call("nvmlDeviceGetHandleByUUID", uuid, gpu) == 0 ? Optional.of(gpu[0]) : Optional.empty();
    }

    /** What a GPU does now. */
    GpuFigures figures(Pointer gpu) {
        int[] percent = new int[2];                // of the GPU, of its memory's bandwidth
        long[] bytes = new long[3];                // in all, free, in use
        boolean rates = library.call("nvmlDeviceGetUtilizationRates", gpu, percent) == 0;
        boolean memory = library.call("nvmlDeviceGetMemoryInfo", gpu, bytes) == 0;
        return new GpuFigures(rates ? percent[0] : Double.NaN, memory ? bytes[2] / (double) (1 << 20) : Double.NaN,
                number("nvmlDeviceGetPowerUsage", gpu) / 1000, number("nvmlDeviceGetClockInfo", gpu, MULTIPROCESSORS),
                number("nvmlDeviceGetMaxClockInfo", gpu, MULTIPROCESSORS), number("nvmlDeviceGetTemperature", gpu, CORE),
                throttled(gpu, BY_POWER), throttled(gpu, BY_HEAT));
    }

    /** What a function tells of a GPU, or of this part of it; NaN where it does not. */
    private double number(String function, Pointer gpu, Object... part) {
        int[] number = new int[1];
        Object[] arguments = Stream.of(new Object[] {gpu}, part, new Object[] {number}).flatMap(Stream::of).toArray();
        return library.call(function, arguments) == 0 ? number[0] : Double.NaN;
    }

    /** 1 if one of these reasons holds the clock down, else 0. */
    private double throttled(Pointer gpu, long reasons) {
        long[] current = new long[1];
        boolean known = library.call("nvmlDeviceGetCurrentClocksThrottleReasons", gpu, current) == 0
                || library.call("nvmlDeviceGetCurrentClocksEventReasons", gpu, current) == 0;            // the newer name
        return !known ? Double.NaN : (current[0] & reasons) == 0 ? 0 : 1;
    }
}
