package tutorial.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tutorial.machine.PyTorch;

/**
 * What was measured of each device: its runs, its compute-only rate in each memory layout, and what follows from these. The
 * notebook's cells add to it; a cell that is run again replaces what it had added.
 */
public final class Race {
    private final List<TrainingDevice> devices;
    private final Layout layout;
    private final Precision precision;
    private final boolean gpuWanted;
    private Settings settings;
    private final Map<Run.Key, Run> runs = new LinkedHashMap<>();
    private final Map<TrainingDevice, Map<Layout, Throughput>> computeOnly = new LinkedHashMap<>();

    /** @param tell takes a line, as HTML, on the devices found, see {@link TrainingDevice#find} */
    public Race(Settings settings, PyTorch pytorch, Consumer<String> tell) {
        this(TrainingDevice.find(settings.secondDevice(), pytorch, tell), settings.layout(), settings.precision(), !settings.secondDevice().equals("none"));
    }

    /**
     * @param devices the CPU first
     * @param layout in which all train; null if each takes the one in which it is faster
     * @param gpuWanted whether the settings ask for a second device
     */
    public Race(List<TrainingDevice> devices, Layout layout, Precision precision, boolean gpuWanted) {
        this.devices = devices;
        this.layout = layout;
        this.precision = precision;
        this.gpuWanted = gpuWanted;
    }

    /** Those that race, the CPU first. */
    public List<TrainingDevice> devices() {
        return devices;
    }

    /** The second device, or the CPU where there is none. */
    public TrainingDevice last() {
        return devices.get(devices.size() - 1);
    }

    /** Whether the settings ask for a second device. */
    public boolean gpuWanted() {
        return gpuWanted;
    }

    /** Measures a device on synthetic data. */
    @FunctionalInterface
    public interface ComputeOnly {
        Throughput of(TrainingDevice on, Format format) throws Exception;
    }

    /**
     * Measures all devices in both layouts, in turns.
     *
     * @param seconds of each measurement
     */
    public void measure(double seconds, ComputeOnly computeOnly) throws Exception {
        record Entry(TrainingDevice on, Layout layout) {}
        List<Entry> entries = devices.stream().flatMap(on -> Stream.of(Layout.values()).map(each -> new Entry(on, each))).toList();
        Throughput.inTurns(seconds, entries, entry -> computeOnly.of(entry.on, new Format(entry.layout, precision)))
                .forEach((entry, measured) -> add(entry.on, entry.layout, measured));
    }

    /** Keeps a device's rate on synthetic data in a layout. */
    public void add(TrainingDevice on, Layout layout, Throughput measured) {
        computeOnly.computeIfAbsent(on, device -> new EnumMap<>(Layout.class)).put(layout, measured);
    }

    /** A device's rates on synthetic data, by layout. */
    public Map<Layout, Throughput> layouts(TrainingDevice on) {
        return computeOnly.getOrDefault(on, Map.of());
    }

    /** How a device trains: in the layout of the settings or the faster one, which is channels-last unless NCHW is faster beyond doubt. */
    public Format format(TrainingDevice on) {
        return new Format(layout == null ? fasterLayout(on) : layout, precision);
    }

    private Layout fasterLayout(TrainingDevice on) {
        Throughput channelsLast = layouts(on).get(Layout.NHWC);
        Throughput other = layouts(on).get(Layout.NCHW);
        return channelsLast == null && other != null || channelsLast != null && other != null && other.rate().isAbove(channelsLast.rate())
                ? Layout.NCHW : Layout.NHWC;
    }

    /** A device on synthetic data, in the layout in which it trains. */
    public Throughput computeOnly(TrainingDevice on) {
        Throughput measured = layouts(on).get(format(on).layout());
        if (measured == null) {
            throw new IllegalStateException(on + ": its compute-only rate is not known yet. Run \"One training step, and how to time it\" first.");
        }
        return measured;
    }

    /** How much faster the better layout is, at least 1; NaN where only one was measured. */
    double layoutGain(TrainingDevice on) {
        double[] rates = layouts(on).values().stream().mapToDouble(Throughput::imagesPerSecond).sorted().toArray();
        return rates.length < 2 ? Double.NaN : rates[rates.length - 1] / rates[0];
    }

    /** Begins the race, or begins it anew: runs made with other settings are no longer a part of it. */
    public void begin(Settings now) {
        if (settings == null || now.differing(settings, Stage.RACE.madeFrom()) != null) {
            runs.clear();
        }
        settings = now;
    }

    /** Keeps a run, in the place of an earlier one of its key. */
    public Run add(Run run) {
        runs.put(run.key(), run);
        return run;
    }

    /** All runs, those of the CPU first, each device's in the order in which they were first added. */
    public List<Run> runs() {
        if (runs.isEmpty()) {
            throw new IllegalStateException("No run has come to its end. Run \"The race\" first.");
        }
        List<Run> ordered = new ArrayList<>(runs.values());
        ordered.sort(Comparator.comparing(run -> devices.indexOf(run.on())));
        return ordered;
    }

    /** Those that went through all epochs, and have learned weights. */
    public List<Run> trained() {
        return runs().stream().filter(run -> run.weights() != null).toList();
    }

    /** The last of these: its network is the one to take away. */
    public Run lastTrained() {
        List<Run> trained = trained();
        return trained.get(trained.size() - 1);
    }

    /** The first run of the CPU, which all others are compared with. */
    public Run cpu() {
        return first(devices.get(0));
    }

    /** The first run of a device. */
    public Run first(TrainingDevice on) {
        return runs().stream().filter(run -> run.on().equals(on)).findFirst()
                .orElseThrow(() -> new IllegalStateException(on + " has no run yet. Run \"The race\" first."));
    }

    /** The first run of each device that has one. */
    public List<Run> firstOfEach() {
        return runs().stream().map(Run::on).distinct().map(this::first).toList();
    }

    /**
     * How many times as fast as the CPU's whole training, the first of its runs: its other data loading is measured over a few
     * steps only, which is too little to divide by, and a CPU hardly waits for photos.
     */
    public double speedUp(Run run) {
        return run.imagesPerSecond() / cpu().imagesPerSecond();
    }

    /** How long a run's device waited for photos. */
    public Waiting waiting(Run run) {
        return Waiting.of(run, computeOnly(run.on()).rate());
    }

    /** How many times as fast as the CPU on synthetic data. */
    public double computeOnlySpeedUp(TrainingDevice on) {
        return computeOnly(on).imagesPerSecond() / computeOnly(devices.get(0)).imagesPerSecond();
    }
}
