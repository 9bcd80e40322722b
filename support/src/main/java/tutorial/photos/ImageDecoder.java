package tutorial.photos;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.pnm.PNMImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

/**
 * Reads photos upright, opaque, as RGB by the samples in the file (as Pillow and torchvision, it applies no colour profile), and never
 * a half of a damaged file. libjpeg-turbo reads progressive and large JPEGs where it can, else the JDK's ImageIO reads all but WebP and
 * JPEGs that it refuses, as those for print (CMYK); these the library TwelveMonkeys reads.
 */
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
    private static final String JPEG = "JPEG";
    private static final String WEBP = "WEBP";
    private static final String PNM = "(?s)P[1-7][\\s#].*";
    private static final String TOO_WIDE = "more than " + MAX_SIDE + " pixels wide or high";
    private static final String UNSUPPORTED = "Unsupported Image Type";
    private static final String DAMAGE = "(?is).*(truncated|premature|bad huffman|instead of rst).*";
    private static final String OUT_OF_MEMORY = "out of memory";
    private static final String TOO_LARGE = "(?is).*(out of memory|imply an allocation).*";
    private static final ImageReaderSpi JPEG_PLUG_IN = jpegPlugIn();

    /** Half of Java's heap, in kilobytes: as many large photos are in memory at once as fit into that, first come, first served. */
    private static final int KILOBYTES = (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 2 / 1000);
    private static final Semaphore FREE_KILOBYTES = new Semaphore(KILOBYTES, true);

    /** Of heap a pixel: of a JPEG as it is; with its copy, where a photo is turned or its colours converted; in the WebP reader. */
    private static final int BYTES = 4;
    private static final int BYTES_COPIED = 10;
    private static final int BYTES_WEBP = 16;

    /** A JPEG that the JDK refuses, though it does not look damaged. */
    private static final class OddJpegException extends IOException {
        OddJpegException(Throwable cause) {
            super("JPEG that cannot be read", cause);
        }
    }

    private ImageDecoder() {}

    /** Reads a photo that is kept for a while; see {@link #read(Path, int, Function)}. */
    public static Decoded read(Path file, int minSide) throws IOException {
        return read(file, minSide, decoded -> decoded);
    }

    /**
     * Reads a photo: a JPEG at a half, a quarter or an eighth where that leaves enough, of another very large one only every n-th
     * pixel and row, to stay at about 25 megapixels. Waits until Java's heap has room for it beside those that other threads read.
     *
     * @param minSide pixels that the shorter side keeps by all means, if the file has them. With twice as many as a photo is then made
     *     of by {@link AntialiasedResize}, the result is 0.1 to 0.2 of 255 away from that of the whole photo, on average
     * @param use makes of the photo what is returned; until then its room is not given to another
     * @throws IOException if the file is no image or damaged, with a reason of a few words
     */
    public static <T> T read(Path file, int minSide, Function<Decoded, T> use) throws IOException {
        try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
            if (start(in).startsWith("\u00FF\u00D8")) {
                return readJpeg(JpegHeader.of(Files.readAllBytes(file)), minSide, use);
            }
            if (start(in).matches(PNM)) {
                return readByPlugIn(new PNMImageReaderSpi(), file, minSide, use);
            }
            return isWebp(in) ? readByPlugIn(new WebPImageReaderSpi(), file, minSide, use) : read(readerOfTheJdk(in), in, minSide, use);
        }
    }

    private static <T> T readJpeg(JpegHeader jpeg, int minSide, Function<Decoded, T> use) throws IOException {
        try (HeapShare share = new HeapShare()) {
            ExifOrientation orientation = ExifOrientation.of(JPEG, inMemory(jpeg));
            int reduction = Integer.highestOneBit(Math.max(1, Math.min(8, Math.min(jpeg.width(), jpeg.height()) / minSide)));
            share.await((long) bytesAPixel(JPEG, orientation) * (jpeg.width() / reduction) * (jpeg.height() / reduction));
            // For a whole baseline JPEG the JDK takes no longer.
            Optional<BufferedImage> image = jpeg.progressive() || reduction > 1
                    ? TurboJpeg.decode(jpeg.file(), reduction) : Optional.empty();
            if (image.isPresent()) {
                return use.apply(decoded(image.get(), orientation, JPEG, jpeg.width(), jpeg.height()));
            }
        } catch (OutOfMemoryError e) {
            throw withReason(JPEG, OUT_OF_MEMORY, e);
        }
        return readByImageIo(jpeg, minSide, use);
    }

    static <T> T readByImageIo(JpegHeader jpeg, int minSide, Function<Decoded, T> use) throws IOException {
        try {
            return read(readerOfTheJdk(inMemory(jpeg)), inMemory(jpeg), minSide, use);
        } catch (OddJpegException e) {
            return read(JPEG_PLUG_IN.createReaderInstance(), inMemory(jpeg), minSide, use);
        }
    }

    private static ImageInputStream inMemory(JpegHeader jpeg) {
        return new ByteArrayImageInputStream(jpeg.file());
    }

    private static boolean isWebp(ImageInputStream in) throws IOException {
        if (!start(in).matches("(?s)RIFF....WEBP")) {
            return false;
        }
        in.setByteOrder(ByteOrder.LITTLE_ENDIAN);
        in.seek(4);
        if (in.length() < 8 + in.readUnsignedInt()) {
            throw new IOException(damaged(WEBP));
        }
        return true;
    }

    private static ImageReader readerOfTheJdk(ImageInputStream in) throws IOException {
        ImageReader reader = firstOfTheJdk(ImageIO.getImageReaders(in));
        if (reader != null) {
            return reader;
        }
        throw new IOException(in.length() == 0 ? "empty file"
                : start(in).matches("(?s)....ftyp(avif|hei.|hev.|mif1|msf1)") ? "HEIC and AVIF are not supported" : "not an image");
    }

    private static String start(ImageInputStream in) throws IOException {
        byte[] start = new byte[12];
        in.seek(0);
        in.read(start);
        in.seek(0);
        return new String(start, StandardCharsets.ISO_8859_1);
    }

    /** Also where ImageIO has found a plug-in, which comes first. */
    private static ImageReader firstOfTheJdk(Iterator<ImageReader> readers) {
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (reader.getClass().getModule() == ImageIO.class.getModule()) {
                return reader;
            }
            reader.dispose();
        }
        return null;
    }

    /** It asks its registry for the JDK's JPEG reader, and comes before it there: so it gets a registry of its own. */
    private static ImageReaderSpi jpegPlugIn() {
        ServiceRegistry registry = new ServiceRegistry(List.<Class<?>>of(ImageReaderSpi.class).iterator());
        registry.registerServiceProvider(firstOfTheJdk(ImageIO.getImageReadersByFormatName(JPEG)).getOriginatingProvider());
        ImageReaderSpi plugIn = new JPEGImageReaderSpi();
        registry.registerServiceProvider(plugIn);
        return plugIn;
    }

    /** From memory: TwelveMonkeys' reader asks for single bytes, which can take twenty times as long from a file. */
    private static <T> T readByPlugIn(ImageReaderSpi plugIn, Path file, int minSide, Function<Decoded, T> use) throws IOException {
        try (InputStream bytes = Files.newInputStream(file); ImageInputStream in = new MemoryCacheImageInputStream(bytes)) {
            return read(plugIn.createReaderInstance(), in, minSide, use);
        }
    }

    private static <T> T read(ImageReader reader, ImageInputStream in, int minSide, Function<Decoded, T> use) throws IOException {
        try (HeapShare share = new HeapShare()) {
            return use.apply(decode(reader, in, minSide, share));
        } finally {
            reader.dispose();
        }
    }

    private static Decoded decode(ImageReader reader, ImageInputStream in, int minSide, HeapShare share) throws IOException {
        String format = reader.getFormatName().toUpperCase(Locale.ROOT);
        StringBuilder warnings = new StringBuilder();
        reader.addIIOReadWarningListener((source, warning) -> warnings.append(warning + "\n"));
        try {
            ExifOrientation orientation = ExifOrientation.of(format, in);
            in.seek(0);
            reader.setInput(in, true, true);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            if (Math.max(width, height) > MAX_SIDE) {
                throw new IIOException(TOO_WIDE);
            }
            int step = step(width, height, minSide);
            int stepOfReader = format.equals(WEBP) ? 1 : step;
            share.await((long) bytesAPixel(format, orientation) * (width / stepOfReader) * (height / stepOfReader));
            ImageReadParam param = reader.getDefaultReadParam();
            param.setSourceSubsampling(step, step, 0, 0);
            Decoded decoded = decoded(reader.read(0, param), orientation, format, width, height);
            // The JDK only warns of a JPEG cut short, and returns the rest of it grey.
            if (warnings.toString().matches(DAMAGE)) {
                throw new IIOException(warnings.toString());
            }
            return decoded;
        } catch (IOException | RuntimeException e) {
            throw withReason(format, warnings + String.valueOf(e.getMessage()), e);
        } catch (OutOfMemoryError e) {
            throw withReason(format, OUT_OF_MEMORY, e);
        }
    }

    /** A share of the heap. A photo that takes more than there is waits until it is the only one. */
    private static final class HeapShare implements AutoCloseable {
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

    private static IOException withReason(String format, String message, Throwable cause) {
        if (message.contains(TOO_WIDE)) {
            return new IOException(TOO_WIDE, cause);
        }
        if (message.matches(TOO_LARGE)) {
            return new IOException("too large for Java's heap of " + Runtime.getRuntime().maxMemory() / 1_000_000 + " MB", cause);
        }
        boolean unsupported = message.contains(UNSUPPORTED);
        if (format.equals(JPEG) && (unsupported || !message.matches(DAMAGE))) {
            return new OddJpegException(cause);
        }
        return new IOException(unsupported ? "colour model of this " + format + " is not supported" : damaged(format), cause);
    }

    private static String damaged(String format) {
        return "truncated or damaged " + format;
    }

    private static int bytesAPixel(String format, ExifOrientation orientation) {
        return format.equals(WEBP) ? BYTES_WEBP : format.equals(JPEG) && orientation.equals(ExifOrientation.UPRIGHT) ? BYTES : BYTES_COPIED;
    }

    private static Decoded decoded(BufferedImage image, ExifOrientation orientation, String format, int width, int height)
            throws IIOException {
        BufferedImage upright = uprightOnWhite(image, orientation);
        return orientation.swapsSides() ? new Decoded(upright, format, height, width) : new Decoded(upright, format, width, height);
    }

    private static BufferedImage uprightOnWhite(BufferedImage image, ExifOrientation orientation) throws IIOException {
        if (image.getType() == BufferedImage.TYPE_3BYTE_BGR && orientation.equals(ExifOrientation.UPRIGHT)) {
            return image;
        }
        int width = image.getWidth();
        int height = image.getHeight();
        BufferedImage upright = orientation.swapsSides() ? new BufferedImage(height, width, BufferedImage.TYPE_3BYTE_BGR)
                : new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D pen = upright.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, upright.getWidth(), upright.getHeight());
        pen.drawImage(asSrgb(image), orientation.transform(width, height), null);
        pen.dispose();
        return upright;
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
}
