package tutorial.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.Notebook;
import tutorial.testing.Outputs;
import tutorial.testing.Project;

/** The Python notebook for Google Colab, on this machine; {@code tests/colab_test.sh} runs it in a container like Colab's. */
class ColabNotebookTest {
    private static final String NAME = "colab.ipynb";
    private static final int MOST_CELLS = 5;

    @TempDir
    Path temp;

    @Test
    void isAShortPythonNotebookWithoutOutputs() throws IOException {
        JsonNode json = Notebook.JSON.readTree(Project.SOURCE.resolve(NAME).toFile());
        assertEquals("python3", json.at("/metadata/kernelspec/name").asText());
        assertTrue(json.get("cells").size() <= MOST_CELLS, json.get("cells").size() + " cells");
        for (JsonNode cell : json.get("cells")) {
            assertTrue(cell.path("outputs").isEmpty(), cell.get("id").asText());
        }
    }

    /** The notebook is cut down to the cells of the settings, which takes seconds. */
    @Test
    void runsTheProjectWithTheSettingsOfTheForm() throws Exception {
        Project project = Project.copyTo(temp);
        Notebook.keepSettings(project.folder().resolve(Project.NOTEBOOK));
        Files.copy(Project.SOURCE.resolve("data/sneakers.zip"), temp.resolve("mine.zip"));
        Notebook ran = run(Map.of("photos", "mine.zip", "epochs", 7, "more", "momentum = 0.5f;"), "settings", "get", "run", "kernel");
        String said = ran.cell("run").outputs().words();
        assertTrue(said.contains("] done") && said.contains(temp.toRealPath().resolve("to-keep.zip").toString()), said);
        assertTrue(Files.readString(temp.resolve(NAME)).contains("<iframe srcdoc="), "the page is not shown");
        String settings = Notebook.read(temp.resolve("to-keep/build").resolve(Project.NOTEBOOK)).cells().stream()
                .filter(cell -> cell.tags().contains("injected-parameters")).findFirst().orElseThrow().source();
        assertEquals("epochs = 7; batchSize = 32; imageSize = 224; dataZip = \"" + temp.toRealPath().resolve("mine.zip")
                + "\"; momentum = 0.5f;", settings);
        assertTrue(Files.exists(temp.resolve(".local/share/jupyter/kernels/java/kernel.json")));
    }

    /** As GitHub packs it, all in one folder. */
    @Test
    void unpacksAnUploadedZip() throws Exception {
        Project project = Project.copyTo(temp.resolve("original"));
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(temp.resolve("uploaded.zip")));
                Stream<Path> files = Files.walk(project.folder().resolve("tools"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new ZipEntry("project-main/" + project.folder().relativize(file)));
                Files.copy(file, zip);
            }
        }
        get("uploaded.zip").orFail();
        assertTrue(Files.exists(temp.resolve("gpu-vs-cpu-java/project-main/tools/tutorial.py")));
    }

    @Test
    void aProjectThatIsNotThereIsNamed() throws Exception {
        for (String project : List.of("", "forgotten.zip")) {
            Project.Finished got = get(project);
            assertEquals(1, got.exitCode(), got.output());
            assertTrue(got.output().startsWith("project = '" + project + "': "), got.output());
            assertEquals(1, got.output().lines().count(), got.output());
        }
    }

    /** The cell that gets the project, as plain Python, which starts at once. */
    private Project.Finished get(String project) throws Exception {
        String code = Notebook.read(Project.SOURCE.resolve(NAME)).cell("get").source();
        return new Project(temp).python("-c", "project = '" + project + "'\n" + code);
    }

    /** With other values in the form's fields, and these cells only. */
    private Notebook run(Map<String, Object> fields, String... cells) throws Exception {
        Path file = Files.copy(Project.SOURCE.resolve(NAME), temp.resolve(NAME), StandardCopyOption.REPLACE_EXISTING);
        Notebook.keepCells(file, cells);
        ObjectNode json = (ObjectNode) Notebook.JSON.readTree(file.toFile());
        String form = Outputs.text(json.at("/cells/0/source"));
        for (var field : fields.entrySet()) {
            Matcher value = Pattern.compile("(?m)^" + field.getKey() + " = (.*?)  #@param").matcher(form);
            assertTrue(value.find(), "no field " + field.getKey());
            form = form.substring(0, value.start(1)) + Notebook.JSON.writeValueAsString(field.getValue()) + form.substring(value.end(1));
        }
        ((ObjectNode) json.at("/cells/0")).put("source", form);
        Notebook.JSON.writeValue(file.toFile(), json);
        Project.finish(new Project(temp).python(Map.of("HOME", temp.toString()),
                "-m", "jupyter", "execute", "--allow-errors", "--inplace", NAME)).orFail();
        return Notebook.read(file);
    }
}
