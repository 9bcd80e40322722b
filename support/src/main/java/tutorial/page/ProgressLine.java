package tutorial.page;

import java.util.Locale;
import java.util.function.Consumer;
import tutorial.training.Progress;

/** A live line under a training cell: a bar, then epoch, step, images/s, loss, accuracy and the time left. */
public final class ProgressLine implements Consumer<Progress>, AutoCloseable {
    private static final long REDRAW_NANOS = 250_000_000L;

    private final String title;
    private final Consumer<String> show;
    private long drawn = Long.MIN_VALUE;
    private String text = "warming up";
    private Progress latest = new Progress(0, 0, 0, 1, 0, 0, 0);

    /**
     * @param title what is training, as "CPU"
     * @param show takes HTML, e.g. {@code html -> updateDisplay(id, html, "text/html")}
     */
    public ProgressLine(String title, Consumer<String> show) {
        this.title = title;
        this.show = show;
        draw(text);
    }

    /** Redraws the line, at most four times a second. */
    @Override
    public void accept(Progress now) {
        latest = now;
        double rate = now.images() / now.seconds();
        text = String.format(Locale.ROOT, "epoch %d of %d · %d of %d images · %.1f images/s · loss %.3f · accuracy %.0f %% · %s left",
                now.epoch(), now.epochs(), now.images(), now.totalImages(), rate, now.loss(), 100 * now.accuracy(),
                clock((now.totalImages() - now.images()) / rate));
        long nanos = System.nanoTime();
        if (drawn == Long.MIN_VALUE || nanos - drawn >= REDRAW_NANOS) {
            drawn = nanos;
            draw(text);
        }
    }

    /** The last word: done, with the time it took, or that it ended early. */
    @Override
    public void close() {
        String before = text.replaceFirst(" · [0-9:]+ left$", "");
        draw(before + (latest.images() == latest.totalImages()
                ? String.format(Locale.ROOT, " · done in %.1f s", latest.seconds())
                : " · ended early"));
    }

    private void draw(String line) {
        show.accept("<progress style=\"width: 6em\" value=\"" + latest.images() + "\" max=\"" + latest.totalImages() + "\"></progress> <b>"
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
