package tutorial.photos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
    private static final Color[] QUARTERS = {Color.RED, Color.GREEN, Color.BLUE, Color.YELLOW};

    /** The quarters as Pillow writes them; with red transparent in one, and the EXIF orientation 6 in another. */
    private static final String WEBP_LOSSY = "UklGRoIAAABXRUJQVlA4IHYAAABQBgCdASpAACAAPl0kjUWjoiEb9AA4BcSyAF2c4H8A/ADr"
            + "9L1cR/CX9a+hV0C7S/rXnfYZlc/usKOFAAD+8UtI8Ke2U+JMqADr6gEMBX9RuhPomG0KLT/0TTbCl0eZGQ2Z4i+2j3+LaRJv+r4rtacA"
            + "cZGAAAAA";
    private static final String WEBP_LOSSLESS = "UklGRjgAAABXRUJQVlA4TCwAAAAvP8AHAB8gEEjaH3qN+RcQFPk/2vwHXySASIDEk570p"
            + "IlMjej/BByLvoJDXw==";
    private static final String WEBP_ANIMATED = "UklGRqQAAABXRUJQVlA4WAoAAAACAAAAPwAAHwAAQU5JTQYAAAAAAAAAAABBTk1GSgAAA"
            + "AAAAAAAAD8AAB8AAAAAAAJWUDhMMQAAAC8/wAcAHyAQSN4fOo35FxAU+T/a/EdODoAw22iSkzzJIdw3ov+xbdumqvoXAKCq6m4AQU5NR"
            + "iYAAAAAAAAAAAA/AAAfAAAAAAAAVlA4TA4AAAAvP8AHAAcQEf0PRET/Aw==";
    private static final String WEBP_TRANSPARENT = "UklGRqwAAABXRUJQVlA4WAoAAAAQAAAAPwAAHwAAQUxQSBYAAAABDzD/ERFCLJjMXz"
            + "qC/oj+TwBUff0DVlA4IHAAAADQBQCdASpAACAAPmkokEWkIqGb/AQAQAaEsQBj0oAfiBstnAPw5/G7kAuzH7M532Hu4P8p8PR4AP78dR"
            + "CZ8MIyPqc6tSTgKR5+qtprSzXxZ1zvdDa6Gkb9uvuAfSKdST/qVr6BEKJj8G5Co34bSAAA";
    private static final String WEBP_TURNED = "UklGRmwAAABXRUJQVlA4WAoAAAAIAAAAPwAAHwAAVlA4TCwAAAAvP8AHAB8gEEjaH3qN+Rc"
            + "QFPk/2vwHXySASIDEk570pIlMjej/BByLvoJDX0VYSUYaAAAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAA=";

    private static final String TOO_LARGE = "\\[too large for Java's heap of \\d\\d MB]";

    @TempDir
    private Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"JPEG", "PNG", "GIF", "BMP"})
    void theContentDecidesTheFormat(String format) throws IOException {
        Path file = write("misnamed.txt", encoded(quarters(BufferedImage.TYPE_INT_RGB), format));
        ImageDecoder.Decoded decoded = ImageDecoder.read(file, 1);
        assertEquals(format, decoded.format());
        assertEquals(64, decoded.width());
        assertEquals(32, decoded.height());
        assertEquals(BufferedImage.TYPE_3BYTE_BGR, decoded.image().getType());
        assertEquals("RG/BY", corners(decoded.image()));
    }

    @Test
    void palettesBecomeRgb() throws IOException {
        assertEquals("RG/BY", corners(read(encoded(quarters(BufferedImage.TYPE_BYTE_INDEXED), "PNG"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"JPEG", "PNG", "GIF", "BMP"})
    void onePixelIsEnough(String format) throws IOException {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0xFFFFFF);
        ImageDecoder.Decoded decoded = ImageDecoder.read(write("tiny", encoded(image, format)), 448);
        assertEquals(1, decoded.width());
        assertEquals(1, decoded.height());
        assertEquals(0xFFFFFFFF, decoded.image().getRGB(0, 0));
    }

    /** Those that do not fit are common, and every browser shows them. The last is cut short: of its two parts the second is missing. */
    static Stream<byte[]> jpegsWithColourProfiles() throws IOException {
        byte[] jpeg = encoded(quarters(BufferedImage.TYPE_INT_RGB), "JPEG");
        byte[] ofRgb = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
        byte[] ofGrey = ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData();
        byte[] ofInks = ofGrey.clone();
        System.arraycopy("CMYK".getBytes(StandardCharsets.US_ASCII), 0, ofInks, 16, 4);
        return Stream.of(withProfile(jpeg, ofRgb, 1, 1), withProfile(jpeg, ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData(), 1, 1),
                withProfile(jpeg, ofGrey, 1, 1), withProfile(jpeg, ofInks, 1, 1),
                withProfile(jpeg, "no profile".getBytes(StandardCharsets.US_ASCII), 1, 1),
                withProfile(withProfile(jpeg, ofRgb, 1, 1), ofRgb, 1, 1), withProfile(jpeg, Arrays.copyOf(ofRgb, 500), 1, 2));
    }

    @ParameterizedTest
    @MethodSource("jpegsWithColourProfiles")
    void colourProfilesArePassedOver(byte[] jpeg) throws IOException {
        assertEquals("RG/BY", corners(read(jpeg)));
    }

    @Test
    void colourProfilesOfTheWrongKindArePassedOver() throws IOException {
        byte[] ofRgb = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
        assertPixel(100, 100, 100, read(withProfile(encoded(grey(false, DataBuffer.TYPE_BYTE, 100), "JPEG"), ofRgb, 1, 1)));
        byte[] odd = withProfile(encoded(noise(), "JPEG"), ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData(), 1, 1);
        assertEquals("truncated or damaged JPEG", reason(Arrays.copyOf(odd, odd.length * 4 / 5)));
    }

    /** SOF5 says that it is hierarchical, which hardly any program reads. */
    @Test
    void aJpegOfAnotherKindIsNotCalledTruncated() throws IOException {
        byte[] jpeg = encoded(noise(), "JPEG");
        for (int i = 0; i < jpeg.length - 1; i++) {
            if (jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xC0) {
                jpeg[i + 1] = (byte) 0xC5;
                break;
            }
        }
        assertEquals("JPEG that cannot be read", reason(jpeg));
    }

    /** Java2D would brighten the last two to 166. */
    @ParameterizedTest
    @CsvSource({"JPEG, 8, false", "PNG, 8, false", "BMP, 8, false", "PNG, 16, false", "PNG, 8, true"})
    void greyKeepsItsBrightness(String format, int bits, boolean withAlpha) throws IOException {
        BufferedImage image = bits == 8 ? grey(withAlpha, DataBuffer.TYPE_BYTE, 100) : grey(withAlpha, DataBuffer.TYPE_USHORT, 100 * 257);
        assertPixel(100, 100, 100, read(encoded(image, format)));
    }

    @Test
    void sixteenBitsBecomeEight() throws IOException {
        BufferedImage image = ImageTypeSpecifier.createInterleaved(ColorSpace.getInstance(ColorSpace.CS_sRGB),
                new int[] {0, 1, 2}, DataBuffer.TYPE_USHORT, false, false).createBufferedImage(20, 10);
        image.getRaster().setPixel(3, 3, new int[] {10 * 257, 20 * 257, 65535});
        BufferedImage decoded = read(encoded(image, "PNG"));
        assertEquals(0xFF0A14FF, decoded.getRGB(3, 3));
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
        assertEquals(0xFFFFFFFF, webp(WEBP_TRANSPARENT).getRGB(10, 5));
        assertEquals("B", initial(webp(WEBP_TRANSPARENT).getRGB(10, 25)));
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
        assertEquals("RG/BY", corners(webp(WEBP_ANIMATED)));
    }

    @ParameterizedTest
    @ValueSource(strings = {WEBP_LOSSY, WEBP_LOSSLESS})
    void webpIsRead(String bytes) throws IOException {
        ImageDecoder.Decoded decoded = ImageDecoder.read(write("photo.jpg", Base64.getDecoder().decode(bytes)), 1);
        assertEquals("WEBP", decoded.format());
        assertEquals(64, decoded.width());
        assertEquals(32, decoded.height());
        assertEquals("RG/BY", corners(decoded.image()));
    }

    /** Colours as Pillow reads them, at an eighth, a half and seven eighths of the way from corner to corner. */
    @ParameterizedTest
    @CsvSource({"58 191 19, 58 191 19, 58 191 19, UklGRlIAAABXRUJQVlA4IEYAAAAwBACdASpQADwAPhkMhUIhBDUABABhLSAOwB+AH6AABSx70kCBAgQICQAAm///2uxcBuB/9r"
            + "tf//pKlxFVX/pAAAAAAAAA",
        "215 79 186, 215 79 184, 215 79 184, UklGRngAAABXRUJQVlA4IGwAAABwBQCdASpAADAAPtFirE8oJaSiJWppABoJZQDSnoAElpkrLuND57Ox3viHFk4ogVeuoJ4AAJv8jIbd"
            + "HP/8EFtR6YcVrATIa+ZWGaLZkAHdf9SgDbzXVyB1WCDGOUMqYMk5gCK1ZKRQVWvAAAA=",
        "161 98 238, 163 97 240, 115 245 49, UklGRnwAAABXRUJQVlA4IHAAAABwBACdASowACAAPtFkp1AoJaMipWmZABoJYgDIE7j5n+MCAGgRanS2KccoAADab/8Qowycl3mgOhSOY"
            + "No2gPtYhUjpvGVN7Z6Mcch+4sn9V/IKoIf9y5JGOTiF2SB+Y+IRRP9I3ENqbGg/pajrTWAA"})
    void webpHasItsColours(String first, String middle, String last, String bytes) throws IOException {
        BufferedImage image = webp(bytes);
        int eighth = 1;
        for (String recorded : new String[] {first, middle, last}) {
            int[] read = image.getRaster().getPixel(image.getWidth() * eighth / 8, image.getHeight() * eighth / 8, (int[]) null);
            int[] right = Arrays.stream(recorded.split(" ")).mapToInt(Integer::parseInt).toArray();
            for (int colour = 0; colour < 3; colour++) {
                assertEquals(right[colour], read[colour], 4, recorded + " at " + eighth + "/8");
            }
            eighth += 3;
        }
    }

    /** The corners as the EXIF standard turns and mirrors them: top left, top right / bottom left, bottom right. */
    @ParameterizedTest
    @CsvSource({"1, RG/BY", "2, GR/YB", "3, YB/GR", "4, BY/RG", "5, RB/GY", "6, BR/YG", "7, YG/BR", "8, GY/RB"})
    void exifOrientationIsApplied(int orientation, String corners) throws IOException {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            for (int type : new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_BYTE_GRAY}) {
                byte[] jpeg = withExif(encoded(quarters(type), "JPEG"), order, 2, orientation);
                ImageDecoder.Decoded decoded = ImageDecoder.read(write("turned.jpg", jpeg), 1);
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
    void exifOrientationOfWebpIsApplied() throws IOException {
        ImageDecoder.Decoded decoded = ImageDecoder.read(write("turned", Base64.getDecoder().decode(WEBP_TURNED)), 1);
        assertEquals(32, decoded.width());
        assertEquals(64, decoded.height());
        assertEquals("BR/YG", corners(decoded.image()));
    }

    static Stream<byte[]> jpegsWithDamagedExif() throws IOException {
        byte[] jpeg = encoded(quarters(BufferedImage.TYPE_INT_RGB), "JPEG");
        return Stream.concat(Stream.of(withExif(jpeg, ByteOrder.BIG_ENDIAN, 2, 99), withExif(jpeg, ByteOrder.BIG_ENDIAN, 0, 6)),
                Stream.of("Exif", "Exif\0\0", "Exif\0\0MM", "Exif\0\0MM\0*\177\177\177\177", "Exif\0\0XX\0*\0\0\0\b\0\1")
                        .map(exif -> withSegment(jpeg, 0xFFE1, exif.getBytes(StandardCharsets.US_ASCII))));
    }

    @ParameterizedTest
    @MethodSource("jpegsWithDamagedExif")
    void damagedExifIsPassedOver(byte[] jpeg) throws IOException {
        assertEquals("RG/BY", corners(read(jpeg)));
    }

    @ParameterizedTest
    @CsvSource({"JPEG, 0.2", "JPEG, 0.8", "JPEG, 0.99", "progressive JPEG, 0.67", "PNG, 0.5", "PNG, 0.95", "GIF, 0.5", "GIF, 0.95", "BMP, 0.2",
            "BMP, 0.99"})
    void aFileCutShortIsNoPicture(String format, double share) throws IOException {
        byte[] whole = format.startsWith("progressive") ? progressiveJpeg(noise()) : encoded(noise(), format);
        assertEquals(100, read(whole).getWidth());
        assertEquals("truncated or damaged " + format.replace("progressive ", ""), reason(Arrays.copyOf(whole, (int) (share * whole.length))));
    }

    @ParameterizedTest
    @ValueSource(strings = {WEBP_LOSSY, WEBP_LOSSLESS, WEBP_ANIMATED})
    void aWebpCutShortIsNoPicture(String bytes) throws IOException {
        byte[] whole = Base64.getDecoder().decode(bytes);
        for (int length : new int[] {16, whole.length / 2, whole.length - 2}) {
            assertEquals("truncated or damaged WEBP", reason(Arrays.copyOf(whole, length)));
        }
        Arrays.fill(whole, 20, whole.length, (byte) 0xFF);
        assertEquals("truncated or damaged WEBP", reason(whole));
    }

    /** All of it red, 4050 x 4000 pixels; packed once more, since its bytes repeat themselves. */
    @Test
    void aLargeWebpIsReadWhereThereIsMemory() throws Exception {
        String packed = "H4sIANNhCGsC/wvydHNbwcTAEO7qFBAWYOEzG8jWv3j+OTN7wBSl6cv/J+ooOjb9335bWanULenSkX9v97IJ/p3PoOD57z+/k4vL88/y/z/K///5fv//f7/B"
                + "xPn6P8froexRYpSgHnG+3p+RAQBOjzinsAIAAA==";
        byte[] webp = new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed))).readAllBytes();
        Path file = write("large.webp", webp);
        assertEquals("[4050 x 4000 as 4050 x 4000]", inItsOwnJvm(file, 300, 2));
        String refusal = inItsOwnJvm(file, 64, 1);
        assertTrue(refusal.matches(TOO_LARGE), refusal);
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

    @ParameterizedTest
    @CsvSource({"'', empty file", "'no image', not an image", "'\377', not an image", "'\0\0\0 ftypheic\0\0', HEIC and AVIF are not supported",
            "'\0\0\0 ftypavif\0\0', HEIC and AVIF are not supported", "'\377\330\377', truncated or damaged JPEG"})
    void whatIsNoImageHasAReason(String content, String reason) throws IOException {
        assertEquals(reason, reason(content.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cmykAndYcckAreRead(boolean ycck) throws IOException {
        byte[] jpeg = cmykJpeg(ycck);
        ImageDecoder.Decoded decoded = ImageDecoder.read(write("inks.jpg", jpeg), 1);
        assertEquals("JPEG", decoded.format());
        assertEquals(64, decoded.width());
        assertEquals("RG/BY", corners(decoded.image()));
        assertEquals("BR/YG", corners(read(withExif(jpeg, ByteOrder.BIG_ENDIAN, 2, 6))));
        assertEquals("truncated or damaged JPEG", reason(Arrays.copyOf(jpeg, jpeg.length * 4 / 5)));
    }

    /** The plug-ins are found on the tests' class path, where ImageIO would prefer them. */
    @Test
    void ordinaryJpegsAreReadByTheJdk() throws IOException {
        byte[] jpeg = encoded(noise(), "JPEG");
        List<ImageReader> readers = new ArrayList<>();
        ImageIO.getImageReadersByFormatName("JPEG").forEachRemaining(readers::add);
        assertTrue(readers.get(0).getClass().getName().contains("twelvemonkeys"));
        ImageReader ofTheJdk = readers.stream().filter(reader -> reader.getClass().getName().startsWith("com.sun.")).findFirst().orElseThrow();
        ofTheJdk.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(jpeg)));
        assertArrayEquals(pixels(ofTheJdk.read(0)), pixels(read(jpeg)));
    }

    /** 108 megapixels would take 324 MB. */
    @Test
    void aHugePhotoIsReadInLittleMemory() throws Exception {
        Path file = write("huge.jpg", encoded(new BufferedImage(12_000, 9_000, BufferedImage.TYPE_BYTE_GRAY), "JPEG"));
        assertEquals("[12000 x 9000 as 4000 x 3000]", inItsOwnJvm(file, 96, 1));
    }

    /** Each takes 18 MB while it is used, so 16 do not fit into the heap, nor two of those that are turned. */
    @Test
    void asManyLargePhotosAsFitAreReadAtOnce() throws Exception {
        byte[] jpeg = encoded(new BufferedImage(3_000, 2_000, BufferedImage.TYPE_3BYTE_BGR), "JPEG");
        assertEquals("[3000 x 2000 as 3000 x 2000]", inItsOwnJvm(write("large.jpg", jpeg), 96, 16));
        assertEquals("[2000 x 3000 as 2000 x 3000]", inItsOwnJvm(write("turned.jpg", withExif(jpeg, ByteOrder.BIG_ENDIAN, 2, 6)), 96, 6));
        String refusal = inItsOwnJvm(write("large.jpg", jpeg), 16, 1);
        assertTrue(refusal.matches(TOO_LARGE), refusal);
    }

    private static String inItsOwnJvm(Path file, int megabytes, int threads) throws Exception {
        Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + megabytes + "m",
                "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), ImageDecoderTest.class.getName(), file.toString(), threads + "")
                .redirectErrorStream(true).start();
        String output = new String(java.getInputStream().readAllBytes()).strip();
        assertTrue(java.waitFor(1, TimeUnit.MINUTES));
        return output;
    }

    /** Reads a photo in several threads, each of which has it for a while, and prints what came of it. */
    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        ExecutorService pool = Executors.newFixedThreadPool(Integer.parseInt(args[1]));
        List<Callable<String>> readers = Collections.nCopies(Integer.parseInt(args[1]), () -> {
            try {
                return ImageDecoder.read(file, 1, ImageDecoderTest::looked);
            } catch (IOException e) {
                return e.getMessage();
            }
        });
        Set<String> outcomes = new TreeSet<>();
        for (Future<String> one : pool.invokeAll(readers)) {
            outcomes.add(one.get());
        }
        pool.shutdown();
        System.out.println(outcomes);
    }

    private static String looked(ImageDecoder.Decoded decoded) {
        LockSupport.parkNanos(50_000_000);
        return decoded.width() + " x " + decoded.height() + " as " + decoded.image().getWidth() + " x " + decoded.image().getHeight();
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
                return Arrays.equals(alone, pixels(ImageDecoder.read(file, 1).image()));
            } catch (IOException e) {
                return false;
            }
        }));
    }

    private BufferedImage webp(String bytes) throws IOException {
        return read(Base64.getDecoder().decode(bytes));
    }

    /** The quarters as Adobe's programs store them: the less a value of CMYK is, the more there is of that ink. */
    private static byte[] cmykJpeg(boolean ycck) throws IOException {
        WritableRaster inks = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 64, 32, 4, null);
        for (int i = 0; i < 64 * 32; i++) {
            int x = i % 64;
            int y = i / 64;
            Color color = QUARTERS[y / 16 * 2 + x / 32];
            inks.setPixel(x, y, ycck ? ycck(color)
                    : new int[] {color.getRed(), color.getGreen(), color.getBlue(), 255});
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(new IIOImage(inks, null, null));
        }
        byte[] adobe = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) (ycck ? 2 : 0)};
        return withSegment(bytes.toByteArray(), 0xFFEE, adobe);
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

    private BufferedImage read(byte[] bytes) throws IOException {
        return ImageDecoder.read(write("photo", bytes), 1).image();
    }

    private String reason(byte[] bytes) throws IOException {
        Path file = write("photo.jpg", bytes);
        return assertThrows(IOException.class, () -> ImageDecoder.read(file, 1)).getMessage();
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
        return withSegment(jpeg, 0xFFE1, exif.array());
    }

    private static byte[] withProfile(byte[] jpeg, byte[] profile, int part, int parts) {
        byte[] head = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);
        return withSegment(jpeg, 0xFFE2, ByteBuffer.allocate(head.length + 2 + profile.length)
                .put(head).put((byte) part).put((byte) parts).put(profile).array());
    }

    private static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
        return ByteBuffer.allocate(jpeg.length + content.length + 4).put(jpeg, 0, 2)
                .putShort((short) marker).putShort((short) (content.length + 2)).put(content)
                .put(jpeg, 2, jpeg.length - 2).array();
    }
}
