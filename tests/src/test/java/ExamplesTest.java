import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;

/** JBang and the two Maven projects build examples/Classify.java of the same files, with the same libraries. */
class ExamplesTest {
    private static final Path EXAMPLES = Project.SOURCE.resolve("examples");

    @Test
    void jbangTakesTheLibrariesOfMaven() throws IOException {
        List<String> libraries = libraries(EXAMPLES.resolve("pom.xml"));
        assertFalse(libraries.isEmpty());
        assertEquals(libraries, comments("DEPS").stream().map(library -> library.replaceFirst(":\\$\\{.*", "")).sorted().toList());
    }

    @Test
    void sparksProjectHasTheSameVersions() throws IOException {
        List<String> spark = libraries(EXAMPLES.resolve("spark/pom.xml"));
        assertEquals(libraries(EXAMPLES.resolve("pom.xml")).stream().filter(library -> !library.contains("slf4j")).toList(),
                spark.stream().filter(library -> !library.contains("spark")).toList());
    }

    @Test
    void allCompileTheSameFiles() throws IOException {
        List<String> sources = comments("SOURCES").stream().map(file -> file.replace("../", "")).sorted().toList();
        assertFalse(sources.isEmpty());
        for (String pom : List.of("pom.xml", "spark/pom.xml")) {
            assertEquals(sources, pom(EXAMPLES.resolve(pom)).select("includes > include").eachText().stream()
                    .filter(file -> file.startsWith("support/")).sorted().toList(), pom);
        }
    }

    private static List<String> comments(String kind) throws IOException {
        return Pattern.compile("(?m)^//" + kind + " (.*)$").matcher(Files.readString(EXAMPLES.resolve("Classify.java"))).results()
                .map(line -> line.group(1)).sorted().toList();
    }

    private static List<String> libraries(Path file) throws IOException {
        return pom(file).select("project > dependencies > dependency").stream()
                .map(library -> String.join(":", library.select("> groupId, > artifactId, > version").eachText())).sorted().toList();
    }

    private static Document pom(Path file) throws IOException {
        return Jsoup.parse(Files.readString(file), Parser.xmlParser());
    }
}
