package tutorial.page;

import static tutorial.page.Labels.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import tech.tablesaw.api.Row;
import tutorial.training.Race;
import tutorial.training.Run;
import tutorial.training.Settings;
import tutorial.training.TrainingDevice;

/**
 * How much faster, as a chart and in a sentence: the runs of this notebook beside published and recorded ones on images of the
 * same size.
 */
public final class Answer {
    static final Path ORIGINAL = Path.of("results/0000-original-tutorial.csv");

    private final Race race;
    private final RecordedRuns others;

    /** @param settings say where recorded runs are; a file that cannot be read is left to the section that shows all runs */
    public Answer(Race race, Settings settings) throws IOException {
        this(race, settings.imageSize(), ORIGINAL, settings.results());
    }

    Answer(Race race, int imageSize, Path original, Path resultsFolder) throws IOException {
        this.race = race;
        this.others = new RecordedRuns(original, resultsFolder, imageSize, race.last().isGpu());
    }

    /**
     * The rate of each device, with its compute-only rate behind it.
     *
     * @param asFed how many times as fast the last device is, with its photos
     * @param computeOnly and without
     */
    public Picture headline(double asFed, double computeOnly) {
        List<Charts.Bar> bars = new ArrayList<>();
        for (Run run : race.firstOfEach()) {
            bars.add(new Charts.Bar(RunCharts.label(run.on()), run.imagesPerSecond(),
                    race.computeOnly(run.on()).imagesPerSecond(), RunCharts.kind(run.on()), note(run)));
        }
        if (!race.last().isGpu()) {
            others.recorded().forEach(row -> bars.add(recordedBar(row)));
            others.published().forEach(row -> bars.add(new Charts.Bar("published: " + RecordedRuns.chip(row), row.getDouble("images/s"),
                    Double.NaN, Charts.Kind.PUBLISHED, RecordedRuns.isOfGpu(row) ? text("×%.1f over its CPU", row.getDouble("speed-up")) : "")));
        }
        return Charts.bars(headlineTitle(asFed, computeOnly), "images per second", bars);
    }

    private String note(Run run) {
        String own = run.rate().plusMinus();
        String computeOnly = (own.isEmpty() ? "" : own + "; ") + "compute only: " + race.computeOnly(run.on()).rate();
        return run.on().equals(TrainingDevice.CPU) ? computeOnly
                : text("×%.1f, %s, ×%.1f", race.speedUp(run), computeOnly, race.computeOnlySpeedUp(run.on()));
    }

    private static Charts.Bar recordedBar(Row row) {
        double computeOnly = row.getDouble("compute only, images/s");
        double speedUp = row.getDouble("speed-up");
        String note = (Double.isNaN(speedUp) ? "" : text("×%.1f; ", speedUp))
                + (Double.isNaN(computeOnly) ? "" : "compute only: " + digits(computeOnly) + "; ") + RecordedRuns.date(row, false);
        return new Charts.Bar("recorded: " + RecordedRuns.chip(row) + ", " + row.getString("data loading") + RecordedRuns.mixed(row),
                row.getDouble("images/s"), computeOnly, Charts.Kind.RECORDED, note);
    }

    private String headlineTitle(double asFed, double computeOnly) {
        List<Run> runs = race.firstOfEach();
        if (runs.size() == 1) {
            return text("This CPU trains %s images per second", runs.get(0).rate());
        }
        TrainingDevice second = runs.get(runs.size() - 1).on();
        String name = second.isGpu() ? "The GPU" : second.toString();
        return shortest().isTooShort() ? text("%s trains %.1f× as fast as the CPU, compute only; the race was too short to compare", name, computeOnly)
                : text("%s trains %.1f× as fast as the CPU, %.1f× compute only", name, asFed, computeOnly);
    }

    private Run shortest() {
        return race.firstOfEach().stream().min(Comparator.comparing(Run::seconds)).orElseThrow();
    }

    private String tooShort() {
        Run run = shortest();
        return !run.isTooShort() ? "" : text(" <b>The race was too short to compare</b>: %s took %.1f s. %s", run.name(), run.seconds(),
                run.howToMakeItLonger());
    }

    /** The answer in a sentence, as HTML; without a GPU also how to get one. */
    public String sentence(double asFed, double computeOnly) {
        List<Run> runs = race.firstOfEach();
        Run cpu = runs.get(0);
        if (runs.size() > 1) {
            Run second = runs.get(runs.size() - 1);
            return text("<b>%s (%s) trains %s images per second, %.1f times as many as the CPU (%s). On data that is already "
                    + "on the device it would be %.1f times as many.</b> %s", second.on(), second.on().processor(),
                    second.rate(), asFed, cpu.on().processor(), computeOnly, second.gpu().throttling()).strip() + disturbances(runs) + tooShort();
        }
        String here = text("<b>This CPU (%s) trains %s images per second.</b> ", cpu.on().processor(), cpu.rate());
        List<Row> published = others.published();
        String beside = published.isEmpty() ? "" : text("The original tutorial published %s for its CPU and %s for its GPU, a T4: ×%.1f. ",
                digits(published.get(0).getDouble("images/s")), digits(published.get(1).getDouble("images/s")),
                published.get(1).getDouble("speed-up"));
        return here + disturbances(runs) + beside + (race.gpuWanted()
                ? "There is no GPU here to race it. <a href=\"docs/free-gpus.md\">docs/free-gpus.md</a> says how to get one for free."
                : "No GPU was asked for, since secondDevice = \"none\".") + tooShort();
    }

    /** What makes their rates unsure. */
    private static String disturbances(List<Run> runs) {
        return runs.stream().flatMap(run -> run.cpu().told().stream().map(why -> " " + run.on() + ": " + why + " ")).collect(Collectors.joining());
    }

    /** How near a rate here comes to that of the original's GPU, to follow a finding; empty where it is less than half. */
    String besideTheOriginal(double rate) {
        return others.published().stream().filter(row -> RecordedRuns.isOfGpu(row) && rate >= row.getDouble("images/s") / 2).findFirst()
                .map(row -> text(": %.0f %% of the original's %s", 100 * rate / row.getDouble("images/s"), RecordedRuns.chip(row))).orElse("");
    }

    RecordedRuns others() {
        return others;
    }

    Race race() {
        return race;
    }

    /** Three significant digits. */
    static String digits(double value) {
        return value >= 100 ? text("%.0f", value) : text(value >= 10 ? "%.1f" : "%.2f", value);
    }
}
