package tutorial.page;

import static tutorial.page.Labels.text;

import java.awt.Color;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tutorial.training.Race;
import tutorial.training.Rate;
import tutorial.training.Run;

/**
 * What GPUs that others measured would do with the photos of this machine: they train as fast as they did there, or as fast as
 * this machine decodes, whichever is less. For images of another size their rates are scaled by the operations of an image.
 */
public final class Elsewhere {
    /** Between these sizes the scale was checked, see docs/results.md; smaller images leave a GPU idle between its kernels. */
    private static final int SMALLEST_SCALED = 160;
    private static final int LARGEST_SCALED = 448;

    private final Race race;
    private final List<PublishedRate> published;
    private final Rate decoded;
    private final int imageSize;
    private final double flopPerImage;
    private String missing = "";

    /**
     * With the rates of the project's file; where it cannot be read, the sentence says so instead.
     *
     * @param flopPerImage operations in training, at this size
     */
    public static Elsewhere of(Race race, Rate decoded, int imageSize, double flopPerImage) {
        return of(PublishedRate.FILE, race, decoded, imageSize, flopPerImage);
    }

    static Elsewhere of(Path file, Race race, Rate decoded, int imageSize, double flopPerImage) {
        StringBuilder why = new StringBuilder();
        Elsewhere elsewhere = new Elsewhere(race, PublishedRate.readOrTell(file, why::append), decoded, imageSize, flopPerImage);
        elsewhere.missing = why.toString();
        return elsewhere;
    }

    Elsewhere(Race race, List<PublishedRate> published, Rate decoded, int imageSize, double flopPerImage) {
        this.race = race;
        this.published = published;
        this.decoded = decoded;
        this.imageSize = imageSize;
        this.flopPerImage = flopPerImage;
    }

    /** Images/s of this size: measured, or else an estimate. */
    double rate(PublishedRate gpu) {
        return gpu.imageSize() == imageSize ? gpu.imagesPerSecond() : gpu.imagesPerSecond() * gpu.flopPerImage() / flopPerImage;
    }

    /** The share of the time in which a GPU would wait for photos that this machine decodes on the fly. */
    double waiting(PublishedRate gpu) {
        return Math.max(0, 1 - decoded.imagesPerSecond() / rate(gpu));
    }

    private boolean isEstimate() {
        return published.stream().anyMatch(gpu -> gpu.imageSize() != imageSize);
    }

    private PublishedRate fastest() {
        return published.stream().max(Comparator.comparing(this::rate)).orElseThrow();
    }

    private PublishedRate slowest() {
        return published.stream().min(Comparator.comparing(this::rate)).orElseThrow();
    }

    /** The devices here, then the GPUs elsewhere from the slowest up; what this machine could not feed them is pale. */
    public Picture chart() {
        List<Charts.Bar> bars = new ArrayList<>();
        for (Run run : race.firstOfEach()) {
            bars.add(new Charts.Bar(RunCharts.label(run.on()), run.imagesPerSecond(), Double.NaN,
                    RunCharts.kind(run.on()), "measured here"));
        }
        published.stream().sorted(Comparator.comparing(this::rate)).forEach(gpu -> bars.add(bar(gpu)));
        return Charts.bars(title(), "images per second", bars, decoded.imagesPerSecond(), "decoded here: " + decoded);
    }

    private Charts.Bar bar(PublishedRate gpu) {
        double rate = rate(gpu);
        double unfed = rate * waiting(gpu);
        Color color = Charts.Kind.PUBLISHED.color;
        List<Charts.Part> parts = List.of(new Charts.Part("", rate - unfed, color),
                new Charts.Part("", unfed, Charts.pale(color, 0.65)));
        return new Charts.Bar(gpu.label(), parts, Double.NaN, false, about(gpu),
                "×" + times(gpu, 1) + (waiting(gpu) == 0 ? "" : text(", waits %.0f %%", 100 * waiting(gpu))));
    }

    /** How many times as fast as this CPU. */
    private String times(PublishedRate gpu, double fed) {
        return estimated(fed * rate(gpu) / race.cpu().imagesPerSecond());
    }

    private String about(PublishedRate gpu) {
        String sign = gpu.imageSize() == imageSize ? gpu.lowerBound() ? "≥ " : "" : imageSize < SMALLEST_SCALED ? "≤ " : "≈ ";
        return sign + (gpu.imageSize() == imageSize ? Ticks.number(Math.rint(rate(gpu))) : estimated(rate(gpu)));
    }

    /** Two digits, since no estimate is better. */
    private static String estimated(double value) {
        return new BigDecimal(value).round(new MathContext(2)).toPlainString();
    }

    private String title() {
        if (published.isEmpty()) {
            return text("This machine decodes %s images per second", decoded);
        }
        PublishedRate fastest = fastest();
        String here = waiting(fastest) == 0 ? "" : text("; fed by this machine, %s times", times(fastest, 1 - waiting(fastest)));
        return text("The fastest GPU elsewhere trains %s times as fast as this CPU%s%s", times(fastest, 1), here, isEstimate() ? " (estimate)" : "");
    }

    /** The same of the fastest and of the slowest GPU, in words; of an estimate also how far it may be off. */
    public String sentence() {
        if (published.isEmpty()) {
            return missing;
        }
        PublishedRate fastest = fastest();
        PublishedRate slowest = slowest();
        String fed = waiting(fastest) == 0 ? "enough for both, even on the fly."
                : text("on the fly, %s would wait %.0f %% of the time, %s %s. Cached, neither would.", fastest.gpu(), 100 * waiting(fastest),
                        slowest.gpu(), waiting(slowest) == 0 ? "at that rate not at all" : text("%.0f %%", 100 * waiting(slowest)));
        String scaled = !isEstimate() ? "" : text(" The rates are <i>estimates</i>, scaled by the operations of an image. Networks that "
                + "were measured at two sizes, from %d to %d pixels, keep to that within 5 %%.%s", SMALLEST_SCALED, LARGEST_SCALED,
                imageSize < SMALLEST_SCALED ? " Smaller images leave a GPU less to do at once, so these are upper bounds." : "");
        return text("Elsewhere, %s trains %s images/s, ×%s over this CPU, and %s %s, ×%s. This machine decodes %s images/s: ", named(fastest),
                about(fastest), times(fastest, 1), named(slowest), about(slowest), times(slowest, 1), decoded) + fed + scaled;
    }

    private static String named(PublishedRate gpu) {
        return gpu.label().replaceFirst(", (.*)", " ($1)");
    }
}
