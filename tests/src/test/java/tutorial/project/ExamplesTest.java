package tutorial.project;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;
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

    @Test
    void jbangCompilesWhatTheExampleImports() throws IOException {
        List<Path> sources = comments("SOURCES").stream().map(file -> EXAMPLES.resolve(file).normalize()).toList();
        assertFalse(sources.isEmpty());
        for (Path source : Stream.concat(Stream.of(EXAMPLES.resolve("Classify.java")), sources.stream()).toList()) {
            Pattern.compile("(?m)^import tutorial\\.(\\w+)\\.(\\w+);").matcher(Files.readString(source)).results()
                    .map(found -> SUPPORT.resolve(found.group(1)).resolve(found.group(2) + ".java"))
                    .forEach(imported -> assertTrue(sources.contains(imported), source + " imports " + imported));
        }
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
