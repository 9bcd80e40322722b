package tutorial.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.Project;

/** JBang and the two Maven projects build examples/Classify.java of the same files, with the same libraries. */
class ExamplesTest {
    private static final Path EXAMPLES = Project.SOURCE.resolve("examples");
    private static final Path SUPPORT = Project.SOURCE.resolve("support/src/main/java/tutorial");

    /** Those of the notebook, as the project's pom.xml has them. */
    @Test
    void jbangTakesTheLibrariesOfMaven() throws IOException {
        Document project = pom(Project.SOURCE.resolve("pom.xml"));
        Document example = pom(EXAMPLES.resolve("pom.xml"));
        List<String> managed = Stream.of(project, example).flatMap(pom -> pom.select("dependency").stream())
                .map(library -> String.join(":", library.select("> groupId, > artifactId, > version").eachText()))
                .map(library -> resolved(library, project)).toList();
        for (String library : comments("DEPS")) {
            assertTrue(managed.contains(library.replaceFirst(":\\$\\{.*", "")), library + " is none of " + managed);
        }
    }

    /** By these files and the libraries alone, without the compiled classes of support/. */
    @Test
    void jbangsSourcesAreAllThatTheExampleNeeds(@TempDir Path classes) throws IOException {
        String tests = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String libraries = Stream.of(tests.split(File.pathSeparator)).filter(path -> path.endsWith(".jar") && !path.contains("support"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> javac = new ArrayList<>(List.of("-proc:none", "-d", classes.toString(), "-sourcepath", classes.toString(),
                "-classpath", libraries, EXAMPLES.resolve("Classify.java").toString()));
        comments("SOURCES").forEach(file -> javac.add(EXAMPLES.resolve(file).normalize().toString()));
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int status = ToolProvider.findFirst("javac").orElseThrow().run(out, out, javac.toArray(String[]::new));
        assertEquals(0, status, said.toString());
    }

    private static List<String> comments(String kind) throws IOException {
        return Pattern.compile("(?m)^//" + kind + " (.*)$").matcher(Files.readString(EXAMPLES.resolve("Classify.java"))).results()
                .map(line -> line.group(1)).sorted().toList();
    }

    private static String resolved(String library, Document project) {
        return Pattern.compile("\\$\\{([\\w.]+)}").matcher(library)
                .replaceAll(property -> project.select("project > properties > *").stream()
                        .filter(one -> one.tagName().equals(property.group(1))).map(Element::text).findFirst().orElse(""));
    }

    private static Document pom(Path file) throws IOException {
        return Jsoup.parse(Files.readString(file), Parser.xmlParser());
    }
}
