package tutorial.training;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * One training of the race. All its figures follow from its steps: the rate is all images over all seconds, since the mean
 * of the steps' rates would flatter it.
 *
 * @param device its name on the page: "CPU", "GPU"
 * @param processor the name of the chip
 * @param loading how photos got to the device: "on the fly" or "cached"
 * @param caching seconds that decoding all photos beforehand took; 0 on the fly
 * @param steps in order
 */
public record Run(String device, String processor, String loading, double caching, List<Step> steps) {
    public static final String WAITING = "waiting for data";
    /** The parts of a step, in order, as the loop of the notebook times them. */
    public static final List<String> PARTS = List.of(WAITING, "copy and normalise", "forward and backward", "optimiser", "reading back");

    public String name() {
        return device + ", " + loading;
    }

    public long images() {
        return steps.stream().mapToLong(Step::images).sum();
    }

    public double seconds() {
        return sum(Step::seconds);
    }

    public double wallSeconds() {
        return sum(Step::wall);
    }

    public double imagesPerSecond() {
        return images() / seconds();
    }

    /** Whether each part of each step was timed; a GPU has to wait after each for that. */
    public boolean inParts() {
        return steps.stream().noneMatch(step -> step.parts().isEmpty());
    }

    /** Seconds of a typical step; NaN where single steps were not timed. */
    public double medianStep() {
        return inParts() ? stepTimes().median() : Double.NaN;
    }

    /** Seconds between the first and the third quarter of the steps; NaN where single steps were not timed. */
    public double spread() {
        return inParts() ? stepTimes().quartile3() - stepTimes().quartile1() : Double.NaN;
    }

    /** Seconds of one part of all steps. */
    public double part(String name) {
        return sum(step -> step.part(name));
    }

    /** The share of the time in which the device had no data, 0 to 1; NaN where parts were not timed. */
    public double waiting() {
        return inParts() ? part(WAITING) / seconds() : Double.NaN;
    }

    public int lastEpoch() {
        return steps.get(steps.size() - 1).epoch();
    }

    /** The mean loss over all images. */
    public double loss() {
        return sum(step -> step.loss() * step.images()) / images();
    }

    /** The share of images classified rightly while they were trained on, 0 to 1. */
    public double accuracy() {
        return sum(Step::correct) / images();
    }

    /** Whether its loss became no number, or infinite, or far larger than it began. */
    public boolean diverged() {
        return !(worstLoss() < 100 * Math.max(steps.get(0).loss(), 1));
    }

    /** The first loss that is no number or infinite; the last where all are numbers. */
    private double worstLoss() {
        return steps.stream().mapToDouble(Step::loss).filter(loss -> !Double.isFinite(loss)).findFirst()
                .orElse(steps.get(steps.size() - 1).loss());
    }

    /** What to do about that, as HTML. */
    public String divergence() {
        return "<b>The training diverged</b>: " + lossWent() + ". Set a lower learningRate in \"Settings\".";
    }

    private String lossWent() {
        return String.format(Locale.ROOT, "its loss went from %.3g to %.3g", steps.get(0).loss(), worstLoss());
    }

    /** Whether it learned, for the title of a chart. */
    public String lossFinding() {
        if (diverged()) {
            return "The training diverged: " + lossWent();
        }
        double first = epoch(1).loss();
        double last = epoch(lastEpoch()).loss();
        return String.format(Locale.ROOT, last < first || lastEpoch() == 1 && steps.get(steps.size() - 1).loss() < steps.get(0).loss()
                ? "The loss falls, from %.2f to %.2f" : "The loss does not fall: from %.2f to %.2f",
                lastEpoch() == 1 ? steps.get(0).loss() : first, lastEpoch() == 1 ? steps.get(steps.size() - 1).loss() : last);
    }

    /** Its steps of one epoch, from 1. */
    public Run epoch(int epoch) {
        return with(steps.stream().filter(step -> step.epoch() == epoch).toList());
    }

    /** Without its first steps. */
    public Run without(int firstSteps) {
        return with(steps.subList(firstSteps, steps.size()));
    }

    private Run with(List<Step> some) {
        return new Run(device, processor, loading, 0, some);
    }

    private DoubleColumn stepTimes() {
        return DoubleColumn.create("s", steps.stream().map(Step::seconds).toList());
    }

    private double sum(ToDoubleFunction<Step> figure) {
        return steps.stream().mapToDouble(figure).sum();
    }

    /** A row for each epoch. */
    public Table summary() {
        List<Run> epochs = IntStream.rangeClosed(1, lastEpoch()).mapToObj(this::epoch).toList();
        Table table = Table.create(name() + ": " + processor,
                column("epoch", epochs, Run::lastEpoch),
                column("images", epochs, Run::images),
                column("seconds", epochs, Run::seconds),
                column("wall clock, s", epochs, Run::wallSeconds),
                column("images/s", epochs, Run::imagesPerSecond));
        if (inParts()) {
            table.addColumns(column("waiting for data, %", epochs, epoch -> 100 * epoch.waiting()));
        }
        return table.addColumns(column("loss", epochs, Run::loss), column("accuracy, %", epochs, epoch -> 100 * epoch.accuracy()));
    }

    /** Where the time of each run went. */
    public static Table times(Collection<Run> runs) {
        List<Run> rows = List.copyOf(runs);
        Table table = Table.create("Milliseconds per image", StringColumn.create("run", rows.stream().map(Run::name)));
        for (String part : PARTS) {
            table.addColumns(column(part, rows, run -> run.millis(part)));
        }
        return table.addColumns(column("all", rows, run -> 1000 / run.imagesPerSecond()));
    }

    /** Milliseconds that one part takes for an image. */
    public double millis(String part) {
        return 1000 * part(part) / images();
    }

    /** One figure of each of some things, as a column of a table. */
    public static <T> DoubleColumn column(String name, List<T> rows, ToDoubleFunction<T> figure) {
        return DoubleColumn.create(name, rows.stream().mapToDouble(figure).toArray());
    }
}
