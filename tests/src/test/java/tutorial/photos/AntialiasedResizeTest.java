package tutorial.photos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AntialiasedResizeTest {
    /*
     * From Pillow 13.0.0, for the pixels of pattern(width, height):
     *   a = numpy.array([[[(x * 37 + y * 91 + c * 53) % 256 for c in range(3)]
     *                     for x in range(width)] for y in range(height)], "uint8")
     *   list(numpy.asarray(Image.fromarray(a).resize((size, size), Image.BILINEAR)).ravel())
     */
    private static final int[] PILLOW_7_BY_5_TO_3 = {
        71, 124, 153, 144, 171, 144, 143, 120, 110, 127, 118, 109, 99, 130, 130, 128, 149, 165, 101, 154, 176,
        137, 130, 116, 113, 127, 109};
    private static final int[] PILLOW_3_BY_2_TO_4 = {
        0, 53, 106, 23, 76, 129, 51, 104, 157, 74, 127, 180, 23, 76, 129, 46, 99, 152, 74, 127, 156, 97, 150,
        139, 68, 121, 174, 91, 144, 197, 119, 172, 153, 142, 195, 56, 91, 144, 197, 114, 167, 220, 142, 195,
        152, 165, 218, 15};

    @Test
    void isPillowsBilinear() {
        assertClose(PILLOW_7_BY_5_TO_3, AntialiasedResize.toRgb(pattern(7, 5), 3));
        assertClose(PILLOW_3_BY_2_TO_4, AntialiasedResize.toRgb(pattern(3, 2), 4));
    }

    @Test
    void theSameSizeChangesNothing() {
        BufferedImage photo = pattern(6, 6);
        byte[] rgb = AntialiasedResize.toRgb(photo, 6);
        for (int i = 0; i < 36; i++) {
            int pixel = (rgb[3 * i] & 255) << 16 | (rgb[3 * i + 1] & 255) << 8 | rgb[3 * i + 2] & 255;
            assertEquals(photo.getRGB(i % 6, i / 6) & 0xFFFFFF, pixel);
        }
    }

    /** Where Java2D's bilinear, which looks at four pixels, would show black and white. */
    @Test
    void aFineCheckerboardTurnsGrey() {
        BufferedImage checkerboard = new BufferedImage(400, 300, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < 400 * 300; i++) {
            checkerboard.setRGB(i % 400, i / 400, (i % 400 + i / 400) % 2 == 0 ? 0xFFFFFF : 0);
        }
        for (byte value : AntialiasedResize.toRgb(checkerboard, 50)) {
            assertEquals(127.5, value & 255, 8);
        }
    }

    /** Three colours share one number, so a sum too large in one would show in its neighbour. */
    @ParameterizedTest
    @ValueSource(ints = {0x000000, 0xFFFFFF, 0x00FF00, 0xFF00FF, 0xFF0000, 0x0000FF, 0x808080})
    void aPlainColourStaysExactlyTheSame(int colour) {
        byte[] pixel = {(byte) (colour >> 16), (byte) (colour >> 8), (byte) colour};
        for (int width : new int[] {1, 2, 31, 640, 3001}) {
            BufferedImage plain = new BufferedImage(width, 57, BufferedImage.TYPE_3BYTE_BGR);
            Graphics2D pen = plain.createGraphics();
            pen.setColor(new Color(colour));
            pen.fillRect(0, 0, width, 57);
            byte[] rgb = AntialiasedResize.toRgb(plain, 32);
            assertEquals(32 * 32 * 3, rgb.length);
            for (int i = 0; i < rgb.length; i++) {
                assertEquals(pixel[i % 3], rgb[i]);
            }
        }
    }

    @Test
    void otherImagesThanTheDecodersAreRefused() {
        BufferedImage packed = new BufferedImage(7, 5, BufferedImage.TYPE_INT_RGB);
        assertThrows(IllegalArgumentException.class, () -> AntialiasedResize.toRgb(packed, 3));
        BufferedImage cutOut = pattern(7, 5).getSubimage(1, 1, 4, 4);
        assertThrows(IllegalArgumentException.class, () -> AntialiasedResize.toRgb(cutOut, 3));
    }

    private static BufferedImage pattern(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int red = x * 37 + y * 91;
                image.setRGB(x, y, 0xFF << 24 | red % 256 << 16 | (red + 53) % 256 << 8 | (red + 106) % 256);
            }
        }
        return image;
    }

    private static void assertClose(int[] expected, byte[] rgb) {
        assertEquals(expected.length, rgb.length);
        double sum = 0;
        for (int i = 0; i < rgb.length; i++) {
            assertEquals(expected[i], rgb[i] & 255, 1, "value " + i);
            sum += Math.abs(expected[i] - (rgb[i] & 255));
        }
        assertTrue(sum / rgb.length < 0.5, "mean difference " + sum / rgb.length);
    }
}
