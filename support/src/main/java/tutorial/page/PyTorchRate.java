package tutorial.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;
import tutorial.machine.Machine;
import tutorial.training.Rate;

/**
 * A training step of PyTorch in Python on a machine like this one, as {@code make compare} recorded it: batches of 32 images of
 * 224 × 224 pixels.
 *
 * @param device "CPU" or "GPU"
 * @param name as "PyTorch at its best, 2026-11-30"
 * @param mixed whether in mixed precision
 */
public record PyTorchRate(String device, String name, boolean mixed, double imagesPerSecond) {
    static final Path FOLDER = Path.of("results/compare");
    private static final int BATCH = 32;
    private static final int IMAGE_SIZE = 224;
    private static final String STEP = ": training step";
    private static final String EAGER = "PyTorch";

    /** As it comes, and at its best, of each device; none where nothing was recorded on a machine with this CPU and as many cores. */
    public static List<PyTorchRate> recordedHere(int batch, int imageSize) {
        return batch == BATCH && imageSize == IMAGE_SIZE ? recorded(FOLDER, Machine.cpu(), Machine.logicalCores()) : List.of();
    }

    static List<PyTorchRate> recorded(Path folder, String cpu, int cores) {
        String machine = (cpu + ", " + cores + " cores").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> newestFirst = files.filter(file -> file.getFileName().toString().matches("[0-9-]{10}-" + machine + "-.*[.]csv"))
                    .sorted(Comparator.comparing((Path file) -> file.getFileName().toString()).reversed()).toList();
            for (Path file : newestFirst) {
                List<PyTorchRate> rates = read(file);
                if (!rates.isEmpty()) {                 // some compare decoding alone
                    return rates;
                }
            }
            return List.of();
        } catch (IOException | RuntimeException unreadable) {
            return List.of();                           // it is not essential
        }
    }

    private static List<PyTorchRate> read(Path file) throws IOException {
        Map<String, Map<String, List<Double>>> rates = new LinkedHashMap<>();
        Table rows = Table.read().usingOptions(CsvReadOptions.builder(file.toFile()).locale(Locale.ROOT)
                .columnTypes(name -> name.equals("images/s") ? ColumnType.DOUBLE : ColumnType.STRING));
        for (Row row : rows) {
            String what = row.getString("what");
            if (what.contains(STEP) && row.getString("who").startsWith(EAGER)) {
                rates.computeIfAbsent(what.substring(0, what.indexOf(STEP)), device -> new LinkedHashMap<>())
                        .computeIfAbsent(row.getString("who"), who -> new ArrayList<>()).add(row.getDouble("images/s"));
            }
        }
        String date = file.getFileName().toString().substring(0, 10);
        List<PyTorchRate> found = new ArrayList<>();
        rates.forEach((device, measured) -> {
            List<PyTorchRate> all = measured.entrySet().stream().map(one -> new PyTorchRate(device, "PyTorch, " + date,
                    one.getKey().contains("autocast"), Rate.median(one.getValue()))).toList();
            PyTorchRate best = all.stream().max(Comparator.comparing(PyTorchRate::imagesPerSecond)).orElseThrow();
            found.add(all.get(0));
            if (best != all.get(0)) {
                found.add(new PyTorchRate(device, "PyTorch at its best, " + date, best.mixed, best.imagesPerSecond));
            }
        });
        return found;
    }
}
