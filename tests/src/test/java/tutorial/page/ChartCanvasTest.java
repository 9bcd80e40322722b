package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

class ChartCanvasTest {
    /** XChart never sees the values, so it never searches for their ticks. */
    @ParameterizedTest
    @CsvSource({"0, 1", "-3, 400", "1e17, 1.0000000000000002e17", "1e300, 1.7e308", "5e-324, 1e-320", "7, 7"})
    void xChartGetsAxesFromZeroToOneWhateverTheValues(double from, double to) {
        ChartCanvas canvas = new ChartCanvas(40, 300, 200, x -> x, from, to, from, to);
        canvas.box(Color.RED, from, from, to, to);
        canvas.line(Color.BLUE, ChartCanvas.stroke(1), SeriesMarkers.NONE, new double[] {from, to, 1.7e308}, new double[] {from, -to, to});
        XYChart chart = canvas.chart();
        assertEquals(0, chart.getStyler().getXAxisMin());
        assertEquals(1, chart.getStyler().getXAxisMax());
        assertEquals(0, chart.getStyler().getYAxisMin());
        assertEquals(1, chart.getStyler().getYAxisMax());
        for (XYSeries series : chart.getSeriesCollection()) {
            assertTrue(Arrays.stream(series.getXData()).allMatch(x -> Double.isNaN(x) || x >= -9 && x <= 10), "x");
            assertTrue(Arrays.stream(series.getYData()).allMatch(y -> Double.isNaN(y) || y >= -9 && y <= 10), "y");
        }
    }

    @Test
    void valuesLieWhereTheyDidBetweenTheEnds() {
        ChartCanvas canvas = new ChartCanvas(40, 300, 200, Math::log, 1, 100, 10, 1000);
        canvas.line(Color.BLUE, ChartCanvas.stroke(1), SeriesMarkers.NONE, new double[] {1, 10, 100}, new double[] {10, 100, Double.NaN});
        XYSeries line = canvas.chart().getSeriesCollection().iterator().next();
        assertEquals(0.5, line.getXData()[1], 1e-9);
        assertEquals(0.5, line.getYData()[1], 1e-9);
        assertTrue(Double.isNaN(line.getYData()[2]), "a gap");
    }
}
