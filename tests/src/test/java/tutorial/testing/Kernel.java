package tutorial.testing;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.testing.Said.assertSays;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/** One live Java kernel, spoken to through {@code kernel_driver.py}. */
public final class Kernel implements AutoCloseable {
    /** The longest cell of all tests, a training of twenty epochs, takes a few seconds. */
    private static final Duration LONGEST_CELL = Patience.with(30);
    /** Which cell was run last in this JVM, by any kernel, and what came of it, for the report of a failed test. */
    private static volatile String lastCell = "";

    private final Process driver;
    private final BufferedWriter requests;
    private final BufferedReader answers;
    private String cell = "the kernel's start";

    public record Answer(boolean ok, double seconds, Outputs outputs) {
        public String words() {
            return outputs.words();
        }

        /** This answer, if all went well. */
        public Answer orFail() {
            assertTrue(ok, outputs.error());
            return this;
        }

        /** The same, if all of this stands on the page. */
        public Answer says(String... parts) {
            assertSays(orFail().words(), parts);
            return this;
        }

        /** This answer, if it is an error whose message has all of this. */
        public Answer fails(String... parts) {
            assertFalse(ok, "went well");
            assertSays(outputs.error(), parts);
            return this;
        }
    }

    /** A test that fails says in its last lines which cell was run last, how it begins and what it put out. */
    public static final class LastCell
            implements BeforeTestExecutionCallback, TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
        @Override
        public void beforeTestExecution(ExtensionContext test) {
            lastCell = "";
        }

        @Override
        public void handleTestExecutionException(ExtensionContext test, Throwable failure) throws Throwable {
            throw told(failure);
        }

        @Override
        public void handleBeforeAllMethodExecutionException(ExtensionContext test, Throwable failure) throws Throwable {
            throw told(failure);
        }

        private static Throwable told(Throwable failure) {
            return failure instanceof TestAbortedException || lastCell.isEmpty() ? failure
                    : new AssertionError(failure.getMessage() + "\nThe last cell: " + lastCell, failure);
        }
    }

    public Kernel(Process driver) throws IOException {
        this.driver = driver;
        this.requests = driver.outputWriter(StandardCharsets.UTF_8);
        this.answers = driver.inputReader(StandardCharsets.UTF_8);
        answer();
    }

    public boolean isAlive() {
        return driver.isAlive();
    }

    public Answer execute(String code) throws IOException {
        return request("a cell of the test", code, Map.of());
    }

    /** The value of an expression, as a text. */
    public String value(String expression) throws IOException {
        return execute("System.out.println(" + expression + ");").orFail().words().strip();
    }

    /** Presses stop, this many seconds after an output matched the pattern. */
    public Answer executeAndStop(String code, String pattern, double secondsLater) throws IOException {
        return request("a cell that is stopped", code, Map.of("interruptOn", pattern, "interruptAfter", secondsLater));
    }

    /** Presses stop as soon as this is so. */
    public Answer executeAndStop(String code, BooleanSupplier isTime) throws IOException {
        begin("a cell that is stopped", code, Map.of());
        while (!isTime.getAsBoolean() && !answers.ready()) {
            Thread.onSpinWait();
        }
        send(Map.of("interrupt", true));
        return answer();
    }

    /**
     * Runs the cells in order; {@code settings} go in behind the cell tagged {@code parameters}. Stops at the first
     * cell that fails, as Jupyter does.
     */
    public Answer runAll(List<Notebook.Cell> cells, String settings) throws IOException {
        return run(cells, settings, (cell, more) -> cell.source() + "\n" + more);
    }

    /** The same for cells that have run before: what they define stands already, so only what they do is done again. */
    public Answer runAgain(List<Notebook.Cell> cells, String settings) throws IOException {
        // As one block, which JShell takes as one snippet.
        return run(cells, settings, (cell, more) -> {
            String block = cell.statements() + "\n" + more;
            return block.isBlank() ? "" : "{\n" + block + "\n}";
        });
    }

    private Answer run(List<Notebook.Cell> cells, String settings, BiFunction<Notebook.Cell, String, String> code) throws IOException {
        List<Outputs> outputs = new ArrayList<>();
        double seconds = 0;
        boolean ok = true;
        for (int i = 0; i < cells.size() && ok; i++) {
            Notebook.Cell cell = cells.get(i);
            String source = code.apply(cell, cell.tags().contains("parameters") ? settings : "");
            if (!source.isBlank()) {
                Answer answer = request("cell " + cell.id(), source, Map.of());
                outputs.add(answer.outputs());
                seconds += answer.seconds();
                ok = answer.ok();
            }
        }
        return new Answer(ok, seconds, Outputs.join(outputs));
    }

    private Answer request(String which, String code, Map<String, Object> more) throws IOException {
        begin(which, code, more);
        return answer();
    }

    private void begin(String which, String code, Map<String, Object> more) throws IOException {
        cell = which + ", which begins \"" + code.strip().lines().findFirst().orElse("") + "\"";
        lastCell = cell + ": no answer came back.";
        Map<String, Object> request = new HashMap<>(Map.of("code", code, "timeout", LONGEST_CELL.toSeconds()));
        request.putAll(more);
        send(request);
    }

    private void send(Map<String, Object> request) throws IOException {
        requests.write(Notebook.JSON.writeValueAsString(request));
        requests.newLine();
        requests.flush();
    }

    private Answer answer() throws IOException {
        String line;
        do {
            line = answers.readLine();
            if (line == null) {
                throw new IOException("The kernel driver ended. Run tests/kernel_driver.py by hand to see why.");
            }
        } while (!line.startsWith("{"));
        JsonNode json = Notebook.JSON.readTree(line);
        boolean ok = !json.get("status").asText().equals("error");
        Answer answer = new Answer(ok, json.path("seconds").asDouble(), Outputs.of(json.path("outputs")));
        lastCell = cell + (ok ? ", ran" : ", failed: " + answer.outputs().error()) + "\n"
                + answer.words().lines().map(words -> "    | " + words).collect(Collectors.joining("\n"));
        return answer;
    }

    @Override
    public void close() throws IOException {
        requests.close();
        try {
            driver.waitFor();
        } catch (InterruptedException e) {
            driver.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
