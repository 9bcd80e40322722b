package tutorial.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jsoup.nodes.Entities;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * How fast others measured a GPU to train this network, and how they measured it; docs/results.md says how these were chosen.
 *
 * @param imagesPerSecond on images of {@code imageSize} × {@code imageSize} pixels
 * @param lowerBound whether the GPU can do more, since the measurement did not keep it busy
 * @param precision in the words of this notebook's results
 * @param flopPerImage operations that such an image takes
 */
record PublishedRate(String gpu, double imagesPerSecond, boolean lowerBound, String precision, String layout, int batch,
        int imageSize, double flopPerImage) {
    static final Path FILE = Path.of("docs/published-gpus.csv");
    private static final Map<String, ColumnType> NUMBERS = Map.of("images/s", ColumnType.DOUBLE, "batch", ColumnType.INTEGER,
            "image size", ColumnType.INTEGER, "GFLOP per image", ColumnType.DOUBLE);

    /** A file that cannot be read costs what would be made of it, and no more: the list is empty, and a line says why. */
    static List<PublishedRate> readOrTell(Path file, Consumer<String> tell) {
        try {
            return read(file);
        } catch (IOException | RuntimeException e) {
            String why = Files.exists(file) ? String.valueOf(e.getMessage()).lines().findFirst().orElse("it is damaged") : "there is no such file";
            tell.accept(Entities.escape(file + ": " + why + ". So no rates from elsewhere are shown; git checkout " + file + " restores them."));
            return List.of();
        }
    }

    static List<PublishedRate> read(Path file) throws IOException {
        Table rows = Table.read().usingOptions(CsvReadOptions.builder(file.toFile())
                .columnTypes(name -> NUMBERS.getOrDefault(name, ColumnType.STRING)).locale(Locale.ROOT));
        List<PublishedRate> rates = RecordedRuns.rows(rows).stream().map(PublishedRate::of).toList();
        if (rates.isEmpty()) {
            throw new IOException("it has no rows");
        }
        return rates;
    }

    private static PublishedRate of(Row row) {
        double rate = row.getDouble("images/s");
        double flopPerImage = 1e9 * row.getDouble("GFLOP per image");
        if (!(rate > 0 && flopPerImage > 0 && row.getInt("batch") > 0)) {
            throw new IllegalArgumentException("row " + (1 + row.getRowNumber()) + " lacks a rate, a batch or the operations");
        }
        return new PublishedRate(row.getString("GPU"), rate, row.getString("lower bound").equals("yes"), row.getString("precision"),
                row.getString("layout"), row.getInt("batch"), row.getInt("image size"), flopPerImage);
    }

    /** As "RTX 3090, mixed, NHWC, batch 512". */
    String label() {
        return String.join(", ", gpu, precision.replaceFirst(".*, mixed", "mixed"), layout, "batch " + batch);
    }
}
