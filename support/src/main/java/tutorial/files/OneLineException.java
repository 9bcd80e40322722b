package tutorial.files;

import java.io.IOException;

/** What a user is told: one line that names the file or address and the remedy. */
final class OneLineException extends IOException {
    OneLineException(Object file, String text, Throwable cause) {
        super((file + ": " + text + ".").replaceAll("\\p{Cntrl}+", " "), cause);
    }

    OneLineException(Object file, String text) {
        this(file, text, null);
    }
}
