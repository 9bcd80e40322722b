package tutorial.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.SnippetEvent;
import org.junit.jupiter.api.Test;
import tutorial.testing.Notebook;
import tutorial.testing.Project;

/** {@code tools/java_settings.py}: papermill's values and those of run_notebook.py, as Java. */
class SettingsInJavaTest {
    private static final String WRITE = """
            import json, sys, nbformat
            sys.path.insert(0, "tools")
            import java_settings
            notebook = nbformat.read(sys.argv[1], as_version=4)
            for settings in sys.argv[2:]:
                try:
                    print(java_settings.statements(json.loads(settings), notebook))
                except java_settings.Refused as refused:
                    print("refused:", refused)
            """;

    private static List<String> statements(String... json) throws Exception {
        String[] arguments = Stream.concat(Stream.of("-c", WRITE, Project.NOTEBOOK), Stream.of(json)).toArray(String[]::new);
        return new Project(Project.SOURCE).python(arguments).orFail().lines().toList();
    }

    /** As JShell reads them, into settings declared as the notebook declares them. */
    @Test
    void theStatementsSetTheSettingsToTheValues() throws Exception {
        String odd = "C:\\users\\u0041 \"Ä\" 𝄞 %s\n\t.zip";
        List<String> java = statements("""
                {"epochs": 7, "dataZip": %s, "pretrained": false, "heldOut": 0, "learningRate": 1e-7, "momentum": 1,
                 "seed": 9007199254740993, "measureSeconds": 1e22, "pricePerHour": {"CPU": 1, "\\"T4\\"": 0.5}}"""
                .formatted(Notebook.JSON.writeValueAsString(odd)));
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            shell.eval("import java.util.*;");
            Notebook notebook = Notebook.read(Project.SOURCE.resolve(Project.NOTEBOOK));
            for (String cell : List.of("settings-main", "parameters")) {
                notebook.cell(cell).source().lines().filter(line -> !line.startsWith("int decoders")).forEach(shell::eval);
            }
            for (String line : java) {
                SnippetEvent set = shell.eval(line).get(0);
                assertTrue(shell.diagnostics(set.snippet()).findAny().isEmpty() && set.exception() == null, line);
            }
            String values = "List.of(epochs, pretrained, heldOut, learningRate, momentum, seed, measureSeconds, "
                    + "new TreeMap<>(pricePerHour))";
            assertEquals("[7, false, 0.0, 1.0E-7, 1.0, 9007199254740993, 1.0E22, {\"T4\"=0.5, CPU=1.0}]",
                    shell.eval(values).get(0).value());
            assertEquals(String.valueOf(odd.codePoints().boxed().toList()),
                    shell.eval("dataZip.codePoints().boxed().toList()").get(0).value());
        }
    }

    @Test
    void whatASettingDoesNotTakeIsRefusedInOneLine() throws Exception {
        List<String> wrong = List.of("\"epochs\": 1.5", "\"epochs\": \"3\"", "\"epochs\": true", "\"epochs\": null",
                "\"epochs\": 3000000000",
                "\"seed\": 1e3", "\"pretrained\": 1", "\"dataZip\": 3", "\"learningRate\": 1e39", "\"heldOut\": NaN", "\"heldOut\": [0.2]",
                "\"pricePerHour\": {\"CPU\": \"cheap\"}", "\"pricePerHour\": {\"CPU\": null}", "\"pricePerHour\": 3");
        List<String> said = statements(wrong.stream().map(one -> "{" + one + "}").toArray(String[]::new));
        assertEquals(wrong.size(), said.size(), said::toString);
        for (int i = 0; i < wrong.size(); i++) {
            String name = wrong.get(i).split("\"")[1];
            assertTrue(said.get(i).matches("refused: " + name + " takes a value of type [\\w<>, ]+, not .+"), said.get(i));
        }
    }

    @Test
    void noTextIsNullAndASettingThatIsNotThereIsRefusedWithThoseThatAre() throws Exception {
        List<String> said = statements("{\"dataZip\": null}", "{\"epoch\": 1}");
        assertEquals("dataZip = null;", said.get(0));
        assertTrue(said.get(1).matches("refused: There is no setting epoch\\. There are: .*\\bepochs, .*"), said.get(1));
    }
}
