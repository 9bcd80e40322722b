package tutorial.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.sun.jna.Function;
import java.util.Locale;
import java.util.Map;
import tutorial.machine.CpuFeatures;
import tutorial.machine.Gpu;
import tutorial.machine.PyTorchVersion;

/**
 * PyTorch's mixed precision, which DJL has no method for: while it is open, convolutions and matrix products of this thread
 * are computed in 16 bits, which tensor cores and some CPUs do several times as fast. Weights, their gradients and the loss
 * stay float32.
 *
 * <pre>{@code
 * try (Autocast mixed = Autocast.of(device, Precision.MIXED)) {
 *     scores = mixed.float32(trainer.forward(new NDList(images)).head());
 *     loss = trainer.getLoss().evaluate(new NDList(labels), new NDList(scores));
 * }
 * gradients.backward(Autocast.scaled(loss, Precision.MIXED));     // after it, not within
 * }</pre>
 */
public final class Autocast implements AutoCloseable {
    /** What is computed in, with its number in PyTorch's {@code ScalarType}. */
    private enum Half {
        FLOAT16(5), BFLOAT16(15);

        final int scalarType;

        Half(int scalarType) {
            this.scalarType = scalarType;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** From Ampere on. */
    private static final int BFLOAT16_CAPABILITY = 80;
    /** From Volta on. */
    private static final int TENSOR_CORES_CAPABILITY = 70;
    /** Gradients smaller than 6e-8 are 0 in float16; those of a mean loss are far from its largest number, 65,504. */
    private static final float FLOAT16_SCALE = 1024;

    private static final Function SET_TYPE = Libtorch.find("_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE");
    private static final Function SET_ON = Libtorch.find("_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb");
    private static final Function IS_ON = Libtorch.find("_ZN2at8autocast19is_autocast_enabledEN3c1010DeviceTypeE");
    private static final Function CLEAR_CACHE = Libtorch.find("_ZN2at8autocast11clear_cacheEv");
    private static final String WHY_NOT = whyNot(PyTorchVersion.loaded(),
            SET_TYPE != null && SET_ON != null && IS_ON != null && CLEAR_CACHE != null);
    private static final Autocast NONE = new Autocast(null, null);

    private final Device device;
    private final Thread thread;
    private final boolean before;

    private Autocast(Device device, Half half) {
        this.device = device;
        this.thread = Thread.currentThread();
        this.before = device != null && isOn(device);
        if (device != null) {
            SET_TYPE.invokeVoid(new Object[] {deviceType(device), half.scalarType});
            SET_ON.invokeVoid(new Object[] {deviceType(device), Libtorch.truth(true)});
        }
    }

    /**
     * Begins, on this thread and for this device, until it is closed.
     *
     * @param precision float32 for what does nothing
     * @throws UnsupportedOperationException if this PyTorch cannot be told to, see {@link #whyNot()}
     */
    public static Autocast of(Device device, Precision precision) {
        if (precision != Precision.MIXED) {
            return NONE;
        }
        if (WHY_NOT != null) {
            throw new UnsupportedOperationException("Mixed precision: " + WHY_NOT);
        }
        return new Autocast(device, half(device));
    }

    /**
     * An array as float32, for DJL: it does not know bfloat16, and most of its operations on such an array end the process.
     *
     * @return what gradients flow back from; {@code toType} would cut them off
     */
    public NDArray float32(NDArray array) {
        return device == null ? array : array.add(array.getManager().zeros(new Shape(1), DataType.FLOAT32));
    }

    /** Ends it, and frees the 16-bit copies of weights that PyTorch keeps for it. */
    @Override
    public void close() {
        if (device == null) {
            return;
        }
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException("Mixed precision was begun on the thread " + thread.getName() + ", and can only be ended there.");
        }
        SET_ON.invokeVoid(new Object[] {deviceType(device), Libtorch.truth(before)});
        CLEAR_CACHE.invokeVoid(new Object[0]);
    }

    /** Whether it is on for this thread. */
    static boolean isOn(Device device) {
        return Libtorch.truth(IS_ON.invokeInt(new Object[] {deviceType(device)}));
    }

    /** What to call backward on: in float16, small gradients would be lost, so all are made larger; {@link OwnedSgd} undoes it. */
    public static NDArray scaled(NDArray loss, Precision precision) {
        float scale = lossScale(loss.getDevice(), precision);
        // The number is on the CPU and goes along with the order to a GPU.
        return scale == 1 ? loss : loss.mul(loss.getManager().newSubManager(Device.cpu()).create(scale));
    }

    /** By what {@link #scaled} multiplies: 1 but for float16. */
    public static float lossScale(Device device, Precision precision) {
        return precision == Precision.MIXED && half(device) == Half.FLOAT16 ? FLOAT16_SCALE : 1;
    }

    /** The numbers that training computes with, as "float32" or "bfloat16, mixed". */
    public static String numbers(Device device, Precision precision) {
        return precision == Precision.MIXED ? half(device) + ", mixed" : float32(device);
    }

    private static String float32(Device device) {
        if (device.isGpu()) {
            return Gpu.of(device).roundsToTf32() ? "float32, TF32 in convolutions" : "float32";
        }
        return CpuFeatures.hasBfloat16() && oneDnnRounds(System.getenv()) ? "float32, bfloat16 in convolutions" : "float32";
    }

    /** Whether a variable lets oneDNN, which computes convolutions on a CPU, round float32 to bfloat16, as TF32 does on a GPU. */
    static boolean oneDnnRounds(Map<String, String> environment) {
        String mode = environment.getOrDefault("ONEDNN_DEFAULT_FPMATH_MODE", environment.getOrDefault("DNNL_DEFAULT_FPMATH_MODE", ""));
        return mode.equalsIgnoreCase("BF16") || mode.equalsIgnoreCase("ANY");
    }

    /** Why there is no mixed precision here; null where there is. */
    public static String whyNot() {
        return WHY_NOT;
    }

    static String whyNot(String pytorch, boolean exported) {
        if (!pytorch.replaceFirst("\\+.*", "").equals(PyTorchVersion.expected())) {
            return "PyTorch " + pytorch + " was loaded, and it is only known how to switch it on in " + PyTorchVersion.expected();
        }
        return exported ? null : "PyTorch for " + System.getProperty("os.name") + " does not export what switches it on";
    }

    /** Why it would not be faster, and what it would need; null where the hardware computes in 16 bits. */
    public static String whyNotFaster(Device device) {
        return device.isGpu() ? whyNotFaster(Gpu.of(device).capability()) : whyNotFaster(CpuFeatures.hasBfloat16());
    }

    static String whyNotFaster(int capability) {
        return capability >= TENSOR_CORES_CAPABILITY ? null : "This GPU has no tensor cores. NVIDIA's have them from compute capability 7.0 (V100) on.";
    }

    static String whyNotFaster(boolean bfloat16) {
        return bfloat16 ? null : "This CPU does not compute in bfloat16. It would need AVX512-BF16 or AMX, as AMD EPYC from Genoa and Intel Xeon "
                + "from Sapphire Rapids on have.";
    }

    private static Half half(Device device) {
        return device.isGpu() && !hasBfloat16(Gpu.of(device).capability()) ? Half.FLOAT16 : Half.BFLOAT16;
    }

    static boolean hasBfloat16(int capability) {
        return capability >= BFLOAT16_CAPABILITY;
    }

    /** As in PyTorch's {@code DeviceType}. */
    private static int deviceType(Device device) {
        return device.isGpu() ? 1 : 0;
    }
}
