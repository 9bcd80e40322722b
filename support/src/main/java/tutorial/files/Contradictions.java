package tutorial.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** Anyone may contribute a results file: its figures must at least agree among themselves. Those that are missed agree with all. */
final class Contradictions {
    private static final Map<String, String> RATE_OF_SPEED_UP =
            Map.of("speed-up", "images/s", "speed-up, compute only", "compute only, images/s");

    private Contradictions() {}

    static void requireNone(Table rows, Path file) throws IOException {
        Map<String, Row> cpus = new HashMap<>();
        for (Row row : rows) {
            if (row.getString("device").equals("CPU")) {
                cpus.putIfAbsent(row.getString("data loading"), rows.row(row.getRowNumber()));
            }
        }
        for (Row row : rows) {
            Optional<String> found = in(row).or(() -> between(row, cpus.get(row.getString("data loading"))));
            if (found.isPresent()) {
                throw new OneLineException(file + ", line " + (row.getRowNumber() + 2), "contradicts itself (" + found.get()
                        + "). Correct it or move the file out of the folder, and run this cell again");
            }
        }
    }

    private static Optional<String> in(Row row) {
        long images = row.getLong("images");
        double seconds = row.getDouble("seconds");
        double rate = row.getDouble("images/s");
        if (images <= 0 || !(seconds > 0)) {
            return Optional.of(images + " images in " + seconds + " seconds");
        }
        if (differ(rate, images / seconds)) {
            return Optional.of("images/s is " + rate + ", but " + images + " images in " + seconds + " seconds are " + images / seconds);
        }
        if (row.getInt("photos") > 0 && row.getInt("epochs") > 0 && images > (long) row.getInt("photos") * row.getInt("epochs")) {
            return Optional.of(images + " images are more than photos times epochs");
        }
        return Optional.empty();
    }

    /** @param cpu what a speed-up refers to; null if no CPU loaded its data as the row's device did */
    private static Optional<String> between(Row row, Row cpu) {
        if (cpu == null) {
            return Optional.empty();
        }
        for (Map.Entry<String, String> pair : RATE_OF_SPEED_UP.entrySet()) {
            double told = row.getDouble(pair.getKey());
            double ratio = row.getDouble(pair.getValue()) / cpu.getDouble(pair.getValue());
            if (differ(told, ratio)) {
                return Optional.of(pair.getKey() + " is " + told + ", but the rates of the lines are " + ratio + " to 1");
            }
        }
        return Optional.empty();
    }

    private static boolean differ(double told, double computed) {
        return Math.abs(told - computed) > 1e-3 * Math.abs(computed);
    }
}
