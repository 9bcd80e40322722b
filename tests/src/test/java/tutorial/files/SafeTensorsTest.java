package tutorial.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tutorial.testing.Notebook;
import tutorial.testing.Small;

/** What is refused before DJL sees it, and what is written; that good files are read is tested in the kernel, too. */
class SafeTensorsTest {
    private static final String TWO = "{'__metadata__':{'format':'pt'},'w':{'dtype':'F32','shape':[2,3],'data_offsets':[0,24]},"
            + "'n':{'dtype':'I64','shape':[],'data_offsets':[24,32]}}";

    @TempDir
    Path folder;

    @Test
    void theHeaderTellsTypesShapesAndPlaces() throws IOException {
        assertEquals(Map.of("w", new SafeTensors.Tensor(DataType.FLOAT32, new Shape(2, 3), 0, 24),
                "n", new SafeTensors.Tensor(DataType.INT64, new Shape(), 24, 32)), SafeTensors.header(file(TWO, 32)));
    }

    /** 60 is the code of "<". */
    @Test
    void aLengthThatLooksLikeHtmlIsNotTakenForIt() throws IOException {
        String json = "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}";
        assertEquals(1, SafeTensors.header(file(json + " ".repeat(60 - json.length()), 4)).size());
    }

    @Test
    void aWebPageIsNamedSo() throws IOException {
        assertRefused(Files.writeString(folder.resolve("page"), "\n<!DOCTYPE html><html></html>"), "is a web page (HTML)");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, 1 << 21, Integer.MAX_VALUE, 1L << 40, Long.MIN_VALUE})
    void aHeaderOfImpossibleLengthIsRefused(long length) throws IOException {
        assertRefused(write(length, TWO, 32), "is not a safetensors file");
    }

    @Test
    void emptyAndCutOffFilesAreRefused() throws IOException {
        assertRefused(Files.createFile(folder.resolve("empty")), "is not a safetensors file");
        assertRefused(write(TWO.length() + 100, TWO, 32), "is cut off within its header");
        assertRefused(file(TWO, 31), "is damaged or cut off: its header tells of 32 bytes of numbers, there are 31");
        assertRefused(file(TWO, 33), "is damaged or cut off: its header tells of 32 bytes of numbers, there are 33");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{ ", "[]", "null", "33", "{'w':3}", "{'w':{}}", "{'w':{'dtype':'F32'}}", "{'w':{'dtype':'F32','shape':3,'data_offsets':[0,4]}}",
        "{'w':{'dtype':'F32','shape':['x'],'data_offsets':[0,4]}}", "{'w':{'dtype':'F32','shape':[1],'data_offsets':null}}"})
    void aHeaderThatIsNoneIsRefused(String json) throws IOException {
        assertRefused(file(json, 32), "has a header that cannot be read");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [2,3] | [0,20]
            [2,3] | [4,28]
            [2,3] | [-24,0]
            [2,3] | [24,0]
            [2,3] | [0,24,48]
            [2,3] | [0]
            [-2,-3] | [0,24]
            [4611686018427387904,3] | [0,24]
            [4294967296,4294967296] | [0,0]
            """)
    void aHeaderThatLiesAboutPlacesIsRefused(String shape, String place) throws IOException {
        assertRefused(file("{'w':{'dtype':'F32','shape':" + shape + ",'data_offsets':" + place + "}}", 24),
                "has a header that contradicts itself on \"w\"");
    }

    @Test
    void overlapsAndGapsAreRefused() throws IOException {
        assertRefused(file(TWO.replace("[24,32]", "[16,24]"), 24), "has a header that contradicts itself on \"n\"");
        assertRefused(file(TWO.replace("[24,32]", "[28,36]"), 36), "has a header that contradicts itself on \"n\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BF16", "F8_E4M3", "f32", ""})
    void aTypeThatDjlCannotReadIsRefused(String type) throws IOException {
        assertRefused(file(TWO.replace("I64", type), 32), "has \"n\" in numbers of the type " + type + ", which DJL cannot read");
    }

    @Test
    void tensorsMustBeThoseOfTheNetwork() throws IOException {
        Path file = file(TWO, 32);
        Map<String, Shape> w = Map.of("w", new Shape(2, 3));
        assertMisfit(file, Map.of("w", new Shape(2, 3), "b", new Shape(3)), "n", "has no tensor \"b\"");
        assertMisfit(file, Map.of("w", new Shape(3, 2)), "n", "has \"w\" of shape (2, 3) instead of (3, 2)");
        assertMisfit(file, w, "none", "has a tensor \"n\" that this network has not");
    }

    /** Byte by byte, since that is what other programs read. */
    @Test
    void whatIsWrittenIsTheFormatsOwn() throws IOException {
        Path file = folder.resolve("written.safetensors");
        try (NDManager manager = Small.manager()) {
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            tensors.put("w", manager.create(new float[] {1, -2.5f, 3, 4, 5, 6}, new Shape(2, 3)));
            tensors.put("n", manager.create(7L));
            SafeTensors.write(file, tensors, Map.of("format", "pt"));
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) bytes.getLong()];
        bytes.get(header);
        assertEquals(0, header.length % 8);
        assertEquals(Notebook.JSON.readTree(TWO.replace('\'', '"')), Notebook.JSON.readTree(header));
        for (float number : new float[] {1, -2.5f, 3, 4, 5, 6}) {
            assertEquals(number, bytes.getFloat());
        }
        assertEquals(7, bytes.getLong());
        assertEquals(0, bytes.remaining());
        assertEquals(2, SafeTensors.header(file).size());
        assertEquals(Map.of("format", "pt"), SafeTensors.metadata(file));
    }

    private void assertMisfit(Path file, Map<String, Shape> wanted, String ignored, String expected) {
        assertRefused(file, assertThrows(IOException.class, () -> SafeTensors.read(file, wanted, ignored, null)), expected);
    }

    private void assertRefused(Path file, String expected) {
        assertRefused(file, assertThrows(IOException.class, () -> SafeTensors.header(file)), expected);
    }

    private void assertRefused(Path file, IOException error, String expected) {
        assertTrue(error.getMessage().startsWith(file + ": " + expected), error.getMessage());
        assertTrue(error.getMessage().endsWith("."), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    private Path file(String json, int bytes) throws IOException {
        return write(json.length(), json, bytes);
    }

    private Path write(long length, String json, int bytes) throws IOException {
        ByteBuffer file = ByteBuffer.allocate(8 + json.length() + bytes).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(length).put(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        return Files.write(folder.resolve("model.safetensors"), file.array());
    }
}
