package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.testing.Said.assertSays;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import tutorial.training.Progress;

class ProgressLineTest {
    private final List<String> shown = new ArrayList<>();
    private final ProgressLine line = new ProgressLine("CPU <1>", shown::add);

    @Test
    void itSaysAtOnceThatItWarmsUp() {
        assertSays(lastText(), "CPU <1> warming up");
    }

    /** Whatever the locale. */
    @Test
    void epochImagesRateLossAccuracyAndTimeLeft() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            line.accept(new Progress(1, 2, 50, 200, 2.0, 1.25, 0.5));
        } finally {
            Locale.setDefault(before);
        }
        assertSays(lastText(), "CPU <1>", "epoch 1 of 2", "50 of 200 images", "25.0 images/s", "loss 1.250", "accuracy 50 %", "0:06 left");
        assertSays(last(), "value=\"50\" max=\"200\"");
    }

    @Test
    void itIsDrawnAtMostFourTimesASecond() {
        for (int images = 1; images <= 100; images++) {
            line.accept(new Progress(1, 2, images, 200, images, 1, 0));
        }
        assertTrue(shown.size() <= 4, shown.size() + " lines");
    }

    @Test
    void itsLastWordIsHowLongItTook() {
        line.accept(new Progress(2, 2, 200, 200, 8.0, 0.5, 1));
        line.close();
        assertSays(lastText(), "loss 0.500", "accuracy 100 %", "done in 8.0 s");
    }

    @Test
    void orThatItEndedEarly() {
        line.accept(new Progress(2, 2, 199, 200, 8.0, 0.5, 1));
        line.close();
        assertSays(lastText(), "ended early");
        assertFalse(last().contains("left"), last());
    }

    private String lastText() {
        return Jsoup.parse(last()).text();
    }

    private String last() {
        return shown.get(shown.size() - 1);
    }
}
