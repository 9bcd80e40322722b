package tutorial.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");
    public static final Path PYTHON = ENVIRONMENT.resolve(WINDOWS ? "Scripts/python.exe" : "bin/python");
    /** To be put before a command: no network but the machine itself, which Jupyter needs to speak to its kernel. */
    public static final List<String> OFFLINE = List.of("unshare", "--net", "--map-root-user",
            "sh", "-c", "ip link set lo up && exec \"$@\"", "sh");
    public static final String NOT_OFFLINE = "no network namespace can be made here (Linux can, with iproute2, outside most containers)";
    private static final Path COMPILED = SOURCE.resolve("support/target");
    private static final String JAVA_OPTIONS = "JJAVA_JVM_OPTS";
    /**
     * For the kernels of the tests. JShell compiles thousands of small things once: the JVM's second compiler, which pays off
     * in long runs, would take more time than it saves.
     */
    private static final String KERNEL_OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 " + CleanUp.javaOption();

    /** For training: there are two lanes of tests, and threads of PyTorch that wait for each other keep a core busy. */
    private static final String THREADS = String.valueOf(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    private static final Duration LONGEST_RUN = Patience.with(60);

    /** @param output what the program said, its errors included */
    public record Finished(int exitCode, String output) {
        /** The output, if all went well. */
        public String orFail() {
            assertEquals(0, exitCode, output);
            return output;
        }
    }

    public static Project copyTo(Path folder) throws IOException {
        for (String part : List.of(NOTEBOOK, "support", "data/sneakers.zip", "results/0000-original-tutorial.csv",
                "docs/published-gpus.csv", "Makefile",
                "requirements.txt", "tools")) {
            try (Stream<Path> files = Files.walk(SOURCE.resolve(part))) {
                for (Path file : files.filter(one -> Files.isRegularFile(one) && !one.startsWith(COMPILED)).toList()) {
                    Path to = folder.resolve(SOURCE.relativize(file).toString());
                    Files.createDirectories(to.getParent());
                    Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);   // for make, which goes by the times
                }
            }
        }
        Files.createSymbolicLink(folder.resolve(".venv"), ENVIRONMENT);
        return new Project(folder);
    }

    public static boolean canBeOffline() throws InterruptedException {
        try {
            return new ProcessBuilder(Stream.concat(OFFLINE.stream(), Stream.of("true")).toList()).start().waitFor() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
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
        String program = SOURCE.resolve("tools/run_notebook.py").toString();
        ProcessBuilder run = python(environment, program, NOTEBOOK, "build", "--settings", settings);
        run.command().addAll(0, wrapper);
        return finish(run);
    }

    public Finished make(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        return finish(program(environment, "make", arguments));
    }

    /** Begins to make something, and leaves what is said in the log. */
    public Process beginToMake(Path log, Map<String, String> environment, String... arguments) throws IOException {
        return program(environment, "make", arguments).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    public Finished python(String... arguments) throws IOException, InterruptedException {
        return finish(python(Map.of(), arguments));
    }

    /** The Python of .venv, with the start-up script that the Makefile sets, too. */
    public ProcessBuilder python(Map<String, String> environment, String... arguments) {
        if (!Files.exists(PYTHON)) {
            throw new IllegalStateException("No virtual environment in .venv: run `make setup`.");
        }
        ProcessBuilder python = program(Map.of("JJAVA_STARTUP_SCRIPTS_PATH", "support/startup.jsh"), PYTHON.toString(), arguments);
        return with(environment, python);
    }

    /** The program of examples/, as its README tells to run it. */
    public Finished classify(String arguments) throws IOException, InterruptedException {
        return finish(program(Map.of(), "mvn", "--quiet", "--batch-mode", "--file", SOURCE.resolve("pom.xml").toString(),
                "--projects", "examples", "--also-make", "compile", "exec:java", "-Dexec.args=" + arguments));
    }

    public Kernel kernel() throws IOException {
        return kernel(Map.of());
    }

    public Kernel kernel(Map<String, String> environment) throws IOException {
        String patience = String.valueOf(Patience.with(4).toSeconds());
        return new Kernel(python(environment, SOURCE.resolve("tests/kernel_driver.py").toString(), patience)
                .redirectError(ProcessBuilder.Redirect.DISCARD).start());
    }

    /** Any program, in this folder. */
    public ProcessBuilder program(Map<String, String> environment, String name, String... arguments) {
        List<String> command = new ArrayList<>(List.of(name));
        command.addAll(List.of(arguments));
        ProcessBuilder program = new ProcessBuilder(command).directory(folder.toFile());
        with(Map.of(JAVA_OPTIONS, KERNEL_OPTIONS, "OMP_NUM_THREADS", THREADS), program);
        return with(environment, with(CleanUp.environment(), program));
    }

    /** Java's options are added to those that are there, such as the Makefile's. */
    private static ProcessBuilder with(Map<String, String> environment, ProcessBuilder process) {
        environment.forEach((name, value) -> process.environment()
                .merge(name, value, (there, more) -> name.equals(JAVA_OPTIONS) ? there + " " + more : more));
        return process;
    }

    public static Finished finish(ProcessBuilder command) throws IOException, InterruptedException {
        Path log = CleanUp.newFolder("run-").resolve("log");
        return finish(command.redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
    }

    /** Waits for a program that leaves what it says in the log. */
    public static Finished finish(Process process, Path log) throws IOException, InterruptedException {
        if (!process.waitFor(LONGEST_RUN.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("Not done within " + LONGEST_RUN.toMinutes() + " minutes: " + process.info() + "\n"
                    + Files.readString(log));
        }
        return new Finished(process.exitValue(), Files.readString(log));
    }
}
