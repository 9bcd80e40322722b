import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
    private static final Color[] QUARTERS = {Color.RED, Color.GREEN, Color.BLUE, Color.YELLOW};

    @TempDir
    private Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"JPEG", "PNG", "GIF", "BMP"})
    void theContentDecidesTheFormat(String format) throws IOException {
        Path file = write("misnamed.txt", encoded(quarters(BufferedImage.TYPE_INT_RGB), format));
        ImageDecoder.Decoded decoded = ImageDecoder.read(file);
        assertEquals(format, decoded.format());
        assertEquals(64, decoded.width());
        assertEquals(32, decoded.height());
        assertEquals(BufferedImage.TYPE_3BYTE_BGR, decoded.image().getType());
        assertEquals("RG/BY", corners(decoded.image()));
    }

    @Test
    void paletteAndGreyBecomeRgb() throws IOException {
        assertEquals("RG/BY", corners(read(encoded(quarters(BufferedImage.TYPE_BYTE_INDEXED), "PNG"))));
        for (String format : new String[] {"JPEG", "PNG", "BMP"}) {
            assertPixel(100, 100, 100, read(encoded(grey(false, DataBuffer.TYPE_BYTE, 100), format)));
        }
    }

    /** Java2D would brighten these to 166. */
    @Test
    void greyKeepsItsBrightness() throws IOException {
        assertPixel(100, 100, 100, read(encoded(grey(false, DataBuffer.TYPE_USHORT, 100 * 257), "PNG")));
        assertPixel(100, 100, 100, read(encoded(grey(true, DataBuffer.TYPE_BYTE, 100), "PNG")));
    }

    @Test
    void transparencyIsPaintedOnWhite() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x80FF0000);
        image.setRGB(1, 0, 0x00123456);
        BufferedImage decoded = read(encoded(image, "PNG"));
        assertEquals(0xFFFF7F7F, decoded.getRGB(0, 0));
        assertEquals(0xFFFFFFFF, decoded.getRGB(1, 0));
        assertEquals(0xFFFFFFFF, read(encoded(image, "GIF")).getRGB(1, 0));
    }

    @Test
    void theFirstFrameOfAnAnimationCounts() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            writer.writeToSequence(new IIOImage(quarters(BufferedImage.TYPE_INT_RGB), null, null), null);
            writer.writeToSequence(new IIOImage(grey(false, DataBuffer.TYPE_BYTE, 7), null, null), null);
            writer.endWriteSequence();
        }
        assertEquals("RG/BY", corners(read(bytes.toByteArray())));
    }

    /** The corners as the EXIF standard turns and mirrors them: top left, top right / bottom left, bottom right. */
    @ParameterizedTest
    @CsvSource({"1, RG/BY", "2, GR/YB", "3, YB/GR", "4, BY/RG", "5, RB/GY", "6, BR/YG", "7, YG/BR", "8, GY/RB"})
    void exifOrientationIsApplied(int orientation, String corners) throws IOException {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            for (int type : new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_BYTE_GRAY}) {
                byte[] jpeg = withExif(encoded(quarters(type), "JPEG"), order, 2, orientation);
                ImageDecoder.Decoded decoded = ImageDecoder.read(write("turned.jpg", jpeg));
                boolean lying = orientation >= 5;
                assertEquals(lying ? 32 : 64, decoded.width());
                assertEquals(lying ? 64 : 32, decoded.height());
                assertEquals(decoded.width(), decoded.image().getWidth());
                assertEquals(decoded.height(), decoded.image().getHeight());
                assertTrue(type == BufferedImage.TYPE_BYTE_GRAY || corners.equals(corners(decoded.image())), corners);
            }
        }
    }

    @Test
    void damagedExifIsPassedOver() throws IOException {
        byte[] jpeg = encoded(quarters(BufferedImage.TYPE_INT_RGB), "JPEG");
        assertEquals("RG/BY", corners(read(withExif(jpeg, ByteOrder.BIG_ENDIAN, 2, 99))));
        assertEquals("RG/BY", corners(read(withExif(jpeg, ByteOrder.BIG_ENDIAN, 0, 6))));
        assertEquals("RG/BY", corners(read(withSegment(jpeg, "Exif\0\0MM".getBytes(StandardCharsets.US_ASCII)))));
        byte[] farAway = "Exif\0\0MM\0*\177\177\177\177".getBytes(StandardCharsets.US_ASCII);
        assertEquals("RG/BY", corners(read(withSegment(jpeg, farAway))));
    }

    @ParameterizedTest
    @CsvSource({"JPEG, 0.2", "JPEG, 0.8", "JPEG, 0.99", "PNG, 0.5", "PNG, 0.95", "GIF, 0.5", "GIF, 0.95", "BMP, 0.2",
            "BMP, 0.99"})
    void aFileCutShortIsNoPicture(String format, double share) throws IOException {
        byte[] whole = encoded(noise(), format);
        assertEquals(100, read(whole).getWidth());
        assertEquals("truncated or damaged " + format, reason(Arrays.copyOf(whole, (int) (share * whole.length))));
    }

    @Test
    void aProgressiveJpegCutShortIsNoPicture() throws IOException {
        byte[] whole = progressiveJpeg(noise());
        assertEquals(100, read(whole).getWidth());
        assertEquals("truncated or damaged JPEG", reason(Arrays.copyOf(whole, whole.length * 2 / 3)));
    }

    @Test
    void harmlessWarningsAreTolerated() throws IOException {
        byte[] jpeg = encoded(quarters(BufferedImage.TYPE_INT_RGB), "JPEG");
        byte[] extraneous = Arrays.copyOf(jpeg, jpeg.length + 30);
        Arrays.fill(extraneous, jpeg.length - 2, extraneous.length, (byte) 0x11);
        extraneous[extraneous.length - 2] = (byte) 0xFF;
        extraneous[extraneous.length - 1] = (byte) 0xD9;
        assertEquals("RG/BY", corners(read(extraneous)));
        assertEquals("RG/BY", corners(read(Arrays.copyOf(jpeg, jpeg.length + 30))));
    }

    @Test
    void whatIsNoImageHasAReason() throws IOException {
        assertEquals("empty file", reason(new byte[0]));
        assertEquals("not an image", reason("no image".getBytes(StandardCharsets.US_ASCII)));
        assertEquals("not an image", reason(new byte[] {(byte) 0xFF}));
        assertEquals("WebP is not supported", reason("RIFF\n\0\0\0WEBPVP8 ".getBytes(StandardCharsets.US_ASCII)));
        assertEquals("HEIC and AVIF are not supported",
                reason("\0\0\0 ftypheic\0\0".getBytes(StandardCharsets.US_ASCII)));
        assertEquals("truncated or damaged JPEG", reason(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF}));
    }

    @Test
    void cmykHasAReason() throws IOException {
        WritableRaster inks = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(new IIOImage(inks, null, null));
        }
        assertEquals("CMYK JPEG is not supported", reason(bytes.toByteArray()));
    }

    @ParameterizedTest
    @CsvSource({"1, 2400, 3600", "2400, 2400, 3600", "2401, 4800, 7200", "9999, 4800, 7200"})
    void aLargePhotoIsReadSmallerButNotBelowTheLeastSide(int minSide, int width, int height) throws IOException {
        BufferedImage large = new BufferedImage(7200, 4800, BufferedImage.TYPE_3BYTE_BGR);
        paintQuarters(large);
        Path file = write("large.jpg", withExif(encoded(large, "JPEG"), ByteOrder.BIG_ENDIAN, 2, 6));
        ImageDecoder.Decoded decoded = ImageDecoder.read(file, minSide);
        assertEquals(4800, decoded.width());
        assertEquals(7200, decoded.height());
        assertEquals(width, decoded.image().getWidth());
        assertEquals(height, decoded.image().getHeight());
        assertEquals("BR/YG", corners(decoded.image()));
    }

    @Test
    void manyThreadsReadTheSame() throws IOException {
        byte[] alone = pixels(read(encoded(noise(), "JPEG")));
        Path file = temp.resolve("photo");
        assertTrue(IntStream.range(0, 200).parallel().allMatch(i -> {
            try {
                return Arrays.equals(alone, pixels(ImageDecoder.read(file).image()));
            } catch (IOException e) {
                return false;
            }
        }));
    }

    private BufferedImage read(byte[] bytes) throws IOException {
        return ImageDecoder.read(write("photo", bytes)).image();
    }

    private String reason(byte[] bytes) throws IOException {
        Path file = write("photo.jpg", bytes);
        return assertThrows(IOException.class, () -> ImageDecoder.read(file)).getMessage();
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(temp.resolve(name), bytes);
    }

    private static byte[] encoded(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, format.toLowerCase(Locale.ROOT), bytes), "no writer for " + format);
        return bytes.toByteArray();
    }

    private static byte[] progressiveJpeg(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam param = writer.getDefaultWriteParam();
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
        }
        return bytes.toByteArray();
    }

    /** 64 x 32 pixels: red and green above, blue and yellow below. */
    private static BufferedImage quarters(int type) {
        BufferedImage image = new BufferedImage(64, 32, type);
        paintQuarters(image);
        return image;
    }

    private static void paintQuarters(BufferedImage image) {
        Graphics2D pen = image.createGraphics();
        int width = image.getWidth() / 2;
        int height = image.getHeight() / 2;
        for (int i = 0; i < 4; i++) {
            pen.setColor(QUARTERS[i]);
            pen.fillRect(i % 2 * width, i / 2 * height, width, height);
        }
        pen.dispose();
    }

    /** 20 x 10 pixels, all of them alike, opaque. */
    private static BufferedImage grey(boolean withAlpha, int dataType, int value) {
        int bits = DataBuffer.getDataTypeSize(dataType);
        BufferedImage image = (withAlpha
                ? ImageTypeSpecifier.createGrayscale(bits, dataType, false, false)
                : ImageTypeSpecifier.createGrayscale(bits, dataType, false)).createBufferedImage(20, 10);
        for (int i = 0; i < 200; i++) {
            image.getRaster().setPixel(i % 20, i / 20, withAlpha ? new int[] {value, 255} : new int[] {value});
        }
        return image;
    }

    /** 100 x 80 pixels that compress badly. */
    private static BufferedImage noise() {
        BufferedImage image = new BufferedImage(100, 80, BufferedImage.TYPE_3BYTE_BGR);
        new Random(1).nextBytes(pixels(image));
        return image;
    }

    private static byte[] pixels(BufferedImage image) {
        return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    }

    /** The colours near the corners by their initials, such as RG/BY. */
    private static String corners(BufferedImage image) {
        int right = image.getWidth() * 7 / 8;
        int below = image.getHeight() * 7 / 8;
        int left = image.getWidth() / 8;
        int above = image.getHeight() / 8;
        return initial(image.getRGB(left, above)) + initial(image.getRGB(right, above)) + "/"
                + initial(image.getRGB(left, below)) + initial(image.getRGB(right, below));
    }

    private static String initial(int rgb) {
        int bits = (rgb >> 23 & 1) << 2 | (rgb >> 15 & 1) << 1 | rgb >> 7 & 1;
        return switch (bits) {
            case 0b100 -> "R";
            case 0b010 -> "G";
            case 0b001 -> "B";
            case 0b110 -> "Y";
            default -> "?";
        };
    }

    private static void assertPixel(int red, int green, int blue, BufferedImage image) {
        int[] pixel = image.getRaster().getPixel(3, 3, (int[]) null);
        assertArrayEquals(new int[] {red, green, blue}, pixel);
    }

    /** Inserts EXIF data of one tag before the orientation, and {@code tags} as the number of tags. */
    private static byte[] withExif(byte[] jpeg, ByteOrder order, int tags, int orientation) {
        ByteBuffer exif = ByteBuffer.allocate(44).order(order);
        exif.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
        exif.put((order == ByteOrder.BIG_ENDIAN ? "MM" : "II").getBytes(StandardCharsets.US_ASCII));
        exif.putShort((short) 42).putInt(8).putShort((short) tags);
        exif.putShort((short) 0x0100).putShort((short) 3).putInt(1).putShort((short) 64).putShort((short) 0);
        exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation).putShort((short) 0);
        return withSegment(jpeg, exif.array());
    }

    private static byte[] withSegment(byte[] jpeg, byte[] content) {
        return ByteBuffer.allocate(jpeg.length + content.length + 4).put(jpeg, 0, 2)
                .putShort((short) 0xFFE1).putShort((short) (content.length + 2)).put(content)
                .put(jpeg, 2, jpeg.length - 2).array();
    }
}
