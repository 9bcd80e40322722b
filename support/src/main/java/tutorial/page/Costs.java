package tutorial.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tutorial.training.Race;
import tutorial.training.Run;

/** What training costs on each device here, and on those that others measured. */
public final class Costs {
    private record Priced(String run, double pricePerHour, double imagesPerSecond) {}

    private final Race race;
    private final RecordedRuns others;
    private final Map<String, Double> pricePerHour;

    /** @param pricePerHour of a machine, for "CPU" and for "GPU" */
    public Costs(Answer answer, Map<String, Double> pricePerHour) {
        this.race = answer.race();
        this.others = answer.others();
        this.pricePerHour = pricePerHour;
    }

    /** @param perMillion the price of a million images, of a price per hour and a rate in images/s */
    public Table table(DoubleBinaryOperator perMillion) {
        List<Priced> rows = new ArrayList<>();
        for (Run run : race.runs()) {
            rows.add(new Priced(run.name(), price(run.on().isGpu()), run.imagesPerSecond()));
        }
        for (Row row : others.recorded()) {
            rows.add(new Priced("recorded: " + row.getString("processor") + ", " + row.getString("data loading") + RecordedRuns.mixed(row)
                    + ", " + RecordedRuns.machineAndDate(row), price(RecordedRuns.isOfGpu(row)), row.getDouble("images/s")));
        }
        for (Row row : others.published()) {
            rows.add(new Priced("published: " + RecordedRuns.chip(row) + ", " + row.getString("machine"), price(RecordedRuns.isOfGpu(row)),
                    row.getDouble("images/s")));
        }
        return Table.create("Cost of training", StringColumn.create("run", rows.stream().map(Priced::run)),
                RunTables.column("price per hour", rows, Priced::pricePerHour),
                RunTables.column("images/s", rows, Priced::imagesPerSecond),
                RunTables.column("price of a million images", rows, row -> perMillion.applyAsDouble(row.pricePerHour, row.imagesPerSecond)));
    }

    private double price(boolean gpu) {
        return pricePerHour.get(gpu ? "GPU" : "CPU");
    }

    /** From which rate on a GPU is the cheaper one too, in a sentence. */
    public String breakEven() {
        double ratio = price(true) / price(false);
        double rate = ratio * race.cpu().imagesPerSecond();
        String original = "";
        for (Row row : others.published()) {
            if (RecordedRuns.isOfGpu(row)) {
                original = String.format(Locale.ROOT, " The original's T4, at %s images/s, %s.", Answer.digits(row.getDouble("images/s")),
                        row.getDouble("images/s") > rate ? "was beyond it" : "was not: beside this CPU it would have cost more");
            }
        }
        return String.format(Locale.ROOT, "At these prices a GPU is cheaper if it is more than %.1f times as fast as this CPU, which is beyond "
                + "%.1f images/s.%s", ratio, rate, original);
    }
}
