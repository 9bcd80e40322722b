package tutorial.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/** Checks of what a text tells, however it is worded. */
public final class Said {
    private Said() {}

    public static void assertSays(String text, String... words) {
        for (String word : words) {
            assertTrue(text.contains(word), () -> "\"" + word + "\" is not in: " + text);
        }
    }

    /** @param words in the error's message, which is one line */
    public static void assertRefused(Class<? extends Exception> type, Executable work, String... words) {
        String message = assertThrows(type, work).getMessage();
        assertEquals(1, message.lines().count(), message);
        assertSays(message, words);
    }
}
