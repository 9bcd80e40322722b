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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Weights in a safetensors file: eight bytes with the length of a header in JSON, the header, then all numbers.
 *
 * <p>DJL's {@link NDList#decode(NDManager, InputStream)} reads such files, but believes what the header says of lengths
 * and places. Here it is checked first, so that a damaged or hostile file ends in one line that names it.
 */
public final class SafeTensors {
    /** What the header says of a tensor: where its bytes begin and end, counted from the end of the header. */
    public record Tensor(DataType type, Shape shape, long begin, long end) {}

    private static final int MAX_HEADER = 1 << 20;
    /** Not BF16: DJL's bridge to PyTorch ends the whole process when it makes such an array. */
    private static final Map<String, DataType> TYPES = Map.of("F64", DataType.FLOAT64, "F32", DataType.FLOAT32,
            "F16", DataType.FLOAT16, "I64", DataType.INT64, "I32", DataType.INT32);
    private static final Map<DataType, String> NAMES = TYPES.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
    private static final String METADATA = "__metadata__";

    private SafeTensors() {}

    private record Header(Map<String, Tensor> tensors, Map<String, String> metadata) {}

    /**
     * The tensors that a file says it has, by name.
     *
     * @throws IOException if the file is none of this format, is cut off, or its header contradicts itself or the file
     */
    public static Map<String, Tensor> header(Path file) throws IOException {
        return whole(file).tensors;
    }

    /** What else the file says, in words; empty where it says nothing. */
    public static Map<String, String> metadata(Path file) throws IOException {
        return whole(file).metadata;
    }

    private static Header whole(Path file) throws IOException {
        long size = Files.size(file);
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
            Header header = parse(file, new String(json, StandardCharsets.UTF_8));
            requireWhole(file, header.tensors, size - 8 - length);
            return header;
        }
    }

    /**
     * Writes a file that PyTorch reads, too.
     *
     * <p>DJL's {@link NDList#encode(java.io.OutputStream, NDList.Encoding)} would do for the numbers, but has no place for
     * the metadata, without which nobody knows what photos the network expects.
     */
    public static void write(Path file, Map<String, NDArray> tensors, Map<String, String> metadata) throws IOException {
        JsonObject header = new JsonObject();
        header.add(METADATA, JsonUtils.GSON.toJsonTree(metadata));
        long end = 0;
        for (Map.Entry<String, NDArray> tensor : tensors.entrySet()) {
            NDArray array = tensor.getValue();
            long begin = end;
            end += array.size() * array.getDataType().getNumOfBytes();
            JsonObject entry = new JsonObject();
            entry.addProperty("dtype", NAMES.get(array.getDataType()));
            entry.add("shape", JsonUtils.GSON.toJsonTree(array.getShape().getShape()));
            entry.add("data_offsets", JsonUtils.GSON.toJsonTree(new long[] {begin, end}));
            header.add(tensor.getKey(), entry);
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
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

    /**
     * Gives parameters the numbers of the tensors of the same names.
     *
     * @param ignored a regular expression for names that may be there as well
     * @throws IOException if one is missing, has another shape, or one is there that is neither wanted nor ignored
     */
    public static void into(Map<String, Parameter> parameters, Path file, String ignored, NDManager manager) throws IOException {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> shapes.put(name, parameter.getArray().getShape()));
        try (NDManager passing = manager.newSubManager()) {
            read(file, shapes, ignored, passing).forEach((name, tensor) -> tensor.copyTo(parameters.get(name).getArray()));
        }
    }

    /**
     * The numbers as float32, by name. Half precision (F16) is widened.
     *
     * @param wanted the tensors to return, with their shapes
     * @param ignored a regular expression for names that may be there as well
     * @throws IOException if one is missing, has another shape, or one is there that is neither wanted nor ignored
     */
    public static Map<String, NDArray> read(Path file, Map<String, Shape> wanted, String ignored, NDManager manager)
            throws IOException {
        Map<String, Tensor> tensors = header(file);
        for (Map.Entry<String, Shape> tensor : wanted.entrySet()) {
            Tensor found = tensors.get(tensor.getKey());
            if (found == null) {
                throw error(file, "has no tensor \"" + tensor.getKey() + "\", so it is for another network");
            }
            if (!found.shape.equals(tensor.getValue())) {
                throw error(file, "has \"" + tensor.getKey() + "\" of shape " + found.shape + " instead of " + tensor.getValue()
                        + ", so it is for another network");
            }
        }
        for (String name : tensors.keySet()) {
            if (!wanted.containsKey(name) && !name.matches(ignored)) {
                throw error(file, "has a tensor \"" + name + "\" that this network has not, so it is for another one");
            }
        }
        Map<String, NDArray> numbers = new LinkedHashMap<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            for (NDArray tensor : NDList.decode(manager, in)) {
                if (wanted.containsKey(tensor.getName())) {
                    numbers.put(tensor.getName(), tensor.toType(DataType.FLOAT32, false));
                }
            }
        }
        return numbers;
    }

    private static Header parse(Path file, String json) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, JsonElement> entry : JsonUtils.GSON.fromJson(json, JsonObject.class).entrySet()) {
                JsonObject said = entry.getValue().getAsJsonObject();
                if (entry.getKey().equals(METADATA)) {
                    said.entrySet().forEach(one -> metadata.put(one.getKey(), one.getValue().getAsString()));
                } else {
                    tensors.put(entry.getKey(), tensor(file, entry.getKey(), said));
                }
            }
        } catch (JsonParseException | IllegalStateException | NullPointerException | NumberFormatException
                | ClassCastException | UnsupportedOperationException malformed) {
            throw error(file, "has a header that cannot be read");
        }
        return new Header(tensors, metadata);
    }

    private static Tensor tensor(Path file, String name, JsonObject entry) throws IOException {
        String type = entry.get("dtype").getAsString();
        long[] shape = JsonUtils.GSON.fromJson(entry.get("shape"), long[].class);
        long[] place = JsonUtils.GSON.fromJson(entry.get("data_offsets"), long[].class);
        if (!TYPES.containsKey(type)) {
            throw error(file, "has \"" + name + "\" in numbers of the type " + type + ", which DJL cannot read (F32 and F16 it can)");
        }
        if (place.length != 2 || Arrays.stream(shape).anyMatch(side -> side < 0)) {
            throw contradiction(file, name);
        }
        return new Tensor(TYPES.get(type), new Shape(shape), place[0], place[1]);
    }

    /** The tensors follow each other without a gap, each as long as its shape says, up to the end of the file. */
    private static void requireWhole(Path file, Map<String, Tensor> tensors, long bytes) throws IOException {
        List<Map.Entry<String, Tensor>> inOrder = new ArrayList<>(tensors.entrySet());
        inOrder.sort(Comparator.comparing(entry -> entry.getValue().begin));
        long end = 0;
        for (Map.Entry<String, Tensor> entry : inOrder) {
            Tensor tensor = entry.getValue();
            if (tensor.begin != end || tensor.end - tensor.begin != length(tensor)) {
                throw contradiction(file, entry.getKey());
            }
            end = tensor.end;
        }
        if (end != bytes) {
            throw error(file, "is damaged or cut off: its header tells of " + end + " bytes of numbers, there are " + bytes);
        }
    }

    /** In bytes, or -1 if that is more than any file has. */
    private static long length(Tensor tensor) {
        try {
            return Arrays.stream(tensor.shape.getShape()).reduce(tensor.type.getNumOfBytes(), Math::multiplyExact);
        } catch (ArithmeticException overflow) {
            return -1;
        }
    }

    private static IOException contradiction(Path file, String name) {
        return error(file, "has a header that contradicts itself on \"" + name + "\"");
    }

    private static IOException error(Path file, String text) {
        return new IOException((file + ": " + text + ".").replaceAll("\\p{Cntrl}+", " "));
    }
}
