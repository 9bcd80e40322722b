package tutorial.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A copy of what a reader needs to run the notebook, so that tests leave the project's own data and results alone. */
public record Project(Path folder) {
    public static final Path SOURCE = Path.of(System.getProperty("project.root", "..")).toAbsolutePath().normalize();
    public static final String NOTEBOOK = "GPU_vs_CPU_Benchmark.ipynb";
    public static final Path SHARED_DATA = SOURCE.resolveSibling("shared").resolve("data");
    private static final Path ENVIRONMENT = SOURCE.resolve(".venv");
    public static final Path PYTHON = ENVIRONMENT.resolve(System.getProperty("os.name").startsWith("Windows") ? "Scripts/python.exe" : "bin/python");
    private static final String JAVA_OPTIONS = "JJAVA_JVM_OPTS";
    /**
     * For the kernels of the tests. JShell compiles thousands of small things once: the JVM's second compiler, which pays off
     * in long runs, would take more time than it saves.
     */
    private static final String KERNEL_OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 " + CleanUp.javaOption();

    /** For training: there are two lanes of tests, and threads of PyTorch that wait for each other keep a core busy. */
    private static final String THREADS = String.valueOf(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    private static final Duration LONGEST_RUN = Patience.with(60);

    public record Finished(int exitCode, String output) {}

    public static Project copyTo(Path folder) throws IOException {
        for (String part : List.of(NOTEBOOK, "support/load.jsh", "support/startup.jsh", "support/imports.jsh", "support/src", "data/sneakers.zip", "results/0000-original-tutorial.csv",
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

    public Notebook notebook() throws IOException {
        return Notebook.read(folder.resolve(NOTEBOOK));
    }

    /** The results files of the runs in this folder. */
    public List<Path> ownResults() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("results"))) {
            return files.filter(file -> !file.endsWith("0000-original-tutorial.csv")).sorted().toList();
        }
    }

    /** Runs the notebook as `make run` does. */
    public Finished run(String settings) throws IOException, InterruptedException {
        return run(settings, Map.of(), List.of());
    }

    /** The same with other environment variables, and by a command that runs the command behind it, as {@code env}. */
    public Finished run(String settings, Map<String, String> environment, List<String> wrapper) throws IOException, InterruptedException {
        ProcessBuilder run = pythonWith(SOURCE.resolve("tools/run_notebook.py").toString(), NOTEBOOK, "build", "--settings", settings);
        run.command().addAll(0, wrapper);
        return finish(with(environment, run));
    }

    public Finished make(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder make = with(environment, marked("make"));
        make.command().addAll(List.of(arguments));
        return finish(make);
    }

    /** Begins `make run`, and leaves what it says in the log. */
    public Process beginRun(Map<String, String> environment, Path log) throws IOException {
        return with(environment, marked("make", "run")).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    public Finished pip(String... arguments) throws IOException, InterruptedException {
        List<String> pip = new ArrayList<>(List.of("-m", "pip"));
        pip.addAll(List.of(arguments));
        return python(pip.toArray(String[]::new));
    }

    public Finished python(String... arguments) throws IOException, InterruptedException {
        return python(Map.of(), arguments);
    }

    public Finished python(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        return finish(with(environment, pythonWith(arguments)));
    }

    /** The program of examples/, as its README tells to run it. */
    public Finished classify(String arguments) throws IOException, InterruptedException {
        return finish(marked("mvn", "--quiet", "--batch-mode", "--file", SOURCE.resolve("pom.xml").toString(),
                "--projects", "examples", "--also-make", "compile", "exec:java", "-Dexec.args=" + arguments));
    }

    /** Starts JupyterLab as `make lab` does, and leaves what it says in the log. */
    public Process lab(String options, Map<String, String> environment, Path log) throws IOException {
        ProcessBuilder make = with(environment, marked("make", "lab", "LAB_OPTIONS=" + options));
        return make.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    public Kernel kernel() throws IOException {
        return kernel(Map.of());
    }

    public Kernel kernel(Map<String, String> environment) throws IOException {
        ProcessBuilder driver = pythonWith(SOURCE.resolve("tests/kernel_driver.py").toString(), String.valueOf(Patience.with(4).toSeconds()));
        return new Kernel(with(environment, driver).redirectError(ProcessBuilder.Redirect.DISCARD).start());
    }

    private ProcessBuilder pythonWith(String... arguments) {
        if (!Files.exists(ENVIRONMENT)) {
            throw new IllegalStateException("No virtual environment in .venv: run `make setup`.");
        }
        List<String> command = new ArrayList<>(List.of(PYTHON.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder python = marked(command.toArray(String[]::new));
        python.environment().put("JJAVA_STARTUP_SCRIPTS_PATH", "support/startup.jsh");   // as the Makefile does
        return python;
    }

    private ProcessBuilder marked(String... command) {
        ProcessBuilder process = new ProcessBuilder(command).directory(folder.toFile());
        return with(CleanUp.environment(), with(Map.of(JAVA_OPTIONS, KERNEL_OPTIONS, "OMP_NUM_THREADS", THREADS), process));
    }

    /** Java's options are added to those that are there, such as the Makefile's. */
    private static ProcessBuilder with(Map<String, String> environment, ProcessBuilder process) {
        environment.forEach((name, value) -> process.environment()
                .merge(name, value, (there, more) -> name.equals(JAVA_OPTIONS) ? there + " " + more : more));
        return process;
    }

    private static Finished finish(ProcessBuilder command) throws IOException, InterruptedException {
        Path log = CleanUp.newFolder("run-").resolve("log");
        Process process = command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        if (!process.waitFor(LONGEST_RUN.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("Not done within " + LONGEST_RUN.toMinutes() + " minutes: " + command.command() + "\n" + Files.readString(log));
        }
        return new Finished(process.exitValue(), Files.readString(log));
    }
}
