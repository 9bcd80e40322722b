package tutorial.page;

import java.util.Locale;
import java.util.function.Consumer;

/** A live line under a training cell: a bar, then epoch, step, images/s, loss, accuracy and the time left. */
public final class ProgressLine implements AutoCloseable {
    private static final long REDRAW_NANOS = 250_000_000L;

    private final String title;
    private final int epochs;
    private final long totalImages;
    private final Consumer<String> show;
    private long drawn = Long.MIN_VALUE;
    private String text = "warming up";
    private long images;
    private double seconds;

    /**
     * @param title what is training, as "CPU"
     * @param epochs number of epochs
     * @param totalImages images of all epochs together
     * @param show takes HTML, e.g. {@code html -> updateDisplay(id, html, "text/html")}
     */
    public ProgressLine(String title, int epochs, long totalImages, Consumer<String> show) {
        this.title = title;
        this.epochs = epochs;
        this.totalImages = totalImages;
        this.show = show;
        draw(text);
    }

    /** A line that shows nothing, for a training that is not the real one. */
    public static ProgressLine silent() {
        return new ProgressLine("", 1, 1, html -> {});
    }

    /**
     * Redraws the line, at most four times a second.
     *
     * @param epoch the epoch, from 1
     * @param images images trained so far, in all epochs
     * @param seconds seconds so far
     * @param loss this epoch's mean loss so far
     * @param accuracy share of this epoch's images classified rightly, 0 to 1
     */
    public void update(int epoch, long images, double seconds, double loss, double accuracy) {
        this.images = images;
        this.seconds = seconds;
        double rate = images / seconds;
        text = String.format(Locale.ROOT, "epoch %d of %d · %d of %d images · %.1f images/s · loss %.3f · accuracy %.0f %% · %s left",
                epoch, epochs, images, totalImages, rate, loss, 100 * accuracy, clock((totalImages - images) / rate));
        long now = System.nanoTime();
        if (drawn == Long.MIN_VALUE || now - drawn >= REDRAW_NANOS) {
            drawn = now;
            draw(text);
        }
    }

    /** The last word: done, with the time it took, or that it ended early. */
    @Override
    public void close() {
        String before = text.replaceFirst(" · [0-9:]+ left$", "");
        draw(before + (images == totalImages ? String.format(Locale.ROOT, " · done in %.1f s", seconds)
                : " · ended early"));
    }

    private void draw(String line) {
        show.accept("<progress style=\"width: 6em\" value=\"" + images + "\" max=\"" + totalImages + "\"></progress> <b>"
                + escape(title) + "</b> " + escape(line));
    }

    private static String clock(double seconds) {
        long whole = Math.round(seconds);
        return String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
