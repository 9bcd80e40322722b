package tutorial.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import tutorial.machine.Gpu;
import tutorial.machine.Memory;

/**
 * Measures a device's {@link Roofline}, by work that the notebook gives it. While it is open, matrix products of this thread are
 * computed in the numbers in which training computes convolutions: in 16 bits in mixed precision, and where cuDNN rounds to
 * TF32 so does cuBLAS, which PyTorch has keep to float32 otherwise.
 */
public final class PeakMeter implements AutoCloseable {
    private static final double CPU_SECONDS = 0.4;
    private static final double GPU_SECONDS = 1;
    private static final List<Integer> CPU_SIZES = List.of(1024, 2048, 3072);
    private static final List<Integer> GPU_SIZES = List.of(2048, 4096, 8192);
    /** Bytes, far more than caches hold: the largest have some 300 MiB, be it for all of a server's cores together. */
    private static final long LARGE = 512L << 20;
    private static final int LARGE_SHARE = 8;

    private final Device device;
    private final DeviceClock clock;
    private final NDManager arrays;
    private final Autocast mixed;
    private final String numbers;
    private final boolean tf32;
    private final boolean tf32Before;
    private MeasuredRate arithmetic;
    private MeasuredRate memory;

    /** @param synchronise waits for the device */
    public PeakMeter(TrainingDevice on, Precision precision, Runnable synchronise) {
        this.device = on.device();
        this.clock = new DeviceClock(on, synchronise);
        this.arrays = NDManager.newBaseManager(device);
        this.mixed = Autocast.of(device, precision);
        this.tf32 = precision == Precision.FLOAT32 && on.isGpu() && Gpu.of(device).roundsToTf32() && Libtorch.hasTf32SwitchOfProducts();
        this.numbers = tf32 ? "TF32" : Autocast.numbers(device, precision).replaceFirst(", .*", "");
        this.tf32Before = tf32 && Libtorch.setTf32OfProducts(true);
    }

    /** Of how many rows and columns the matrices are to be; which is fastest is not known beforehand. */
    public List<Integer> sizes() {
        return device.isGpu() ? GPU_SIZES : CPU_SIZES;
    }

    /** A square matrix. It asks for gradients as weights do: in mixed precision PyTorch then casts it once, not in each product. */
    public NDArray matrix(int size) {
        NDArray matrix = arrays.randomNormal(new Shape(size, size));
        matrix.setRequiresGradient(true);
        return matrix;
    }

    /** An array far larger than the caches. */
    public NDArray large() {
        return arrays.ones(new Shape(Math.min(LARGE, Memory.free(device) / LARGE_SHARE) / Float.BYTES));
    }

    /** @param flop that a product does, its additions included */
    public void arithmetic(double flop, Runnable product) {
        arithmetic = MeasuredRate.better(arithmetic, measured(flop, product));
    }

    /** @param bytes that the work reads and writes */
    public void memory(double bytes, Runnable work) {
        memory = MeasuredRate.better(memory, measured(bytes, work));
    }

    private MeasuredRate measured(double amount, Runnable work) {
        return MeasuredRate.of(amount, device.isGpu() ? GPU_SECONDS : CPU_SECONDS, clock, work);
    }

    /** The best of what was measured. */
    public Roofline roofline() {
        return new Roofline(numbers, arithmetic, memory);
    }

    @Override
    public void close() {
        if (tf32) {
            Libtorch.setTf32OfProducts(tf32Before);
        }
        mixed.close();
        arrays.close();
        Memory.freeUnused();
    }
}
