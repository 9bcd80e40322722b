package tutorial.machine;

import com.sun.jna.NativeLibrary;
import java.util.Optional;

/** A library of NVIDIA's driver. */
record DriverLibrary(NativeLibrary library) {
    /** @return nothing where it cannot be loaded */
    static Optional<DriverLibrary> open(String nameOrPath) {
        try {
            return Optional.of(new DriverLibrary(NativeLibrary.getInstance(nameOrPath)));
        } catch (UnsatisfiedLinkError noDriver) {
            return Optional.empty();
        }
    }

    static boolean onWindows() {
        return System.getProperty("os.name").startsWith("Windows");
    }

    /** @return what the library answers, 0 if it went well; an older driver does not have every function */
    int call(String function, Object... arguments) {
        try {
            return library.getFunction(function).invokeInt(arguments);
        } catch (UnsatisfiedLinkError tooOld) {
            return -1;
        }
    }
}
