package tutorial.training;

import ai.djl.pytorch.jni.JniUtils;
import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tutorial.machine.TrainingThread;

/**
 * Which operations of a step take the time. The notebook shows it for a step of training.
 *
 * <p>It is DJL's profiler, put into words. What an operation calls counts for that operation, and backward counts with
 * forward. The clock is the CPU's: of a step on a GPU it would tell how long it takes to order the work, not to do it.
 */
public final class OperationProfile {
    private static final String BACKWARD = "autograd::engine::evaluate_function: ";
    private static final String ADDITION = "addition";
    private static final String OPTIMISER = "optimiser and copies";
    private static final String OTHER = "other";

    /** Words for PyTorch's names, in lower case; the first that fits. */
    private static final List<Words> WORDS = List.of(
            new Words("convolution", ".*conv.*"),
            new Words("batch normalisation", ".*batch_?norm.*"),
            new Words("ReLU", ".*relu.*|threshold_backward|clamp_min_?"),
            new Words("pooling", ".*pool.*|meanbackward1"),                  // of the mean over some axes; 0 is that of all numbers
            new Words("linear layer", "(add)?mm(backward\\d+)?|linear.*|matmul"),
            new Words("loss", ".*softmax.*|.*gather.*|neg(backward\\d+)?|mean(backward0)?"),
            new Words(ADDITION, "add_?|addbackward\\d+"),
            new Words(OPTIMISER, "_fused_sgd_|mul_?|sub_?|cat|split.*|to|_to_copy|tocopybackward\\d+|copy.*|clone.*|contiguous"));

    private record Words(String words, String names) {}

    /** As the profiler writes it: times in microseconds. */
    private static final class Event {
        private String name;
        private Double ts;
        private Double dur;
        private Object tid;
    }

    /** What runs on a thread: until when an operation, and until when the engine's wrapper around one of backward. */
    private static final class Running {
        private double operationEnd = Double.NEGATIVE_INFINITY;
        private double wrapperEnd = Double.NEGATIVE_INFINITY;
        private String wrapped;
    }

    private final Map<String, Double> microseconds = new HashMap<>();
    private final Map<String, Integer> calls = new HashMap<>();
    private final Map<Object, Running> threads = new HashMap<>();
    private boolean backwardBegun;

    private OperationProfile() {}

    /**
     * Runs a step on this thread, and tells the time that each kind of operation took, most first.
     *
     * @param warmUpSteps so many first, since those get memory for the first time
     * @throws IOException if the profiler fails; what the step throws is passed on
     */
    public static Table of(int warmUpSteps, Runnable step) throws IOException {
        for (int done = 0; done < warmUpSteps; done++) {
            step.run();
            TrainingThread.checkStop();
        }
        return of(step, Files.createTempFile("profile-", ".json"));
    }

    /** Runs a step on this thread, and tells how many operators it calls, forward and backward; 0 if the profiler fails. */
    static int operators(Runnable step) {
        boolean[] ran = new boolean[1];
        try {
            Table profile = of(() -> {
                ran[0] = true;
                step.run();
            }, Files.createTempFile("profile-", ".json"));
            return (int) profile.intColumn("calls").sum();
        } catch (IOException noProfile) {
            if (!ran[0]) {
                step.run();
            }
            return 0;
        }
    }

    /** Deletes the file, which is for the profiler to write to, in any case. */
    static Table of(Runnable step, Path file) throws IOException {
        try {
            profiler(() -> JniUtils.startProfile(false, false, false));
            try {
                step.run();
            } finally {
                profiler(() -> JniUtils.stopProfile(file.toString()));
            }
            return read(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void profiler(Runnable call) throws IOException {
        try {
            call.run();
        } catch (RuntimeException e) {
            throw failure(e);
        }
    }

    /** Of a file that DJL's profiler wrote. */
    static Table read(Path file) throws IOException {
        try {
            // C++ writes numbers as the locale has them, perhaps with a comma, which JSON has not.
            String json = Files.readString(file).replaceAll("(\"(?:ts|dur)\": *-?\\d+),(\\d)", "$1.$2");
            Event[] events = new Gson().fromJson(json.isBlank() ? "[]" : json, Event[].class);
            return new OperationProfile().table(Arrays.asList(events));
        } catch (RuntimeException e) {
            throw failure(e);
        }
    }

    private static IOException failure(RuntimeException cause) {
        String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return new IOException("PyTorch's profiler gave no times that can be read (" + reason + ").", cause);
    }

    private Table table(List<Event> events) {
        // Each is written when it ends: what begins at the same time and takes as long lies around what is written before it.
        Collections.reverse(events);
        events.sort(Comparator.comparing((Event event) -> event.ts).thenComparing(event -> event.dur, Comparator.reverseOrder()));
        events.forEach(this::add);
        double sum = microseconds.values().stream().mapToDouble(Double::doubleValue).sum();
        if (!(sum > 0)) {
            throw new IllegalArgumentException("it has no operations");
        }
        Table table = Table.create("Time by operation", StringColumn.create("operation"), IntColumn.create("calls"),
                DoubleColumn.create("ms"), DoubleColumn.create("share, %"));
        microseconds.forEach((words, time) -> {
            table.stringColumn("operation").append(words);
            table.intColumn("calls").append(calls.getOrDefault(words, 0));
            table.doubleColumn("ms").append(time / 1000);
            table.doubleColumn("share, %").append(100 * time / sum);
        });
        return table.sortDescendingOn("ms");
    }

    /** An operation's time counts with all that it calls; the engine's wrapper has only what is left of its own. */
    private void add(Event event) {
        Running running = threads.computeIfAbsent(event.tid, thread -> new Running());
        if (event.ts < running.operationEnd) {
            return;
        }
        boolean inWrapper = event.ts < running.wrapperEnd;
        boolean wrapper = event.name.startsWith(BACKWARD);
        backwardBegun |= wrapper;
        String words = inWords(event.name, !inWrapper);
        microseconds.merge(words, event.dur, Double::sum);
        if (inWrapper) {
            microseconds.merge(running.wrapped, -event.dur, Double::sum);
        }
        if (wrapper) {
            running.wrapperEnd = event.ts + event.dur;
            running.wrapped = words;
        } else {
            running.operationEnd = event.ts + event.dur;
            calls.merge(words, 1, Integer::sum);
        }
    }

    private String inWords(String name, boolean calledByTheProgram) {
        String bare = name.replace(BACKWARD, "").replace("aten::", "").toLowerCase(Locale.ROOT);
        for (Words one : WORDS) {
            if (bare.matches(one.names)) {
                // The network adds before or within the backward pass, the optimiser after it.
                return one.words.equals(ADDITION) && backwardBegun && calledByTheProgram ? OPTIMISER : one.words;
            }
        }
        return OTHER;
    }
}
