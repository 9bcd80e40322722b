package tutorial.machine;

import ai.djl.Device;
import java.util.List;

/**
 * An NVIDIA GPU, or a MIG slice of one, that this process may use.
 *
 * @param bytes its memory
 * @param capability its compute capability, as 75 for 7.5
 * @param uuid by which {@link Nvml} knows it; empty for a slice, of which it knows the whole card only
 */
public record Gpu(String name, long bytes, int capability, String uuid) {
    /** DJL counts GPUs in CUDA's order, too. */
    public static Gpu of(Device device) {
        List<Gpu> gpus = Cuda.DRIVER.gpus();
        return device.getDeviceId() < gpus.size() ? gpus.get(device.getDeviceId()) : new Gpu("NVIDIA GPU", 0, 0, "");
    }

    /** Whether PyTorch rounds what a convolution multiplies to TF32, as it does from Ampere on unless the driver is told not to. */
    public boolean roundsToTf32() {
        return roundsToTf32(System.getenv("NVIDIA_TF32_OVERRIDE"));
    }

    boolean roundsToTf32(String override) {
        return capability >= 80 && !"0".equals(override);
    }
}
