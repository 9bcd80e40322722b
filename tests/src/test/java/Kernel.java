import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One live Java kernel, spoken to through {@code kernel_driver.py}. */
final class Kernel implements AutoCloseable {
    private final Process driver;
    private final BufferedWriter requests;
    private final BufferedReader answers;

    record Answer(boolean ok, double seconds, Outputs outputs) {
        String words() {
            return outputs.words();
        }
    }

    Kernel(Process driver) throws IOException {
        this.driver = driver;
        this.requests = driver.outputWriter(StandardCharsets.UTF_8);
        this.answers = driver.inputReader(StandardCharsets.UTF_8);
        answer();
    }

    Answer execute(String code) throws IOException {
        return request(Map.of("code", code));
    }

    /** Presses stop, this many seconds after an output matched the pattern. */
    Answer executeAndStop(String code, String pattern, double secondsLater) throws IOException {
        return request(Map.of("code", code, "interruptOn", pattern, "interruptAfter", secondsLater));
    }

    /**
     * Runs the cells in order; {@code settings} go in behind the cell tagged {@code parameters}. Stops at the first
     * cell that fails, as Jupyter does.
     */
    Answer runAll(List<Notebook.Cell> cells, String settings) throws IOException {
        List<Outputs> outputs = new ArrayList<>();
        double seconds = 0;
        for (Notebook.Cell cell : cells) {
            String code = cell.tags().contains("parameters") ? cell.source() + "\n" + settings : cell.source();
            Answer answer = execute(code);
            outputs.add(answer.outputs());
            seconds += answer.seconds();
            if (!answer.ok()) {
                return new Answer(false, seconds, Outputs.join(outputs));
            }
        }
        return new Answer(true, seconds, Outputs.join(outputs));
    }

    private Answer request(Map<String, Object> request) throws IOException {
        requests.write(Notebook.JSON.writeValueAsString(new LinkedHashMap<>(request)));
        requests.newLine();
        requests.flush();
        return answer();
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
