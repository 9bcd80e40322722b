package tutorial.photos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.photos.Pictures.corners;
import static tutorial.photos.Pictures.encoded;
import static tutorial.photos.Pictures.grey;
import static tutorial.photos.Pictures.noise;
import static tutorial.photos.Pictures.pixels;
import static tutorial.photos.Pictures.quarters;
import static tutorial.photos.Pictures.withExif;
import static tutorial.photos.Pictures.withProfile;

import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tutorial.testing.Project;

class ImageDecoderTest {
    /** No side is that long, so none is read smaller. */
    private static final int WHOLE = 10_000;
    private static final String TOO_LARGE = "\\[too large for Java's heap of \\d\\d MB]";

    @TempDir
    private Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"JPEG", "PNG", "GIF", "BMP"})
    void theContentDecidesTheFormat(String format) throws IOException {
        assertEquals(format + " 64 x 32 RG/BY", seen(quarters(format)));
    }

    /** As Pillow writes them; the EXIF orientation of the last is 6. */
    @ParameterizedTest
    @CsvSource({"lossy, 64 x 32 RG/BY", "lossless, 64 x 32 RG/BY", "animated, 64 x 32 RG/BY", "turned, 32 x 64 BR/YG"})
    void webpIsRead(String name, String picture) throws IOException {
        assertEquals("WEBP " + picture, seen(webp(name)));
    }

    /** Colours as Pillow reads them, at an eighth, a half and seven eighths of the way from corner to corner. */
    @ParameterizedTest
    @CsvSource({"colours-1, 58 191 19, 58 191 19, 58 191 19", "colours-2, 215 79 186, 215 79 184, 215 79 184",
            "colours-3, 161 98 238, 163 97 240, 115 245 49"})
    void webpHasItsColours(String name, String first, String middle, String last) throws IOException {
        BufferedImage image = read(webp(name));
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

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cmykAndYcckAreRead(boolean ycck) throws IOException {
        byte[] jpeg = Pictures.cmykJpeg(ycck);
        assertEquals("JPEG 64 x 32 RG/BY", seen(jpeg));
        assertEquals("JPEG 32 x 64 BR/YG", seen(withExif(jpeg, ByteOrder.BIG_ENDIAN, 2, 6)));
        assertEquals("truncated or damaged JPEG", reason(Arrays.copyOf(jpeg, jpeg.length * 4 / 5)));
    }

    /** The plug-ins are found on the tests' class path, where ImageIO would prefer them. */
    @Test
    void jpegsHaveThePixelsOfTheJdk() throws IOException {
        List<ImageReader> readers = new ArrayList<>();
        ImageIO.getImageReadersByFormatName("JPEG").forEachRemaining(readers::add);
        assertTrue(readers.get(0).getClass().getName().contains("twelvemonkeys"));
        ImageReader ofTheJdk = readers.get(readers.size() - 1);
        assertTrue(ofTheJdk.getClass().getName().startsWith("com.sun."));
        for (byte[] jpeg : List.of(encoded(noise(), "JPEG"), Pictures.progressiveJpeg(noise()))) {
            ofTheJdk.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(jpeg)));
            byte[] right = pixels(ofTheJdk.read(0));
            assertArrayEquals(right, pixels(read(jpeg)));
            assertArrayEquals(right, pixels(readByImageIo(jpeg)));
        }
        BufferedImage grey = grey(false, DataBuffer.TYPE_BYTE, 77);
        assertArrayEquals(pixels(readByImageIo(encoded(grey, "JPEG"))), pixels(read(encoded(grey, "JPEG"))));
    }

    /** Where this fails, they are read all the same, but slowly. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void libjpegTurboIsThere() throws IOException {
        assertTrue(TurboJpeg.decode(quarters("JPEG"), 1).isPresent());
        assertFalse(TurboJpeg.decode(Arrays.copyOf(encoded(noise(), "JPEG"), 5000), 1).isPresent());
    }

    /** As libjpeg has it, which Pillow and torchvision use: only these three letters say that it is RGB. */
    @ParameterizedTest
    @CsvSource({"0, 1, 2", "1, 2, 3", "2, 3, 4", "82, 71, 67"})
    void threeComponentsWithoutAMarkerAreYcbcr(int first, int second, int third) throws IOException {
        byte[] jpeg = Pictures.withComponents(quarters("JPEG"), first, second, third);
        assertEquals("JPEG 64 x 32 RG/BY", seen(jpeg));
        assertArrayEquals(pixels(read(jpeg)), pixels(readByImageIo(jpeg)));
    }

    @Test
    void threeComponentsNamedRgbAreRgb() throws IOException {
        byte[] jpeg = Pictures.withComponents(quarters("JPEG"), 'R', 'G', 'B');
        for (BufferedImage image : List.of(read(jpeg), readByImageIo(jpeg))) {
            Color asStored = new Color(image.getRGB(4, 4));
            assertEquals(76, asStored.getRed(), 3, "red's Y");
            assertEquals(85, asStored.getGreen(), 3, "red's Cb");
            assertEquals(255, asStored.getBlue(), 3, "red's Cr");
        }
    }

    @Test
    void theFirstFrameOfAnAnimationCounts() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            writer.writeToSequence(new IIOImage(quarters(BufferedImage.TYPE_INT_RGB, 64, 32), null, null), null);
            writer.writeToSequence(new IIOImage(grey(false, DataBuffer.TYPE_BYTE, 7), null, null), null);
            writer.endWriteSequence();
        }
        assertEquals("GIF 64 x 32 RG/BY", seen(bytes.toByteArray()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"JPEG", "PNG", "GIF", "BMP"})
    void onePixelIsEnough(String format) throws IOException {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0xFFFFFF);
        ImageDecoder.Decoded decoded = ImageDecoder.read(write(encoded(image, format)), 448);
        assertEquals(1, decoded.width());
        assertEquals(1, decoded.height());
        assertEquals(0xFFFFFFFF, decoded.image().getRGB(0, 0));
    }

    @Test
    void palettesBecomeRgb() throws IOException {
        assertEquals("PNG 64 x 32 RG/BY", seen(encoded(quarters(BufferedImage.TYPE_BYTE_INDEXED, 64, 32), "PNG")));
    }

    /** Java2D would brighten the last two to 166. */
    @ParameterizedTest
    @CsvSource({"JPEG, 8, false", "PNG, 8, false", "BMP, 8, false", "PNG, 16, false", "PNG, 8, true"})
    void greyKeepsItsBrightness(String format, int bits, boolean withAlpha) throws IOException {
        BufferedImage image = bits == 8 ? grey(withAlpha, DataBuffer.TYPE_BYTE, 100) : grey(withAlpha, DataBuffer.TYPE_USHORT, 100 * 257);
        assertEquals(0xFF646464, read(encoded(image, format)).getRGB(3, 3));
    }

    @Test
    void sixteenBitsBecomeEight() throws IOException {
        BufferedImage image = ImageTypeSpecifier.createInterleaved(ColorSpace.getInstance(ColorSpace.CS_sRGB),
                new int[] {0, 1, 2}, DataBuffer.TYPE_USHORT, false, false).createBufferedImage(20, 10);
        image.getRaster().setPixel(3, 3, new int[] {10 * 257, 20 * 257, 65535});
        assertEquals(0xFF0A14FF, read(encoded(image, "PNG")).getRGB(3, 3));
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
        BufferedImage withoutRed = read(webp("transparent"));
        assertEquals(0xFFFFFFFF, withoutRed.getRGB(10, 5));
        assertEquals("B", Pictures.initial(withoutRed.getRGB(10, 25)));
    }

    /** Those that do not fit are common, and every browser shows them. Of the last one, the second part is missing. */
    static Stream<byte[]> jpegsWithColourProfiles() throws IOException {
        byte[] jpeg = quarters("JPEG");
        byte[] ofRgb = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
        byte[] ofGrey = ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData();
        byte[] ofInks = ofGrey.clone();
        System.arraycopy("CMYK".getBytes(StandardCharsets.US_ASCII), 0, ofInks, 16, 4);
        byte[] none = "no profile".getBytes(StandardCharsets.US_ASCII);
        return Stream.concat(
                Stream.of(ofRgb, ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData(), ofGrey, ofInks, none)
                        .map(profile -> withProfile(jpeg, profile, 1, 1)),
                Stream.of(withProfile(withProfile(jpeg, ofRgb, 1, 1), ofRgb, 1, 1), withProfile(jpeg, Arrays.copyOf(ofRgb, 500), 1, 2)));
    }

    /** As in Pillow and torchvision, no profile is applied. */
    @ParameterizedTest
    @MethodSource("jpegsWithColourProfiles")
    void colourProfilesArePassedOver(byte[] jpeg) throws IOException {
        byte[] right = pixels(read(quarters("JPEG")));
        assertArrayEquals(right, pixels(read(jpeg)));
        assertArrayEquals(right, pixels(readByImageIo(jpeg)));
    }

    /** Linear RGB, by which dark colours would become much lighter. */
    @Test
    void colourProfilesOfOtherFormatsArePassedOver() throws IOException {
        ICC_Profile linear = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB);
        BufferedImage image = new BufferedImage(20, 10, BufferedImage.TYPE_3BYTE_BGR);
        image.setRGB(3, 3, 0x0A14C8);
        assertEquals(0xFF0A14C8, read(Pictures.pngWithProfile(encoded(image, "PNG"), linear.getData())).getRGB(3, 3));
        byte[] profile = linear.getData();
        assertEquals(0xFF0A14C8, read(Pictures.tiff(image, BaselineTIFFTagSet.TAG_ICC_PROFILE, profile)).getRGB(3, 3));
    }

    @Test
    void colourProfilesOfTheWrongKindArePassedOver() throws IOException {
        byte[] ofRgb = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
        BufferedImage image = read(withProfile(encoded(grey(false, DataBuffer.TYPE_BYTE, 100), "JPEG"), ofRgb, 1, 1));
        assertEquals(0xFF646464, image.getRGB(3, 3));
        byte[] odd = withProfile(encoded(noise(), "JPEG"), ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData(), 1, 1);
        assertEquals("truncated or damaged JPEG", reason(Arrays.copyOf(odd, odd.length * 4 / 5)));
    }

    /** The corners as the EXIF standard turns and mirrors them: top left, top right / bottom left, bottom right. */
    @ParameterizedTest
    @CsvSource({"1, 64 x 32 RG/BY", "2, 64 x 32 GR/YB", "3, 64 x 32 YB/GR", "4, 64 x 32 BY/RG",
            "5, 32 x 64 RB/GY", "6, 32 x 64 BR/YG", "7, 32 x 64 YG/BR", "8, 32 x 64 GY/RB"})
    void exifOrientationIsApplied(int orientation, String picture) throws IOException {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            assertEquals("JPEG " + picture, seen(withExif(quarters("JPEG"), order, 2, orientation)));
            byte[] grey = encoded(quarters(BufferedImage.TYPE_BYTE_GRAY, 64, 32), "JPEG");
            assertEquals("JPEG " + picture.substring(0, 7), seen(withExif(grey, order, 2, orientation)).substring(0, 12));
        }
    }

    /** Of a PNG in the chunk eXIf, of a TIFF in a tag of its own. */
    @ParameterizedTest
    @CsvSource({"1, 64 x 32 RG/BY", "3, 64 x 32 YB/GR", "6, 32 x 64 BR/YG", "7, 32 x 64 YG/BR", "8, 32 x 64 GY/RB"})
    void pngsAndTiffsAreTurned(int orientation, String picture) throws IOException {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            assertEquals("PNG " + picture, seen(Pictures.pngWithExif(quarters("PNG"), order, orientation)));
        }
        assertEquals("TIF " + picture, seen(Pictures.tiff(quarters(BufferedImage.TYPE_INT_RGB, 64, 32), BaselineTIFFTagSet.TAG_ORIENTATION,
                new char[] {(char) orientation})));
    }

    static Stream<byte[]> jpegsWithDamagedExif() throws IOException {
        byte[] jpeg = quarters("JPEG");
        return Stream.concat(Stream.of(withExif(jpeg, ByteOrder.BIG_ENDIAN, 2, 99), withExif(jpeg, ByteOrder.BIG_ENDIAN, 0, 6)),
                Stream.of("Exif", "Exif\0\0", "Exif\0\0MM", "Exif\0\0MM\0*\177\177\177\177", "Exif\0\0XX\0*\0\0\0\b\0\1")
                        .map(exif -> Pictures.withSegment(jpeg, 0xFFE1, exif.getBytes(StandardCharsets.US_ASCII))));
    }

    @ParameterizedTest
    @MethodSource("jpegsWithDamagedExif")
    void damagedExifIsPassedOver(byte[] jpeg) throws IOException {
        assertEquals("JPEG 64 x 32 RG/BY", seen(jpeg));
    }

    @ParameterizedTest
    @CsvSource({"JPEG, 0.2", "JPEG, 0.8", "JPEG, 0.99", "PNG, 0.5", "PNG, 0.95", "GIF, 0.5", "GIF, 0.95", "BMP, 0.2", "BMP, 0.99"})
    void aFileCutShortIsNoPicture(String format, double share) throws IOException {
        assertNoPictureCutShort(encoded(noise(), format), share, format);
    }

    @Test
    void aProgressiveJpegCutShortIsNoPicture() throws IOException {
        assertNoPictureCutShort(Pictures.progressiveJpeg(noise()), 0.67, "JPEG");
    }

    private void assertNoPictureCutShort(byte[] whole, double share, String format) throws IOException {
        assertEquals(100, read(whole).getWidth());
        assertEquals("truncated or damaged " + format, reason(Arrays.copyOf(whole, (int) (share * whole.length))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lossy", "lossless", "animated"})
    void aWebpCutShortIsNoPicture(String name) throws IOException {
        byte[] whole = webp(name);
        for (int length : new int[] {16, whole.length / 2, whole.length - 2}) {
            assertEquals("truncated or damaged WEBP", reason(Arrays.copyOf(whole, length)));
        }
        Arrays.fill(whole, 20, whole.length, (byte) 0xFF);
        assertEquals("truncated or damaged WEBP", reason(whole));
    }

    /** SOF5 says that it is hierarchical, which hardly any program reads. */
    @Test
    void aJpegOfAnotherKindIsNotCalledTruncated() throws IOException {
        String baseline = new String(encoded(noise(), "JPEG"), StandardCharsets.ISO_8859_1);
        byte[] hierarchical = baseline.replaceFirst("\u00FF\u00C0", "\u00FF\u00C5").getBytes(StandardCharsets.ISO_8859_1);
        assertEquals("JPEG that cannot be read", reason(hierarchical));
    }

    @Test
    void bytesTooManyAreTolerated() throws IOException {
        byte[] jpeg = quarters("JPEG");
        byte[] inside = Arrays.copyOf(jpeg, jpeg.length + 30);
        Arrays.fill(inside, jpeg.length - 2, inside.length, (byte) 0x11);
        inside[inside.length - 2] = (byte) 0xFF;
        inside[inside.length - 1] = (byte) 0xD9;
        assertEquals("JPEG 64 x 32 RG/BY", seen(inside));
        assertEquals("JPEG 64 x 32 RG/BY", seen(Arrays.copyOf(jpeg, jpeg.length + 30)));
    }

    @ParameterizedTest
    @CsvSource({"'', empty file", "'no image', not an image", "'\377', not an image", "'\377\330\377', truncated or damaged JPEG",
            "'\0\0\0 ftypheic\0\0', HEIC and AVIF are not supported", "'\0\0\0 ftypavif\0\0', HEIC and AVIF are not supported"})
    void whatIsNoImageHasAReason(String content, String reason) throws IOException {
        assertEquals(reason, reason(content.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @ParameterizedTest
    @CsvSource({"1, 600, 900", "1200, 1200, 1800", "2400, 2400, 3600", "2401, 4800, 7200", "9999, 4800, 7200"})
    void aLargePhotoIsReadSmallerButNotBelowTheLeastSide(int minSide, int width, int height) throws IOException {
        byte[] large = encoded(quarters(BufferedImage.TYPE_3BYTE_BGR, 7200, 4800), "JPEG");
        ImageDecoder.Decoded decoded = ImageDecoder.read(write(withExif(large, ByteOrder.BIG_ENDIAN, 2, 6)), minSide);
        assertEquals(4800, decoded.width());
        assertEquals(7200, decoded.height());
        assertEquals(width, decoded.image().getWidth());
        assertEquals(height, decoded.image().getHeight());
        assertEquals("BR/YG", corners(decoded.image()));
    }

    /** Of other formats every n-th pixel is read. */
    @Test
    void aLargePngIsReadSmallerToo() throws IOException {
        byte[] large = encoded(quarters(BufferedImage.TYPE_BYTE_INDEXED, 7200, 4800), "PNG");
        assertEquals(3600, ImageDecoder.read(write(large), 1).image().getWidth());
    }

    /** 16 of the notebook's pictures as one. */
    @Test
    void aPhotoReadSmallerLooksTheSame() throws IOException {
        BufferedImage many = new BufferedImage(1920, 1440, BufferedImage.TYPE_3BYTE_BGR);
        try (ZipFile zip = new ZipFile(Project.SOURCE.resolve("data/sneakers.zip").toFile())) {
            List<? extends ZipEntry> all = zip.stream().filter(entry -> entry.getName().endsWith(".jpg")).limit(16).toList();
            for (int i = 0; i < 16; i++) {
                BufferedImage one = ImageIO.read(zip.getInputStream(all.get(i)));
                many.getGraphics().drawImage(one, i % 4 * 480, i / 4 * 360, 480, 360, null);
            }
        }
        byte[] jpeg = encoded(many, "JPEG");
        BufferedImage half = ImageDecoder.read(write(jpeg), 448).image();
        assertEquals(960, half.getWidth());
        byte[] whole = AntialiasedResize.toRgb(read(jpeg), 224);
        byte[] smaller = AntialiasedResize.toRgb(half, 224);
        double sum = 0;
        for (int i = 0; i < whole.length; i++) {
            sum += Math.abs((whole[i] & 255) - (smaller[i] & 255));
        }
        assertEquals(0, sum / whole.length, 0.3, "levels of 255");
    }

    /** 108 megapixels would take 324 MB. */
    @Test
    void aHugePhotoIsReadInLittleMemory() throws Exception {
        Path file = write(encoded(new BufferedImage(12_000, 9_000, BufferedImage.TYPE_BYTE_GRAY), "JPEG"));
        assertEquals("[12000 x 9000 as 3000 x 2250]", inItsOwnJvm(file, 96, 1));
    }

    /** Each takes 18 MB while it is used, so 16 do not fit into the heap, nor two of those that are turned. */
    @Test
    void asManyLargePhotosAsFitAreReadAtOnce() throws Exception {
        byte[] jpeg = encoded(new BufferedImage(3_000, 2_000, BufferedImage.TYPE_3BYTE_BGR), "JPEG");
        assertEquals("[3000 x 2000 as 3000 x 2000]", inItsOwnJvm(write(jpeg), 96, 16));
        String refusal = inItsOwnJvm(write(jpeg), 16, 1);
        assertTrue(refusal.matches(TOO_LARGE), refusal);
        assertEquals("[2000 x 3000 as 2000 x 3000]", inItsOwnJvm(write(withExif(jpeg, ByteOrder.BIG_ENDIAN, 2, 6)), 96, 6));
    }

    /** All of it red, 4050 x 4000 pixels. */
    @Test
    void aLargeWebpIsReadWhereThereIsMemory() throws Exception {
        Path file = write(webp("large"));
        assertEquals("[4050 x 4000 as 4050 x 4000]", inItsOwnJvm(file, 300, 2));
        String refusal = inItsOwnJvm(file, 64, 1);
        assertTrue(refusal.matches(TOO_LARGE), refusal);
    }

    private static String inItsOwnJvm(Path file, int megabytes, int threads) throws Exception {
        Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + megabytes + "m",
                "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), ImageDecoderTest.class.getName(),
                file.toString(), String.valueOf(threads))
                .redirectErrorStream(true).start();
        String output = new String(java.getInputStream().readAllBytes()).strip();
        assertTrue(java.waitFor(1, TimeUnit.MINUTES));
        return output;
    }

    /** Reads a photo in several threads, each of which has it for a while, and prints what came of it. */
    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        int threads = Integer.parseInt(args[1]);
        try (DecoderPool pool = new DecoderPool(threads)) {
            System.out.println(Set.copyOf(pool.results(Collections.nCopies(threads, () -> keptForAWhile(file)))));
        }
    }

    private static String keptForAWhile(Path file) {
        try {
            return ImageDecoder.read(file, 2000, decoded -> {
                LockSupport.parkNanos(50_000_000);
                BufferedImage image = decoded.image();
                return decoded.width() + " x " + decoded.height() + " as " + image.getWidth() + " x " + image.getHeight();
            });
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    @Test
    void manyThreadsReadTheSame() throws Exception {
        Path file = write(encoded(noise(), "JPEG"));
        byte[] alone = pixels(ImageDecoder.read(file, WHOLE).image());
        try (DecoderPool pool = new DecoderPool(8)) {
            Callable<byte[]> another = () -> pixels(ImageDecoder.read(file, WHOLE).image());
            for (byte[] one : pool.results(Collections.nCopies(200, another))) {
                assertArrayEquals(alone, one);
            }
        }
    }

    /** Format, width, height and corners. */
    private String seen(byte[] bytes) throws IOException {
        ImageDecoder.Decoded decoded = ImageDecoder.read(write(bytes), WHOLE);
        assertEquals(decoded.width(), decoded.image().getWidth());
        assertEquals(decoded.height(), decoded.image().getHeight());
        assertEquals(BufferedImage.TYPE_3BYTE_BGR, decoded.image().getType());
        return decoded.format() + " " + decoded.width() + " x " + decoded.height() + " " + corners(decoded.image());
    }

    private BufferedImage read(byte[] bytes) throws IOException {
        return ImageDecoder.read(write(bytes), WHOLE).image();
    }

    /** As where libjpeg-turbo is not to be had. */
    private static BufferedImage readByImageIo(byte[] jpeg) throws IOException {
        return ImageDecoder.readByImageIo(JpegHeader.of(jpeg), WHOLE, ImageDecoder.Decoded::image);
    }

    private String reason(byte[] bytes) throws IOException {
        Path file = write(bytes);
        return assertThrows(IOException.class, () -> ImageDecoder.read(file, 1)).getMessage();
    }

    /** Under a name that says nothing. */
    private Path write(byte[] bytes) throws IOException {
        return Files.write(temp.resolve("photo.txt"), bytes);
    }

    private static byte[] webp(String name) throws IOException {
        try (InputStream file = ImageDecoderTest.class.getResourceAsStream(name + ".webp")) {
            return file.readAllBytes();
        }
    }
}
