package tutorial.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What DJL's profiler wrote: how often PyTorch ran each operator. */
public record Profile(Map<String, Integer> counts) {
    /** Operators that make a view or get memory, or only call another that stands in the list too. */
    private static final Pattern NO_KERNEL = Pattern.compile("aten::(empty.*|new_empty|resize_|as_strided_?|_reshape_alias|view|reshape"
            + "|flatten|transpose|permute|t|alias|detach|narrow|slice|select|split.*|expand|squeeze|unsqueeze|resolve_conj|is_same_size"
            + "|result_type|to|_to_copy|contiguous|clone|zeros|new_zeros|zeros_like|ones|conv2d|_?convolution|batch_norm"
            + "|_batch_norm_impl_index|relu|max_pool2d|log_softmax|linear|gather_backward|adaptive_avg_pool2d)");

    public static Profile read(Path file) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        for (JsonNode event : Notebook.JSON.readTree(file.toFile())) {
            counts.merge(event.get("name").asText(), 1, Integer::sum);
        }
        return new Profile(counts);
    }

    public int count(String operator) {
        return counts.getOrDefault("aten::" + operator, 0);
    }

    /** Operators that compute. A GPU has to be told of each. */
    public int computing() {
        return counts.keySet().stream().filter(name -> name.startsWith("aten::") && !NO_KERNEL.matcher(name).matches())
                .mapToInt(counts::get).sum();
    }
}
