package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final List<String> shown = new ArrayList<>();
    private final ProgressLine line = new ProgressLine("CPU <1>", 2, 200, shown::add);

    @Test
    void saysAtOnceThatItWarmsUp() {
        assertEquals("CPU <1> warming up", lastText());
    }

    @Test
    void tellsEpochImagesRateLossAccuracyAndTimeLeft() {
        line.update(1, 50, 2.0, 1.25, 0.5);
        assertEquals("CPU <1> epoch 1 of 2 · 50 of 200 images · 25.0 images/s · loss 1.250 · accuracy 50 % · 0:06 left", lastText());
        assertTrue(last().contains("value=\"50\" max=\"200\""), last());
    }

    @Test
    void isDrawnAtMostFourTimesASecond() {
        for (int images = 1; images <= 100; images++) {
            line.update(1, images, images, 1, 0);
        }
        assertTrue(shown.size() <= 4, shown.size() + " lines");
    }

    @Test
    void itsLastWordIsHowLongItTook() {
        line.update(2, 200, 8.0, 0.5, 1);
        line.close();
        assertTrue(lastText().endsWith("loss 0.500 · accuracy 100 % · done in 8.0 s"), lastText());
    }

    @Test
    void orThatItEndedEarly() {
        line.update(1, 199, 8.0, 0.5, 1);
        line.close();
        assertTrue(lastText().contains("ended early"), lastText());
        assertFalse(lastText().contains("left"), lastText());
    }

    @Test
    void numbersDoNotDependOnTheLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            line.update(1, 50, 2.0, 1.25, 0.5);
            assertTrue(lastText().contains("25.0 images/s"), lastText());
        } finally {
            Locale.setDefault(before);
        }
    }

    private String last() {
        return shown.get(shown.size() - 1);
    }

    private String lastText() {
        return Jsoup.parse(last()).text();
    }
}
