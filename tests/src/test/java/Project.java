import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A copy of what a reader needs to run the notebook, so that tests leave the project's own data and results alone. */
record Project(Path folder) {
    static final Path SOURCE = Path.of(System.getProperty("project.root", "..")).toAbsolutePath().normalize();
    static final String NOTEBOOK = "GPU_vs_CPU_Benchmark.ipynb";
    static final Path SHARED_DATA = SOURCE.resolveSibling("shared").resolve("data");
    private static final Path ENVIRONMENT = SOURCE.resolve(".venv");

    record Finished(int exitCode, String output) {}

    static Project copyTo(Path folder) throws IOException {
        for (String part : List.of(NOTEBOOK, "support", "data/sneakers.zip", "results/0000-original-tutorial.csv",
                "Makefile", "requirements.txt", "tools")) {
            Path from = SOURCE.resolve(part);
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path to = folder.resolve(SOURCE.relativize(file).toString());
                    Files.createDirectories(to.getParent());
                    Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);   // for make, which goes by the times
                }
            }
        }
        Files.createSymbolicLink(folder.resolve(".venv"), ENVIRONMENT);
        return new Project(folder);
    }

    Notebook notebook() throws IOException {
        return Notebook.read(folder.resolve(NOTEBOOK));
    }

    /** Runs the notebook as `make run` does. */
    Finished run(String settings) throws IOException, InterruptedException {
        return run(settings, Map.of(), List.of());
    }

    /** The same with other environment variables, and by a command that runs the command behind it, as {@code env}. */
    Finished run(String settings, Map<String, String> environment, List<String> wrapper) throws IOException, InterruptedException {
        ProcessBuilder run = python(SOURCE.resolve("tools/run_notebook.py").toString(), NOTEBOOK, "build", "--settings", settings);
        run.command().addAll(0, wrapper);
        run.environment().putAll(environment);
        return finish(run);
    }

    Finished pip(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder pip = python("-m", "pip");
        pip.command().addAll(List.of(arguments));
        return finish(pip);
    }

    /** Starts JupyterLab as `make lab` does, and leaves what it says in the log. */
    Process lab(String options, Map<String, String> environment, Path log) throws IOException {
        ProcessBuilder make = new ProcessBuilder("make", "lab", "LAB_OPTIONS=" + options).directory(folder.toFile());
        make.environment().putAll(environment);
        return make.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    Kernel kernel() throws IOException {
        return kernel(Map.of());
    }

    Kernel kernel(Map<String, String> environment) throws IOException {
        ProcessBuilder driver = python(SOURCE.resolve("tests/kernel_driver.py").toString());
        driver.environment().putAll(environment);
        return new Kernel(driver.redirectError(ProcessBuilder.Redirect.DISCARD).start());
    }

    private ProcessBuilder python(String... arguments) {
        List<String> command = new ArrayList<>(List.of(ENVIRONMENT.resolve("bin/python").toString()));
        command.addAll(List.of(arguments));
        if (!Files.exists(ENVIRONMENT)) {
            throw new IllegalStateException("No virtual environment in .venv: run `make setup`.");
        }
        ProcessBuilder python = new ProcessBuilder(command).directory(folder.toFile());
        python.environment().put("JJAVA_STARTUP_SCRIPTS_PATH", "support/startup.jsh");   // as the Makefile does
        return python;
    }

    private static Finished finish(ProcessBuilder command) throws IOException, InterruptedException {
        Path log = Files.createTempFile("run", ".log");
        Process process = command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        if (!process.waitFor(15, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("Not done within 15 minutes: " + command.command() + "\n" + Files.readString(log));
        }
        return new Finished(process.exitValue(), Files.readString(log));
    }
}
