package tutorial.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tutorial.testing.Notebook;
import tutorial.testing.Project;

/** The ways to set the notebook up, conda's, pixi's, Binder's, the image's and the Makefile's, come to the same. */
class EnvironmentTest {
    private final JsonNode conda = new YAMLMapper().readTree(Project.SOURCE.resolve("environment.yml").toFile());

    EnvironmentTest() throws IOException {}

    @Test
    void everyPinIsExactAndInstalled() throws Exception {
        for (String line : Files.readAllLines(Project.SOURCE.resolve("requirements.txt"))) {
            assertTrue(line.matches("#.*|[\\w-]+==[\\w.]+( ; .+)?"), line);
        }
        // Without an index and without dependencies, pip is content only with what is there already.
        new Project(Project.SOURCE).python("-m", "pip", "--isolated", "install", "--dry-run", "--no-index", "--no-deps",
                "--requirement", "requirements.txt").orFail();
    }

    @Test
    void condaBringsJavaAndToolsAndTakesTheRestFromTheRequirements() {
        List<String> packages = new ArrayList<>();
        conda.get("dependencies").forEach(dependency -> packages.add(dependency.isTextual() ? dependency.asText() : dependency.toString()));
        Collections.sort(packages);
        String all = String.join(" ", packages);
        assertTrue(all.matches("make maven=\\S+ openjdk=(1[7-9]|[2-9]\\d) pip python=3\\.1\\d .*--requirement requirements.txt.*"), all);
    }

    /** Windows has no make; pixi's tasks do the same by the same program. */
    @Test
    void pixiBringsWhatCondaDoesAndDoesWhatMakeDoes() throws IOException {
        String pixi = Files.readString(Project.SOURCE.resolve("pixi.toml"));
        String makefile = Files.readString(Project.SOURCE.resolve("Makefile"));
        for (JsonNode dependency : conda.get("dependencies")) {
            if (dependency.asText().contains("=")) {
                assertTrue(pixi.contains("\n" + dependency.asText().replace("=", " = \"") + ".*\"\n"), dependency.asText());
            }
        }
        assertTrue(makefile.contains("TUTORIAL := $(PYTHON) -E tools/tutorial.py\n"));
        for (String task : List.of("run", "lab", "test")) {
            assertTrue(pixi.contains("\n" + task + " = \"python tools/tutorial.py " + task + "\"\n"), task);
            assertTrue(makefile.contains("\n" + task + ":\n\t@$(TUTORIAL) " + task), task);
        }
    }

    @Test
    void condaAndMakeStartTheKernelAlike() throws Exception {
        assertEquals(setByMake(), text(conda.get("variables")));
    }

    @Test
    void theImageAndMakeStartTheKernelAlike() throws Exception {
        String dockerfile = Files.readString(Project.SOURCE.resolve("Dockerfile"));
        Map<String, String> missing = setByMake();
        missing.entrySet().removeIf(variable -> dockerfile.contains(variable.getKey() + "=" + variable.getValue()));
        assertEquals(Map.of(), missing);
    }

    /** With conda's Java; IJava's name for the start-up script is left out, since only JJava is installed. */
    private static Map<String, String> setByMake() throws Exception {
        String json = new Project(Project.SOURCE.resolve("tools")).python("-c",
                "import json, tutorial; print(json.dumps({**tutorial.KERNEL, 'JJAVA_JVM_OPTS': tutorial.COLLECTOR}))").orFail();
        Map<String, String> set = text(Notebook.JSON.readTree(json));
        assertEquals(set.remove("IJAVA_STARTUP_SCRIPTS_PATH"), set.get("JJAVA_STARTUP_SCRIPTS_PATH"));
        return set;
    }

    /** Java refuses to start with two collectors. */
    @ParameterizedTest
    @CsvSource({"JAVA_TOOL_OPTIONS, -XX:+UseG1GC, ''", "JDK_JAVA_OPTIONS, -XX:+UseG1GC, ''", "_JAVA_OPTIONS, -XX:+UseParallelGC, ''",
            "JJAVA_JVM_OPTS, -XX:+UseG1GC, -XX:+UseG1GC", "JAVA_TOOL_OPTIONS, -Xlog:gc*=off, -XX:+UseSerialGC"})
    void aCollectorThatIsNamedElsewhereIsTheOnlyOne(String variable, String option, String ours) throws Exception {
        String options = new Project(Project.SOURCE.resolve("tools")).python("-c",
                "import os, tutorial; os.environ.pop('JJAVA_JVM_OPTS', ''); os.environ['%s'] = '%s'; ".formatted(variable, option)
                + "print(tutorial.kernel_environment()['JJAVA_JVM_OPTS'])").orFail();
        assertEquals(ours, options.replaceFirst(" ?--enable-native.*", "").strip());
    }

    private static Map<String, String> text(JsonNode map) {
        Map<String, String> text = new TreeMap<>();
        map.properties().forEach(entry -> text.put(entry.getKey(), entry.getValue().asText()));
        return text;
    }

    /** GitHub Codespaces and VS Code build the project's image, for the smallest machine of Codespaces. */
    @Test
    void theDevContainerIsTheProjectsImage() throws IOException {
        Path file = Project.SOURCE.resolve(".devcontainer/devcontainer.json");
        JsonNode container = JsonMapper.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build().readTree(file.toFile());
        assertEquals(Project.SOURCE, file.resolveSibling(container.at("/build/context").asText()).normalize());
        String dockerfile = Files.readString(file.resolveSibling(container.at("/build/dockerfile").asText()));
        Map.of("/build/target", " AS %s\n", "/forwardPorts/0", "EXPOSE %s\n", "/remoteUser", "/bin/bash %s ").forEach((name, line) ->
                assertTrue(dockerfile.contains(line.formatted(container.at(name).asText())), name));
        assertEquals("{\"cpus\":2,\"memory\":\"8gb\"}", container.get("hostRequirements").toString());
        container.get("features").fieldNames().forEachRemaining(name -> assertTrue(name.matches("ghcr\\.io/[\\w/-]+:\\d+"), name));
    }

    /** With this folder Binder builds from the two files in it, and not from a Dockerfile beside them. */
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "git makes no links there")
    @ParameterizedTest
    @ValueSource(strings = {"environment.yml", "requirements.txt"})
    void binderTakesTheSameFiles(String name) throws IOException {
        Path binders = Project.SOURCE.resolve("binder").resolve(name);
        assertTrue(Files.isSameFile(binders, Project.SOURCE.resolve(name)), binders.toString());
    }
}
