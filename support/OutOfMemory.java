/** Tells PyTorch's "out of memory" from its other errors; DJL throws the same exception for all of them. */
public final class OutOfMemory {
    private OutOfMemory() {}

    /** Whether this error, or what caused it, is memory that PyTorch could not get, of a GPU or of the machine. */
    public static boolean is(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.contains("out of memory") || message.contains("can't allocate memory")
                    || cause instanceof OutOfMemoryError) {
                return true;
            }
        }
        return false;
    }

    /**
     * The same error, but if it is about memory, one that names the remedy in a line.
     *
     * @param device what ran out of memory, as "GPU"
     * @param batchSize the batch that did not fit
     */
    public static RuntimeException explained(RuntimeException error, String device, int batchSize) {
        if (!is(error)) {
            return error;
        }
        String remedy = batchSize > 1 ? "Set batchSize = " + batchSize / 2 + " in section 3, Settings"
                : "Set imageSize lower in section 3, Settings";
        return new IllegalStateException(
                device + ": out of memory at batchSize = " + batchSize + ". " + remedy + ", and run from there.", error);
    }
}
