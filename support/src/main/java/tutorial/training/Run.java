package tutorial.training;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import tech.tablesaw.api.DoubleColumn;
import tutorial.machine.CpuFigures;
import tutorial.machine.GpuFigures;
import tutorial.photos.DataLoading;

/**
 * One training of the race. All its figures follow from its steps: the rate is all images over all seconds, since the mean
 * of the steps' rates would flatter it.
 *
 * @param caching seconds that decoding all photos beforehand took; 0 on the fly
 * @param steps in order
 * @param gpu what was seen of the GPU while it trained
 * @param cpu what kept the CPU from it meanwhile
 * @param weights that it learned, as DJL saves them; null if it was not a whole training
 */
public record Run(Key key, double caching, List<Step> steps, GpuFigures gpu, CpuFigures cpu, byte[] weights) {
    public static final String WAITING = "waiting for data";
    public static final String COMPUTING = "forward and backward";
    public static final String READING = "reading back";
    /** The parts of a step, in order, as the loop of the notebook times them. */
    public static final List<String> PARTS = List.of(WAITING, "normalise", COMPUTING, "optimiser", READING);
    private static final double FAR = 100;
    private static final int BLOCKS = 6;
    private static final double LEAST_SECONDS = 5;

    /** What is compared: a device, and how photos get to it. */
    public record Key(TrainingDevice on, DataLoading loading) {
        /** As on the page: "CPU, on the fly". */
        @Override
        public String toString() {
            return on + ", " + loading;
        }
    }

    /** Some steps that are no whole training. */
    public Run(Key key, double caching, List<Step> steps) {
        this(key, caching, steps, GpuFigures.UNKNOWN, CpuFigures.UNKNOWN, null);
    }

    /** As on the page: "CPU, on the fly". */
    public String name() {
        return key.toString();
    }

    public TrainingDevice on() {
        return key.on;
    }

    public long images() {
        return steps.stream().mapToLong(Step::images).sum();
    }

    public double seconds() {
        return sum(Step::seconds);
    }

    /** Seconds with the moments in which the clock stood still. */
    public double wallSeconds() {
        return sum(Step::wall);
    }

    public double imagesPerSecond() {
        return images() / seconds();
    }

    /** The rate, and the most by which that of a sixth of the steps differs from it. */
    public Rate rate() {
        int blocks = Math.min(BLOCKS, steps.size());
        return Rate.of(imagesPerSecond(), IntStream.range(0, blocks)
                .mapToObj(i -> new Run(key, 0, steps.subList(i * steps.size() / blocks, (i + 1) * steps.size() / blocks)).imagesPerSecond()).toList());
    }

    /** Whether it took so little time that its rate compares with no other: a moment's disturbance would change it. */
    public boolean isTooShort() {
        return seconds() < LEAST_SECONDS;
    }

    /** What to do about that, in a sentence. */
    public String howToMakeItLonger() {
        return "Make it " + timesLonger() + " times as long, by more epochs or photos.";
    }

    /** As many times as many epochs would be long enough. */
    int timesLonger() {
        return (int) Math.ceil(LEAST_SECONDS / seconds());
    }

    /** Whether each part of each step was timed; a GPU has to wait after each for that. */
    public boolean inParts() {
        return steps.stream().allMatch(Step::isInParts);
    }

    /** Seconds of a typical step; NaN where single steps were not timed. */
    double medianStep() {
        return inParts() ? stepTimes().median() : Double.NaN;
    }

    /** Seconds between the first and the third quarter of the steps; NaN where single steps were not timed. */
    double spread() {
        return inParts() ? stepTimes().quartile3() - stepTimes().quartile1() : Double.NaN;
    }

    /** Seconds of one part of all steps. */
    public double part(String name) {
        return sum(step -> step.part(name));
    }

    /** Milliseconds that one part takes for an image. */
    public double millis(String part) {
        return 1000 * part(part) / images();
    }

    /** The share of the time in which the loop waited for the next batch, 0 to 1; a GPU may compute meanwhile, see {@link Waiting}. */
    public double waiting() {
        return part(WAITING) / seconds();
    }

    public Step firstStep() {
        return steps.get(0);
    }

    public Step lastStep() {
        return steps.get(steps.size() - 1);
    }

    public int lastEpoch() {
        return lastStep().epoch();
    }

    /** The mean loss over all images. */
    public double loss() {
        return sum(step -> step.loss() * step.images()) / images();
    }

    /** The share of images classified correctly while they were trained on, 0 to 1. */
    public double accuracy() {
        return sum(Step::correct) / images();
    }

    /** Whether its loss became no number, or infinite, or far larger than it began. */
    public boolean diverged() {
        return !(worstLoss() < FAR * Math.max(firstStep().loss(), 1));
    }

    /** The first loss that is no number or infinite; the last where all are numbers. */
    public double worstLoss() {
        return steps.stream().mapToDouble(Step::loss).filter(loss -> !Double.isFinite(loss)).findFirst().orElse(lastStep().loss());
    }

    /** Its steps of one epoch, from 1. */
    public Run epoch(int epoch) {
        return new Run(key, 0, steps.stream().filter(step -> step.epoch() == epoch).toList());
    }

    /** Without its first steps. */
    public Run without(int firstSteps) {
        return new Run(key, 0, steps.subList(firstSteps, steps.size()));
    }

    private DoubleColumn stepTimes() {
        return DoubleColumn.create("s", steps.stream().map(Step::seconds).toList());
    }

    private double sum(ToDoubleFunction<Step> figure) {
        return steps.stream().mapToDouble(figure).sum();
    }
}
