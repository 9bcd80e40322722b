package tutorial.machine;

import ai.djl.engine.EngineException;
import java.util.List;

/** Tells PyTorch's "out of memory" from its other errors; DJL throws the same exception for all of them. */
public final class OutOfMemory {
    /** What PyTorch, cuDNN and cuBLAS say when a GPU's memory is full. */
    private static final List<String> GPU = List.of("CUDA out of memory", "CUDA error: out of memory", "CUDA driver error: out of memory",
            "CUDA API call failed: out of memory",
            "CUDA_ERROR_OUT_OF_MEMORY", "ALLOC_FAILED", "ALLOCATION_FAILED", "Not enough memory for workspace",
            "unable to find an engine to execute this computation", "Unable to find a valid cuDNN algorithm");
    private static final List<String> MACHINE = List.of("out of memory", "can't allocate memory", "not enough memory",
            "Cannot allocate memory", "std::bad_alloc", "HOST_ALLOCATION_FAILED");

    private static final double MARGIN = 1.25;

    private OutOfMemory() {}

    /** Whether this error, or what caused it, is memory that PyTorch could not get, of a GPU or of the machine. */
    public static boolean is(Throwable error) {
        return isOfGpu(error) || isOfMachine(error);
    }

    /**
     * Which batch still fits, where a larger one did not.
     *
     * @param batches those that did
     * @throws RuntimeException the error itself, if it is not about memory
     */
    public static String told(RuntimeException error, String device, List<Integer> batches) {
        if (!is(error)) {
            throw error;
        }
        int fits = batches.isEmpty() ? 0 : batches.get(batches.size() - 1);
        return device + ": no memory for a batch of " + Math.max(1, 2 * fits) + "; " + fits + " fits.";
    }

    /**
     * Says beforehand that a batch twice as large as the last would not fit into memory, where Linux would not tell but kill the
     * kernel.
     *
     * @param used gigabytes of this process with each batch so far, NaN where that is not known; beyond the first they grow as
     *     the batch does, so the next one adds as much again as all have added
     * @param free gigabytes beside
     * @throws EngineException if it would not
     */
    public static void foresee(List<Double> used, double free) {
        double more = used.isEmpty() ? 0 : used.get(used.size() - 1) - used.get(0);
        if (MARGIN * more > free) {
            throw new EngineException("not enough memory for a batch twice as large");
        }
    }

    private static boolean isOfGpu(Throwable error) {
        return says(error, GPU) && !says(error, List.of("HOST_ALLOCATION_FAILED"));
    }

    private static boolean isOfMachine(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return true;
            }
        }
        return says(error, MACHINE);
    }

    private static boolean says(Throwable error, List<String> words) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (words.stream().anyMatch(message::contains)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The same error, but if it is about memory, one that says whose is full, and names the remedy in a line.
     *
     * @param device where the training ran, as "GPU"; the memory of the other may be full
     * @param batchSize the batch that did not fit
     */
    public static RuntimeException explained(RuntimeException error, String device, int batchSize) {
        if (!is(error)) {
            return error;
        }
        String full = isOfGpu(error) ? "GPU" : device.equals("GPU") ? "The machine, beside the GPU" : device;
        String remedy = batchSize > 1 ? "Set batchSize = " + batchSize / 2 : "Set imageSize lower";
        return new IllegalStateException(
                full + ": out of memory at batchSize = " + batchSize + ". " + remedy + " in \"Settings\", and run from there.", error);
    }
}
