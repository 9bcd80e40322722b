package tutorial.machine;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.Optional;

/** NVIDIA's management library, which nvidia-smi asks: it knows all GPUs of the machine, hidden from this process or not. */
record Nvml(DriverLibrary library) {
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
        int[] milliwatts = new int[1];
        return new GpuFigures(library.call("nvmlDeviceGetUtilizationRates", gpu, percent) == 0 ? percent[0] : Double.NaN,
                library.call("nvmlDeviceGetMemoryInfo", gpu, bytes) == 0 ? bytes[2] / (double) (1 << 20) : Double.NaN,
                library.call("nvmlDeviceGetPowerUsage", gpu, milliwatts) == 0 ? milliwatts[0] / 1000.0 : Double.NaN);
    }
}
