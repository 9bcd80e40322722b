#!/usr/bin/env bash
# Guess: in a CategoryChart, a series with the category "z" alone has its bar at z.
# What happens: its bar is at x. The categories of the axis are those of the first series, and the bars of every other are
#   drawn from the left in their own order. Their names are asked for, kept, and not used for that. No error, a wrong chart.
# XChart 4.0.3. Reported in 2014 with the same outcome, and closed: https://github.com/knowm/XChart/issues/66
. "$(dirname "$0")/lib/packages.sh"
maven_packages org.knowm.xchart:xchart:4.0.3 org.slf4j:slf4j-nop:2.0.17

run_java << 'JAVA'
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;

class Main {
    public static void main(String[] args) {
        CategoryChart chart = new CategoryChart(600, 300);
        chart.getStyler().setLegendVisible(false);
        chart.addSeries("red", List.of("x", "y", "z"), List.of(1, 1, 1)).setFillColor(Color.RED);
        chart.addSeries("blue", List.of("z"), List.of(1)).setFillColor(Color.BLUE);
        System.out.println("series red: x = 1, y = 1, z = 1; series blue: z = 1");

        BufferedImage pixels = BitmapEncoder.getBufferedImage(chart);
        StringBuilder bars = new StringBuilder();               // along a line through all bars, a letter for each
        int last = 0;
        for (int i = 0; i < pixels.getWidth(); i++) {
            int colour = pixels.getRGB(i, 250);
            if (colour != last && (colour == Color.RED.getRGB() || colour == Color.BLUE.getRGB())) {
                bars.append(colour == Color.RED.getRGB() ? "red " : "blue ");
            }
            last = colour;
        }
        System.out.println("bars from left to right: " + bars);
        System.out.println("one would expect:        red red red blue");
        assert bars.toString().equals("red blue red red ");
    }
}
JAVA
