package tutorial.kernel;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.regex.Pattern;

/**
 * Ends the kernel when the thread that runs its cells has died of an error, as of one in JShell. It would never answer again, not
 * even an interrupt; of a kernel that ended Jupyter says so, and starts another.
 */
final class LastWords {
    /** As JJava and IJava name it. */
    private static final Pattern RUNS_CELLS = Pattern.compile("(?:Loop-)?Shell-\\d+");

    private LastWords() {}

    static void watch() {
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            PrintStream log = new PrintStream(new FileOutputStream(FileDescriptor.err), true);     // System.err is the page
            log.print("Exception in thread \"" + thread.getName() + "\" ");
            error.printStackTrace(log);
            if (RUNS_CELLS.matcher(thread.getName()).matches()) {
                log.println("The kernel ends, since the thread that runs its cells died: " + error);
                Runtime.getRuntime().exit(1);
            }
        });
    }
}
