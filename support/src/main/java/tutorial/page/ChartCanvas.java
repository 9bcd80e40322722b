package tutorial.page;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
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
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * An x-y chart of XChart with ticks, texts, title and legend of our own: XChart's title and legend do not wrap, its annotations
 * are centred and of one colour, and over some ranges, as of large and almost equal values, XChart 4.0.3 searches for ticks without end.
 */
final class ChartCanvas {
    static final int WIDTH = 720;
    static final int PAD = 12;
    static final Color INK = new Color(0x24292F);
    static final Color GREY = new Color(0x656D76);
    static final Font PLAIN = Picture.FONT;
    static final Font BOLD = PLAIN.deriveFont(Font.BOLD);
    private static final Color GRID = new Color(0xE4E7EB);
    private static final int LINE = 22;
    private static final int LEGEND_COLUMNS = 2;

    private record Text(String text, Font font, Color color, AffineTransform place, double align, boolean rimmed) {}

    private final XYChart chart;
    private final int left;
    private final DoubleUnaryOperator scale;
    private final double[] range;
    private final List<Text> texts = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private int above;
    private int below = 44;
    private int legendEntries;
    private BufferedImage photo;

    /**
     * @param left pixels to the left of the plot, for texts and a photo
     * @param scale of both axes, as {@code Math::log}
     * @param range of the axes: from x, to x, from y, to y
     */
    ChartCanvas(int left, int plotWidth, int plotHeight, DoubleUnaryOperator scale, double... range) {
        this.chart = new XYChart(plotWidth, plotHeight);
        this.left = left;
        this.scale = scale;
        this.range = range;
        chart.getStyler().setAxisTicksVisible(false).setAxisTitlesVisible(false).setPlotGridLinesVisible(false).setPlotMargin(0)
                .setXAxisTickMarkSpacingHint(1).setXAxisMin(0.0).setXAxisMax(1.0).setYAxisMin(0.0).setYAxisMax(1.0)
                .setLegendVisible(false).setChartTitleVisible(false).setChartPadding(0).setPlotContentSize(1)
                .setPlotBorderVisible(false).setChartBackgroundColor(Color.WHITE).setPlotBackgroundColor(Color.WHITE);
    }

    int plotWidth() {
        return chart.getWidth();
    }

    /** How many pixels to the right of the plot's left edge a value is. */
    double pixelsX(double x) {
        return chart.getWidth() * share(x, range[0], range[1]);
    }

    /** How many pixels below the plot's upper edge a value is. */
    double pixelsY(double y) {
        return chart.getHeight() * share(y, range[3], range[2]);
    }

    private double share(double value, double from, double to) {
        double begin = scale.applyAsDouble(from);
        return (scale.applyAsDouble(value) - begin) / (scale.applyAsDouble(to) - begin);
    }

    static BasicStroke stroke(float width, float... dashes) {
        return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND, 10, dashes.length == 0 ? null : dashes, 0);
    }

    void box(Color color, double x1, double y1, double x2, double y2) {
        XYSeries box = series(new double[] {x1, x2, x2, x1}, new double[] {y1, y1, y2, y2});
        box.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
        box.setFillColor(color);
        box.setLineStyle(SeriesLines.NONE);
    }

    /** A line through these points, with a gap where a value is no number. */
    void line(Color color, BasicStroke stroke, Marker marker, double[] x, double[] y) {
        if (x.length > 0) {
            XYSeries line = series(x, y);
            line.setLineColor(color);
            line.setLineStyle(stroke);
            line.setMarker(marker);
            line.setMarkerColor(color);
        }
    }

    void points(Color color, double[] x, double[] y) {
        if (x.length > 0) {
            XYSeries points = series(x, y);
            points.setLineStyle(SeriesLines.NONE);
            points.setMarker(SeriesMarkers.CIRCLE);
            points.setMarkerColor(color);
        }
    }

    void horizontal(Color color, BasicStroke stroke, double y) {
        line(color, stroke, SeriesMarkers.NONE, new double[] {range[0], range[1]}, new double[] {y, y});
    }

    private void vertical(Color color, BasicStroke stroke, double x) {
        line(color, stroke, SeriesMarkers.NONE, new double[] {x, x}, new double[] {range[2], range[3]});
    }

    private XYSeries series(double[] x, double[] y) {
        XYSeries series = chart.addSeries("series " + chart.getSeriesCollection().size(),
                DoubleStream.of(x).map(one -> near(share(one, range[0], range[1]))).toArray(),
                DoubleStream.of(y).map(one -> near(share(one, range[2], range[3]))).toArray());
        series.setMarker(SeriesMarkers.NONE);
        return series;
    }

    /** What is far outside of the plot is no farther for XChart. */
    private static double near(double share) {
        return Math.max(-9, Math.min(share, 10));
    }

    /** What XChart gets: axes from 0 to 1, whatever the values are, since over some ranges it searches for ticks without end. */
    XYChart chart() {
        return chart;
    }

    /**
     * @param x pixels to the right of the plot's left edge; the text may lie outside of the plot
     * @param y pixels below its upper edge, for the middle of the text
     * @param align 0 begins there, 0.5 is centred, 1 ends there
     * @param rimmed with a white rim, as it may cross lines
     */
    void text(String text, Font font, Color color, double x, double y, double align, boolean rimmed) {
        texts.add(new Text(text, font, color, AffineTransform.getTranslateInstance(x, y), align, rimmed));
    }

    private void slanted(String text, Color color, double x, double y, double align, int degrees) {
        AffineTransform place = AffineTransform.getTranslateInstance(x, y);
        place.rotate(-Math.toRadians(degrees));
        texts.add(new Text(text, PLAIN, color, place, align, false));
    }

    /** A name to the left of the plot. */
    void rowName(String name, Font font, Color color, double y) {
        text(name, font, color, -8, pixelsY(y), 1, false);
    }

    /** Names below columns that are one wide, on a slant where they are wider. */
    void columnNames(List<String> names) {
        int widest = Labels.widest(names, PLAIN);
        boolean level = widest + 8 < pixelsX(1);
        below = level ? below : 40 + (int) (0.71 * widest);
        for (int i = 0; i < names.size(); i++) {
            slanted(names.get(i), INK, pixelsX(i + 0.5), chart.getHeight() + (level ? 14 : 10), level ? 0.5 : 1, level ? 0 : 45);
        }
    }

    /** What the axes show; either may be empty. */
    void axisNames(String x, String y) {
        text(x, PLAIN, GREY, chart.getWidth() / 2.0, chart.getHeight() + below - 10, 0.5, false);
        slanted(y, GREY, PAD + 6 - left, chart.getHeight() / 2.0, 0.5, 90);
    }

    void xTicks(double... values) {
        for (double value : values) {
            vertical(GRID, stroke(1), value);
            text(Ticks.number(value), PLAIN, GREY, pixelsX(value), chart.getHeight() + 14, 0.5, false);
        }
    }

    void yTicks(double... values) {
        for (double value : values) {
            horizontal(GRID, stroke(1), value);
            rowName(Ticks.number(value), PLAIN, GREY, value);
        }
    }

    /** A dashed line across, with its name above the plot. */
    void mark(Color color, double x, String name) {
        above = 22;
        vertical(color, stroke(1.5f, 5, 4), x);
        text(name, PLAIN, color, pixelsX(x), -11, pixelsX(x) / chart.getWidth(), false);
    }

    /** A square of this colour and what it stands for, below the plot. */
    void legend(String name, Color color) {
        int column = chart.getWidth() / LEGEND_COLUMNS;
        int x = legendEntries++ % LEGEND_COLUMNS * column;
        below += x == 0 ? LINE : 0;
        int y = chart.getHeight() + below - LINE / 2;
        text("■", BOLD, color, x, y - 1, 0, false);
        text(Labels.shortened(name, column - 20), PLAIN, INK, x + 14, y, 0, false);
    }

    /** A photo to the left of the plot, so that its longer side is shown in this many pixels. */
    void photo(BufferedImage photo, int side) {
        this.photo = Picture.fitted(photo, side);
    }

    /** Adds to the alternative text what a part of the chart shows. */
    void says(String values) {
        said.add(values);
    }

    /** The whole. A chart that XChart cannot draw keeps nothing else back: its values are written instead. */
    Picture picture(String title) {
        String plain = Labels.plain(title);
        String alt = plain + "." + (said.isEmpty() ? "" : " " + String.join("; ", said) + ".");
        try {
            return new Picture(drawn(plain), alt);
        } catch (RuntimeException e) {
            String text = "This chart cannot be drawn (" + e + "). It says: " + alt;
            List<TextLayout> lines = lines(text, PLAIN, WIDTH - 2 * PAD);
            BufferedImage image = Picture.blank(WIDTH, LINE * lines.size() + 2 * PAD);
            write(lines, Picture.pen(image));
            return new Picture(image, text);
        }
    }

    private BufferedImage drawn(String title) {
        int width = left + chart.getWidth() + PAD;
        List<TextLayout> heading = lines(title, BOLD.deriveFont(17f), width - 2 * PAD);
        int top = PAD + LINE * heading.size() + PAD / 2 + above;
        int bottom = top + Math.max(chart.getHeight() + below, photo == null ? 0 : photo.getHeight() / 2);
        BufferedImage image = Picture.blank(width, bottom + PAD);
        Graphics2D pen = Picture.pen(image);
        write(heading, pen);
        pen.drawImage(photo, new AffineTransform(0.5, 0, 0, 0.5, PAD, top), null);
        pen.translate(left, top);
        chart.paint(pen, chart.getWidth(), chart.getHeight());
        texts.stream().filter(text -> !text.text.isBlank()).forEach(text -> paint(text, pen));
        return image;
    }

    private static void paint(Text text, Graphics2D pen) {
        TextLayout layout = new TextLayout(text.text, text.font, Labels.METRICS);
        AffineTransform place = new AffineTransform(text.place);
        place.translate(-layout.getAdvance() * text.align, text.font.getSize2D() * 0.36);
        Shape outline = layout.getOutline(place);
        if (text.rimmed) {
            pen.setColor(Color.WHITE);
            pen.setStroke(stroke(3.5f));
            pen.draw(outline);
        }
        pen.setColor(text.color);
        pen.fill(outline);
    }

    private static List<TextLayout> lines(String text, Font font, int width) {
        List<TextLayout> lines = new ArrayList<>();
        AttributedString styled = new AttributedString(text + " ", Map.of(TextAttribute.FONT, font));
        LineBreakMeasurer words = new LineBreakMeasurer(styled.getIterator(), Labels.METRICS);
        while (words.getPosition() < text.length()) {
            lines.add(words.nextLayout(width));
        }
        return lines;
    }

    private static void write(List<TextLayout> lines, Graphics2D pen) {
        pen.setColor(INK);
        for (int i = 0; i < lines.size(); i++) {
            lines.get(i).draw(pen, PAD, PAD + LINE * i + 14);
        }
    }
}
