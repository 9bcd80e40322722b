package tutorial.photos;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.util.Arrays;

/**
 * Resizes photos as Pillow and torchvision do, by an antialiased bilinear filter.
 *
 * <p>Each new pixel is a mean of all old pixels that it covers, weighted by a triangle. Java2D's bilinear looks at four
 * old pixels only, and so turns fine patterns into noise when it makes a photo much smaller.
 *
 * <p>Red, green and blue share one long, 21 bits each: 8 for the colour and 13 for the weight, so one multiplication
 * does for all three.
 */
public final class AntialiasedResize {
    private static final int WEIGHT_BITS = 13;
    private static final int FIELD_BITS = 21;
    private static final long ONE_EACH = 1L << 2 * FIELD_BITS | 1L << FIELD_BITS | 1L;
    private static final long COLOURS = 255 * ONE_EACH;
    private static final long HALVES = ONE_EACH << WEIGHT_BITS - 1;

    /** For each new pixel: the first old pixel that counts, and the weights of this one and the next ones. */
    private record Filter(int[] first, int[][] weights) {}

    private AntialiasedResize() {}

    /**
     * Resizes to a square, whatever the photo's shape, as torchvision's {@code Resize((size, size))} does.
     *
     * @param image an opaque image, as of {@link ImageDecoder}; fastest as TYPE_3BYTE_BGR or TYPE_INT_RGB
     * @param size side of the result in pixels
     * @return size * size * 3 bytes: rows from the top, pixels from the left, each red, green, blue (0 to 255)
     */
    public static byte[] toRgb(BufferedImage image, int size) {
        Filter across = filter(image.getWidth(), size);
        Filter down = filter(image.getHeight(), size);
        int rowsAtOnce = Arrays.stream(down.weights).mapToInt(weights -> weights.length).max().orElseThrow();
        long[][] rows = new long[rowsAtOnce][image.getWidth()];
        long[] mixed = new long[image.getWidth()];
        byte[] rgb = new byte[size * size * 3];
        int rowsRead = 0;
        for (int y = 0; y < size; y++) {
            for (; rowsRead < down.first[y] + down.weights[y].length; rowsRead++) {
                readRow(image, rowsRead, rows[rowsRead % rowsAtOnce]);
            }
            Arrays.fill(mixed, HALVES);
            for (int k = 0; k < down.weights[y].length; k++) {
                add(down.weights[y][k], rows[(down.first[y] + k) % rowsAtOnce], mixed);
            }
            squeeze(mixed, across, rgb, y * size * 3);
        }
        return rgb;
    }

    private static Filter filter(int oldSize, int newSize) {
        double scale = (double) oldSize / newSize;
        double reach = Math.max(scale, 1);
        int[] first = new int[newSize];
        int[][] weights = new int[newSize][];
        for (int i = 0; i < newSize; i++) {
            double center = (i + 0.5) * scale;
            first[i] = Math.max(0, (int) (center - reach + 0.5));
            double[] triangle = new double[Math.min(oldSize, (int) (center + reach + 0.5)) - first[i]];
            for (int k = 0; k < triangle.length; k++) {
                triangle[k] = Math.max(0, 1 - Math.abs((first[i] + k + 0.5 - center) / reach));
            }
            weights[i] = fixedPoint(triangle);
        }
        return new Filter(first, weights);
    }

    /** Weights as whole numbers; rounding their running sum makes them add up to 1 exactly, so no colour overflows. */
    private static int[] fixedPoint(double[] weights) {
        double scale = (1 << WEIGHT_BITS) / Arrays.stream(weights).sum();
        int[] fixed = new int[weights.length];
        double sum = 0;
        for (int k = 0; k < weights.length; k++) {
            long before = Math.round(sum * scale);
            sum += weights[k];
            fixed[k] = (int) (Math.round(sum * scale) - before);
        }
        return fixed;
    }

    /** Makes colours of the sums of a row, and from them the row of the result that starts at {@code to}. */
    private static void squeeze(long[] sums, Filter filter, byte[] rgb, int to) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] = sums[x] >> WEIGHT_BITS & COLOURS;
        }
        for (int x = 0; x < filter.first.length; x++) {
            long sum = HALVES;
            int from = filter.first[x];
            for (int weight : filter.weights[x]) {
                sum += weight * sums[from++];
            }
            rgb[to++] = (byte) (sum >> WEIGHT_BITS + 2 * FIELD_BITS);
            rgb[to++] = (byte) (sum >> WEIGHT_BITS + FIELD_BITS);
            rgb[to++] = (byte) (sum >> WEIGHT_BITS);
        }
    }

    private static void add(long weight, long[] row, long[] sums) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] += weight * row[x];
        }
    }

    /** One row of pixels, each with its colours spread over a long. */
    private static void readRow(BufferedImage image, int y, long[] row) {
        int width = row.length;
        boolean whole = image.getRaster().getParent() == null;
        if (whole && image.getType() == BufferedImage.TYPE_3BYTE_BGR) {
            byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
            for (int x = 0; x < width; x++) {
                int blue = 3 * (y * width + x);
                row[x] = spread(bgr[blue + 2] & 255, bgr[blue + 1] & 255, bgr[blue] & 255);
            }
            return;
        }
        boolean packed = whole && image.getType() == BufferedImage.TYPE_INT_RGB;
        int[] rgb = packed
                ? ((DataBufferInt) image.getRaster().getDataBuffer()).getData()
                : image.getRGB(0, y, width, 1, null, 0, width);
        int start = packed ? y * width : 0;
        for (int x = 0; x < width; x++) {
            int pixel = rgb[start + x];
            row[x] = spread(pixel >> 16 & 255, pixel >> 8 & 255, pixel & 255);
        }
    }

    private static long spread(int red, int green, int blue) {
        return (long) red << 2 * FIELD_BITS | (long) green << FIELD_BITS | blue;
    }
}
