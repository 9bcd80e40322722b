package tutorial.page;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The charts of the notebook, in one look: CPU blue, GPU green, waiting orange, the rest grey. Each has a title that says
 * what was found, and an alternative text with the title and the values. Any text will do as a name, and any number as a
 * value: what is not finite is left out.
 */
public final class Charts {
    /** Whose bar it is: of this run on the CPU or a GPU, published, recorded on another machine (on a GPU or a CPU). */
    public enum Kind {
        CPU(0x2F6FB7), GPU(0x2E9E5B), PUBLISHED(0x9AA1A9), RECORDED(0xA3D5B6), RECORDED_CPU(0xA6C5E8), OTHER(0x6E7781);

        final Color color;

        Kind(int rgb) {
            color = new Color(rgb);
        }
    }

    /**
     * A bar.
     *
     * @param value its length
     * @param behind length of the pale bar behind it; not a number for none
     * @param note follows the value; may be empty
     */
    public record Bar(String label, double value, double behind, Kind kind, String note) {}

    private static final Color WAITING = new Color(0xE8871E);
    private static final Color LIMIT = new Color(0xB85C00);
    private static final List<Color> PARTS = List.of(new Color(0x6FA8A3), new Color(0xB4BAC1), new Color(0x7D858E),
            new Color(0xB9D6D2), new Color(0x4D555E), new Color(0xD9DDE1));
    private static final Color EMPTY = new Color(0xF6F8FA);
    private static final int ROW = 34;
    private static final int PHOTO = 200;
    /** Classes that a matrix or a table shows legibly. */
    public static final int MANY = 20;

    private Charts() {}

    /**
     * Horizontal bars from top to bottom, each with its value and note at the end. The names of this run's are bold where
     * there are others.
     */
    public static Picture bars(String title, String unit, List<Bar> bars) {
        return bars(title, unit, bars, Double.NaN, "");
    }

    /**
     * As {@link #bars(String, String, List)}, with a dashed line to hold the bars against.
     *
     * @param line a value; not a number for no line
     * @param lineLabel what it is; the value is added
     */
    public static Picture bars(String title, String unit, List<Bar> bars, double line, String lineLabel) {
        boolean lined = Double.isFinite(line);
        List<String> names = Labels.of(bars.stream().map(Bar::label).toList());
        List<String> values = bars.stream().map(bar -> Ticks.number(bar.value)).toList();
        List<String> notes = bars.stream().map(Charts::note).toList();
        double[] ends = bars.stream().mapToDouble(bar -> Math.max(length(bar.value), length(bar.behind))).toArray();
        boolean mixed = bars.stream().map(Charts::isOwn).distinct().count() > 1;
        List<String> texts = IntStream.range(0, bars.size()).mapToObj(i -> values.get(i) + "  " + notes.get(i)).toList();
        ChartCanvas canvas = rows(0, names, i -> mixed && isOwn(bars.get(i)), ends, texts,
                lined ? line * 1.05 : 0);
        canvas.room(lined ? 22 : 0, 44).xTitle(unit);
        StringJoiner alt = sentences(title);
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double y = bars.size() - i - 0.5;
            canvas.box(ChartCanvas.pale(bar.kind.color, 0.7), 0, y - 0.36, length(bar.behind), y + 0.36);
            canvas.box(bar.kind.color, 0, y - 0.25, length(bar.value), y + 0.25);
            alt.add((names.get(i) + ": " + values.get(i) + " " + unit + " " + notes.get(i)).strip());
        }
        if (lined) {
            String label = Labels.shortened(lineLabel) + " " + Ticks.number(line);
            canvas.markX(LIMIT, line, label);
            alt.add(label + " " + unit);
        }
        for (int i = 0; i < bars.size(); i++) {
            double y = bars.size() - i - 0.5;
            double width = Labels.width(values.get(i), ChartCanvas.BOLD) + 14;
            double value = length(bars.get(i).value);
            boolean fits = canvas.pixels(ends[i] - value) > width;   // between the ends of the two bars
            if (fits) {
                canvas.text(values.get(i), ChartCanvas.BOLD, ChartCanvas.INK, value, y, 7, 0, 0);
            } else {
                canvas.value(values.get(i), ends[i], y);
            }
            canvas.textOverLines(notes.get(i), ChartCanvas.PLAIN, ChartCanvas.GREY, ends[i], y, fits ? 7 : width, 0, 0);
        }
        return canvas.picture(title, alt.toString());
    }

    /**
     * Horizontal bars made of parts, with the sum at the end.
     *
     * @param runs their names, from top to bottom
     * @param parts by name, from left to right, a value for each row
     */
    public static Picture stacked(String title, String unit, List<String> runs, Map<String, List<Double>> parts) {
        List<String> rows = Labels.of(runs);
        double[] sums = IntStream.range(0, rows.size())
                .mapToDouble(row -> parts.values().stream().mapToDouble(values -> length(at(values, row))).sum()).toArray();
        ChartCanvas canvas = rows(0, rows, i -> false, sums, DoubleStream.of(sums).mapToObj(Ticks::number).toList(), 0);
        canvas.room(0, 44).xTitle(unit);
        List<StringJoiner> alts = rows.stream()
                .map(row -> new StringJoiner(", ", row + ": ", "")).toList();
        double[] ends = new double[rows.size()];
        int others = 0;
        for (Map.Entry<String, List<Double>> part : parts.entrySet()) {
            Color color = switch (part.getKey()) {
                case "waiting for data" -> WAITING;
                case "forward and backward" -> Kind.CPU.color;
                default -> PARTS.get(others++ % PARTS.size());
            };
            canvas.legend(part.getKey(), color, null);
            for (int i = 0; i < rows.size(); i++) {
                double value = length(at(part.getValue(), i));
                double y = rows.size() - i - 0.5;
                canvas.box(color, ends[i], y - 0.33, ends[i] + value, y + 0.33);
                if (canvas.pixels(value) > Labels.width(Ticks.number(value), ChartCanvas.PLAIN) + 8) {
                    canvas.text(Ticks.number(value), ChartCanvas.PLAIN, legibleOn(color), ends[i] + value / 2, y, 0, 0, 0.5);
                }
                ends[i] += value;
                alts.get(i).add(Labels.shortened(part.getKey()) + " " + Ticks.number(value));
            }
        }
        for (int i = 0; i < rows.size(); i++) {
            canvas.value(Ticks.number(sums[i]), sums[i], rows.size() - i - 0.5);
            alts.get(i).add("together " + Ticks.number(sums[i]) + " " + unit);
        }
        StringJoiner alt = sentences(title);
        alts.forEach(row -> alt.add(row.toString()));
        return canvas.picture(title, alt.toString());
    }

    /**
     * Lines on two logarithmic axes, with a value at each point.
     *
     * @param series by name, with the values by x, which is positive
     * @param marked the x that is in use
     */
    public static Picture logLog(String title, String xLabel, String yLabel, Map<String, Map<Integer, Double>> series,
            int marked) {
        TreeMap<Integer, double[]> columns = new TreeMap<>();   // lowest and highest value
        series.values().forEach(points -> points.forEach((x, y) -> {
            if (isPositive(x, y)) {
                columns.merge(x, new double[] {y, y}, (a, b) -> new double[] {Math.min(a[0], b[0]), Math.max(a[1], b[1])});
            }
        }));
        double from = columns.isEmpty() ? 0 : Math.log(columns.firstKey());
        double to = columns.isEmpty() ? 1 : Math.log(columns.lastKey());
        double margin = Math.max(0.3, (to - from) / 25);
        double[] ticks = Ticks.decades(columns.values().stream().mapToDouble(column -> column[0]).min().orElse(1),
                columns.values().stream().mapToDouble(column -> column[1]).max().orElse(10));
        double low = Math.log(ticks[0]);
        double high = Math.log(ticks[ticks.length - 1]);
        ChartCanvas canvas = canvas(ticks, from - margin, to + margin,
                low - (high - low) / 10, high + (high - low) / 10).room(22, 44);
        canvas.xTitle(xLabel);
        canvas.yTitle(yLabel);
        canvas.xTicks(columns.keySet().stream().mapToDouble(x -> x).toArray(), Math::log);
        canvas.yTicks(ticks, Math::log);
        if (columns.containsKey(marked)) {
            canvas.markX(ChartCanvas.GREY, Math.log(marked), "in use");
        }
        StringJoiner alt = sentences(title);
        Shades shades = new Shades();
        series.forEach((name, points) -> {
            TreeMap<Integer, Double> sorted = new TreeMap<>(points);
            sorted.entrySet().removeIf(point -> !isPositive(point.getKey(), point.getValue()));
            Color color = shades.of(name);
            BasicStroke stroke = new BasicStroke(2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
            canvas.legend(name, color, stroke);
            canvas.curve(color, stroke, sorted.keySet().stream().mapToDouble(Math::log).toArray(),
                    sorted.values().stream().mapToDouble(Math::log).toArray());
            StringJoiner values = new StringJoiner(", ", Labels.shortened(name) + ": ", " " + yLabel);
            sorted.forEach((x, y) -> {
                double[] column = columns.get(x);
                boolean highest = y == column[1];
                canvas.dot(color, Math.log(x), Math.log(y));
                if (highest || y == column[0]) {
                    canvas.textOverLines(Ticks.number(y), ChartCanvas.PLAIN, color.darker(), Math.log(x), Math.log(y),
                            0, highest ? -14 : 14, 0.5);
                }
                values.add(Ticks.number(y) + " at " + x);
            });
            alt.add(values.toString());
        });
        return canvas.picture(title, alt.toString());
    }

    /**
     * Losses over steps. The first series is thick and pale, the others thin above it: what coincides stays visible.
     *
     * @param reference height of a dotted line, as the loss of guessing; not a number for none
     * @param referenceLabel what it is; the value is added
     */
    public static Picture curves(String title, String xLabel, String yLabel, Map<String, List<Double>> series,
            double reference, String referenceLabel) {
        int steps = Math.max(2, series.values().stream().mapToInt(List::size).max().orElse(0));
        boolean referred = Double.isFinite(reference);
        double max = DoubleStream.concat(series.values().stream().flatMap(List::stream).mapToDouble(Charts::orNaN),
                DoubleStream.of(reference)).filter(Double::isFinite).max().orElse(1);
        double[] ticks = Ticks.linear(max > 0 ? max * 1.02 : 1, 6);
        double top = Math.max(max > 0 ? max * 1.06 : 1, ticks[ticks.length - 1]);
        ChartCanvas canvas = canvas(ticks, 1 - (steps - 1) / 60.0, steps + (steps - 1) / 60.0, 0, top).room(4, 44);
        canvas.xTitle(xLabel);
        canvas.yTitle(yLabel);
        canvas.yTicks(ticks, y -> y);
        DoubleStream whole = DoubleStream.of(Ticks.linear(steps, 12)).filter(x -> x > 1 && x == Math.rint(x));
        canvas.xTicks(DoubleStream.concat(DoubleStream.of(1), whole).toArray(), x -> x);
        StringJoiner alt = sentences(title);
        Shades shades = new Shades();
        boolean first = true;
        for (Map.Entry<String, List<Double>> one : series.entrySet()) {
            double[] values = one.getValue().stream().mapToDouble(Charts::orNaN).toArray();
            Color color = first ? ChartCanvas.pale(shades.of(one.getKey()), 0.6) : shades.of(one.getKey());
            BasicStroke stroke = new BasicStroke(first ? 8 : 1.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
            first = false;
            canvas.legend(one.getKey(), color, stroke);
            canvas.curve(color, stroke, IntStream.rangeClosed(1, values.length).asDoubleStream().toArray(), values);
            double[] finite = DoubleStream.of(values).filter(Double::isFinite).toArray();
            alt.add(Labels.shortened(one.getKey()) + ": " + (finite.length == 0 ? "no value" : "from " + Ticks.number(finite[0])
                    + " to " + Ticks.number(finite[finite.length - 1]) + " in " + values.length + " steps"));
        }
        if (series.values().stream().flatMap(List::stream).mapToDouble(Charts::orNaN).allMatch(Double::isNaN)) {
            canvas.text("no values", ChartCanvas.PLAIN, ChartCanvas.GREY, (1 + steps) / 2.0, top / 2, 0, 0, 0.5);
        }
        if (referred) {
            canvas.horizontal(ChartCanvas.GREY, ChartCanvas.DOTTED, reference);
            String label = Labels.shortened(referenceLabel) + " " + Ticks.number(reference);
            canvas.textOverLines(label, ChartCanvas.PLAIN, ChartCanvas.GREY, canvas.right(), reference, -4, -11, 1);
            alt.add(label);
        }
        return canvas.picture(title, alt.toString());
    }

    /**
     * How often each class was predicted as which. Of many classes those most often mistaken are shown, and of the others the
     * title tells.
     *
     * @param counts by true class (rows, the first on top) and predicted class (columns)
     */
    public static Picture confusion(String title, List<String> classes, int[][] counts) {
        int[] shown = mostMistaken(counts);
        if (shown.length == counts.length) {
            return matrix(title, Labels.of(classes), counts, shown);
        }
        long photos = 0;
        long right = 0;
        for (int one : IntStream.range(0, counts.length).filter(one -> Arrays.binarySearch(shown, one) < 0).toArray()) {
            photos += IntStream.of(counts[one]).sum();
            right += counts[one][one];
        }
        String others = photos == 0 ? "" : String.format(Locale.ROOT, ". Of the others' %,d photos %.0f %% are right", photos,
                100.0 * right / photos);
        return matrix(title + ": of " + classes.size() + " classes the " + MANY + " most often mistaken for each other" + others,
                Labels.of(IntStream.of(shown).mapToObj(classes::get).toList()), counts, shown);
    }

    /** Those that were mistaken for each other most often, in their own order, filled up with the first. */
    private static int[] mostMistaken(int[][] counts) {
        List<int[]> pairs = new ArrayList<>();      // two classes, and how often one was taken for the other
        for (int row = 0; row < counts.length; row++) {
            for (int column = 0; column < row; column++) {
                pairs.add(new int[] {column, row, counts[row][column] + counts[column][row]});
            }
        }
        IntStream mistaken = pairs.stream().filter(pair -> pair[2] > 0).sorted(Comparator.comparing((int[] pair) -> -pair[2]))
                .flatMapToInt(pair -> IntStream.of(pair[0], pair[1]));
        return IntStream.concat(mistaken, IntStream.range(0, counts.length)).distinct().limit(MANY).sorted().toArray();
    }

    private static Picture matrix(String title, List<String> names, int[][] counts, int[] shown) {
        int size = shown.length;
        int widest = ChartCanvas.widest(names, ChartCanvas.PLAIN);
        int left = widest + 48;
        int cells = Math.max(1, size);
        int plot = Math.max(Math.min((ChartCanvas.WIDTH - left - 12) / cells, 90) * cells, 460 - left);
        boolean level = widest + 8 < plot / cells;
        ChartCanvas canvas = new ChartCanvas(left, plot, (size <= 8 ? 40 : 26) * cells, 0, cells, 0, cells);
        canvas.room(0, level ? 44 : 40 + (int) (0.71 * widest)).xTitle("predicted class");
        canvas.yTitle("true class");
        int most = Math.max(1, IntStream.of(shown).flatMap(row -> IntStream.of(shown).map(column -> counts[row][column])).max().orElse(1));
        Font font = size <= 12 ? ChartCanvas.PLAIN : ChartCanvas.PLAIN.deriveFont(10.5f);
        StringJoiner alt = sentences(title);
        for (int row = 0; row < size; row++) {
            double y = size - row - 0.5;
            int[] counted = counts[shown[row]];
            canvas.rowName(names.get(row), ChartCanvas.PLAIN, y);
            canvas.columnName(names.get(row), row + 0.5, level);
            for (int column = 0; column < size; column++) {
                int count = counted[shown[column]];
                Color color = count == 0 ? EMPTY : ChartCanvas.pale(Kind.CPU.color, 0.9 - 0.9 * count / most);
                canvas.box(color, column + 0.02, y - 0.48, column + 0.98, y + 0.48);
                canvas.text(count == 0 && size > 8 ? "" : "" + count, font, count == 0 ? ChartCanvas.GREY : legibleOn(color),
                        column + 0.5, y, 0, 0, 0.5);
            }
            alt.add(names.get(row) + ": " + counted[shown[row]] + " of " + IntStream.of(counted).sum() + " right");
        }
        return canvas.picture(title, alt.toString());
    }

    /** A photo, and beside it how probable a network holds each of these classes, in percent. */
    public static Picture beside(BufferedImage photo, String title, List<String> classes, List<Double> percent) {
        List<String> names = Labels.of(classes);
        double[] ends = IntStream.range(0, names.size()).mapToDouble(i -> Math.rint(10 * length(at(percent, i))) / 10).toArray();
        List<String> texts = IntStream.range(0, ends.length).mapToObj(
                i -> Double.isNaN(orNaN(at(percent, i))) ? "no value" : Ticks.number(ends[i]) + " %").toList();
        ChartCanvas canvas = rows(PHOTO + 12, names, i -> false, ends, texts, 103);
        canvas.room(0, 44).xTitle("probability, %");
        canvas.photo(photo, PHOTO);
        double most = DoubleStream.of(ends).max().orElse(0);
        StringJoiner alt = sentences(title);
        for (int i = 0; i < names.size(); i++) {
            double y = names.size() - i - 0.5;
            canvas.box(ends[i] == most ? ChartCanvas.INK : Kind.PUBLISHED.color, 0, y - 0.3, ends[i], y + 0.3);
            canvas.value(texts.get(i), ends[i], y);
            alt.add(names.get(i) + ": " + texts.get(i));
        }
        return canvas.picture(title, alt.toString());
    }

    /** A canvas for horizontal bars that end here, with room for the texts after them; the first row is the highest. */
    private static ChartCanvas rows(int offset, List<String> names, IntPredicate bold, double[] ends, List<String> texts,
            double atLeast) {
        int left = offset + 24 + ChartCanvas.widest(names, ChartCanvas.BOLD);
        int plot = ChartCanvas.WIDTH - left - 12;
        double max = atLeast;
        for (int i = 0; i < ends.length; i++) {
            double room = plot - Labels.width(texts.get(i), ChartCanvas.BOLD) - 14;
            max = Math.max(max, ends[i] * plot / Math.max(room, plot / 8.0));
        }
        max = max > 0 ? max : 1;
        ChartCanvas canvas = new ChartCanvas(left, plot, ROW * Math.max(1, names.size()), 0, max, 0, Math.max(1, names.size()));
        canvas.xTicks(Ticks.linear(max, plot / 90), x -> x);
        for (int i = 0; i < names.size(); i++) {
            canvas.rowName(names.get(i), bold.test(i) ? ChartCanvas.BOLD : ChartCanvas.PLAIN, names.size() - i - 0.5);
        }
        return canvas;
    }

    /** A canvas for lines, with these ticks on its y axis. */
    private static ChartCanvas canvas(double[] ticks, double... range) {
        int left = 44 + ChartCanvas.widest(DoubleStream.of(ticks).mapToObj(Ticks::number).toList(), ChartCanvas.PLAIN);
        return new ChartCanvas(left, ChartCanvas.WIDTH - left - 12, 300, range);
    }

    /** The alternative text, to which the values are added. */
    private static StringJoiner sentences(String title) {
        return new StringJoiner("; ", Labels.plain(title) + ". ", ".").setEmptyValue(Labels.plain(title) + ".");
    }

    private static boolean isOwn(Bar bar) {
        return bar.kind == Kind.CPU || bar.kind == Kind.GPU;
    }

    private static String note(Bar bar) {
        String note = Labels.shortened(bar.note, 60, 320);
        return note.isEmpty() && length(bar.behind) > 0 ? "(pale: " + Ticks.number(bar.behind) + ")" : note;
    }

    private static double length(Double value) {
        return value != null && Double.isFinite(value) ? Math.max(0, value) : 0;
    }

    private static double orNaN(Double value) {
        return value != null && Double.isFinite(value) ? value : Double.NaN;
    }

    private static Double at(List<Double> values, int index) {
        return index < values.size() ? values.get(index) : null;
    }

    private static boolean isPositive(Integer x, Double y) {
        return x > 0 && length(y) > 0;
    }

    private static Color legibleOn(Color color) {
        double luminance = 0.3 * color.getRed() + 0.59 * color.getGreen() + 0.11 * color.getBlue();
        return luminance > 150 ? ChartCanvas.INK : Color.WHITE;
    }

    /** Blue for a CPU, green for a GPU, grey for what is neither; another shade each time. */
    private static final class Shades {
        private final Map<Kind, Integer> uses = new HashMap<>();

        Color of(String name) {
            Kind kind = name.startsWith("CPU") ? Kind.CPU : name.startsWith("GPU") ? Kind.GPU : Kind.OTHER;
            List<Color> shades = switch (kind) {
                case CPU -> List.of(kind.color, new Color(0x12305C), new Color(0x5FB0E5));
                case GPU -> List.of(kind.color, new Color(0x93BF35), new Color(0x0E4A2B));
                default -> List.of(kind.color, ChartCanvas.INK, Kind.PUBLISHED.color);
            };
            return shades.get((uses.merge(kind, 1, Integer::sum) - 1) % shades.size());
        }
    }
}
