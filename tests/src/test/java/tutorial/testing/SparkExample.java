package tutorial.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** examples/spark, built and started by Maven in a folder; and an Apache Spark in it, of the jars that Maven has. */
public record SparkExample(Path folder) {
    private static final Path SOURCE = Project.SOURCE.resolve("examples/spark");
    public static final Path JAR = SOURCE.resolve("target/classify-folder.jar");
    private static final String JAVA = System.getProperty("java.home") + "/bin/java";
    private static final String PARQUET_ROWS = Project.SOURCE.resolve("tests/src/test/resources/parquet_rows.java").toString();

    /** A row of the answers, with null for what is not there. */
    public record Answer(String path, String className, Double probability, String error) {
        Answer(String[] row) {
            this(row[0], row[1], row[2] == null ? null : Double.valueOf(row[2]), row[3]);
        }

        public Path photo() {
            return Path.of(path.substring("file:".length()));
        }

        /** As Classify prints it. */
        public String line() {
            return photo() + ": " + (error == null ? String.format(Locale.ROOT, "%s, %.1f %%", className, 100 * probability)
                    : "cannot be read (" + error + ")");
        }
    }

    public Project.Finished maven(String... goals) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--quiet", "--batch-mode", "--file", Project.SOURCE + "/pom.xml",
                "--projects", "examples/spark", "--also-make", "dependency:build-classpath", "-Dmdep.outputFile=" + folder + "/classpath"));
        arguments.addAll(List.of(goals));
        return Project.finish(program(folder, "mvn", arguments));
    }

    /** The lines of examples/Classify.java. */
    public List<String> classify(String models, List<Path> photos) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-cp", SOURCE.resolve("target/classes") + ":" + classpath(), "Classify", models));
        photos.forEach(photo -> arguments.add(photo.toString()));
        Process classify = program(folder, JAVA, arguments).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String said = new String(classify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        classify.waitFor();
        return said.lines().toList();
    }

    /** Gives Spark the jars that a cluster has: all but those that go into ours. */
    public void installSpark() throws IOException {
        Path jars = Files.createDirectories(spark().resolve("jars"));
        for (String jar : classpath().split(File.pathSeparator)) {
            if (!jar.matches(".*[/\\\\](djl|twelvemonkeys|support)[/\\\\].*")) {
                Files.createSymbolicLink(jars.resolve(Path.of(jar).getFileName()), Path.of(jar));
            }
        }
    }

    /** A class of Spark's in a process of its own, which leaves what it says in a log. */
    public Process startSpark(Path log, String... classAndArguments) throws IOException {
        Matcher options = Pattern.compile("<spark\\.options>(.*)</spark\\.options>").matcher(Files.readString(SOURCE.resolve("pom.xml")));
        options.find();
        List<String> arguments = new ArrayList<>(List.of("-Xmx1g", "-XX:+UseSerialGC", CleanUp.javaOption()));
        arguments.addAll(List.of(options.group(1).split(" ")));
        arguments.addAll(List.of("-cp", spark().resolve("jars") + "/*"));
        arguments.addAll(List.of(classAndArguments));
        return program(spark(), JAVA, arguments).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    /** In the order of their paths. */
    public List<Answer> answers(Path parquet) throws IOException, InterruptedException {
        Path log = folder.resolve("rows.log");
        String printed = Project.finish(startSpark(log, PARQUET_ROWS, parquet.toString()), log).orFail();
        return printed.lines().map(line -> line.split("\t", -1)).filter(row -> row.length == 4)
                .map(row -> new Answer(Stream.of(row).map(cell -> cell.equals("null") ? null : cell).toArray(String[]::new))).toList();
    }

    private Path spark() {
        return folder.resolve("spark");
    }

    private String classpath() throws IOException {
        return Files.readString(folder.resolve("classpath"));
    }

    private ProcessBuilder program(Path in, String name, List<String> arguments) {
        Map<String, String> environment = Map.of("SPARK_HOME", spark().toString(), "SPARK_SCALA_VERSION", "2.13",
                "SPARK_LOCAL_IP", "127.0.0.1", "LC_ALL", "C.UTF-8", "DISPLAY", ":77");      // no such display: nothing may need one
        return new Project(in).program(environment, name, arguments.toArray(String[]::new));
    }
}
