import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways to set the notebook up, conda's, Binder's and the Makefile's, come to the same. */
class EnvironmentTest {
    private final JsonNode conda = new YAMLMapper().readTree(Project.SOURCE.resolve("environment.yml").toFile());

    EnvironmentTest() throws IOException {}

    @Test
    void everyPinIsExactAndInstalled() throws Exception {
        for (String line : Files.readAllLines(Project.SOURCE.resolve("requirements.txt"))) {
            assertTrue(line.matches("#.*|[\\w-]+==[\\w.]+( ; .+)?"), line);
        }
        // Without an index and without dependencies, pip is content only with what is there already.
        Project.Finished pip = new Project(Project.SOURCE).pip("--isolated", "install", "--dry-run", "--no-index", "--no-deps",
                "--requirement", "requirements.txt");
        assertEquals(0, pip.exitCode(), pip.output());
    }

    @Test
    void condaBringsJavaAndToolsAndTakesTheRestFromTheRequirements() {
        Map<String, String> packages = new TreeMap<>();
        JsonNode pip = null;
        for (JsonNode dependency : conda.get("dependencies")) {
            if (dependency.isTextual()) {
                String[] named = dependency.asText().split("=", 2);
                packages.put(named[0], named.length == 1 ? "" : named[1]);
            } else {
                pip = dependency.get("pip");
            }
        }
        assertEquals(List.of("make", "maven", "openjdk", "pip", "python"), List.copyOf(packages.keySet()));
        assertTrue(Integer.parseInt(packages.get("openjdk")) >= 17, packages.toString());
        assertTrue(packages.get("python").matches("3\\.1\\d"), packages.toString());
        assertEquals(List.of("--requirement requirements.txt"), StreamSupport.stream(pip.spliterator(), false).map(JsonNode::asText).toList());
    }

    @Test
    void condaAndMakeStartTheKernelAlike() throws IOException {
        Map<String, String> variables = new TreeMap<>();
        conda.get("variables").properties().forEach(variable -> variables.put(variable.getKey(), variable.getValue().asText()));
        String hints = variables.remove("JJAVA_STARTUP_SCRIPTS_PATH");
        assertTrue(Files.readString(Project.SOURCE.resolve("Makefile")).contains("HINTS := JJAVA_STARTUP_SCRIPTS_PATH=" + hints), hints);
        assertTrue(Files.exists(Project.SOURCE.resolve(hints)), hints);
        for (String file : List.of("Makefile", "docs/speed.md")) {
            String text = Files.readString(Project.SOURCE.resolve(file));
            Matcher line = Pattern.compile("(?:MEMORY :=|export)((?: \\w+=\\d+){4})\n").matcher(text);
            assertTrue(line.find(), file);
            Map<String, String> set = new TreeMap<>();
            for (String assignment : line.group(1).strip().split(" ")) {
                set.put(assignment.split("=")[0], assignment.split("=")[1]);
            }
            assertEquals(variables, set, file);
        }
    }

    /** With this folder Binder builds from the two files in it, and not from a Dockerfile beside them. */
    @ParameterizedTest
    @ValueSource(strings = {"environment.yml", "requirements.txt"})
    void binderTakesTheSameFiles(String name) throws IOException {
        Path binders = Project.SOURCE.resolve("binder").resolve(name);
        assertTrue(Files.isSameFile(binders, Project.SOURCE.resolve(name)), binders.toString());
    }
}
