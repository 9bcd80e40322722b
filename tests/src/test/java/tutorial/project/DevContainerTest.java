package tutorial.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tutorial.testing.Project;

/** What GitHub Codespaces and VS Code build from {@code .devcontainer/} is the project's image. */
class DevContainerTest {
    private static final Path FILE = Project.SOURCE.resolve(".devcontainer/devcontainer.json");

    private final JsonNode container = JsonMapper.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build().readTree(FILE.toFile());
    private final Path dockerfile = FILE.resolveSibling(container.at("/build/dockerfile").asText()).normalize();

    DevContainerTest() throws IOException {}

    @Test
    void buildsATargetOfTheDockerfileFromTheProjectsFolder() throws IOException {
        String target = container.at("/build/target").asText();
        assertTrue(Files.readString(dockerfile).lines().anyMatch(line -> line.endsWith(" AS " + target)), target);
        assertEquals(Project.SOURCE, FILE.resolveSibling(container.at("/build/context").asText()).normalize());
    }

    @Test
    void worksAsTheImagesUserAtTheImagesPort() throws IOException {
        String image = Files.readString(dockerfile);
        assertTrue(image.contains("/bin/bash " + container.get("remoteUser").asText() + " "), image);
        assertTrue(image.contains("EXPOSE " + container.at("/forwardPorts/0").asText() + "\n"), image);
    }

    /** The smallest machine of Codespaces. */
    @Test
    void asksForTwoCoresAndEightGigabytes() {
        assertEquals(2, container.at("/hostRequirements/cpus").asInt());
        assertEquals("8gb", container.at("/hostRequirements/memory").asText());
    }

    @Test
    void namesFeaturesWithTheirVersion() {
        assertFalse(container.get("features").isEmpty());
        container.get("features").fieldNames().forEachRemaining(name -> assertTrue(name.matches("ghcr\\.io/[\\w/-]+:\\d+"), name));
    }
}
