package tutorial.photos;

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
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.plugins.tiff.TIFFTag;
import javax.imageio.stream.ImageOutputStream;

/** Pictures for the tests of {@link ImageDecoder}, as the files of many programs have them. */
final class Pictures {
    private static final Color[] QUARTERS = {Color.RED, Color.GREEN, Color.BLUE, Color.YELLOW};

    private Pictures() {}

    /** Red and green above, blue and yellow below. */
    static BufferedImage quarters(int type, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, type);
        Graphics2D pen = image.createGraphics();
        for (int i = 0; i < 4; i++) {
            pen.setColor(QUARTERS[i]);
            pen.fillRect(i % 2 * width / 2, i / 2 * height / 2, width / 2, height / 2);
        }
        pen.dispose();
        return image;
    }

    /** The quarters, 64 x 32 pixels. */
    static byte[] quarters(String format) throws IOException {
        return encoded(quarters(BufferedImage.TYPE_INT_RGB, 64, 32), format);
    }

    /** The colours near the corners by their initials, such as RG/BY. */
    static String corners(BufferedImage image) {
        int right = image.getWidth() * 7 / 8;
        int below = image.getHeight() * 7 / 8;
        int left = image.getWidth() / 8;
        int above = image.getHeight() / 8;
        return initial(image.getRGB(left, above)) + initial(image.getRGB(right, above)) + "/"
                + initial(image.getRGB(left, below)) + initial(image.getRGB(right, below));
    }

    static String initial(int rgb) {
        int bits = (rgb >> 23 & 1) << 2 | (rgb >> 15 & 1) << 1 | rgb >> 7 & 1;
        return switch (bits) {
            case 0b100 -> "R";
            case 0b010 -> "G";
            case 0b001 -> "B";
            case 0b110 -> "Y";
            default -> "?";
        };
    }

    /** 20 x 10 pixels, all of them alike, opaque. */
    static BufferedImage grey(boolean withAlpha, int dataType, int value) {
        int bits = DataBuffer.getDataTypeSize(dataType);
        BufferedImage image = (withAlpha ? ImageTypeSpecifier.createGrayscale(bits, dataType, false, false)
                : ImageTypeSpecifier.createGrayscale(bits, dataType, false)).createBufferedImage(20, 10);
        for (int i = 0; i < 200; i++) {
            image.getRaster().setPixel(i % 20, i / 20, withAlpha ? new int[] {value, 255} : new int[] {value});
        }
        return image;
    }

    /** 100 x 80 pixels that compress badly. */
    static BufferedImage noise() {
        BufferedImage image = new BufferedImage(100, 80, BufferedImage.TYPE_3BYTE_BGR);
        new Random(1).nextBytes(pixels(image));
        return image;
    }

    static byte[] pixels(BufferedImage image) {
        return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    }

    static byte[] encoded(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, format.toLowerCase(Locale.ROOT), bytes), "no writer for " + format);
        return bytes.toByteArray();
    }

    static byte[] progressiveJpeg(BufferedImage image) throws IOException {
        return jpeg(new IIOImage(image, null, null), ImageWriteParam.MODE_DEFAULT);
    }

    private static byte[] jpeg(IIOImage image, int progressiveMode) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam param = writer.getDefaultWriteParam();
        param.setProgressiveMode(progressiveMode);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, image, param);
        }
        return bytes.toByteArray();
    }

    /** The quarters as Adobe's programs store them: the less a value of CMYK is, the more there is of that ink. */
    static byte[] cmykJpeg(boolean ycck) throws IOException {
        WritableRaster inks = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 64, 32, 4, null);
        for (int i = 0; i < 64 * 32; i++) {
            Color color = QUARTERS[i / 64 / 16 * 2 + i % 64 / 32];
            int[] cmyk = {color.getRed(), color.getGreen(), color.getBlue(), 255};
            inks.setPixel(i % 64, i / 64, ycck ? ycck(color) : cmyk);
        }
        byte[] adobe = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) (ycck ? 2 : 0)};
        return withSegment(jpeg(new IIOImage(inks, null, null), ImageWriteParam.MODE_DISABLED), 0xFFEE, adobe);
    }

    /** YCbCr of the stored CMY's complement, as in the JPEG library. */
    private static int[] ycck(Color color) {
        int red = 255 - color.getRed();
        int green = 255 - color.getGreen();
        int blue = 255 - color.getBlue();
        double y = 0.299 * red + 0.587 * green + 0.114 * blue;
        int cb = (int) Math.min(255, 128 + (blue - y) / 1.772);
        int cr = (int) Math.min(255, 128 + (red - y) / 1.402);
        return new int[] {(int) y, cb, cr, 255};
    }

    /** The JPEG without its JFIF marker, its three components numbered like this. */
    static byte[] withComponents(byte[] jpeg, int... numbers) {
        ByteBuffer in = ByteBuffer.wrap(jpeg.clone());
        for (int at = 2; (in.getChar(at) & 0xFF) != 0xD9 && at < jpeg.length; at += 2 + in.getChar(at + 2)) {
            int marker = in.getChar(at);
            for (int i = 0; i < 3; i++) {
                if (marker == 0xFFC0 || marker == 0xFFC2) {
                    in.put(at + 10 + 3 * i, (byte) numbers[i]);
                } else if (marker == 0xFFDA) {
                    in.put(at + 5 + 2 * i, (byte) numbers[i]);
                }
            }
            if (marker == 0xFFDA) {
                break;
            }
        }
        int rest = 4 + in.getChar(4);       // JFIF comes first
        return ByteBuffer.allocate(jpeg.length - rest + 2).put(jpeg, 0, 2).put(in.array(), rest, jpeg.length - rest).array();
    }

    static byte[] pngWithExif(byte[] png, ByteOrder order, int orientation) {
        return withChunk(png, "eXIf", exif(order, 2, orientation));
    }

    static byte[] pngWithProfile(byte[] png, byte[] profile) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write("name\0\0".getBytes(StandardCharsets.US_ASCII));
        try (DeflaterOutputStream packed = new DeflaterOutputStream(content)) {
            packed.write(profile);
        }
        return withChunk(png, "iCCP", content.toByteArray());
    }

    /** Behind the first chunk, the header. */
    private static byte[] withChunk(byte[] png, String name, byte[] content) {
        byte[] chunk = ByteBuffer.allocate(4 + content.length).put(name.getBytes(StandardCharsets.US_ASCII)).put(content).array();
        CRC32 sum = new CRC32();
        sum.update(chunk);
        int header = 8 + 25;
        return ByteBuffer.allocate(png.length + chunk.length + 8).put(png, 0, header).putInt(content.length).put(chunk)
                .putInt((int) sum.getValue()).put(png, header, png.length - header).array();
    }

    /** With one tag more: chars are its 16-bit numbers, bytes its content. */
    static byte[] tiff(BufferedImage image, int tag, Object content) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
        ImageTypeSpecifier type = ImageTypeSpecifier.createFromRenderedImage(image);
        TIFFDirectory tags = TIFFDirectory.createFromMetadata(writer.getDefaultImageMetadata(type, writer.getDefaultWriteParam()));
        int kind = content instanceof char[] ? TIFFTag.TIFF_SHORT : TIFFTag.TIFF_UNDEFINED;
        tags.addTIFFField(new TIFFField(BaselineTIFFTagSet.getInstance().getTag(tag), kind, Array.getLength(content), content));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(new IIOImage(image, null, tags.getAsMetadata()));
        }
        return bytes.toByteArray();
    }

    /** Inserts EXIF data of one tag before the orientation, and {@code tags} as the number of tags. */
    static byte[] withExif(byte[] jpeg, ByteOrder order, int tags, int orientation) {
        byte[] exif = exif(order, tags, orientation);
        byte[] head = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
        return withSegment(jpeg, 0xFFE1, ByteBuffer.allocate(head.length + exif.length).put(head).put(exif).array());
    }

    private static byte[] exif(ByteOrder order, int tags, int orientation) {
        ByteBuffer exif = ByteBuffer.allocate(38).order(order);
        exif.put((order == ByteOrder.BIG_ENDIAN ? "MM" : "II").getBytes(StandardCharsets.US_ASCII));
        exif.putShort((short) 42).putInt(8).putShort((short) tags);
        exif.putShort((short) 0x0100).putShort((short) 3).putInt(1).putShort((short) 64).putShort((short) 0);
        exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation).putShort((short) 0);
        return exif.array();
    }

    static byte[] withProfile(byte[] jpeg, byte[] profile, int part, int parts) {
        byte[] head = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);
        return withSegment(jpeg, 0xFFE2, ByteBuffer.allocate(head.length + 2 + profile.length)
                .put(head).put((byte) part).put((byte) parts).put(profile).array());
    }

    static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
        return ByteBuffer.allocate(jpeg.length + content.length + 4).put(jpeg, 0, 2)
                .putShort((short) marker).putShort((short) (content.length + 2)).put(content)
                .put(jpeg, 2, jpeg.length - 2).array();
    }
}
