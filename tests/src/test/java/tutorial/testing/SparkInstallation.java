package tutorial.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Apache Spark as one unpacks it, its jars in a folder, made of those that Maven has; and its processes on this machine. */
public record SparkInstallation(Path home) {
    /** A row of what examples/spark writes. */
    public record Answer(String path, String className, Double probability, String error) {}

    private static final Duration LONGEST = Patience.with(20);
    private static final List<String> OPENED = List.of("java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio",
            "java.util", "java.util.concurrent", "java.util.concurrent.atomic", "jdk.internal.ref", "sun.nio.ch", "sun.nio.cs",
            "sun.security.action", "sun.util.calendar");

    public static SparkInstallation in(Path home, List<Path> jars) throws IOException {
        Path folder = Files.createDirectories(home.resolve("jars"));
        for (Path jar : jars) {
            Files.createSymbolicLink(folder.resolve(jar.getFileName()), jar);
        }
        return new SparkInstallation(home);
    }

    /** A class of Spark's in a process of its own, which leaves what it says in a log. */
    public Process start(Path log, String... classAndArguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-Xmx1g", "-XX:+UseSerialGC", CleanUp.javaOption()));
        OPENED.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        command.addAll(List.of("-cp", home.resolve("jars") + "/*"));
        command.addAll(List.of(classAndArguments));
        ProcessBuilder process = new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
        Map<String, String> environment = new HashMap<>(CleanUp.environment());
        environment.putAll(Map.of("SPARK_HOME", home.toString(), "SPARK_SCALA_VERSION", "2.13", "SPARK_LOCAL_IP", "127.0.0.1", "LC_ALL", "C.UTF-8"));
        process.environment().putAll(environment);
        return process.start();
    }

    public String finish(String... classAndArguments) throws IOException, InterruptedException {
        Path log = CleanUp.newFolder("spark-").resolve("log");
        return ended(start(log, classAndArguments), log);
    }

    public static String ended(Process process, Path log) throws IOException, InterruptedException {
        if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("Not done within " + LONGEST.toMinutes() + " minutes\n" + Files.readString(log));
        }
        if (process.exitValue() != 0) {
            throw new AssertionError(Files.readString(log));
        }
        return Files.readString(log);
    }

    /** In the order of their paths. */
    public List<Answer> answers(Path parquet) throws IOException, InterruptedException {
        String printed = finish(Project.SOURCE.resolve("tests/src/test/resources/parquet_rows.java").toString(), parquet.toString());
        return printed.lines().map(line -> line.split("\t", -1)).filter(row -> row.length == 4)
                .map(row -> new Answer(row[0], value(row[1]), row[2].equals("null") ? null : Double.valueOf(row[2]), value(row[3]))).toList();
    }

    private static String value(String printed) {
        return printed.equals("null") ? null : printed;
    }
}
