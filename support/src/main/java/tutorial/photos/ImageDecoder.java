package tutorial.photos;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ServiceRegistry;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Reads photos as a person would see them: upright, opaque RGB, and never a half of a damaged file. */
public final class ImageDecoder {
    /**
     * A photo as read.
     *
     * @param image of TYPE_3BYTE_BGR, smaller than the file's if that is very large
     * @param format found from the content: JPEG, PNG, GIF, BMP, WEBP ...
     * @param width the file's width in pixels, upright
     * @param height the file's height in pixels, upright
     */
    public record Decoded(BufferedImage image, String format, int width, int height) {}

    private static final int MAX_PIXELS = 25_000_000;
    private static final int MAX_SIDE = 65_535;
    private static final String WEBP = "WEBP";
    private static final String DAMAGE = "(?is).*(truncated|premature|bad huffman|instead of rst).*";
    private static final String UNSUPPORTED = "Unsupported Image Type";
    private static final String TOO_WIDE = "too wide";
    private static final String TOO_LARGE = "out of memory";
    private static final String TOO_LARGE_FOR_PLUG_INS = "(?is).*(" + TOO_LARGE + "|imply an allocation).*";
    private static final String NO_WEBP = "WebP is not supported";
    private static final String NO_CMYK = "CMYK JPEG is not supported";
    private static final String ODD_JPEG = "JPEG that cannot be read";

    /** What the JDK leaves unread, and the providers of the library TwelveMonkeys that have a reader for it. */
    private static final Map<String, String> PLUG_INS = Map.of(
            NO_WEBP, "com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi",
            NO_CMYK, "com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi",
            ODD_JPEG, "com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi");

    /** Half of Java's heap, in kilobytes: as many large photos are in memory at once as fit into that, first come, first served. */
    private static final int KILOBYTES = (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 2 / 1000);
    private static final Semaphore FREE_KILOBYTES = new Semaphore(KILOBYTES, true);

    /** Of heap a pixel: of a JPEG as it is; with its copy, where a photo is turned or its colours converted; in the WebP reader. */
    private static final int BYTES = 4;
    private static final int BYTES_COPIED = 10;
    private static final int BYTES_WEBP = 16;

    private static final int START_OF_PIXELS = 0xFFDA;
    private static final String EXIF = "Exif\0\0";
    private static final int EXIF_SEGMENT = 0xFFE1;
    private static final int ORIENTATION_TAG = 0x0112;

    private ImageDecoder() {}

    /** Reads a photo for which any size will do; see {@link #read(Path, int)}. */
    public static Decoded read(Path file) throws IOException {
        return read(file, 1);
    }

    /** Reads a photo that is kept for a while; see {@link #read(Path, int, Function)}. */
    public static Decoded read(Path file, int minSide) throws IOException {
        return read(file, minSide, decoded -> decoded);
    }

    /**
     * Reads a photo; of a very large one only every n-th pixel and row, to stay at about 25 megapixels. Waits until Java's heap
     * has room for it beside those that other threads read.
     *
     * @param minSide pixels that the shorter side keeps by all means, if the file has them
     * @param use makes of the photo what is returned; until then its room is not given to another
     * @throws IOException if the file is no image or damaged, with a reason of a few words
     */
    public static <T> T read(Path file, int minSide, Function<Decoded, T> use) throws IOException {
        try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
            if (in.length() == 0) {
                throw new IOException("empty file");
            }
            ImageReader reader = ofTheJdk(ImageIO.getImageReaders(in));
            if (reader == null) {
                throw new IOException(whyNoReader(in));
            }
            return read(reader, in, minSide, use);
        } catch (IOException e) {
            ImageReader plugIn = plugIn(PLUG_INS.get(String.valueOf(e.getMessage())));
            if (plugIn == null) {
                throw e;
            }
            return readFromMemory(plugIn, file, minSide, use);
        }
    }

    /** The JDK's own reader, also where a plug-in would come first; or null. */
    private static ImageReader ofTheJdk(Iterator<ImageReader> readers) {
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (reader.getClass().getModule() == ImageIO.class.getModule()) {
                return reader;
            }
            reader.dispose();
        }
        return null;
    }

    /**
     * A reader found by its provider's name, so that this class works without the library; or null. The provider asks
     * its registry for the JDK's JPEG reader, and comes before it there: so it gets a registry of its own.
     */
    private static ImageReader plugIn(String provider) throws IOException {
        if (provider == null) {
            return null;
        }
        ImageReader jpegReader = ofTheJdk(ImageIO.getImageReadersByFormatName("JPEG"));
        ServiceRegistry registry = new ServiceRegistry(List.<Class<?>>of(ImageReaderSpi.class).iterator());
        try {
            ImageReaderSpi plugIn = (ImageReaderSpi) Class.forName(provider).getDeclaredConstructor().newInstance();
            registry.registerServiceProvider(jpegReader.getOriginatingProvider());
            registry.registerServiceProvider(plugIn);
            return plugIn.createReaderInstance();
        } catch (ReflectiveOperationException | LinkageError absent) {
            return null;
        } finally {
            jpegReader.dispose();
        }
    }

    /** TwelveMonkeys' readers ask for single bytes, which can take twenty times as long from a file. */
    private static <T> T readFromMemory(ImageReader reader, Path file, int minSide, Function<Decoded, T> use) throws IOException {
        try (InputStream bytes = Files.newInputStream(file);
                ImageInputStream in = new MemoryCacheImageInputStream(bytes)) {
            return read(reader, in, minSide, use);
        }
    }

    private static <T> T read(ImageReader reader, ImageInputStream in, int minSide, Function<Decoded, T> use) throws IOException {
        try (Room room = new Room()) {
            return use.apply(decode(reader, in, minSide, room));
        } finally {
            reader.dispose();
        }
    }

    private static Decoded decode(ImageReader reader, ImageInputStream in, int minSide, Room room) throws IOException {
        String format = reader.getFormatName().toUpperCase(Locale.ROOT);
        StringBuilder warnings = new StringBuilder();
        reader.addIIOReadWarningListener((source, warning) -> warnings.append(isOfProfile(warning) ? "" : warning + "\n"));
        try {
            int orientation = orientation(format, in);
            in.seek(0);
            reader.setInput(in, true, true);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            if (Math.max(width, height) > MAX_SIDE) {
                throw new IIOException(TOO_WIDE);
            }
            int step = step(width, height, minSide);
            int asItIs = format.equals("JPEG") && orientation == 1 ? BYTES : BYTES_COPIED;
            room.await(format.equals(WEBP) ? (long) BYTES_WEBP * width * height : (long) asItIs * (width / step) * (height / step));
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
            throw new IOException(reason(format, warnings + String.valueOf(e.getMessage())), e);
        } catch (OutOfMemoryError e) {
            throw new IOException(reason(format, TOO_LARGE), e);
        }
    }

    /** A share of the heap. A photo that takes more than there is waits until it is the only one. */
    private static final class Room implements AutoCloseable {
        private int kilobytes;

        void await(long bytes) {
            int share = (int) Math.min(KILOBYTES, bytes / 1000);
            FREE_KILOBYTES.acquireUninterruptibly(share);
            kilobytes = share;
        }

        @Override
        public void close() {
            FREE_KILOBYTES.release(kilobytes);
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
            long length = 8 + Integer.toUnsignedLong(ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getInt(4));
            return in.length() < length ? damaged(WEBP) : NO_WEBP;
        }
        if (text.matches("(?s)....ftyp(avif|hei.|hev.|mif1|msf1)")) {
            return "HEIC and AVIF are not supported";
        }
        return "not an image";
    }

    private static String reason(String format, String message) {
        if (message.endsWith(TOO_WIDE)) {
            return "more than " + MAX_SIDE + " pixels wide or high";
        }
        if (message.matches(TOO_LARGE_FOR_PLUG_INS)) {
            return "too large for Java's heap of " + Runtime.getRuntime().maxMemory() / 1_000_000 + " MB";
        }
        if (message.contains(UNSUPPORTED)) {
            return format.equals("JPEG") ? NO_CMYK : "colour model of this " + format + " is not supported";
        }
        return format.equals("JPEG") && !message.matches(DAMAGE) ? ODD_JPEG : damaged(format);
    }

    /** A colour profile that is cut short or does not fit is passed over, as in every browser. */
    private static boolean isOfProfile(String warning) {
        return warning.contains("ICC");
    }

    private static String damaged(String format) {
        return "truncated or damaged " + format;
    }

    /** Java2D does this faster than a loop of our own would. */
    private static BufferedImage opaqueBgr(BufferedImage image) throws IIOException {
        if (image.getType() == BufferedImage.TYPE_3BYTE_BGR) {
            return image;
        }
        BufferedImage opaque = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D pen = opaque.createGraphics();
        if (image.getColorModel().hasAlpha()) {
            pen.setColor(Color.WHITE);
            pen.fillRect(0, 0, image.getWidth(), image.getHeight());
        }
        pen.drawImage(asSrgb(image), 0, 0, null);
        pen.dispose();
        return opaque;
    }

    /** Java2D would brighten grey with transparency and 16-bit grey, and convert colours, so it takes each sample for sRGB. */
    private static BufferedImage asSrgb(BufferedImage image) throws IIOException {
        ColorModel colors = image.getColorModel();
        if (image.getType() == BufferedImage.TYPE_BYTE_GRAY || colors instanceof IndexColorModel || colors.getColorSpace().isCS_sRGB()) {
            return image;
        }
        int space = colors.getColorSpace().getType();
        if (space != ColorSpace.TYPE_RGB && space != ColorSpace.TYPE_GRAY || colors.getTransferType() > DataBuffer.TYPE_USHORT) {
            throw new IIOException(UNSUPPORTED);
        }
        int[] bands = space == ColorSpace.TYPE_RGB ? new int[] {0, 1, 2, 3} : new int[] {0, 0, 0, 1};
        WritableRaster samples = image.getRaster().createWritableChild(0, 0, image.getWidth(), image.getHeight(), 0, 0,
                Arrays.copyOf(bands, colors.hasAlpha() ? 4 : 3));
        ColorModel srgb = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_sRGB), colors.hasAlpha(), false,
                colors.getTransparency(), colors.getTransferType());
        return new BufferedImage(srgb, samples, false, null);
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

    /** The EXIF orientation of a JPEG or WebP; 1, upright, where it has none that makes sense. */
    private static int orientation(String format, ImageInputStream in) throws IOException {
        try {
            byte[] exif = format.equals("JPEG") ? exifOfJpeg(in) : format.equals(WEBP) ? exifOfWebp(in) : null;
            return exif == null ? 1 : orientation(ByteBuffer.wrap(exif));
        } catch (EOFException | IndexOutOfBoundsException damaged) {
            return 1;
        }
    }

    private static byte[] exifOfJpeg(ImageInputStream in) throws IOException {
        in.seek(2);
        for (int marker = in.readUnsignedShort(); isHeader(marker); marker = in.readUnsignedShort()) {
            byte[] segment = new byte[Math.max(0, in.readUnsignedShort() - 2)];
            in.readFully(segment);
            if (marker == EXIF_SEGMENT && startsWithExif(segment)) {
                return withoutExif(segment);
            }
        }
        return null;
    }

    /** Goes through the chunks behind RIFF, length and WEBP: name, length and content, padded to an even length. */
    private static byte[] exifOfWebp(ImageInputStream in) throws IOException {
        in.setByteOrder(ByteOrder.LITTLE_ENDIAN);
        in.seek(12);
        while (true) {
            byte[] name = new byte[4];
            in.readFully(name);
            long length = in.readUnsignedInt();
            if (new String(name, StandardCharsets.ISO_8859_1).equals("EXIF")) {
                byte[] chunk = new byte[(int) Math.min(length, MAX_SIDE)];
                in.readFully(chunk);
                return startsWithExif(chunk) ? withoutExif(chunk) : chunk;
            }
            in.seek(in.getStreamPosition() + length + length % 2);
        }
    }

    private static boolean startsWithExif(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).startsWith(EXIF);
    }

    private static byte[] withoutExif(byte[] bytes) {
        return Arrays.copyOfRange(bytes, EXIF.length(), bytes.length);
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
