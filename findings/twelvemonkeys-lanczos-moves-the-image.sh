#!/usr/bin/env bash
# Guess: the filter of ResampleOp decides how sharp the smaller image is, not where things are in it. A bar in the middle
#   stays in the middle, and the mirror image made smaller is the smaller image mirrored.
# What happens: with FILTER_TRIANGLE and FILTER_QUADRATIC so it is. With FILTER_LANCZOS, MITCHELL, CATROM, GAUSSIAN and others the
#   image moves to the right and down, here by half a pixel of the original. Training on photos made smaller by one filter and
#   predicting on photos made smaller by another is done on different pictures.
# TwelveMonkeys 3.15.0. Reported in 2017 and open: https://github.com/haraldk/TwelveMonkeys/issues/372
#   The centre of a new pixel is taken to be at i / scale, where (i + 0.5) / scale - 0.5 would be right.
. "$(dirname "$0")/lib/packages.sh"
maven_packages com.twelvemonkeys.common:common-image:3.15.0

run_java << 'JAVA'
import com.twelvemonkeys.image.ResampleOp;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.stream.IntStream;

class Main {
    /** A row of an image made half as wide. */
    static int[] half(int filter, int... row) {
        BufferedImage image = new BufferedImage(row.length, 8, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 8 * row.length; i++) {
            image.setRGB(i % row.length, i / row.length, 0x010101 * row[i % row.length]);
        }
        BufferedImage smaller = new ResampleOp(row.length / 2, 8, filter).filter(image, null);
        return IntStream.range(0, row.length / 2).map(x -> smaller.getRGB(x, 4) & 255).toArray();
    }

    static int[] mirrored(int[] row) {
        return IntStream.range(0, row.length).map(i -> row[row.length - 1 - i]).toArray();
    }

    public static void main(String[] args) {
        int[] bar = {0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0};
        int[] triangle = half(ResampleOp.FILTER_TRIANGLE, bar), lanczos = half(ResampleOp.FILTER_LANCZOS, bar);
        int[] mitchell = half(ResampleOp.FILTER_MITCHELL, bar);
        System.out.println("a bar in the middle:    " + Arrays.toString(bar));
        System.out.println("half as wide, triangle: " + Arrays.toString(triangle));
        System.out.println("half as wide, Lanczos:  " + Arrays.toString(lanczos));
        System.out.println("half as wide, Mitchell: " + Arrays.toString(mitchell));
        assert Arrays.equals(triangle, mirrored(triangle));
        assert lanczos[4] > 2 * lanczos[3];
        assert mitchell[4] > 2 * mitchell[3];
    }
}
JAVA
