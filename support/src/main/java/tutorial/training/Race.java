package tutorial.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tutorial.files.ResultsFolder;
import tutorial.machine.GpuMonitor;
import tutorial.machine.Machine;
import tutorial.machine.OutOfMemory;
import tutorial.machine.PyTorch;

/**
 * What was measured of each device: its runs, its speed on synthetic data in each memory layout, and what follows from
 * these. The notebook's cells add to it and show its tables; a cell that is run again replaces what it had added.
 */
public final class Race {
    private final Map<String, Device> devices;
    private final List<Run> runs = new ArrayList<>();
    private final Map<String, byte[]> learned = new LinkedHashMap<>();
    private final Map<String, Map<String, Burst>> bursts = new LinkedHashMap<>();
    private final String layout;
    private final String precision;
    private final boolean gpuWanted;

    /** As {@link #devices} finds them. */
    public Race(String second, String layout, String precision, Consumer<String> tell) {
        this(devices(second, tell), layout, precision, !"none".equals(second));
    }

    /**
     * @param devices by their names on the page, the CPU first
     * @param layout "NHWC", "NCHW", or "faster" for whichever each device is faster with
     * @param precision "float32" or "mixed", see {@link Autocast}
     */
    public Race(Map<String, Device> devices, String layout, String precision) {
        this(devices, layout, precision, true);
    }

    private Race(Map<String, Device> devices, String layout, String precision, boolean gpuWanted) {
        this.devices = devices;
        this.layout = layout;
        this.precision = precision;
        this.gpuWanted = gpuWanted;
    }

    /**
     * The devices that race: the CPU, and a second one where it is to be had.
     *
     * @param second "gpu0", "none", or "cpu", which runs the CPU in a GPU's place to try the notebook out
     * @param tell takes a line, as HTML, on why there is no second device and what to do
     */
    public static Map<String, Device> devices(String second, Consumer<String> tell) {
        Map<String, Device> devices = new LinkedHashMap<>(Map.of("CPU", Device.cpu()));
        if ("cpu".equals(second)) {
            devices.put("CPU standing in for the GPU", Device.cpu());
            tell.accept("<b>The CPU stands in for the GPU</b>, since secondDevice = \"cpu\". What follows says nothing about a GPU.");
        } else if ("none".equals(second)) {
            tell.accept("<b>There is no second device</b>, since secondDevice = \"none\".");
        } else {
            String whyNot = PyTorch.whyNot(Device.fromName(second));       // tries it out, with a sum and a convolution
            if (whyNot == null) {
                devices.put("GPU", Device.fromName(second));
            } else {
                tell.accept("<b>There is no second device.</b> " + whyNot);
            }
        }
        tell.accept("In this race: " + String.join(", ", devices.keySet()));
        return devices;
    }

    public Map<String, Device> devices() {
        return devices;
    }

    /** "float32" or "mixed". */
    public String precision() {
        return precision;
    }

    /** Whether the settings ask for a second device. */
    public boolean gpuWanted() {
        return gpuWanted;
    }

    /** Keeps a device's speed on synthetic data in a layout. */
    public void add(String device, String layout, Burst burst) {
        bursts.computeIfAbsent(device, name -> new LinkedHashMap<>()).put(layout, burst);
    }

    /** The layout in which a device races: the setting's, or the one in which it was faster; channels-last until it is known. */
    public String layoutOf(String device) {
        return layout.equals("faster") ? fasterLayout(device) : layout;
    }

    /** The layout in which it was faster. */
    public String fasterLayout(String device) {
        return bursts.getOrDefault(device, Map.of()).entrySet().stream()
                .max(Comparator.comparing(one -> one.getValue().imagesPerSecond())).map(Map.Entry::getKey).orElse("NHWC");
    }

    public boolean channelsLast(String device) {
        return layoutOf(device).equals("NHWC");
    }

    /** A device's speed on synthetic data, in the layout in which it races. */
    public Burst ceiling(String device) {
        Burst burst = burst(device, layoutOf(device));
        if (burst == null) {
            throw new IllegalStateException(device + ": its speed on synthetic data is not known yet. Run \"One training step, and how "
                    + "to time it\" first.");
        }
        return burst;
    }

    /** A device's speed on synthetic data in a layout; null where it was not measured. */
    Burst burst(String device, String layout) {
        return bursts.getOrDefault(device, Map.of()).get(layout);
    }

    /** How much faster the better layout is, at least 1; NaN where only one was measured. */
    public double layoutGain(String device) {
        double[] rates = bursts.getOrDefault(device, Map.of()).values().stream().mapToDouble(Burst::imagesPerSecond).sorted().toArray();
        return rates.length < 2 ? Double.NaN : rates[rates.length - 1] / rates[0];
    }

    /** A row for each device and layout. */
    public Table layouts() {
        Table table = Table.create("Training steps on synthetic data");
        List<String[]> keys = new ArrayList<>();
        bursts.forEach((device, byLayout) -> byLayout.keySet().forEach(one -> keys.add(new String[] {device, one})));
        return table.addColumns(StringColumn.create("device", keys.stream().map(key -> key[0])),
                StringColumn.create("layout", keys.stream().map(key -> key[1])),
                Run.column("images/s", keys, key -> bursts.get(key[0]).get(key[1]).imagesPerSecond()),
                Run.column("loss", keys, key -> bursts.get(key[0]).get(key[1]).loss()),
                StringColumn.create("races in it", keys.stream().map(key -> layoutOf(key[0]).equals(key[1]) ? "yes" : "")));
    }

    /** Keeps a run, in the place of an earlier one of its name; those of the CPU come first. */
    public Run add(Run run, byte[] weights) {
        runs.removeIf(one -> one.name().equals(run.name()));
        runs.add(run);
        List<String> order = List.copyOf(devices.keySet());
        runs.sort(Comparator.comparing(one -> order.indexOf(one.device())));      // stable, so the first loading stays first
        learned.remove(run.name());
        if (weights != null) {
            learned.put(run.name(), weights);
        }
        return run;
    }

    /** All runs, those of the CPU first. */
    public List<Run> runs() {
        if (runs.isEmpty()) {
            throw new IllegalStateException("No run has come to its end. Run \"The race\" first.");
        }
        return runs;
    }

    /** The first run of the CPU, which all others are compared with. */
    public Run cpu() {
        return first("CPU");
    }

    /** The first run of a device. */
    public Run first(String device) {
        return runs().stream().filter(run -> run.device().equals(device)).findFirst().orElseThrow(() ->
                new IllegalStateException(device + " has no run yet. Run \"The race\" first."));
    }

    /** The names of the runs that went through all epochs, with the weights that they learned. */
    public Map<String, byte[]> learned() {
        Map<String, byte[]> inOrder = new LinkedHashMap<>();
        runs().stream().map(Run::name).filter(learned::containsKey).forEach(name -> inOrder.put(name, learned.get(name)));
        return inOrder;
    }

    /** Whether the training of this run did. */
    public boolean diverged(String name) {
        return runs().stream().anyMatch(run -> run.name().equals(name) && run.diverged());
    }

    /** How many times as fast as the CPU with the same data loading, or its first where that was not measured. */
    public double asFed(Run run) {
        Run cpu = runs().stream().filter(one -> one.device().equals("CPU") && one.loading().equals(run.loading())).findFirst().orElse(cpu());
        return run.imagesPerSecond() / cpu.imagesPerSecond();
    }

    /** How many times as fast as the CPU on synthetic data. */
    public double computeOnly(Run run) {
        return ceiling(run.device()).imagesPerSecond() / ceiling("CPU").imagesPerSecond();
    }

    /** Both speed-ups of each run. */
    public Table speedups() {
        return Table.create("Speed-ups over the CPU", StringColumn.create("run", runs().stream().map(Run::name)),
                Run.column("as fed, images/s", runs, Run::imagesPerSecond),
                Run.column("compute only, images/s", runs, run -> ceiling(run.device()).imagesPerSecond()),
                Run.column("as fed, % of compute only", runs, run -> 100 * run.imagesPerSecond() / ceiling(run.device()).imagesPerSecond()),
                Run.column("speed-up as fed", runs, this::asFed),
                Run.column("speed-up compute only", runs, this::computeOnly));
    }

    /** How far each run's losses are from those of the CPU's first. */
    public Table differences() {
        List<Run> others = runs().subList(1, runs.size());
        return Table.create("Losses compared with " + cpu().name(), StringColumn.create("run", others.stream().map(Run::name)),
                Run.column("steps compared", others, run -> differences(run).length),
                Run.column("first step, difference", others, run -> differences(run)[0]),
                Run.column("largest difference", others, run -> java.util.Arrays.stream(differences(run)).max().getAsDouble()));
    }

    private double[] differences(Run run) {
        int steps = Math.min(run.steps().size(), cpu().steps().size());
        double[] differences = new double[steps];
        for (int i = 0; i < steps; i++) {
            differences[i] = Math.abs(run.steps().get(i).loss() - cpu().steps().get(i).loss());
        }
        return differences;
    }

    /** A table for speeds by batch size. */
    public static Table emptySweep() {
        return Table.create("Batch sizes, compute only", StringColumn.create("device"), IntColumn.create("batch"),
                DoubleColumn.create("images/s"), DoubleColumn.create("memory, GB"));
    }

    /** Adds what was measured of a device with batches of this size. */
    public static void addTo(Table sweep, String device, int batch, Burst burst) {
        Row row = sweep.appendRow();
        row.setString("device", device);
        row.setInt("batch", batch);
        row.setDouble("images/s", burst.imagesPerSecond());
        row.setDouble("memory, GB", burst.gigabytes());
    }

    /** What a notebook's cell does with each device. */
    @FunctionalInterface
    public interface EachDevice {
        void use(String name, Device device) throws Exception;
    }

    /**
     * Does something with each device, the CPU first.
     *
     * @throws IllegalStateException in one line with the remedy, if a batch of this size does not fit into memory
     */
    public void onEachDevice(int batchSize, EachDevice work) throws Exception {
        for (Map.Entry<String, Device> device : devices.entrySet()) {
            try {
                work.use(device.getKey(), device.getValue());
            } catch (EngineException e) {
                throw OutOfMemory.explained(e, device.getKey(), batchSize);
            }
        }
    }

    /**
     * How much of each device's peak its first run reached.
     *
     * @param peaks FLOP/s of a matrix product, by device
     */
    public Table reached(Map<String, Double> peaks, double flopPerImage) {
        List<String> names = List.copyOf(peaks.keySet());
        return Table.create("Arithmetic", StringColumn.create("device", names),
                Run.column("images/s", names, name -> first(name).imagesPerSecond()),
                Run.column("GFLOP per image", names, name -> flopPerImage / 1e9),
                Run.column("reached, TFLOP/s", names, name -> first(name).imagesPerSecond() * flopPerImage / 1e12),
                Run.column("peak measured, TFLOP/s", names, name -> peaks.get(name) / 1e12),
                Run.column("share, %", names, name -> 100 * first(name).imagesPerSecond() * flopPerImage / peaks.get(name)));
    }

    /**
     * The runs as rows of results, see {@link ResultsFolder}.
     *
     * @param inParts the runs, or some of their steps, timed in parts, by the name of the run
     * @param tested predictions for the test set, by the name of the run
     * @param peaks FLOP/s of a matrix product, by device
     */
    public Table results(Map<String, Run> inParts, Map<String, Predictions> tested, Map<String, Double> peaks, double flopPerImage) {
        Table results = ResultsFolder.emptyTable().setName("This run");
        for (Run run : runs()) {
            Row row = results.appendRow();
            Run last = run.epoch(run.lastEpoch());
            row.setString("device", run.device());
            row.setString("processor", run.processor());
            row.setString("machine", Machine.summary());
            row.setString("data loading", run.loading());
            row.setString("precision", Autocast.numbers(devices.get(run.device()), precision));
            row.setString("layout", layoutOf(run.device()));
            row.setLong("images", run.images());
            row.setDouble("preparation, s", run.caching());
            row.setDouble("seconds", run.seconds());
            row.setDouble("wall clock, s", run.wallSeconds());
            row.setDouble("images/s", run.imagesPerSecond());
            row.setDouble("compute only, images/s", ceiling(run.device()).imagesPerSecond());
            row.setDouble("median step, ms", 1000 * run.medianStep());
            row.setDouble("spread of steps, ms", 1000 * run.spread());
            row.setDouble("waiting for data, %", 100 * inParts.getOrDefault(run.name(), run).waiting());
            row.setDouble("loss", last.loss());
            row.setDouble("accuracy, %", 100 * last.accuracy());
            if (tested.containsKey(run.name())) {
                row.setDouble("test accuracy, %", 100 * tested.get(run.name()).accuracy());
            }
            row.setDouble("speed-up", asFed(run));
            row.setDouble("speed-up, compute only", computeOnly(run));
            row.setDouble("TFLOP/s", run.imagesPerSecond() * flopPerImage / 1e12);
            row.setDouble("peak, TFLOP/s", peaks.getOrDefault(run.device(), Double.NaN) / 1e12);
            row.setString("software", software(Engine.getInstance()));
            GpuMonitor.figures(run).forEach(row::setDouble);
        }
        return results;
    }

    /** The versions of what trained, for a row of results. */
    private static String software(Engine engine) {
        return "DJL " + Engine.getDjlVersion() + ", PyTorch " + Machine.pytorch(engine) + ", Java " + System.getProperty("java.version")
                + Machine.driver();
    }
}
