package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.testing.Said.assertRefused;

import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tutorial.testing.Small;

class OperationProfileTest {
    private static final String BACKWARD = "autograd::engine::evaluate_function: ";

    @TempDir
    Path folder;

    private final List<String> trace = new ArrayList<>();

    @Test
    void eachMicrosecondCountsOnceForTheOutermostOperation() throws IOException {
        event("aten::empty", 10, 20, 1);
        event("aten::mkldnn_convolution", 5, 995, 1);
        event("aten::conv2d", 0, 1000, 1);                              // written when it ends: after what it calls
        event("aten::clamp_min_", 1100, 300, 1);
        event("aten::relu_", 1100, 300, 1);                             // begins with what it calls
        event("aten::relu_", 1400, 100, 1);                             // begins when another ends
        event("aten::add_", 1500, 50, 1);
        event("aten::add_", 2100, 200, 1);                              // two gradients of one array
        event("aten::convolution_backward", 2310, 1600, 1);
        event("ConvolutionBackward0", 2305, 1610, 1);
        event(BACKWARD + "ConvolutionBackward0", 2000, 2000, 1);
        event("aten::mul_", 4100, 30, 1);
        event("aten::add_", 4200, 40, 1);                               // of the optimiser
        event("aten::sub_", 4300, 30, 1);
        event("aten::argmax", 4400, 10, 1);
        Table table = table();
        assertEquals(List.of("operation", "calls", "ms", "share, %"), table.columnNames());
        assertEquals("Time by operation", table.name());
        assertEquals(List.of("convolution: 2 calls, 2.80 ms, 78.7 %", "ReLU: 2 calls, 0.40 ms, 11.2 %",
                "addition: 2 calls, 0.25 ms, 7.0 %", "optimiser and copies: 3 calls, 0.10 ms, 2.8 %",
                "other: 1 calls, 0.01 ms, 0.3 %"), lines(table));
        assertEquals(100, table.doubleColumn("share, %").sum(), 1e-9);
    }

    @Test
    void pyTorchsNamesAreInWords() throws IOException {
        List<String> names = List.of("aten::batch_norm", "NativeBatchNormBackward0", "ReluBackward0", "aten::max_pool2d",
                "aten::adaptive_avg_pool2d", "MeanBackward1", "aten::addmm", "AddmmBackward0", "aten::mm", "aten::log_softmax",
                "GatherBackward0", "AddBackward0", "SplitWithSizesBackward0", "aten::copy_", "aten::to", "aten::t", "aten::permute");
        for (int i = 0; i < names.size(); i++) {
            event(names.get(i), 1000 * i, 100, 1);
        }
        assertEquals(Set.of("pooling: 3 calls", "linear layer: 3 calls", "optimiser and copies: 3 calls", "batch normalisation: 2 calls",
                "loss: 2 calls", "other: 2 calls", "ReLU: 1 calls", "addition: 1 calls"),
                lines(table()).stream().map(line -> line.substring(0, line.indexOf(','))).collect(Collectors.toSet()));
    }

    @Test
    void threadsAreLookedAtOneByOne() throws IOException {
        event("aten::conv2d", 0, 1000, 1);
        event("aten::relu_", 100, 500, 2);                              // at the same time, but not called by it
        assertEquals(List.of("convolution: 1 calls, 1.00 ms, 66.7 %", "ReLU: 1 calls, 0.50 ms, 33.3 %"), lines(table()));
    }

    @Test
    void numbersWithACommaAreReadToo() throws IOException {
        Path file = Files.writeString(folder.resolve("trace.json"),
                "[{\"name\": \"aten::conv2d\", \"ts\": 208,259000, \"dur\": 1500,500000, \"tid\": 1, \"shape\": [[4, 3]]}]");
        assertEquals(1.5005, OperationProfile.read(file).doubleColumn("ms").get(0), 1e-9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "[]", "{}", "[1]", "[{\"name\": \"aten::add\"}]",
            "[{\"name\": \"aten::add\", \"ts\": \"x\", \"dur\": 1}]"})
    void aTraceThatCannotBeReadIsToldInOneLine(String json) throws IOException {
        Path file = Files.writeString(folder.resolve("trace.json"), json);
        assertRefused(IOException.class, () -> OperationProfile.read(file), "PyTorch's profiler");
    }

    @Test
    void aStepOfTrainingIsMostlyConvolution() throws Exception {
        Path file = folder.resolve("trace");
        try (Model model = Small.model(); NDManager manager = Small.manager();
             FlatTrainer trainer = Small.trainer(model)) {
            Small.learn(trainer, manager, 0);
            double[] wall = new double[1];
            Table table = OperationProfile.of(() -> {
                long begin = System.nanoTime();
                Small.learn(trainer, manager, 1);
                wall[0] = (System.nanoTime() - begin) / 1e6;
            }, file);
            Set<String> operations = Set.copyOf(table.stringColumn("operation").asList());
            assertTrue(operations.containsAll(Set.of("convolution", "batch normalisation", "ReLU", "pooling", "linear layer", "loss",
                    "optimiser and copies")), operations.toString());
            Row convolution = table.where(table.stringColumn("operation").isEqualTo("convolution")).row(0);
            assertEquals(2 * 2, convolution.getInt("calls"), "two layers, forward and backward");
            double sum = table.doubleColumn("ms").sum();
            assertTrue(sum > 0 && sum <= wall[0], sum + " of " + wall[0]);
            assertEquals(100, table.doubleColumn("share, %").sum(), 1e-6);
        }
        assertFalse(Files.exists(file));
    }

    @Test
    void aStepThatFailsLeavesNothingBehind() throws Exception {
        Path file = folder.resolve("trace");
        Small.manager().close();
        RuntimeException failure = new RuntimeException("of the step");
        assertSame(failure, assertThrows(RuntimeException.class, () -> OperationProfile.of(() -> {
            throw failure;
        }, file)));
        assertFalse(Files.exists(file));
        JniUtils.startProfile(false, false, false);                     // the profiler is free again
        assertRefused(IOException.class, () -> OperationProfile.of(0, () -> {}), "PyTorch's profiler");
        JniUtils.stopProfile(folder.resolve("rest").toString());
    }

    private void event(String name, double start, double time, int thread) {
        trace.add("{\"name\": \"%s\", \"ph\": \"X\", \"ts\": %s, \"dur\": %s, \"tid\": %d, \"pid\": \"CPU Functions\", \"shape\": []}"
                .formatted(name, start, time, thread));
    }

    private Table table() throws IOException {
        return OperationProfile.read(Files.writeString(folder.resolve("trace.json"), "[\n" + String.join(",\n", trace) + "]\n"));
    }

    private static List<String> lines(Table table) {
        List<String> lines = new ArrayList<>();
        for (Row row : table) {
            lines.add("%s: %d calls, %.2f ms, %.1f %%".formatted(row.getString("operation"), row.getInt("calls"),
                    row.getDouble("ms"), row.getDouble("share, %")));
        }
        return lines;
    }
}
