package tutorial.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** examples/spark, built and started by Maven. */
public record SparkExample(Path folder) {
    private static final Path TARGET = Project.SOURCE.resolve("examples/spark/target");

    /** What Maven says, whether it succeeds or not. */
    public String maven(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("mvn", "--quiet", "--batch-mode", "--file", Project.SOURCE.resolve("pom.xml").toString(),
                "--projects", "examples/spark", "--also-make", "dependency:build-classpath", "-Dmdep.outputFile=" + classpathFile()));
        command.addAll(List.of(arguments));
        Path log = CleanUp.newFolder("maven-").resolve("log");
        ProcessBuilder maven = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
        maven.environment().putAll(CleanUp.environment());
        maven.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        maven.start().waitFor();
        return Files.readString(log);
    }

    /** Whether Maven could not fetch what the program needs. */
    public static boolean isMissing(String said) {
        return said.matches("(?s).*Could not (resolve dependencies|transfer artifact|find artifact).*");
    }

    public static Path jar() {
        return TARGET.resolve("classify-folder.jar");
    }

    /** What a cluster has: all jars but those that go into ours. */
    public SparkInstallation installation() throws IOException {
        return SparkInstallation.in(CleanUp.newFolder("spark-"), classpath().map(Path::of)
                .filter(jar -> !jar.toString().matches(".*[/\\\\](djl|twelvemonkeys|support)[/\\\\].*")).toList());
    }

    /** A row as Classify prints it. */
    public static String asClassify(SparkInstallation.Answer answer) {
        return answer.path().substring("file:".length()) + ": " + (answer.error() == null
                ? String.format(Locale.ROOT, "%s, %.1f %%", answer.className(), 100 * answer.probability())
                : "cannot be read (" + answer.error() + ")");
    }

    /** The lines of examples/Classify.java. */
    public List<String> classify(String models, List<Path> photos) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java",
                "-cp", TARGET.resolve("classes") + ":" + Files.readString(classpathFile()), "Classify", models));
        photos.forEach(photo -> command.add(photo.toString()));
        Path said = CleanUp.newFolder("classify-").resolve("said");
        ProcessBuilder process = new ProcessBuilder(command).directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD).redirectOutput(said.toFile());
        process.environment().put("LC_ALL", "C.UTF-8");
        process.start().waitFor();
        return Files.readAllLines(said);
    }

    private Stream<String> classpath() throws IOException {
        return Stream.of(Files.readString(classpathFile()).split(java.io.File.pathSeparator));
    }

    private Path classpathFile() {
        return folder.resolve("classpath");
    }
}
