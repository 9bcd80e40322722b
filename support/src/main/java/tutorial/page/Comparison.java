package tutorial.page;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tutorial.files.ResultsFolder;
import tutorial.training.Autocast;
import tutorial.training.Ladder;
import tutorial.training.Race;
import tutorial.training.Run;

/**
 * Sets the runs of this notebook beside the original tutorial's published figures and, where this machine has no GPU, beside
 * a recorded run of one that somebody contributed. The notebook's charts of the answer, of the limits and of all machines
 * come from here. Nothing is compared that may not be: a published or recorded figure only where its images have the same
 * size, and seconds only for the same number of images.
 */
public final class Comparison {
    /** What the original tutorial trained on: three epochs of 2,207 photos. */
    public static final long ORIGINAL_IMAGES = 3 * 2207;
    private static final Path ORIGINAL = Path.of("results/0000-original-tutorial.csv");
    private static final int MOST_ROWS = 12;

    private final Race race;
    private final Table published;
    private final Table recorded;

    /** @param resultsFolder where recorded runs are; a file that cannot be read is left to the section that shows all runs */
    public Comparison(Race race, int imageSize, Path resultsFolder) throws IOException {
        this(race, imageSize, ORIGINAL, resultsFolder);
    }

    Comparison(Race race, int imageSize, Path originals, Path resultsFolder) throws IOException {
        this.race = race;
        Table original = ResultsFolder.read(originals);
        this.published = original.where(original.intColumn("image size").isEqualTo(imageSize));
        this.recorded = race.devices().containsKey("GPU") ? ResultsFolder.emptyTable() : recorded(originals, resultsFolder, imageSize);
    }

    private static Table recorded(Path originals, Path folder, int imageSize) throws IOException {
        return ResultsFolder.recordedGpu(ResultsFolder.readable(originals, folder), imageSize);
    }

    /**
     * The speed of each device, with its speed on synthetic data behind it.
     *
     * @param asFed how many times as fast the last device is, with its photos
     * @param computeOnly and without
     */
    public Picture headline(double asFed, double computeOnly) {
        List<Charts.Bar> bars = new ArrayList<>();
        for (Run run : firstOfEach()) {
            bars.add(new Charts.Bar(run.device() + ": " + run.processor(), run.imagesPerSecond(),
                    race.ceiling(run.device()).imagesPerSecond(), kind(run.device()), note(run)));
        }
        bars.addAll(others());
        return Charts.bars(headlineTitle(asFed, computeOnly), "images per second", bars);
    }

    private String note(Run run) {
        String ceiling = "compute only: " + digits(race.ceiling(run.device()).imagesPerSecond());
        return run.device().equals("CPU") ? ceiling : text("×%.1f; %s, ×%.1f", race.asFed(run), ceiling, race.computeOnly(run));
    }

    private String headlineTitle(double asFed, double computeOnly) {
        List<Run> runs = firstOfEach();
        if (runs.size() == 1) {
            return text("This CPU trains %s images per second", digits(runs.get(0).imagesPerSecond()));
        }
        Run second = runs.get(runs.size() - 1);
        return text("%s trains %.1f× as fast as the CPU, %.1f× compute only", second.device().equals("GPU") ? "The GPU" : second.device(),
                asFed, computeOnly);
    }

    /** Published and recorded figures, where this machine has no GPU of its own. */
    private List<Charts.Bar> others() {
        List<Charts.Bar> bars = new ArrayList<>();
        if (race.devices().containsKey("GPU")) {
            return bars;
        }
        for (Row row : recorded) {
            double ceiling = row.getDouble("compute only, images/s");
            double speedup = row.getDouble("speed-up");
            bars.add(new Charts.Bar("recorded: " + chip(row) + ", " + row.getString("data loading") + mixed(row), row.getDouble("images/s"), ceiling,
                    Charts.Kind.RECORDED, (Double.isNaN(speedup) ? "" : text("×%.1f; ", speedup))
                            + (Double.isNaN(ceiling) ? "" : "compute only: " + digits(ceiling) + "; ") + machineAndDate(row)));
        }
        for (Row row : published) {
            boolean gpu = row.getString("device").equals("GPU");
            bars.add(new Charts.Bar("published: " + chip(row), row.getDouble("images/s"), Double.NaN,
                    Charts.Kind.PUBLISHED, gpu ? text("×%.1f over its CPU", row.getDouble("speed-up")) : ""));
        }
        return bars;
    }

    /** Without the place that some rows tell behind it. */
    private static String chip(Row row) {
        return row.getString("processor").replaceFirst(" \\(.*", "");
    }

    /** As "8 cores, 2026-12-01", without what a row does not tell. */
    private static String machineAndDate(Row row) {
        String cores = row.getString("machine").replaceFirst("(\\d+ cores).*", "$1");
        String day = row.getString("date").isEmpty() ? "published" : row.getString("date").replaceFirst("T.*", "");
        return cores.isEmpty() ? day : cores + ", " + day;
    }

    /** The answer in a sentence, as HTML; without a GPU also how to get one. */
    public String answer(double asFed, double computeOnly) {
        List<Run> runs = firstOfEach();
        Run cpu = runs.get(0);
        if (runs.size() > 1) {
            Run second = runs.get(runs.size() - 1);
            return text("<b>%s (%s) trains %s images per second, %.1f times as many as the CPU (%s). On data that is already "
                    + "on the device it would be %.1f times as many.</b>", second.device(), second.processor(), digits(second.imagesPerSecond()),
                    asFed, cpu.processor(), computeOnly);
        }
        String here = text("<b>This CPU (%s) trains %s images per second.</b> ", cpu.processor(), digits(cpu.imagesPerSecond()));
        String beside = published.isEmpty() ? "" : text("The original tutorial published %s for its CPU and %s for its GPU, a T4: ×%.1f. ",
                digits(published.row(0).getDouble("images/s")), digits(published.row(1).getDouble("images/s")),
                published.row(1).getDouble("speed-up"));
        return here + beside + (race.gpuWanted()
                ? "There is no GPU here to race it. <a href=\"docs/free-gpus.md\">docs/free-gpus.md</a> says how to get one for free."
                : "No GPU was asked for, since secondDevice = \"none\".");
    }

    /** Where the time of an image goes in each run. */
    public static Picture times(Collection<Run> runs) {
        List<Run> rows = List.copyOf(runs);
        Run most = rows.stream().max(Comparator.comparing(Run::waiting)).orElseThrow();
        Map<String, List<Double>> parts = new LinkedHashMap<>();
        for (String part : Run.PARTS) {
            parts.put(part, rows.stream().map(run -> run.millis(part)).toList());
        }
        return Charts.stacked(text("%s waits for data %.1f %% of the time", most.name(), 100 * most.waiting()), "ms per image",
                rows.stream().map(Run::name).toList(), parts);
    }

    /** The speed of each device by the size of the batch. */
    public static Picture sweep(Table sweep, int batchSize) {
        Map<String, Map<Integer, Double>> series = new LinkedHashMap<>();
        for (Row row : sweep) {
            series.computeIfAbsent(row.getString("device"), name -> new LinkedHashMap<>()).put(row.getInt("batch"), row.getDouble("images/s"));
        }
        List<String> gains = new ArrayList<>();
        series.forEach((device, rates) -> {
            double first = rates.values().iterator().next();
            double best = Collections.max(rates.values());
            gains.add(text("%s ×%.1f", device, best / first));
        });
        return Charts.logLog("What a larger batch gains over one image: " + String.join(", ", gains), "images in a batch", "images/s", series, batchSize);
    }

    /** Each rung of each device, how many times as fast it is as the lowest, and the loss of the same step. */
    public static Picture ladder(Ladder ladder) {
        List<Charts.Bar> bars = new ArrayList<>();
        List<String> findings = new ArrayList<>();
        ladder.bursts().forEach((device, rungs) -> {
            double lowest = rungs.values().iterator().next().imagesPerSecond();
            rungs.forEach((rung, burst) -> bars.add(new Charts.Bar(device + ", " + rung.name(), burst.imagesPerSecond(), Double.NaN,
                    kind(device), text("×%.2f, loss %.4f", burst.imagesPerSecond() / lowest, burst.loss()))));
            var fastest = Collections.max(rungs.entrySet(), Comparator.comparing(rung -> rung.getValue().imagesPerSecond()));
            findings.add(text("%s is fastest with %s", device, fastest.getKey().name()));
        });
        return Charts.bars(String.join("; ", findings), "images per second, compute only", bars);
    }

    /** Whether a device waits: its speed on synthetic data against the rate at which photos are decoded. */
    public Picture speedLimits(double decoded, int decoders) {
        List<Charts.Bar> bars = new ArrayList<>();
        String waits = "";
        double fastest = 0;
        for (Run run : firstOfEach()) {
            double rate = race.ceiling(run.device()).imagesPerSecond();
            bars.add(new Charts.Bar(run.device() + ": " + run.processor(), rate, Double.NaN, kind(run.device()), ""));
            waits = rate > decoded ? run.device() : waits;
            fastest = Math.max(fastest, rate);
        }
        if (!recorded.isEmpty()) {                          // the same for all of its rows
            Row row = recorded.row(0);
            bars.add(new Charts.Bar("recorded: " + chip(row), row.getDouble("compute only, images/s"), Double.NaN, Charts.Kind.RECORDED,
                    machineAndDate(row)));
        }
        String title = waits.isEmpty() ? text("Photos are decoded %.1f times as fast as they are trained on", decoded / fastest)
                : waits + " trains faster than photos are decoded: it waits";
        return Charts.bars(title, "images per second, compute only", bars, decoded,
                text("decoding, %d thread%s:", decoders, decoders == 1 ? "" : "s"));
    }

    /**
     * What a million images cost on each device, and on the original's.
     *
     * @param perMillion of a price per hour and a rate in images/s
     */
    public Table costs(Map<String, Double> pricePerHour, DoubleBinaryOperator perMillion) {
        List<String> names = new ArrayList<>();
        List<Double> prices = new ArrayList<>();
        List<Double> rates = new ArrayList<>();
        for (Run run : race.runs()) {
            names.add(run.name());
            prices.add(pricePerHour.get(race.devices().get(run.device()).isGpu() ? "GPU" : "CPU"));
            rates.add(run.imagesPerSecond());
        }
        for (Table others : List.of(recorded, published)) {
            for (Row row : others) {
                names.add(others == published ? "published: " + chip(row) + ", " + row.getString("machine")
                        : "recorded: " + row.getString("processor") + ", " + row.getString("data loading") + mixed(row) + ", " + machineAndDate(row));
                prices.add(pricePerHour.get(row.getString("device").equals("GPU") ? "GPU" : "CPU"));
                rates.add(row.getDouble("images/s"));
            }
        }
        Table costs = Table.create("Cost of training", StringColumn.create("run", names), DoubleColumn.create("price per hour", prices),
                DoubleColumn.create("images/s", rates));
        double[] million = new double[names.size()];
        for (int i = 0; i < million.length; i++) {
            million[i] = perMillion.applyAsDouble(prices.get(i), rates.get(i));
        }
        return costs.addColumns(DoubleColumn.create("price of a million images", million));
    }

    /** From which rate on a GPU is the cheaper one too, in a sentence. */
    public String breakEven(Map<String, Double> pricePerHour) {
        double ratio = pricePerHour.get("GPU") / pricePerHour.get("CPU");
        double rate = ratio * race.cpu().imagesPerSecond();
        String starved = "";
        for (Row row : published) {
            if (row.getString("device").equals("GPU")) {
                starved = text(" The original's T4, at %s images/s, %s.", digits(row.getDouble("images/s")),
                        row.getDouble("images/s") > rate ? "was beyond it" : "was not: beside this CPU it would have cost more");
            }
        }
        return text("At these prices a GPU is cheaper if it is more than %.1f times as fast as this CPU, which is beyond %.1f images/s.%s",
                ratio, rate, starved);
    }

    /** The speed of all runs in the results folder, the fastest first, this one's marked. */
    public static Picture rates(Table all, int imageSize, String date) {
        List<Row> rows = comparable(all, imageSize, date);
        List<Charts.Bar> bars = new ArrayList<>();
        for (Row row : rows) {
            bars.add(new Charts.Bar(label(row, date), row.getDouble("images/s"), Double.NaN, kind(row), conditions(row, date, "")));
        }
        return Charts.bars(text("All runs on images of %d × %d pixels", imageSize, imageSize), "images per second", bars);
    }

    /** What the original's training would take at the speed of each run. */
    public static Picture seconds(Table all, int imageSize, String date) {
        List<Charts.Bar> bars = new ArrayList<>();
        for (Row row : comparable(all, imageSize, date)) {
            boolean measured = row.getLong("images") == ORIGINAL_IMAGES;
            bars.add(new Charts.Bar(label(row, date), ORIGINAL_IMAGES / row.getDouble("images/s"), Double.NaN, kind(row),
                    (measured ? "measured" : "projected") + conditions(row, date, ", ")));
        }
        return Charts.bars(text("Time for the original's training, %,d images", ORIGINAL_IMAGES), "seconds", bars);
    }

    private static List<Row> comparable(Table all, int imageSize, String date) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < all.rowCount(); i++) {
            Row row = all.row(i);
            boolean own = row.getString("date").equals(date);
            if (row.getInt("image size") == imageSize && (own || row.getString("data loading").equals("on the fly"))) {
                rows.add(row);
            }
        }
        rows.sort(Comparator.comparing((Row row) -> row.getDouble("images/s")).reversed());
        List<Row> shown = new ArrayList<>();
        for (Row row : rows) {
            boolean always = row.getString("date").equals(date) || row.getString("date").isEmpty();
            if (always || shown.size() < MOST_ROWS) {
                shown.add(row);
            }
        }
        return shown;
    }

    /** What sets a run apart from those in float32, as ", mixed"; else empty. */
    private static String mixed(Row row) {
        return row.getString("precision").endsWith(Autocast.MIXED) ? ", " + Autocast.MIXED : "";
    }

    private static String label(Row row, String date) {
        String own = row.getString("date").equals(date) ? "▶ " : "";
        return own + chip(row) + ", " + machineAndDate(row);
    }

    /** The data loading of this run's bars, which are there for each way, while others' are all on the fly; and mixed precision. */
    private static String conditions(Row row, String date, String before) {
        String conditions = (row.getString("date").equals(date) ? ", " + row.getString("data loading") : "") + mixed(row);
        return conditions.isEmpty() ? "" : before + conditions.substring(2);
    }

    private List<Run> firstOfEach() {
        return race.runs().stream().map(Run::device).distinct().map(race::first).toList();
    }

    private static Charts.Kind kind(String device) {
        return device.equals("CPU") ? Charts.Kind.CPU : Charts.Kind.GPU;
    }

    private static Charts.Kind kind(Row row) {
        return row.getString("date").isEmpty() ? Charts.Kind.PUBLISHED : kind(row.getString("device"));
    }

    /** Three significant digits. */
    static String digits(double value) {
        return value >= 100 ? text("%.0f", value) : text(value >= 10 ? "%.1f" : "%.2f", value);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
