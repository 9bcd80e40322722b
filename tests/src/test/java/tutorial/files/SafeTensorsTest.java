package tutorial.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
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
import tutorial.testing.Said;
import tutorial.testing.Small;

/** What is refused before DJL sees it, and what is written; that good files are read is tested in the kernel, too. */
class SafeTensorsTest {
    private static final String TWO = "{'__metadata__':{'format':'pt'},'w':{'dtype':'F32','shape':[2,3],'data_offsets':[0,24]},"
            + "'n':{'dtype':'I64','shape':[],'data_offsets':[24,32]}}";

    @TempDir
    Path folder;

    @Test
    void theHeaderTellsShapesAndMetadata() throws IOException {
        assertEquals(Map.of("w", new Shape(2, 3), "n", new Shape()), SafeTensors.shapes(file(TWO, 32)));
        assertEquals(Map.of("format", "pt"), SafeTensors.metadata(file(TWO, 32)));
    }

    /** 60 is the code of "<". */
    @Test
    void aLengthThatLooksLikeHtmlIsNotTakenForIt() throws IOException {
        String json = "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}";
        assertEquals(1, SafeTensors.shapes(file(json + " ".repeat(60 - json.length()), 4)).size());
    }

    @Test
    void aWebPageIsRefused() throws IOException {
        assertRefused(Files.writeString(folder.resolve("page"), "\n<!DOCTYPE html><html></html>"), "HTML");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, 1 << 21, Integer.MAX_VALUE, 1L << 40, Long.MIN_VALUE})
    void aHeaderOfImpossibleLengthIsRefused(long length) throws IOException {
        assertRefused(write(length, TWO, 32), "not a safetensors file");
    }

    @Test
    void emptyAndCutOffFilesAreRefused() throws IOException {
        assertRefused(Files.createFile(folder.resolve("empty")), "not a safetensors file");
        assertRefused(write(TWO.length() + 100, TWO, 32), "cut off");
        assertRefused(file(TWO, 31), "32 bytes", "31");
        assertRefused(file(TWO, 33), "32 bytes", "33");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{ ", "[]", "null", "33", "{'w':3}", "{'w':{}}", "{'w':{'dtype':'F32'}}", "{'__metadata__':3}",
        "{'w':{'dtype':'F32','shape':3,'data_offsets':[0,4]}}", "{'w':{'dtype':'F32','shape':['x'],'data_offsets':[0,4]}}",
        "{'w':{'dtype':'F32','shape':[1],'data_offsets':null}}", "{'__metadata__':{'format':['pt','pt']}}"})
    void aHeaderThatIsNoneIsRefused(String json) throws IOException {
        assertRefused(file(json, 32), "header");
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
        assertRefused(file("{'w':{'dtype':'F32','shape':" + shape + ",'data_offsets':" + place + "}}", 24));
    }

    @ParameterizedTest
    @ValueSource(strings = {"BF16", "F8_E4M3", "f32", ""})
    void aTypeThatDjlCannotReadIsRefused(String type) throws IOException {
        assertRefused(file(TWO.replace("I64", type), 32), "\"n\"", "type " + type, "F32");
    }

    @Test
    void tensorsMustBeThoseOfTheNetwork() throws IOException {
        Path file = file(TWO, 32);
        try (NDManager manager = Small.manager()) {
            Parameter w = parameter(manager, new Shape(2, 3));
            assertMisfit(file, Map.of("w", w, "b", parameter(manager, new Shape(3))), "n", "\"b\"");
            assertMisfit(file, Map.of("w", parameter(manager, new Shape(3, 2))), "n", "\"w\"", "(2, 3)", "(3, 2)");
            assertMisfit(file, Map.of("w", w), "none", "\"n\"");
        }
    }

    /** -2.5 in half precision has the bits C100. */
    @Test
    void halfPrecisionIsWidened() throws IOException {
        Path file = file("{'w':{'dtype':'F16','shape':[2],'data_offsets':[0,4]},'n':{'dtype':'I64','shape':[],'data_offsets':[4,12]}}", 12);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 9] = (byte) 0xC1;
        Files.write(file, bytes);
        try (NDManager manager = Small.manager()) {
            Parameter w = parameter(manager, new Shape(2));
            SafeTensors.into(Map.of("w", w), file, "n", manager);
            assertEquals(DataType.FLOAT32, w.getArray().getDataType());
            assertArrayEquals(new float[] {0, -2.5f}, w.getArray().toFloatArray());
        }
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
        assertEquals(2, SafeTensors.shapes(file).size());
    }

    private static Parameter parameter(NDManager manager, Shape shape) {
        Parameter parameter = Parameter.builder().setName("any").setType(Parameter.Type.OTHER).build();
        parameter.setArray(manager.zeros(shape));
        return parameter;
    }

    private static void assertMisfit(Path file, Map<String, Parameter> wanted, String ignored, String... words) {
        Said.assertRefused(IOException.class, () -> SafeTensors.into(wanted, file, ignored, null), words);
    }

    private static void assertRefused(Path file, String... words) {
        Said.assertRefused(IOException.class, () -> SafeTensors.shapes(file), words);
        Said.assertRefused(IOException.class, () -> SafeTensors.shapes(file), file + ": ");
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
