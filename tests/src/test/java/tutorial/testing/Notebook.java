package tutorial.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.VarSnippet;

/** A notebook file as nbformat 4 stores it. */
public record Notebook(List<Cell> cells) {
    public static final ObjectMapper JSON = new ObjectMapper();

    public record Cell(String id, boolean isCode, String source, List<String> tags, Outputs outputs) {
        /**
         * What the cell does, without what it defines: its methods, types and imports are left out, and its variables are
         * given their values anew, but not declared. To define it all anew is what takes JShell most of its time.
         */
        public String statements() {
            return Statements.CACHE.computeIfAbsent(source, Statements::of);
        }
    }

    public static Notebook read(Path file) throws IOException {
        List<Cell> cells = new ArrayList<>();
        for (JsonNode cell : JSON.readTree(file.toFile()).get("cells")) {
            List<String> tags = StreamSupport.stream(cell.at("/metadata/tags").spliterator(), false)
                    .map(JsonNode::asText).toList();
            cells.add(new Cell(cell.get("id").asText(), cell.get("cell_type").asText().equals("code"),
                    Outputs.text(cell.get("source")), tags, Outputs.of(cell.path("outputs"))));
        }
        return new Notebook(cells);
    }

    /** Leaves no other cells in this file. */
    public static void keepCells(Path file, String... ids) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(file.toFile());
        ArrayNode kept = JSON.createArrayNode();
        json.get("cells").forEach(cell -> {
            if (List.of(ids).contains(cell.get("id").asText())) {
                kept.add(cell);
            }
        });
        JSON.writeValue(file.toFile(), json.set("cells", kept));
    }

    /** Leaves the cells of the settings alone, which then need no set-up. */
    public static void keepSettings(Path file) throws IOException {
        keepCells(file, "settings-main", "parameters");
        Files.writeString(file, Files.readString(file).replace("Cores.now().forDecoding()", "2"));
    }

    public List<Cell> codeCells() {
        return cells.stream().filter(Cell::isCode).toList();
    }

    public Cell cell(String id) {
        return cells.stream().filter(cell -> cell.id().equals(id)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The notebook has no cell with the id " + id));
    }

    /** Code cells from the one with this id on, that one included. */
    public List<Cell> codeCellsFrom(String id) {
        List<Cell> code = codeCells();
        return code.subList(code.indexOf(cell(id)), code.size());
    }

    /** Code cells from the first up to the one with this id, that one left out. */
    public List<Cell> codeCellsUntil(String id) {
        List<Cell> code = codeCells();
        return code.subList(0, code.indexOf(cell(id)));
    }

    /** In this notebook as it was run: the first cell that failed, with what it begins with and put out; or an empty text. */
    public String failedCell() {
        return codeCells().stream().filter(cell -> !cell.outputs().error().isEmpty()).findFirst()
                .map(cell -> "cell " + cell.id() + ", which begins \"" + cell.source().strip().lines().findFirst().orElse("")
                        + "\", failed: " + cell.outputs().error() + "\n" + cell.outputs().words()).orElse("");
    }

    private static final class Statements {
        static final Map<String, String> CACHE = new ConcurrentHashMap<>();
        private static final SourceCodeAnalysis JAVA = JShell.builder().executionEngine("local").build().sourceCodeAnalysis();

        static synchronized String of(String source) {
            List<String> statements = new ArrayList<>();
            CompletionInfo next = JAVA.analyzeCompletion(source);
            while (next.completeness().isComplete()) {
                List<Snippet> snippets = JAVA.sourceToSnippets(next.source());
                for (int i = 0; i < snippets.size(); i++) {
                    Snippet snippet = snippets.get(i);
                    switch (snippet.kind()) {
                        case METHOD, TYPE_DECL, IMPORT -> { }
                        case VAR -> statements.add(assignment(snippet.source(), ((VarSnippet) snippet).name(),
                                i + 1 < snippets.size() ? ",\\s*" + ((VarSnippet) snippets.get(i + 1)).name() + "\\b" : ";?\\s*$"));
                        default -> statements.add(snippet.source().strip().replaceFirst("(?<![;}])$", ";"));
                    }
                }
                next = JAVA.analyzeCompletion(next.remaining());
            }
            return statements.stream().filter(statement -> !statement.isBlank()).collect(Collectors.joining("\n"));
        }

        /** @param end what follows the value: in the declaration of several variables the next of them */
        private static String assignment(String declaration, String name, String end) {
            Matcher value = Pattern.compile("(?s)\\b" + name + "\\s*=(?!=)(.*?)" + end).matcher(declaration);
            return value.find() ? name + " =" + value.group(1) + ";" : "";
        }
    }
}
