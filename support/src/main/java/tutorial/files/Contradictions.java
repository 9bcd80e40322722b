package tutorial.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** Anyone may contribute a results file: its figures must at least agree among themselves. */
final class Contradictions {
    private Contradictions() {}

    static void requireNone(Table rows, Path file) throws IOException {
        Map<String, Row> cpus = new LinkedHashMap<>();
        for (Row row : rows) {
            if (row.getString("device").equals("CPU")) {
                cpus.putIfAbsent(row.getString("data loading"), rows.row(row.getRowNumber()));
            }
        }
        for (Row row : rows) {
            String contradiction = contradiction(row, null);
            // The CPU's first run is what others are compared with; in older files, the one that loaded its data alike.
            Row first = cpus.isEmpty() ? null : cpus.values().iterator().next();
            Row alike = cpus.getOrDefault(row.getString("data loading"), first);
            if (contradiction == null && first != null && contradiction(row, alike) != null) {
                contradiction = contradiction(row, first);
            }
            if (contradiction != null) {
                throw new OneLineException(file + ", line " + (row.getRowNumber() + 2), "contradicts itself (" + contradiction
                        + "). Correct it or move the file out of the folder, and run this cell again");
            }
        }
    }

    private static String contradiction(Row row, Row cpu) {
        long images = row.getLong("images");
        if (images <= 0 || !(row.getDouble("seconds") > 0)) {
            return images + " images in " + row.getDouble("seconds") + " seconds";
        }
        if (row.getInt("photos") > 0 && row.getInt("epochs") > 0 && images > (long) row.getInt("photos") * row.getInt("epochs")) {
            return images + " images are more than photos times epochs";
        }
        for (Map.Entry<String, Double> computed : computed(row, cpu).entrySet()) {
            double told = row.getDouble(computed.getKey());
            if (Math.abs(told - computed.getValue()) > 1e-3 * computed.getValue()) {        // not if one of them is missing
                return computed.getKey() + " is " + told + ", but the figures that it follows from give " + computed.getValue();
            }
        }
        return null;
    }

    /** @param cpu what a speed-up refers to; null for none */
    private static Map<String, Double> computed(Row row, Row cpu) {
        Map<String, Double> computed = new LinkedHashMap<>();
        computed.put("images/s", row.getLong("images") / row.getDouble("seconds"));
        if (cpu != null) {
            computed.put("speed-up", row.getDouble("images/s") / cpu.getDouble("images/s"));
            computed.put("speed-up, compute only", row.getDouble("compute only, images/s") / cpu.getDouble("compute only, images/s"));
        }
        return computed;
    }
}
