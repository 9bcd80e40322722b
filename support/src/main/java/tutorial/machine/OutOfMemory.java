package tutorial.machine;

import ai.djl.engine.EngineException;
import java.util.List;
import java.util.regex.Pattern;

/** Tells PyTorch's "out of memory" from its other errors; DJL throws the same exception for all of them. */
public final class OutOfMemory {
    /** What PyTorch, cuDNN and cuBLAS say when a GPU's memory is full. */
    private static final Pattern GPU = Pattern.compile("CUDA.*out of memory|CUDA_ERROR_OUT_OF_MEMORY|(?<!HOST_)ALLOC(ATION)?_FAILED"
            + "|Not enough memory for workspace|unable to find an engine to execute this computation"
            + "|Unable to find a valid cuDNN algorithm");
    private static final Pattern MACHINE = Pattern.compile("out of memory|not enough memory|[cC]an('t|not) allocate memory|std::bad_alloc"
            + "|HOST_ALLOCATION_FAILED|" + OutOfMemoryError.class.getName());
    private static final double MARGIN = 1.25;

    private OutOfMemory() {}

    /** Whether this error, or what caused it, is memory that PyTorch or Java could not get, of a GPU or of the machine. */
    public static boolean is(Throwable error) {
        return says(GPU, error) || says(MACHINE, error);
    }

    private static boolean says(Pattern words, Throwable error) {
        return error != null && (words.matcher(error.toString()).find() || says(words, error.getCause()));
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
        String full = says(GPU, error) ? "GPU" : device.equals("GPU") ? "The machine, beside the GPU" : device;
        String remedy = batchSize > 1 ? "Set batchSize = " + batchSize / 2 : "Set imageSize lower";
        return new IllegalStateException(
                full + ": out of memory at batchSize = " + batchSize + ". " + remedy + " in \"Settings\", and run from there.", error);
    }

    /**
     * Which batch still fits, where one twice as large did not.
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
     * @param used gigabytes of this process with each batch so far; beyond the first they grow as the batch does, so the next one
     *     adds as much again as all have added
     * @param free gigabytes beside
     * @throws EngineException if it would not
     */
    public static void foresee(List<Double> used, double free) {
        double more = used.isEmpty() ? 0 : used.get(used.size() - 1) - used.get(0);
        if (MARGIN * more > free) {
            throw new EngineException("not enough memory for a batch twice as large");
        }
    }
}
