package tutorial.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The PyTorch that `make compare` sets up; it is large, so tests do without where it is absent. */
public final class PyTorchInPython {
    public static final Path PYTHON = Project.SOURCE.resolve(".venv-compare/bin/python");
    public static final String MISSING = "PyTorch in Python is not set up: run `make .venv-compare/installed`.";

    private PyTorchInPython() {}

    /** What Python prints, run in a folder. */
    public static String run(Path folder, String... arguments) throws IOException, InterruptedException {
        Process python = new Project(folder).program(Map.of(), PYTHON.toString(), arguments)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String printed = new String(python.getInputStream().readAllBytes());
        assertEquals(0, python.waitFor(), printed);
        return printed;
    }
}
