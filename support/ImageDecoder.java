import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/** Reads photos as a person would see them: upright, opaque RGB, and never a half of a damaged file. */
public final class ImageDecoder {
    /**
     * A photo as read.
     *
     * @param image of TYPE_3BYTE_BGR, smaller than the file's if that is very large
     * @param format found from the content: JPEG, PNG, GIF, BMP ...
     * @param width the file's width in pixels, upright
     * @param height the file's height in pixels, upright
     */
    public record Decoded(BufferedImage image, String format, int width, int height) {}

    private static final int MAX_PIXELS = 25_000_000;
    private static final int MAX_SIDE = 65_535;
    private static final String DAMAGE = "(?is).*(truncated|premature|bad huffman|instead of rst).*";
    private static final String UNSUPPORTED = "Unsupported Image Type";
    private static final String TOO_LARGE = "too large";
    private static final int START_OF_PIXELS = 0xFFDA;
    private static final int EXIF_SEGMENT = 0xFFE1;
    private static final int ORIENTATION_TAG = 0x0112;

    private ImageDecoder() {}

    /** Reads a photo for which any size will do; see {@link #read(Path, int)}. */
    public static Decoded read(Path file) throws IOException {
        return read(file, 1);
    }

    /**
     * Reads a photo; of a very large one only every n-th pixel and row, to stay at about 25 megapixels.
     *
     * @param minSide pixels that the shorter side keeps by all means, if the file has them
     * @throws IOException if the file is no image or damaged, with a reason of a few words
     */
    public static Decoded read(Path file, int minSide) throws IOException {
        try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
            if (in.length() == 0) {
                throw new IOException("empty file");
            }
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException(whyNoReader(in));
            }
            ImageReader reader = readers.next();
            try {
                return read(reader, in, minSide);
            } finally {
                reader.dispose();
            }
        }
    }

    private static Decoded read(ImageReader reader, ImageInputStream in, int minSide) throws IOException {
        String format = reader.getFormatName().toUpperCase(Locale.ROOT);
        StringBuilder warnings = new StringBuilder();
        reader.addIIOReadWarningListener((source, warning) -> warnings.append(warning).append('\n'));
        try {
            int orientation = format.equals("JPEG") ? orientation(in) : 1;
            in.seek(0);
            reader.setInput(in, true, true);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            if (Math.max(width, height) > MAX_SIDE) {
                throw new IIOException(TOO_LARGE);
            }
            int step = step(width, height, minSide);
            ImageReadParam param = reader.getDefaultReadParam();
            param.setSourceSubsampling(step, step, 0, 0);
            BufferedImage image = upright(opaqueBgr(reader.read(0, param)), orientation);
            // The JDK only warns of a JPEG cut short, and returns the rest of it grey.
            if (warnings.toString().matches(DAMAGE)) {
                throw new IIOException(warnings.toString());
            }
            boolean lying = orientation >= 5;
            return new Decoded(image, format, lying ? height : width, lying ? width : height);
        } catch (IOException | RuntimeException e) {
            throw new IOException(reason(format, String.valueOf(e.getMessage())), e);
        }
    }

    private static int step(int width, int height, int minSide) {
        int enough = (int) Math.ceil(Math.sqrt((double) width * height / MAX_PIXELS));
        return Math.max(1, Math.min(enough, Math.min(width, height) / minSide));
    }

    private static String whyNoReader(ImageInputStream in) throws IOException {
        byte[] start = new byte[12];
        in.seek(0);
        in.read(start);
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (text.matches("(?s)RIFF....WEBP")) {
            return "WebP is not supported";
        }
        if (text.matches("(?s)....ftyp(avif|hei.|hev.|mif1|msf1)")) {
            return "HEIC and AVIF are not supported";
        }
        return "not an image";
    }

    private static String reason(String format, String message) {
        if (message.equals(TOO_LARGE)) {
            return "more than " + MAX_SIDE + " pixels wide or high";
        }
        if (message.contains(UNSUPPORTED)) {
            return (format.equals("JPEG") ? "CMYK " : "colour model of this ") + format + " is not supported";
        }
        return "truncated or damaged " + format;
    }

    /** Java2D would brighten grey with transparency and 16-bit grey, so each sample is taken as it is. */
    private static BufferedImage opaqueBgr(BufferedImage image) throws IIOException {
        if (image.getType() == BufferedImage.TYPE_3BYTE_BGR) {
            return image;
        }
        ColorModel colors = image.getColorModel();
        int space = colors.getColorSpace().getType();
        int[] bits = colors.getComponentSize();
        if (space != ColorSpace.TYPE_RGB && space != ColorSpace.TYPE_GRAY || bits[0] > 16) {
            throw new IIOException(UNSUPPORTED);
        }
        Raster source = image.getRaster();
        BufferedImage opaque = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
        byte[] bgr = ((DataBufferByte) opaque.getRaster().getDataBuffer()).getData();
        int bands = source.getNumBands();
        int[] row = new int[bands * image.getWidth()];
        for (int y = 0, to = 0; y < image.getHeight(); y++) {
            source.getPixels(0, y, image.getWidth(), 1, row);
            for (int from = 0; from < row.length; from += bands, to += 3) {
                if (colors instanceof IndexColorModel) {
                    int argb = ((IndexColorModel) colors).getRGB(row[from]);
                    put(bgr, to, argb >> 16 & 255, argb >> 8 & 255, argb & 255, argb >>> 24);
                } else {
                    int green = bands < 3 ? 0 : 1;
                    int blue = 2 * green;
                    int alpha = bands - 1;
                    put(bgr, to, eightBit(row[from], bits[0]), eightBit(row[from + green], bits[green]),
                            eightBit(row[from + blue], bits[blue]),
                            colors.hasAlpha() ? eightBit(row[from + alpha], bits[alpha]) : 255);
                }
            }
        }
        return opaque;
    }

    private static int eightBit(int sample, int bits) {
        int most = (1 << bits) - 1;
        return bits == 8 ? sample : (sample * 255 + most / 2) / most;
    }

    private static void put(byte[] bgr, int at, int red, int green, int blue, int alpha) {
        bgr[at] = onWhite(blue, alpha);
        bgr[at + 1] = onWhite(green, alpha);
        bgr[at + 2] = onWhite(red, alpha);
    }

    private static byte onWhite(int value, int alpha) {
        return (byte) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
    }

    /** Turns and mirrors as the camera's EXIF orientation, 1 (upright) to 8, asks for. */
    private static BufferedImage upright(BufferedImage image, int orientation) {
        if (orientation == 1) {
            return image;
        }
        int width = image.getWidth();
        int height = image.getHeight();
        boolean turned = orientation >= 5;
        boolean fromRight = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean fromBottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        int along = fromRight ? -3 : 3;
        int down = 3 * (fromBottom ? -width : width);
        int start = 3 * ((fromRight ? width - 1 : 0) + (fromBottom ? (height - 1) * width : 0));
        BufferedImage result = turned
                ? new BufferedImage(height, width, BufferedImage.TYPE_3BYTE_BGR)
                : new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        byte[] source = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        byte[] target = ((DataBufferByte) result.getRaster().getDataBuffer()).getData();
        for (int y = 0, to = 0; y < result.getHeight(); y++) {
            int from = start + y * (turned ? along : down);
            for (int x = 0; x < result.getWidth(); x++, to += 3, from += turned ? down : along) {
                target[to] = source[from];
                target[to + 1] = source[from + 1];
                target[to + 2] = source[from + 2];
            }
        }
        return result;
    }

    /** The EXIF orientation of a JPEG; 1, upright, where it has none that makes sense. */
    private static int orientation(ImageInputStream in) throws IOException {
        try {
            in.seek(2);
            for (int marker = in.readUnsignedShort(); isHeader(marker); marker = in.readUnsignedShort()) {
                byte[] segment = new byte[Math.max(0, in.readUnsignedShort() - 2)];
                in.readFully(segment);
                if (marker == EXIF_SEGMENT && new String(segment, StandardCharsets.ISO_8859_1).startsWith("Exif\0\0")) {
                    return orientation(ByteBuffer.wrap(segment, 6, segment.length - 6).slice());
                }
            }
        } catch (EOFException | IndexOutOfBoundsException damaged) {
            return 1;
        }
        return 1;
    }

    private static boolean isHeader(int marker) {
        return marker >= 0xFFC0 && marker != START_OF_PIXELS;
    }

    /** Finds the orientation among the tags of a TIFF header; each has 12 bytes: tag, type, count and value. */
    private static int orientation(ByteBuffer tiff) {
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int tags = tiff.getInt(4);
        int count = Short.toUnsignedInt(tiff.getShort(tags));
        for (int tag = tags + 2; tag < tags + 2 + 12 * count; tag += 12) {
            if (tiff.getShort(tag) == ORIENTATION_TAG) {
                int orientation = tiff.getShort(tag + 8);
                return orientation >= 1 && orientation <= 8 ? orientation : 1;
            }
        }
        return 1;
    }
}
