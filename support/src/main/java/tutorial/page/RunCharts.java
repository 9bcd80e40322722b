package tutorial.page;

import static tutorial.page.Labels.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tutorial.training.Ladder;
import tutorial.training.NetworkPart;
import tutorial.training.Race;
import tutorial.training.Rate;
import tutorial.training.Roofline;
import tutorial.training.Run;
import tutorial.training.Step;
import tutorial.training.Sweep;
import tutorial.training.Throughput;
import tutorial.training.TrainingDevice;
import tutorial.training.Waiting;

/** What was measured here, as charts whose titles say what was found. */
public final class RunCharts {
    /** Of a step. */
    private static final double LITTLE_TIME = 0.01;

    private RunCharts() {}

    /**
     * Where the time of an image goes in each run.
     *
     * @param runs or some of their steps, timed in parts
     */
    public static Picture times(Race race, Collection<Run> runs) {
        Run most = race.runs().stream().max(Comparator.comparing(run -> race.waiting(run).share())).orElseThrow();
        Map<String, List<Double>> parts = new LinkedHashMap<>();
        for (String part : Run.PARTS) {
            parts.put(part, runs.stream().map(run -> run.millis(part)).toList());
        }
        Run timed = runs.stream().filter(run -> run.key().equals(most.key())).findFirst().orElse(most);
        String finding = race.waiting(most).share() < 0.01 ? fedFinding(timed)
                : text("%s waits for data %s %% of the time", most.name(), race.waiting(most));
        return Charts.stacked(finding, "ms per image", runs.stream().map(Run::name).toList(), parts);
    }

    /** What took longest of a run that did not wait. */
    private static String fedFinding(Run run) {
        String longest = Collections.max(Run.PARTS, Comparator.comparing(run::millis));
        return text("%s does not wait for data: %.0f %% of the time is %s", run.name(), run.millis(longest) * run.imagesPerSecond() / 10, longest);
    }

    /** Why there is no chart of batch sizes; null where there is. */
    public static String whyNoSweep(Sweep sweep) {
        return sweep.isCurve() ? null : "No chart: " + (sweep.measured().isEmpty() ? "no batch size was" : "only one batch size was")
                + " measured, and one alone tells no gain. Set a higher sweepSeconds in \"Settings\".";
    }

    /** The rate of each device by the size of the batch; of those that were measured with one alone no gain is told. */
    public static Picture sweep(Sweep sweep, int batchSize) {
        Map<String, Map<Integer, Double>> series = new LinkedHashMap<>();
        List<String> gains = new ArrayList<>();
        sweep.measured().forEach((on, sizes) -> {
            Map<Integer, Double> rates = new LinkedHashMap<>();
            sizes.forEach((size, throughput) -> rates.put(size, throughput.imagesPerSecond()));
            series.put(on.name(), rates);
            double first = rates.values().iterator().next();
            if (rates.size() > 1) {
                gains.add(text("%s ×%.1f", on, Collections.max(rates.values()) / first));
            }
        });
        return Charts.batchSizes("What a larger batch gains over one image: " + String.join(", ", gains), series, batchSize);
    }

    /** What each device can do at most, and what the parts of the network reach of it; those that take next to no time are left out. */
    public static Picture rooflines(Map<TrainingDevice, Roofline> peaks, Map<TrainingDevice, List<NetworkPart>> parts) {
        List<Charts.Roof> roofs = new ArrayList<>();
        List<String> findings = new ArrayList<>();
        parts.forEach((on, all) -> {
            Roofline peak = peaks.get(on);
            double step = all.stream().mapToDouble(NetworkPart::seconds).sum();
            List<NetworkPart> shown = all.stream().filter(part -> part.seconds() > LITTLE_TIME * step).toList();
            roofs.add(new Charts.Roof(on.name(), peak.arithmetic().best() / 1e12, peak.memory().best() / 1e12, peak.numbers(),
                    shown.stream().map(part -> new Charts.Point(part.name(), part.intensity(), part.rate() / 1e12)).toList()));
            List<String> left = shown.stream().filter(part -> peak.isMemoryBound(part.intensity())).map(NetworkPart::name).toList();
            findings.add(on + ": " + (left.isEmpty() ? "nothing" : String.join(", ", left)));
        });
        return Charts.rooflines("Bounded by memory, left of the ridge – " + String.join("; ", findings), roofs);
    }

    /** Each rung of each device, how many times as fast it is as the lowest, and the loss of the same step. */
    public static Picture ladder(Ladder ladder, Answer answer, List<PyTorchRate> recorded) {
        List<Charts.Bar> bars = new ArrayList<>();
        List<String> findings = new ArrayList<>();
        ladder.measured().forEach((on, rungs) -> {
            double lowest = rungs.values().iterator().next().imagesPerSecond();
            rungs.forEach((rung, throughput) -> bars.add(new Charts.Bar(on + ", " + rung.name(), throughput.imagesPerSecond(), Double.NaN,
                    kind(on), text("%s ×%.2f, loss %.4f", throughput.rate().plusMinus(), throughput.imagesPerSecond() / lowest,
                            throughput.loss()).strip())));
            recorded.stream().filter(pytorch -> pytorch.device().equals(on.name())).forEach(pytorch -> bars.add(new Charts.Bar(
                    on + ", " + pytorch.name(), pytorch.imagesPerSecond(), Double.NaN, Charts.Kind.PUBLISHED,
                    text("×%.2f", pytorch.imagesPerSecond() / lowest) + (pytorch.mixed() ? ", mixed" : ""))));
            Rate ofLowest = rungs.values().iterator().next().rate();
            Optional<Map.Entry<Ladder.Rung, Throughput>> fastest = rungs.entrySet().stream()
                    .filter(one -> one.getValue().rate().isAbove(ofLowest)).max(Comparator.comparing(one -> one.getValue().imagesPerSecond()));
            findings.add(fastest.map(one -> text("%s: %.1f times as fast, at %s", on, one.getValue().imagesPerSecond() / lowest, one.getKey().name()))
                    .orElse(on + ": no change makes it faster beyond doubt")
                    + (on.isGpu() ? "" : answer.besideTheOriginal(fastest.map(one -> one.getValue().imagesPerSecond()).orElse(lowest))));
        });
        return Charts.bars(String.join("; ", findings), "images per second, compute only", bars);
    }

    /** The loss of each step of each run, beside that of guessing. */
    public static Picture losses(List<Run> runs, int classes) {
        Map<String, List<Double>> losses = new LinkedHashMap<>();
        runs.forEach(run -> losses.put(run.name(), run.steps().stream().map(Step::loss).toList()));
        return Charts.losses(lossFinding(runs.get(0)), losses, Math.log(classes));
    }

    /** Whether a run learned. */
    static String lossFinding(Run run) {
        if (run.diverged()) {
            return "The training diverged: " + lossWent(run);
        }
        boolean oneEpoch = run.lastEpoch() == 1;
        double first = oneEpoch ? run.firstStep().loss() : run.epoch(1).loss();
        double last = oneEpoch ? run.lastStep().loss() : run.epoch(run.lastEpoch()).loss();
        return text(last < first ? "The loss falls, from %.2f to %.2f" : "The loss does not fall: from %.2f to %.2f", first, last);
    }

    /** What to do about a training that diverged, as HTML. */
    public static String divergence(Run run) {
        return "<b>The training diverged</b>: " + lossWent(run) + ". Set a lower learningRate in \"Settings\".";
    }

    private static String lossWent(Run run) {
        return text("its loss went from %.3g to %.3g", run.firstStep().loss(), run.worstLoss());
    }

    /** As "CPU: Intel Xeon". */
    static String label(TrainingDevice on) {
        return on + ": " + Labels.processor(on.processor());
    }

    static Charts.Kind kind(TrainingDevice on) {
        return on.equals(TrainingDevice.CPU) ? Charts.Kind.CPU : Charts.Kind.GPU;
    }
}
