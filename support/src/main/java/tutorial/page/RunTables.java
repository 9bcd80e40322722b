package tutorial.page;

import static tutorial.page.Labels.text;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tutorial.training.Ladder;
import tutorial.training.Layout;
import tutorial.training.Race;
import tutorial.training.Roofline;
import tutorial.training.Run;
import tutorial.training.Step;
import tutorial.training.Sweep;
import tutorial.training.Throughput;
import tutorial.training.TrainingDevice;

/** What was measured, as tables. */
public final class RunTables {
    private RunTables() {}

    /** One figure of each of some things, as a column of a table. */
    public static <T> DoubleColumn column(String name, Collection<T> rows, ToDoubleFunction<T> figure) {
        return DoubleColumn.create(name, rows.stream().mapToDouble(figure).toArray());
    }

    private static <T> StringColumn names(String name, Collection<T> rows) {
        return StringColumn.create(name, rows.stream().map(String::valueOf));
    }

    private static StringColumn runs(List<Run> runs) {
        return StringColumn.create("run", runs.stream().map(Run::name));
    }

    /** A row for each epoch. */
    public static Table summary(Run run) {
        List<Run> epochs = IntStream.rangeClosed(1, run.lastEpoch()).mapToObj(run::epoch).toList();
        Table table = Table.create(text("%s: %s images/s on %s", run.name(), run.rate(), run.on().processor()),
                column("epoch", epochs, Run::lastEpoch),
                column("images", epochs, Run::images),
                column("seconds", epochs, Run::seconds),
                column("wall clock, s", epochs, Run::wallSeconds),
                column("images/s", epochs, Run::imagesPerSecond));
        if (run.inParts()) {
            table.addColumns(column("waiting for data, %", epochs, epoch -> 100 * epoch.waiting()));
        }
        return table.addColumns(column("loss", epochs, Run::loss), column("accuracy, %", epochs, epoch -> 100 * epoch.accuracy()));
    }

    /** Where the time of each run went. */
    public static Table times(Collection<Run> runs) {
        Table table = Table.create("Milliseconds per image", runs(List.copyOf(runs)));
        for (String part : Run.PARTS) {
            table.addColumns(column(part, runs, run -> run.millis(part)));
        }
        return table.addColumns(column("all", runs, run -> 1000 / run.imagesPerSecond()));
    }

    /** A row for each device and layout. */
    public static Table layouts(Race race) {
        record Measured(TrainingDevice on, Layout layout, Throughput throughput) {}
        List<Measured> rows = race.devices().stream().flatMap(on -> race.layouts(on).entrySet().stream()
                .map(one -> new Measured(on, one.getKey(), one.getValue()))).toList();
        return Table.create("Training steps on synthetic data", names("device", rows.stream().map(Measured::on).toList()),
                names("layout", rows.stream().map(Measured::layout).toList()),
                names("images/s", rows.stream().map(row -> row.throughput.rate()).toList()),
                column("loss", rows, row -> row.throughput.loss()),
                StringColumn.create("used in the race", rows.stream().map(row -> race.format(row.on).layout() == row.layout ? "yes" : "")));
    }

    /** Both rates of each run, and where there are two devices both speed-ups. */
    public static Table speedUps(Race race) {
        List<Run> runs = race.runs();
        Table table = Table.create("As fed and compute only", runs(runs),
                names("as fed, images/s", runs.stream().map(Run::rate).toList()),
                names("compute only, images/s", runs.stream().map(run -> race.computeOnly(run.on()).rate()).toList()),
                column("as fed / compute only, %", runs, run -> 100 * run.imagesPerSecond() / race.computeOnly(run.on()).imagesPerSecond()),
                names("waiting for data, %", runs.stream().map(race::waiting).toList()));
        return race.devices().size() == 1 ? table : table.setName("Speed-ups over " + race.cpu().name()).addColumns(
                column("speed-up as fed", runs, race::speedUp),
                column("speed-up compute only", runs, run -> race.computeOnlySpeedUp(run.on())));
    }

    /** How far each run's losses are from those of the CPU's first. */
    public static Table differences(Race race) {
        Run cpu = race.cpu();
        List<Run> others = race.runs().stream().skip(1).toList();
        return Table.create("Losses compared with " + cpu.name(), runs(others),
                column("steps compared", others, run -> differences(run, cpu).length),
                column("first step, difference", others, run -> differences(run, cpu)[0]),
                column("largest difference", others, run -> Arrays.stream(differences(run, cpu)).max().getAsDouble()));
    }

    private static double[] differences(Run run, Run from) {
        List<Step> steps = run.steps();
        return IntStream.range(0, Math.min(steps.size(), from.steps().size()))
                .mapToDouble(i -> Math.abs(steps.get(i).loss() - from.steps().get(i).loss())).toArray();
    }

    /** What each device can do at most. */
    public static Table peaks(Map<TrainingDevice, Roofline> peaks) {
        return Table.create("Peaks, each the best of several bursts", names("device", peaks.keySet()),
                StringColumn.create("computed in", peaks.values().stream().map(Roofline::numbers)),
                column("product, TFLOP/s", peaks.values(), peak -> peak.arithmetic().best() / 1e12),
                column("its median", peaks.values(), peak -> peak.arithmetic().median() / 1e12),
                column("memory, GB/s", peaks.values(), peak -> peak.memory().best() / 1e9),
                column("median of that", peaks.values(), peak -> peak.memory().median() / 1e9),
                column("ridge, FLOP/byte", peaks.values(), Roofline::ridge));
    }

    /** How much of each device's peak its first run reached; where that is more than the product did, it is the peak itself. */
    public static Table arithmetic(Race race, Map<TrainingDevice, Roofline> peaks, double flopPerImage) {
        List<TrainingDevice> devices = List.copyOf(peaks.keySet());
        ToDoubleFunction<TrainingDevice> reached = on -> race.first(on).imagesPerSecond() * flopPerImage;
        ToDoubleFunction<TrainingDevice> peak = on -> peaks.get(on).peak(reached.applyAsDouble(on));
        return Table.create("Model FLOP utilisation", names("device", devices),
                names("images/s", devices.stream().map(on -> race.first(on).rate()).toList()),
                column("GFLOP per image", devices, on -> flopPerImage / 1e9),
                column("reached, TFLOP/s", devices, on -> reached.applyAsDouble(on) / 1e12),
                column("peak, TFLOP/s", devices, on -> peak.applyAsDouble(on) / 1e12),
                StringColumn.create("peak of", devices.stream().map(on -> peak.applyAsDouble(on) > peaks.get(on).arithmetic().best()
                        ? "training: the machine was slower when the product was measured" : "product")),
                column("MFU, %", devices, on -> 100 * reached.applyAsDouble(on) / peak.applyAsDouble(on)));
    }

    /** A row for each device and batch size; no table where none was measured. */
    public static List<Table> sweep(Sweep sweep) {
        Table table = Table.create("Batch sizes, compute only", StringColumn.create("device"), IntColumn.create("batch"),
                StringColumn.create("images/s"), DoubleColumn.create("memory, GB"));
        sweep.measured().forEach((on, sizes) -> sizes.forEach((batch, throughput) -> {
            table.stringColumn(0).append(on.name());
            table.intColumn(1).append(batch);
            table.stringColumn(2).append(throughput.rate().toString());
            table.doubleColumn(3).append(throughput.gigabytes());
        }));
        return table.isEmpty() ? List.of() : List.of(table);
    }

    /** A row for each rung: what a step takes, of time, memory and operators. */
    public static Table ladder(Ladder ladder, int batch) {
        record Row(TrainingDevice on, Ladder.Rung rung, Throughput throughput) {}
        List<Row> rows = ladder.measured().entrySet().stream().flatMap(device -> device.getValue().entrySet().stream()
                .map(one -> new Row(device.getKey(), one.getKey(), one.getValue()))).toList();
        return Table.create("A step of " + batch + " images, with one more change in each row",
                names("device", rows.stream().map(Row::on).toList()), names("change", rows.stream().map(row -> row.rung.name()).toList()),
                names("images/s", rows.stream().map(row -> row.throughput.rate()).toList()),
                column("ms a step", rows, row -> 1000 * batch / row.throughput.imagesPerSecond()),
                column("memory, GB", rows, row -> row.throughput.gigabytes()), column("operators", rows, row -> row.throughput.operators()),
                column("loss", rows, row -> row.throughput.loss()));
    }

    /** @param milliseconds after which a pass seemed to be over, and after which it was, by device */
    public static Table passes(Map<TrainingDevice, double[]> milliseconds) {
        return Table.create("One pass through the network", names("device", milliseconds.keySet()),
                column("clock read at once, ms", milliseconds.values(), time -> time[0]),
                column("after waiting, ms", milliseconds.values(), time -> time[1]));
    }
}
