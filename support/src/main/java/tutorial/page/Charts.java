package tutorial.page;

import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tutorial.training.Run;

/**
 * The charts of the notebook, in one look: CPU blue, GPU green, waiting orange, the rest grey. Each has a title that says
 * what was found, and an alternative text with the title and the values. Any text will do as a name, and any number as a
 * value: what is not finite is left out.
 */
public final class Charts {
    /** Whose bar it is: of this run on the CPU or a GPU, published, recorded on another machine's GPU. */
    enum Kind {
        CPU(0x2F6FB7), GPU(0x2E9E5B), PUBLISHED(0x9AA1A9), RECORDED(0xA3D5B6), OTHER(0x6E7781);

        final Color color;

        Kind(int rgb) {
            color = new Color(rgb);
        }

        static Kind of(String run) {
            return run.startsWith("CPU") ? CPU : run.startsWith("GPU") ? GPU : OTHER;
        }
    }

    /** A part of a bar, with its length written in it where it has a name. */
    record Part(String name, double length, Color color) {}

    /**
     * A bar.
     *
     * @param parts from left to right
     * @param behind length of a pale bar behind the first part; not a number for none
     * @param own whether it is of this run; their names are bold where there are others
     * @param value follows the bar
     * @param note follows the value; may be empty
     */
    record Bar(String label, List<Part> parts, double behind, boolean own, String value, String note) {
        Bar(String label, double value, double behind, Kind kind, String note) {
            this(label, List.of(new Part("", length(value), kind.color)), behind, kind == Kind.CPU || kind == Kind.GPU,
                    Ticks.number(value), Labels.shortened(note, 300));
        }

        private double end() {
            return parts.stream().mapToDouble(Part::length).sum();
        }
    }

    /** Classes that a matrix or a table shows legibly. */
    static final int MANY = 20;
    private static final Color WAITING = new Color(0xE8871E);
    private static final Color LIMIT = new Color(0xB85C00);
    private static final List<Color> PARTS = List.of(new Color(0x6FA8A3), new Color(0xB4BAC1), new Color(0x7D858E),
            new Color(0xB9D6D2), new Color(0x4D555E), new Color(0xD9DDE1));
    private static final Color EMPTY = new Color(0xF6F8FA);
    private static final int PHOTO = 200;
    private static final int ROW = 36;
    /** What a name beside a bar may be wide: so much in any case, and more where the values leave a bar so much room. */
    private static final int NAME = 260;
    private static final int LONG_NAME = 380;
    private static final int SHORT_BAR = 230;
    /** What a name beside a matrix may be wide, so that its cells have room for their counts. */
    private static final int MATRIX_NAME = 240;

    private Charts() {}

    /** Horizontal bars from top to bottom, each with its value and note at the end. */
    static Picture bars(String title, String unit, List<Bar> bars) {
        return bars(title, unit, bars, Double.NaN, "");
    }

    /**
     * As {@link #bars(String, String, List)}, with a dashed line to hold the bars against.
     *
     * @param line a value; not a number for no line
     * @param lineLabel what it is, with its value
     */
    static Picture bars(String title, String unit, List<Bar> bars, double line, String lineLabel) {
        boolean lined = Double.isFinite(line);
        ChartCanvas canvas = canvas(bars, 0, unit, unit, lined ? line * 1.05 : 0);
        if (lined) {
            canvas.mark(LIMIT, line, Labels.shortened(lineLabel));
            canvas.says(lineLabel + " " + unit);
        }
        return canvas.picture(title);
    }

    /**
     * Horizontal bars made of parts, with the sum at the end.
     *
     * @param runs their names, from top to bottom
     * @param parts by name, from left to right, a value for each row
     */
    static Picture stacked(String title, String unit, List<String> runs, Map<String, List<Double>> parts) {
        Map<String, Color> colors = partColors(parts.keySet());
        List<Bar> bars = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            int run = i;
            List<Part> ofRun = colors.entrySet().stream()
                    .map(part -> new Part(part.getKey(), length(parts.get(part.getKey()).get(run)), part.getValue())).toList();
            bars.add(new Bar(runs.get(i), ofRun, Double.NaN, false, Ticks.number(ofRun.stream().mapToDouble(Part::length).sum()), ""));
        }
        ChartCanvas canvas = canvas(bars, 0, unit, unit, 0);
        colors.forEach(canvas::legend);
        return canvas.picture(title);
    }

    private static Map<String, Color> partColors(Iterable<String> parts) {
        Map<String, Color> colors = new LinkedHashMap<>();
        int others = 0;
        for (String part : parts) {
            colors.put(part, switch (part) {
                case Run.WAITING -> WAITING;
                case "forward and backward" -> Kind.CPU.color;
                default -> PARTS.get(others++ % PARTS.size());
            });
        }
        return colors;
    }

    /** A photo, and beside it how probable a network holds each of these classes, in percent. */
    static Picture beside(BufferedImage photo, String title, List<String> classes, List<Double> percent) {
        double most = percent.stream().mapToDouble(Charts::length).max().orElse(0);
        List<Bar> bars = new ArrayList<>();
        for (int i = 0; i < classes.size(); i++) {
            double value = percent.get(i);
            Color color = length(value) == most ? ChartCanvas.INK : Kind.PUBLISHED.color;
            String text = Double.isFinite(value) ? Ticks.number(Math.rint(10 * value) / 10) + " %" : "no value";
            bars.add(new Bar(classes.get(i), List.of(new Part("", length(value), color)), Double.NaN, false, text, ""));
        }
        ChartCanvas canvas = canvas(bars, PHOTO + ChartCanvas.PAD, "probability, %", "", 103);
        canvas.photo(photo, PHOTO);
        return canvas.picture(title);
    }

    /**
     * Bars are boxes on an x-y chart: those of XChart's HorizontalBarChart stand side by side, all of a series in one colour,
     * and the text at their ends is the number alone.
     *
     * @param left pixels to the left of the names
     * @param unit of the values, for the alternative text
     * @param atLeast what the x axis reaches to, even if all bars are shorter
     */
    private static ChartCanvas canvas(List<Bar> bars, int left, String xLabel, String unit, double atLeast) {
        int behind = Labels.widest(bars.stream().map(bar -> bar.value + "  " + bar.note).toList(), ChartCanvas.BOLD);
        int nameRoom = Math.max(NAME, Math.min(LONG_NAME, ChartCanvas.WIDTH - left - behind - SHORT_BAR));
        List<String> names = Labels.of(bars.stream().map(Bar::label).toList(), nameRoom);
        boolean mixed = bars.stream().map(Bar::own).distinct().count() > 1;
        int rows = Math.max(1, bars.size());
        int beside = left + 24 + Labels.widest(names, ChartCanvas.BOLD);
        int plot = ChartCanvas.WIDTH - beside - ChartCanvas.PAD;
        double max = atLeast;
        for (Bar bar : bars) {
            double room = plot - Labels.width(bar.value + "  " + bar.note, ChartCanvas.BOLD) - 14;
            max = Math.max(max, Math.max(bar.end(), length(bar.behind)) * plot / Math.max(room, plot / 8.0));
        }
        max = max > 0 ? max : 1;
        ChartCanvas canvas = new ChartCanvas(beside, plot, ROW * rows, x -> x, 0, max, 0, rows);
        canvas.axisNames(xLabel, "");
        canvas.xTicks(Ticks.linear(max, plot / 90));
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            canvas.rowName(names.get(i), mixed && bar.own ? ChartCanvas.BOLD : ChartCanvas.PLAIN, ChartCanvas.INK, rows - i - 0.5);
            draw(bar, rows - i - 0.5, canvas);
            String parts = bar.parts.stream().filter(part -> !part.name.isEmpty())
                    .map(part -> part.name + " " + Ticks.number(part.length) + ", ").collect(Collectors.joining());
            String value = (parts.isEmpty() ? "" : "together ") + bar.value + " " + unit + " " + bar.note;
            canvas.says(names.get(i) + ": " + parts + value.strip());
        }
        return canvas;
    }

    private static void draw(Bar bar, double y, ChartCanvas canvas) {
        double middle = canvas.pixelsY(y);
        if (bar.behind > 0) {
            canvas.box(pale(bar.parts.get(0).color, 0.7), 0, y - 0.36, length(bar.behind), y + 0.36);
        }
        double end = 0;
        for (Part part : bar.parts) {
            canvas.box(part.color, end, y - 0.28, end + part.length, y + 0.28);
            String text = part.name.isEmpty() ? "" : Ticks.number(part.length);
            if (canvas.pixelsX(part.length) > Labels.width(text, ChartCanvas.PLAIN) + 8) {
                canvas.text(text, ChartCanvas.PLAIN, legibleOn(part.color), canvas.pixelsX(end + part.length / 2), middle, 0.5, false);
            }
            end += part.length;
        }
        double after = canvas.pixelsX(end) + 7;
        double note = Math.max(after + Labels.width(bar.value, ChartCanvas.BOLD), canvas.pixelsX(length(bar.behind))) + 7;
        canvas.text(bar.value, ChartCanvas.BOLD, ChartCanvas.INK, after, middle, 0, true);
        canvas.text(bar.note, ChartCanvas.PLAIN, ChartCanvas.GREY, note, middle, 0, true);
    }

    /**
     * Lines on two logarithmic axes, with a rate at each size.
     *
     * @param rates by name, in images/s by images in a batch; what is not positive is left out
     * @param inUse the size that is marked
     */
    static Picture batchSizes(String title, Map<String, Map<Integer, Double>> rates, int inUse) {
        Map<String, TreeMap<Integer, Double>> drawn = new LinkedHashMap<>();
        TreeMap<Integer, TreeSet<Double>> columns = new TreeMap<>();    // all values at an x
        rates.forEach((name, points) -> {
            drawn.put(name, new TreeMap<>(points));
            drawn.get(name).entrySet().removeIf(point -> point.getKey() <= 0 || length(point.getValue()) == 0);
            drawn.get(name).forEach((x, y) -> columns.computeIfAbsent(x, none -> new TreeSet<>()).add(y));
        });
        double[] xTicks = columns.isEmpty() ? new double[] {1, 2} : columns.keySet().stream().mapToDouble(x -> x).toArray();
        double[] yTicks = Ticks.decades(columns.values().stream().mapToDouble(TreeSet::first).min().orElse(1),
                columns.values().stream().mapToDouble(TreeSet::last).max().orElse(10));
        double lastX = xTicks[xTicks.length - 1];
        double lastY = yTicks[yTicks.length - 1];
        double marginX = Math.max(1.35, Math.pow(lastX / xTicks[0], 0.04));
        double marginY = Math.pow(lastY / yTicks[0], 0.1);
        ChartCanvas canvas = lines("images in a batch", "images/s", xTicks, yTicks, Math::log,
                xTicks[0] / marginX, lastX * marginX, yTicks[0] / marginY, lastY * marginY);
        if (columns.containsKey(inUse)) {
            canvas.mark(ChartCanvas.GREY, inUse, "in use");
        }
        Shades shades = new Shades();
        drawn.forEach((name, points) -> {
            Color color = shades.next(name);
            canvas.legend(name, color);
            canvas.line(color, ChartCanvas.stroke(2.2f), SeriesMarkers.CIRCLE,
                    points.keySet().stream().mapToDouble(x -> x).toArray(), points.values().stream().mapToDouble(y -> y).toArray());
            List<String> said = new ArrayList<>();
            points.forEach((x, y) -> {
                said.add(Ticks.number(y) + " at " + x);
                boolean highest = y.equals(columns.get(x).last());
                if (highest || y.equals(columns.get(x).first())) {
                    canvas.text(Ticks.number(y), ChartCanvas.PLAIN, color.darker(), canvas.pixelsX(x),
                            canvas.pixelsY(y) + (highest ? -14 : 14), 0.5, true);
                }
            });
            canvas.says(name + ": " + String.join(", ", said) + " images/s");
        });
        return canvas.picture(title);
    }

    /**
     * Losses over steps. The first series is thick and pale, the others thin above it: what coincides stays visible.
     *
     * @param guessing the loss of guessing, a dotted line
     */
    static Picture losses(String title, Map<String, List<Double>> series, double guessing) {
        int steps = Math.max(2, series.values().stream().mapToInt(List::size).max().orElse(0));
        double max = DoubleStream.concat(series.values().stream().flatMap(List::stream).mapToDouble(Charts::length),
                DoubleStream.of(guessing)).filter(y -> y > 0).max().orElse(1);
        DoubleStream whole = DoubleStream.of(Ticks.linear(steps, 12)).filter(x -> x > 1 && x == Math.rint(x));
        double margin = (steps - 1) / 60.0;
        ChartCanvas canvas = lines("step", "cross-entropy", DoubleStream.concat(DoubleStream.of(1), whole).toArray(),
                Ticks.linear(max * 1.02, 6), x -> x, 1 - margin, steps + margin, 0, max * 1.06);
        Shades shades = new Shades();
        series.forEach((name, losses) -> {
            double[] values = losses.stream().mapToDouble(y -> Double.isFinite(y) ? y : Double.NaN).toArray();
            boolean first = name.equals(series.keySet().iterator().next());
            Color color = first ? pale(shades.next(name), 0.6) : shades.next(name);
            canvas.legend(name, color);
            canvas.line(color, ChartCanvas.stroke(first ? 8 : 1.8f), values.length == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE,
                    IntStream.rangeClosed(1, values.length).asDoubleStream().toArray(), values);
            double[] finite = DoubleStream.of(values).filter(Double::isFinite).toArray();
            canvas.says(name + ": " + (finite.length == 0 ? "no value" : "from " + Ticks.number(finite[0])
                    + " to " + Ticks.number(finite[finite.length - 1]) + " in " + values.length + " steps"));
        });
        String label = "guessing " + Ticks.number(guessing);
        canvas.horizontal(ChartCanvas.GREY, ChartCanvas.stroke(2, 0.1f, 5), guessing);
        canvas.text(label, ChartCanvas.PLAIN, ChartCanvas.GREY, canvas.pixelsX(steps), canvas.pixelsY(guessing) - 11, 1, true);
        canvas.says(label);
        return canvas.picture(title);
    }

    /** A point of a roofline: FLOP for each byte, and TFLOP/s. */
    record Point(String name, double intensity, double rate) {}

    /**
     * A device's roofline.
     *
     * @param peak TFLOP/s
     * @param bandwidth TB/s
     * @param numbers in which the peak is computed
     */
    record Roof(String name, double peak, double bandwidth, String numbers, List<Point> points) {
        private double ridge() {
            return peak / bandwidth;
        }
    }

    /** On two logarithmic axes, for each device the slanted roof of its memory, the flat one of its arithmetic, and its points. */
    static Picture rooflines(String title, List<Roof> roofs) {
        List<Point> all = roofs.stream().flatMap(roof -> Stream.concat(roof.points.stream(),
                Stream.of(new Point("", roof.ridge(), roof.peak)))).toList();
        double[] xTicks = ticks(all.stream().mapToDouble(Point::intensity));
        double[] yTicks = ticks(all.stream().mapToDouble(Point::rate));
        double lastX = xTicks[xTicks.length - 1] * 1.3;
        double lastY = yTicks[yTicks.length - 1] * 1.3;
        double firstY = yTicks[0] / 1.3;
        ChartCanvas canvas = lines("FLOP per byte moved", "TFLOP/s", xTicks, yTicks, Math::log, xTicks[0] / 1.3, lastX, firstY, lastY);
        Shades shades = new Shades();
        List<Rectangle2D> taken = new ArrayList<>();
        for (Roof roof : roofs) {
            Color color = shades.next(roof.name);
            double first = Math.max(xTicks[0] / 1.3, firstY / roof.bandwidth);
            canvas.line(color, ChartCanvas.stroke(2.2f), SeriesMarkers.NONE, new double[] {first, roof.ridge(), lastX},
                    new double[] {first * roof.bandwidth, roof.peak, roof.peak});
            canvas.line(pale(color, 0.4), ChartCanvas.stroke(1.2f, 2, 4), SeriesMarkers.NONE, new double[] {roof.ridge(), roof.ridge()},
                    new double[] {firstY, roof.peak});
            String peak = "%s: %s TFLOP/s, %s".formatted(roof.name, Ticks.number(roof.peak), roof.numbers);
            String memory = Ticks.number(1000 * roof.bandwidth) + " GB/s";
            String ridge = "ridge " + Ticks.number(roof.ridge());
            label(peak, color, canvas.pixelsX(lastX) - 4, canvas.pixelsY(roof.peak) - 11, 1, canvas, taken);
            double middle = Math.sqrt(first * roof.ridge());
            label(memory, color, canvas.pixelsX(middle) - 8, canvas.pixelsY(middle * roof.bandwidth) - 4, 1, canvas, taken);
            label(ridge, color, canvas.pixelsX(roof.ridge()) + 5, canvas.pixelsY(firstY) - 10, 0, canvas, taken);
            canvas.points(color, roof.points.stream().mapToDouble(Point::intensity).toArray(),
                    roof.points.stream().mapToDouble(Point::rate).toArray());
            List<String> said = new ArrayList<>(List.of(peak, "memory " + memory, ridge + " FLOP per byte"));
            for (Point point : roof.points) {
                label(point.name, color, canvas.pixelsX(point.intensity), canvas.pixelsY(point.rate) + 15, 0.5, canvas, taken);
                said.add("%s %s TFLOP/s at %s".formatted(point.name, Ticks.number(point.rate), Ticks.number(point.intensity)));
            }
            canvas.says(String.join(", ", said));
        }
        return canvas.picture(title);
    }

    private static double[] ticks(DoubleStream values) {
        double[] sorted = values.filter(value -> value > 0).sorted().toArray();
        return sorted.length == 0 ? new double[] {1, 10} : Ticks.decades(sorted[0], sorted[sorted.length - 1]);
    }

    /** There or, where another label is, above or below; within the plot's width. */
    private static void label(String text, Color color, double x, double y, double align, ChartCanvas canvas, List<Rectangle2D> taken) {
        String label = Labels.shortened(text);
        double width = Labels.width(label, ChartCanvas.PLAIN);
        double left = Math.max(4, Math.min(x - align * width, canvas.plotWidth() - width - 4));
        for (int step : List.of(0, -30, 15, -45, 30, 45)) {
            Rectangle2D place = new Rectangle2D.Double(left, y + step - 7, width, 14);
            if (step == 45 || taken.stream().noneMatch(place::intersects)) {
                taken.add(place);
                canvas.text(label, ChartCanvas.PLAIN, color.darker(), left, y + step, 0, true);
                return;
            }
        }
    }

    /** A canvas for lines; the range is from x, to x, from y, to y. */
    private static ChartCanvas lines(String xLabel, String yLabel, double[] xTicks, double[] yTicks, DoubleUnaryOperator scale,
            double... range) {
        int left = 44 + Labels.widest(DoubleStream.of(yTicks).mapToObj(Ticks::number).toList(), ChartCanvas.PLAIN);
        ChartCanvas canvas = new ChartCanvas(left, ChartCanvas.WIDTH - left - ChartCanvas.PAD, 300, scale, range);
        canvas.axisNames(xLabel, yLabel);
        canvas.xTicks(xTicks);
        canvas.yTicks(yTicks);
        return canvas;
    }

    /**
     * How often each class was predicted as which. Of many classes those most often mistaken are shown, and of the others the
     * title tells. The cells are boxes, too: in XChart's HeatMapChart all counts have one colour, which is legible on light cells
     * only, and no space sets a cell apart from the next.
     *
     * @param counts by the number of the true class (rows, the first on top), then of the predicted class; without zeros
     */
    public static Picture confusion(String title, List<String> classes, Map<Integer, Map<Integer, Long>> counts) {
        List<Integer> shown = mostMistaken(classes.size(), counts);
        List<String> names = Labels.of(shown.stream().map(classes::get).toList(), MATRIX_NAME);
        String finding = shown.size() == classes.size() ? title : title + ": of " + classes.size() + " classes the " + MANY
                + " most often mistaken for each other" + others(shown, counts);
        int size = shown.size();
        int left = 48 + Labels.widest(names, ChartCanvas.PLAIN);
        int plot = Math.max(Math.min((ChartCanvas.WIDTH - left - ChartCanvas.PAD) / size, 90) * size, 460 - left);
        ChartCanvas canvas = new ChartCanvas(left, plot, (size <= 8 ? 40 : 26) * size, x -> x, 0, size, 0, size);
        canvas.columnNames(names);
        canvas.axisNames("predicted class", "true class");
        long most = shown.stream().flatMapToLong(row -> shown.stream().mapToLong(column -> count(counts, row, column))).max().orElse(0);
        Font font = size <= 12 ? ChartCanvas.PLAIN : ChartCanvas.PLAIN.deriveFont(11f);
        for (int row = 0; row < size; row++) {
            double y = size - row - 0.5;
            canvas.rowName(names.get(row), ChartCanvas.PLAIN, ChartCanvas.INK, y);
            for (int column = 0; column < size; column++) {
                long count = count(counts, shown.get(row), shown.get(column));
                Color color = count == 0 ? EMPTY : pale(Kind.CPU.color, 0.9 - 0.9 * count / most);
                canvas.box(color, column + 0.02, y - 0.48, column + 0.98, y + 0.48);
                canvas.text(count == 0 && size > 8 ? "" : "" + count, font, count == 0 ? ChartCanvas.GREY : legibleOn(color),
                        canvas.pixelsX(column + 0.5), canvas.pixelsY(y), 0.5, false);
            }
            int truth = shown.get(row);
            canvas.says(names.get(row) + ": " + count(counts, truth, truth) + " of " + photos(counts, truth) + " right");
        }
        return canvas.picture(finding);
    }

    private static long count(Map<Integer, Map<Integer, Long>> counts, int truth, int guess) {
        return counts.getOrDefault(truth, Map.of()).getOrDefault(guess, 0L);
    }

    private static long photos(Map<Integer, Map<Integer, Long>> counts, int truth) {
        return counts.getOrDefault(truth, Map.of()).values().stream().mapToLong(count -> count).sum();
    }

    /** Those that were mistaken for each other most often, in their own order, filled up with the first. */
    private static List<Integer> mostMistaken(int classes, Map<Integer, Map<Integer, Long>> counts) {
        TreeMap<Long, Long> pairs = new TreeMap<>();      // how often one of two classes was taken for the other
        counts.forEach((truth, row) -> row.forEach((guess, count) -> {
            if (!truth.equals(guess)) {
                pairs.merge((long) Math.max(truth, guess) * classes + Math.min(truth, guess), count, Long::sum);
            }
        }));
        Stream<Integer> mistaken = pairs.entrySet().stream().sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .flatMap(pair -> Stream.of((int) (pair.getKey() % classes), (int) (pair.getKey() / classes)));
        return Stream.concat(mistaken, IntStream.range(0, classes).boxed()).distinct().limit(MANY).sorted().toList();
    }

    private static String others(List<Integer> shown, Map<Integer, Map<Integer, Long>> counts) {
        List<Integer> others = counts.keySet().stream().filter(truth -> !shown.contains(truth)).toList();
        long photos = others.stream().mapToLong(truth -> photos(counts, truth)).sum();
        long right = others.stream().mapToLong(truth -> count(counts, truth, truth)).sum();
        return photos == 0 ? ""
                : String.format(Locale.ROOT, ". Of the others' %,d photos %.0f %% are right", photos, 100.0 * right / photos);
    }

    private static double length(double value) {
        return Double.isFinite(value) ? Math.max(0, value) : 0;
    }

    /** The colour as it looks through white paper; the share is that of white. */
    static Color pale(Color color, double white) {
        float[] rgb = color.getRGBColorComponents(null);
        float share = (float) white;
        return new Color(rgb[0] + (1 - rgb[0]) * share, rgb[1] + (1 - rgb[1]) * share, rgb[2] + (1 - rgb[2]) * share);
    }

    private static Color legibleOn(Color color) {
        double luminance = 0.3 * color.getRed() + 0.59 * color.getGreen() + 0.11 * color.getBlue();
        return luminance > 150 ? ChartCanvas.INK : Color.WHITE;
    }

    /** Blue for a CPU, green for a GPU, grey for what is neither; darker each time. */
    private static final class Shades {
        private final Map<Kind, Integer> uses = new EnumMap<>(Kind.class);

        Color next(String name) {
            Kind kind = Kind.of(name);
            Color color = kind.color;
            for (int before = uses.merge(kind, 1, Integer::sum); before > 1; before--) {
                color = color.darker();
            }
            return color;
        }
    }
}
