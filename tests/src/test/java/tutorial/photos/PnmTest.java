package tutorial.photos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The portable formats of Netpbm, which sets of faces and traffic signs come in. */
class PnmTest {
    @TempDir
    private Path temp;

    /** Two pixels, in characters or bytes. */
    @ParameterizedTest
    @CsvSource({"'P3 2 1 255 255 0 0 1 2 3 ', ff0000 010203", "'P6\n# by hand\n2 1\n255\n\u00ff\0\0\1\2\3', ff0000 010203",
            "'P2 2 1 255 128 255 ', 808080 ffffff", "'P5 2 1 255\n\u0080\u00ff', 808080 ffffff",
            "'P5 2 1 65535\n\u0080\u0080\u00ff\u00ff', 808080 ffffff",
            "'P1 2 1\n1 0\n', 000000 ffffff", "'P4 2 1\n\u0080', 000000 ffffff"})
    void pixels(String content, String right) throws IOException {
        ImageDecoder.Decoded read = ImageDecoder.read(file(content), 1);
        assertEquals(right, "%06x %06x".formatted(read.image().getRGB(0, 0) & 0xFFFFFF, read.image().getRGB(1, 0) & 0xFFFFFF));
        assertEquals("PNM 2 1", read.format() + " " + read.width() + " " + read.height());
    }

    @Test
    void oneCutShortIsNoPicture() {
        assertEquals("truncated or damaged PNM",
                assertThrows(IOException.class, () -> ImageDecoder.read(file("P6 20 10 255\n\1\2\3"), 1)).getMessage());
    }

    private Path file(String content) throws IOException {
        return Files.write(temp.resolve("1.ppm"), content.getBytes(StandardCharsets.ISO_8859_1));
    }
}
