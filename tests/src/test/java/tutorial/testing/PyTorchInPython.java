package tutorial.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The PyTorch that `make compare` sets up; it is large, so tests do without where it is absent. */
public final class PyTorchInPython {
    public static final Path PYTHON = Project.SOURCE.resolve(".venv-compare/bin/python");
    public static final String MISSING = "PyTorch in Python is not set up: run `make .venv-compare/installed`.";

    private PyTorchInPython() {}

    /** What Python prints, run in a folder. */
    public static String run(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PYTHON.toString()));
        command.addAll(List.of(arguments));
        Path said = CleanUp.newFolder("python-").resolve("said");
        Path complained = said.resolveSibling("complained");
        ProcessBuilder process = new ProcessBuilder(command).directory(folder.toFile())
                .redirectOutput(said.toFile()).redirectError(complained.toFile());
        process.environment().putAll(CleanUp.environment());
        assertEquals(0, process.start().waitFor(), () -> {
            try {
                return Files.readString(complained);
            } catch (IOException e) {
                return e.toString();
            }
        });
        return Files.readString(said);
    }
}
