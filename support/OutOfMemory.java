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
}
