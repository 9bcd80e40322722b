package tutorial.files;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.util.JsonUtils;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.annotations.SerializedName;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights in a safetensors file: eight bytes with the length of a header in JSON, the header, then all numbers.
 *
 * <p>DJL's {@link NDList#decode(NDManager, InputStream)} reads such files, but believes what the header says of lengths
 * and places. Here it is checked first, so that a damaged or hostile file ends in one line that names it.
 */
public final class SafeTensors {
    private record Header(Map<String, Shape> shapes, Map<String, String> metadata) {}

    /** What the header says of a tensor. Places are counted from the header's end. */
    private static final class Entry {
        String dtype;
        long[] shape;
        @SerializedName("data_offsets")
        long[] place;

        static Entry of(NDArray array, long begin) {
            Entry entry = new Entry();
            entry.dtype = array.getDataType().asSafetensors();
            entry.shape = array.getShape().getShape();
            entry.place = new long[] {begin, begin + array.size() * array.getDataType().getNumOfBytes()};
            return entry;
        }
    }

    private static final int MAX_HEADER = 1 << 20;
    private static final String METADATA = "__metadata__";
    /** Not BFLOAT16: DJL's bridge to PyTorch ends the whole process when it makes such an array. */
    private static final List<DataType> TYPES =
            List.of(DataType.FLOAT64, DataType.FLOAT32, DataType.FLOAT16, DataType.INT64, DataType.INT32);

    private SafeTensors() {}

    /**
     * The shapes of the tensors that a file says it has, by name.
     *
     * @throws IOException if the file is none of this format, is cut off, or its header contradicts itself or the file
     */
    public static Map<String, Shape> shapes(Path file) throws IOException {
        return header(file).shapes;
    }

    /** What else the file says, in words; empty where it says nothing. */
    public static Map<String, String> metadata(Path file) throws IOException {
        return header(file).metadata;
    }

    private static Header header(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(8);
            long length = start.length < 8 ? -1 : ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
            if (length < 2 || length > MAX_HEADER) {
                boolean html = new String(start, StandardCharsets.ISO_8859_1).stripLeading().startsWith("<");
                throw error(file, html ? "is a web page (HTML), not a safetensors file" : "is not a safetensors file");
            }
            byte[] json = in.readNBytes((int) length);
            if (json.length < length) {
                throw error(file, "is cut off within its header");
            }
            return parse(file, new String(json, StandardCharsets.UTF_8), Files.size(file) - 8 - length);
        }
    }

    private static Header parse(Path file, String json, long bytes) throws IOException {
        Header header = new Header(new LinkedHashMap<>(), new LinkedHashMap<>());
        long end = 0;
        try {
            for (Map.Entry<String, JsonElement> named : JsonUtils.GSON.fromJson(json, JsonObject.class).entrySet()) {
                String name = named.getKey();
                if (name.equals(METADATA)) {
                    named.getValue().getAsJsonObject().entrySet().forEach(
                            said -> header.metadata.put(said.getKey(), said.getValue().getAsString()));
                } else {
                    Entry entry = JsonUtils.GSON.fromJson(named.getValue(), Entry.class);
                    requirePossible(file, name, entry);
                    header.shapes.put(name, new Shape(entry.shape));
                    end = Math.max(end, entry.place[1]);
                }
            }
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException | NullPointerException
                | ArithmeticException malformed) {
            throw error(file, "has a header that cannot be read");
        }
        if (end != bytes) {
            throw error(file, "is damaged or cut off: its header tells of " + end + " bytes of numbers, there are " + bytes);
        }
        return header;
    }

    private static void requirePossible(Path file, String name, Entry said) throws IOException {
        DataType type = TYPES.stream().filter(readable -> said.dtype.equals(readable.asSafetensors())).findFirst().orElseThrow(
                () -> error(file, "has \"" + name + "\" in numbers of the type " + said.dtype + ", which DJL cannot read. Use F32 or F16"));
        long length = Arrays.stream(said.shape).reduce(type.getNumOfBytes(), Math::multiplyExact);
        boolean negative = Arrays.stream(said.shape).anyMatch(side -> side < 0);
        if (negative || said.place.length != 2 || said.place[0] < 0 || Math.subtractExact(said.place[1], said.place[0]) != length) {
            throw error(file, "has a header that contradicts itself on \"" + name + "\"");
        }
    }

    /**
     * Gives parameters the numbers of the tensors of the same names. Half precision (F16) is widened.
     *
     * @param ignored a regular expression for names that may be there as well
     * @throws IOException if one is missing, has another shape, or one is there that is neither wanted nor ignored
     */
    public static void into(Map<String, Parameter> parameters, Path file, String ignored, NDManager manager) throws IOException {
        requireFit(parameters, file, ignored);
        try (NDManager passing = manager.newSubManager(); InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            for (NDArray tensor : NDList.decode(passing, in)) {
                if (parameters.containsKey(tensor.getName())) {
                    tensor.toType(DataType.FLOAT32, false).copyTo(parameters.get(tensor.getName()).getArray());
                }
            }
        }
    }

    private static void requireFit(Map<String, Parameter> parameters, Path file, String ignored) throws IOException {
        Map<String, Shape> shapes = shapes(file);
        for (Map.Entry<String, Parameter> wanted : parameters.entrySet()) {
            Shape found = shapes.get(wanted.getKey());
            Shape shape = wanted.getValue().getArray().getShape();
            if (!shape.equals(found)) {
                String name = '"' + wanted.getKey() + '"';
                throw error(file, "has " + (found == null ? "no tensor " + name : name + " of shape " + found + " instead of " + shape)
                        + ", so it is for another network");
            }
        }
        for (String name : shapes.keySet()) {
            if (!parameters.containsKey(name) && !name.matches(ignored)) {
                throw error(file, "has a tensor \"" + name + "\" that this network has not, so it is for another one");
            }
        }
    }

    /**
     * Writes a file that PyTorch reads, too.
     *
     * <p>DJL's {@link NDList#encode(java.io.OutputStream, NDList.Encoding)} would do for the numbers, but has no place for
     * the metadata, without which nobody knows what photos the network expects.
     */
    public static void write(Path file, Map<String, NDArray> tensors, Map<String, String> metadata) throws IOException {
        Map<String, Object> header = new LinkedHashMap<>(Map.of(METADATA, metadata));
        long end = 0;
        for (Map.Entry<String, NDArray> tensor : tensors.entrySet()) {
            Entry entry = Entry.of(tensor.getValue(), end);
            header.put(tensor.getKey(), entry);
            end = entry.place[1];
        }
        byte[] json = JsonUtils.GSON.toJson(header).getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + 7) / 8 * 8;                // so that the numbers begin where a processor likes to read them
        ByteBuffer start = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(json);
        Arrays.fill(start.array(), start.position(), start.capacity(), (byte) ' ');
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.write(start.array());
            for (NDArray tensor : tensors.values()) {
                out.write(tensor.toByteArray());
            }
        }
    }

    private static IOException error(Path file, String text) {
        return new IOException((file + ": " + text + ".").replaceAll("\\p{Cntrl}+", " "));
    }
}
