package tutorial.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** One live Java kernel, spoken to through {@code kernel_driver.py}. */
public final class Kernel implements AutoCloseable {
    /** The longest cell of all tests, a training of twenty epochs, takes a few seconds. */
    private static final Duration LONGEST_CELL = Patience.with(30);
    /** Which cell was run last in this JVM, by any kernel, and what came of it, for the report of a failed test. */
    private static volatile String lastCell = "";

    private final Process driver;
    private final BufferedWriter requests;
    private final BufferedReader answers;

    public record Answer(boolean ok, double seconds, Outputs outputs) {
        public String words() {
            return outputs.words();
        }

        /** This answer, if all went well. */
        public Answer orFail() {
            if (!ok) {
                throw new AssertionError(outputs.error());
            }
            return this;
        }
    }

    public Kernel(Process driver) throws IOException {
        this.driver = driver;
        this.requests = driver.outputWriter(StandardCharsets.UTF_8);
        this.answers = driver.inputReader(StandardCharsets.UTF_8);
        answer();
    }

    public static String lastCell() {
        return lastCell;
    }

    public static void forgetLastCell() {
        lastCell = "";
    }

    public boolean isAlive() {
        return driver.isAlive();
    }

    public Answer execute(String code) throws IOException {
        return told("a cell of the test", code, () -> request(code, Map.of()));
    }

    /** Presses stop, this many seconds after an output matched the pattern. */
    public Answer executeAndStop(String code, String pattern, double secondsLater) throws IOException {
        return told("a cell that is stopped", code, () -> request(code, Map.of("interruptOn", pattern, "interruptAfter", secondsLater)));
    }

    /** Presses stop as soon as this is so. */
    public Answer executeAndStop(String code, BooleanSupplier isTime) throws IOException {
        return told("a cell that is stopped", code, () -> {
            send(request(code));
            while (!isTime.getAsBoolean() && !answers.ready()) {
                Thread.onSpinWait();
            }
            send(Map.of("interrupt", true));
            return answer();
        });
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
        return run(cells, settings, (cell, more) -> (cell.statements() + more).isBlank() ? "" : "{\n" + cell.statements() + "\n" + more + "\n}");
    }

    private Answer run(List<Notebook.Cell> cells, String settings, BiFunction<Notebook.Cell, String, String> code) throws IOException {
        List<Outputs> outputs = new ArrayList<>();
        double seconds = 0;
        for (Notebook.Cell cell : cells) {
            String source = code.apply(cell, cell.tags().contains("parameters") ? settings : "");
            if (source.isBlank()) {
                continue;
            }
            Answer answer = told("cell " + cell.id(), source, () -> request(source, Map.of()));
            outputs.add(answer.outputs());
            seconds += answer.seconds();
            if (!answer.ok()) {
                return new Answer(false, seconds, Outputs.join(outputs));
            }
        }
        return new Answer(true, seconds, Outputs.join(outputs));
    }

    private interface Request {
        Answer send() throws IOException;
    }

    private static Answer told(String which, String code, Request request) throws IOException {
        String cell = which + ", which begins \"" + code.strip().lines().findFirst().orElse("") + "\"";
        lastCell = cell + ": no answer came back.";
        Answer answer = request.send();
        lastCell = cell + (answer.ok() ? ", ran" : ", failed: " + answer.outputs().error()) + "\n"
                + answer.words().lines().map(line -> "    | " + line).collect(Collectors.joining("\n"));
        return answer;
    }

    private static Map<String, Object> request(String code) {
        return Map.of("code", code, "timeout", LONGEST_CELL.toSeconds());
    }

    private Answer request(String code, Map<String, Object> more) throws IOException {
        Map<String, Object> request = new java.util.LinkedHashMap<>(request(code));
        request.putAll(more);
        send(request);
        return answer();
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
        JsonNode answer = Notebook.JSON.readTree(line);
        return new Answer(!answer.get("status").asText().equals("error"), answer.path("seconds").asDouble(),
                Outputs.of(answer.path("outputs")));
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
