package tutorial.page;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.LineBreakMeasurer;
import java.awt.font.TextAttribute;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.text.AttributedString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Annotation;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * What the charts of the page have in common; {@link Charts} draws on it. The plot is an XChart, whose bar charts know one
 * colour for each series and no bar behind another: so a bar is an area of an x-y chart, with its text as an annotation.
 */
public final class ChartCanvas {
    static final int WIDTH = 800;
    static final Color INK = new Color(0x24292F);
    static final Color GREY = new Color(0x656D76);
    static final Color GRID = new Color(0xE4E7EB);
    static final Font PLAIN = Picture.FONT;
    static final Font BOLD = PLAIN.deriveFont(Font.BOLD);
    static final BasicStroke HAIR = new BasicStroke(1);
    static final BasicStroke DASHED = dashes(1.5f, 5, 4);
    static final BasicStroke DOTTED = dashes(2, 0.1f, 5);
    private static final BasicStroke RIM = new BasicStroke(3.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    private static final Font TITLE = BOLD.deriveFont(15f);
    private static final int PAD = 12;
    private static final int LINE = 20;
    private static final int TITLE_LINES = 3;
    private static final int TITLE_MOST = 400;

    /** A name in the legend, beside a line of this stroke, or a square where there is none. */
    record Entry(String name, Color color, BasicStroke stroke) {}

    private final XYChart chart;
    private final int left;
    private final double[] range;
    private final List<Entry> legend = new ArrayList<>();
    private BufferedImage photo;
    private int above;
    private int below;

    /**
     * @param left pixels to the left of the plot
     * @param range of the axes: from x, to x, from y, to y
     */
    ChartCanvas(int left, int plotWidth, int plotHeight, double... range) {
        this.left = left;
        this.range = range;
        chart = new XYChart(plotWidth, plotHeight);
        chart.getStyler().setLegendVisible(false).setChartTitleVisible(false).setChartPadding(0).setPlotContentSize(1)
                .setPlotBorderVisible(false).setChartBackgroundColor(Color.WHITE).setPlotBackgroundColor(Color.WHITE);
        chart.getStyler().setAxisTicksVisible(false).setAxisTitlesVisible(false).setPlotGridLinesVisible(false).setPlotMargin(0)
                .setXAxisTickMarkSpacingHint(1)
                .setXAxisMin(range[0]).setXAxisMax(range[1]).setYAxisMin(range[2]).setYAxisMax(range[3]);
    }

    /** Room above and below the plot, as for the labels of an axis. */
    ChartCanvas room(int above, int below) {
        this.above = above;
        this.below = below;
        return this;
    }

    void legend(String name, Color color, BasicStroke stroke) {
        legend.add(new Entry(Labels.shortened(name), color, stroke));
    }

    void box(Color color, double x1, double y1, double x2, double y2) {
        XYSeries box = series(new double[] {x1, x2, x2, x1}, new double[] {y1, y1, y2, y2});
        box.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
        box.setFillColor(color);
        box.setLineStyle(SeriesLines.NONE);
    }

    void line(Color color, BasicStroke stroke, double[] x, double[] y) {
        XYSeries line = series(x, y);
        line.setLineColor(color);
        line.setLineStyle(stroke);
    }

    void vertical(Color color, BasicStroke stroke, double x) {
        line(color, stroke, new double[] {x, x}, new double[] {range[2], range[3]});
    }

    void horizontal(Color color, BasicStroke stroke, double y) {
        line(color, stroke, new double[] {range[0], range[1]}, new double[] {y, y});
    }

    void dot(Color color, double x, double y) {
        XYSeries dot = series(new double[] {x}, new double[] {y});
        dot.setMarker(SeriesMarkers.CIRCLE);
        dot.setMarkerColor(color);
    }

    private XYSeries series(double[] x, double[] y) {
        XYSeries series = chart.addSeries("series " + chart.getSeriesCollection().size(), x, y);
        series.setMarker(SeriesMarkers.NONE);
        return series;
    }

    /**
     * Writes a text beside a point.
     *
     * @param dx pixels to the right of the point
     * @param dy pixels below it, for the middle of the text
     * @param align 0 begins there, 0.5 is centred, 1 ends there
     * @param degrees anticlockwise, around the point
     */
    void text(String text, Font font, Color color, double x, double y, double dx, double dy, double align, double degrees) {
        if (!text.isBlank()) {
            chart.addAnnotation(new Text(text, font, color, false, x, y, dx, dy, align, degrees));
        }
    }

    /** Writes a text that may cross lines: it has a white rim. */
    void textOverLines(String text, Font font, Color color, double x, double y, double dx, double dy, double align) {
        if (!text.isBlank()) {
            chart.addAnnotation(new Text(text, font, color, true, x, y, dx, dy, align, 0));
        }
    }

    void text(String text, Font font, Color color, double x, double y, double dx, double dy, double align) {
        text(text, font, color, x, y, dx, dy, align, 0);
    }

    /** A name to the left of the plot. */
    void rowName(String name, Font font, double y) {
        text(name, font, INK, range[0], y, -8, 0, 1);
    }

    /** A name below the plot, on its slant where there is no room. */
    void columnName(String name, double x, boolean level) {
        text(name, PLAIN, INK, x, range[2], 0, level ? 14 : 10, level ? 0.5 : 1, level ? 0 : 45);
    }

    /** The number at the end of a bar. */
    void value(String value, double x, double y) {
        textOverLines(value, BOLD, INK, x, y, 7, 0, 0);
    }

    /** What the x axis shows, at the lower edge of the room below. */
    void xTitle(String title) {
        text(Labels.shortened(title, 80, 400), PLAIN, GREY, (range[0] + range[1]) / 2, range[2], 0, below - 10, 0.5);
    }

    void yTitle(String title) {
        text(Labels.shortened(title, 60, 280), PLAIN, GREY, range[0], (range[2] + range[3]) / 2, PAD + 6 - left, 0, 0.5, 90);
    }

    /** Lines of the grid, with a label where there is room. */
    void xTicks(double[] values, DoubleUnaryOperator place) {
        double end = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            double x = place.applyAsDouble(value);
            String label = Ticks.number(value);
            double half = Labels.width(label, PLAIN) / 2 + 3;
            vertical(GRID, HAIR, x);
            if (pixels(x) - half > end) {
                text(label, PLAIN, GREY, x, range[2], 0, 14, 0.5);
                end = pixels(x) + half;
            }
        }
    }

    void yTicks(double[] values, DoubleUnaryOperator place) {
        for (double value : values) {
            double y = place.applyAsDouble(value);
            horizontal(GRID, HAIR, y);
            text(Ticks.number(value), PLAIN, GREY, range[0], y, -8, 0, 1);
        }
    }

    /** A dashed line at an x, with its name above the plot. */
    void markX(Color color, double x, String label) {
        vertical(color, DASHED, x);
        text(label, PLAIN, color, x, range[3], 0, -11, (x - range[0]) / (range[1] - range[0]));
    }

    /** A line through these points, with a gap where there is none; a point with no neighbour is a dot. */
    void curve(Color color, BasicStroke stroke, double[] x, double[] y) {
        if (y.length > 0) {
            line(color, stroke, x, y);
        }
        for (int i = 0; i < y.length; i++) {
            boolean alone = (i == 0 || Double.isNaN(y[i - 1])) && (i == y.length - 1 || Double.isNaN(y[i + 1]));
            if (alone && !Double.isNaN(y[i])) {
                dot(color, x[i], y[i]);
            }
        }
    }

    double right() {
        return range[1];
    }

    /** A photo to the left of the plot. */
    void photo(BufferedImage photo, int side) {
        this.photo = Picture.fitted(photo, side);
    }

    /** How wide such a difference is in the plot. */
    double pixels(double difference) {
        return difference / (range[1] - range[0]) * chart.getWidth();
    }

    /** The whole: title, plot, legend. A plot that cannot be drawn keeps nothing else back: its values are written instead. */
    Picture picture(String title, String alt) {
        try {
            return drawn(title, alt);
        } catch (RuntimeException e) {
            return written("This chart cannot be drawn (" + e + "). It says: " + alt);
        }
    }

    private static Picture written(String text) {
        List<TextLayout> lines = wrapped(text, PLAIN, WIDTH - 2 * PAD);
        BufferedImage image = Picture.blank(WIDTH, LINE * lines.size() + 2 * PAD);
        Graphics2D pen = Picture.pen(image);
        pen.setColor(INK);
        for (int i = 0; i < lines.size(); i++) {
            lines.get(i).draw(pen, PAD, PAD + LINE * i + 14);
        }
        pen.dispose();
        return new Picture(image, text);
    }

    private Picture drawn(String title, String alt) {
        int width = left + chart.getWidth() + PAD;
        List<TextLayout> lines = wrapped(title, width - 2 * PAD);
        int top = PAD + LINE * lines.size() + PAD / 2 + above;
        int legendTop = top + chart.getHeight() + below + PAD / 2;
        int end = legendTop + LINE * paintLegend(null, width, 0) + PAD / 2;
        int height = photo == null ? end : Math.max(end, top + photo.getHeight() / 2 + PAD);
        BufferedImage image = Picture.blank(width, height);
        Graphics2D pen = Picture.pen(image);
        try {
            pen.setColor(INK);
            for (int i = 0; i < lines.size(); i++) {
                lines.get(i).draw(pen, PAD, PAD + LINE * i + 14);
            }
            paintLegend(pen, width, legendTop);
            if (photo != null) {
                pen.drawImage(photo, PAD, top, photo.getWidth() / 2, photo.getHeight() / 2, null);
            }
            pen.translate(left, top);
            chart.paint(pen, chart.getWidth(), chart.getHeight());
        } finally {
            pen.dispose();
        }
        return new Picture(image, alt);
    }

    /** The title in a few lines, without its middle where it is too long. */
    private static List<TextLayout> wrapped(String title, int width) {
        List<TextLayout> lines = wrapped(title, TITLE, width);
        for (int most = TITLE_MOST; lines.size() > TITLE_LINES; most = most * 9 / 10) {
            lines = wrapped(Labels.shortened(title, most, Integer.MAX_VALUE), TITLE, width);
        }
        return lines;
    }

    private static List<TextLayout> wrapped(String text, Font font, int width) {
        List<TextLayout> lines = new ArrayList<>();
        String plain = Labels.plain(text);
        if (plain.isEmpty()) {
            return lines;
        }
        var words = new LineBreakMeasurer(new AttributedString(plain, Map.of(TextAttribute.FONT, font)).getIterator(), Labels.METRICS);
        while (words.getPosition() < plain.length()) {
            lines.add(words.nextLayout(width));
        }
        return lines;
    }

    /** Paints the legend, or with no pen only counts its lines. */
    private int paintLegend(Graphics2D pen, int width, int top) {
        double x = left;
        int line = 0;
        for (Entry entry : legend) {
            int sample = entry.stroke == null ? 12 : 30;
            double end = x + sample + 6 + Labels.width(entry.name, PLAIN);
            if (end > width - PAD && x > left) {
                line++;
                end -= x - left;
                x = left;
            }
            if (pen != null) {
                paintEntry(pen, entry, (int) x, top + LINE * line + LINE / 2, sample);
            }
            x = end + 22;
        }
        return legend.isEmpty() ? 0 : line + 1;
    }

    private static void paintEntry(Graphics2D pen, Entry entry, int x, int middle, int sample) {
        pen.setColor(entry.color);
        if (entry.stroke == null) {
            pen.fillRect(x, middle - 6, sample, 12);
        } else {
            pen.setStroke(entry.stroke);
            pen.drawLine(x + 4, middle, x + sample - 4, middle);
        }
        if (!entry.name.isBlank()) {
            pen.setColor(INK);
            new TextLayout(entry.name, PLAIN, Labels.METRICS).draw(pen, x + sample + 6, middle + 4.5f);
        }
    }

    static int widest(List<String> texts, Font font) {
        return (int) texts.stream().mapToDouble(text -> Labels.width(text, font)).max().orElse(0);
    }

    /** The colour as it looks through white paper; the share is that of white. */
    static Color pale(Color color, double white) {
        return new Color(mixed(color.getRed(), white), mixed(color.getGreen(), white), mixed(color.getBlue(), white));
    }

    private static int mixed(int channel, double white) {
        return (int) Math.round(channel + (255 - channel) * white);
    }

    static BasicStroke dashes(float width, float... lengths) {
        return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND, 10, lengths, 0);
    }

    /** XChart's own annotation is always centred, and all of a chart have one colour. */
    private static final class Text extends Annotation {
        private final String text;
        private final Font font;
        private final Color color;
        private final boolean rim;
        private final double[] place;

        Text(String text, Font font, Color color, boolean rim, double... place) {
            super(false);
            this.text = text;
            this.font = font;
            this.color = color;
            this.rim = rim;
            this.place = place;
        }

        @Override
        public void paint(Graphics2D pen) {
            TextLayout layout = new TextLayout(text, font, Labels.METRICS);
            AffineTransform before = pen.getTransform();
            pen.translate(chart.getScreenXFromChart(place[0]) + place[2], chart.getScreenYFromChart(place[1]) + place[3]);
            pen.rotate(-Math.toRadians(place[5]));
            pen.translate(-layout.getAdvance() * place[4], font.getSize2D() * 0.36);
            var outline = layout.getOutline(null);   // a java.awt.Shape, whose import would hide DJL's in the notebook
            if (rim) {
                pen.setColor(Color.WHITE);
                pen.setStroke(RIM);
                pen.draw(outline);
            }
            pen.setColor(color);
            pen.fill(outline);
            pen.setTransform(before);
        }
    }
}
