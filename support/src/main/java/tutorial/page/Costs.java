package tutorial.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tutorial.training.Race;
import tutorial.training.Rate;
import tutorial.training.Run;

/** What training costs on each device here, and on those that others measured. */
public final class Costs {
    private record Priced(String run, double pricePerHour, Rate rate) {}

    private static final String CPU = "CPU";

    private final Race race;
    private final RecordedRuns others;
    private final Map<String, Double> pricePerHour;

    /** @param pricePerHour of a machine: for "CPU" of one without a GPU, for others of one with a GPU whose name has that word, as "T4" */
    public Costs(Answer answer, Map<String, Double> pricePerHour) {
        this.race = answer.race();
        this.others = answer.others();
        this.pricePerHour = pricePerHour;
    }

    /**
     * Without those of GPUs that have no price.
     *
     * @param perMillion the price of a million images, of a price per hour and a rate in images/s
     */
    public Table table(DoubleBinaryOperator perMillion) {
        List<Priced> rows = new ArrayList<>();
        for (Run run : race.runs()) {
            rows.add(new Priced(run.name(), run.on().isGpu() ? price(run.on().processor()) : pricePerHour.get(CPU), run.rate()));
        }
        for (Row row : others.recorded()) {
            rows.add(new Priced("recorded: " + row.getString("processor") + ", " + row.getString("data loading") + RecordedRuns.mixed(row)
                    + ", " + RecordedRuns.machineAndDate(row), price(row), RecordedRuns.rate(row)));
        }
        for (Row row : others.published()) {
            rows.add(new Priced("published: " + RecordedRuns.chip(row) + ", " + row.getString("machine"), price(row),
                    RecordedRuns.rate(row)));
        }
        rows.removeIf(row -> Double.isNaN(row.pricePerHour));
        return Table.create("Cost of training", StringColumn.create("run", rows.stream().map(Priced::run)),
                RunTables.column("price per hour", rows, Priced::pricePerHour),
                StringColumn.create("images/s", rows.stream().map(row -> row.rate.toString())),
                RunTables.column("price of a million images", rows,
                        row -> perMillion.applyAsDouble(row.pricePerHour, row.rate.imagesPerSecond())));
    }

    private double price(Row row) {
        return RecordedRuns.isOfGpu(row) ? price(RecordedRuns.chip(row)) : pricePerHour.get(CPU);
    }

    /** NaN where none is known. */
    private double price(String gpu) {
        return known(gpu).map(pricePerHour::get).orElse(Double.NaN);
    }

    /** Under which word a GPU has its price; the longest that fits. A part of a GPU, a MIG slice, does not cost what the whole does. */
    private Optional<String> known(String gpu) {
        return pricePerHour.keySet().stream().filter(word -> isNamed(gpu, word)).max(Comparator.comparing(String::length));
    }

    private static boolean isNamed(String gpu, String word) {
        return gpu.contains(" MIG ") == word.contains("MIG") && Pattern.compile("\\b" + Pattern.quote(word) + "\\b").matcher(gpu).find();
    }

    /** From which rate on the GPU that races, or each that has a price, is the cheaper one too, in sentences. */
    public String breakEven() {
        if (!race.last().isGpu()) {
            return pricePerHour.keySet().stream().filter(word -> !word.equals(CPU)).sorted().map(this::breakEven)
                    .collect(Collectors.joining(" "));
        }
        String gpu = race.last().processor();
        return known(gpu).map(this::breakEven).orElse("No price is known for " + gpu + ". Set one in pricePerHour, in \"Settings\", "
                + "under a part of that name, and run from there.");
    }

    private String breakEven(String gpu) {
        double ratio = pricePerHour.get(gpu) / pricePerHour.get(CPU);
        double rate = ratio * race.cpu().imagesPerSecond();
        String original = "";
        for (Row row : others.published()) {
            if (RecordedRuns.isOfGpu(row) && isNamed(RecordedRuns.chip(row), gpu)) {
                original = String.format(Locale.ROOT, " The original's, at %s images/s, %s.", Answer.digits(row.getDouble("images/s")),
                        row.getDouble("images/s") > rate ? "was beyond it" : "was not: beside this CPU it would have cost more");
            }
        }
        return String.format(Locale.ROOT, "At these prices a machine with a %s is cheaper if it is more than %.1f times as fast as "
                + "this CPU, which is beyond %.1f images/s.%s", gpu, ratio, rate, original);
    }
}
