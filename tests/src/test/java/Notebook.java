import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** A notebook file as nbformat 4 stores it. */
record Notebook(List<Cell> cells) {
    static final ObjectMapper JSON = new ObjectMapper();

    record Cell(String id, boolean isCode, String source, List<String> tags, Outputs outputs) {}

    static Notebook read(Path file) throws IOException {
        List<Cell> cells = new ArrayList<>();
        for (JsonNode cell : JSON.readTree(file.toFile()).get("cells")) {
            List<String> tags = StreamSupport.stream(cell.at("/metadata/tags").spliterator(), false)
                    .map(JsonNode::asText).toList();
            cells.add(new Cell(cell.get("id").asText(), cell.get("cell_type").asText().equals("code"),
                    Outputs.text(cell.get("source")), tags, Outputs.of(cell.path("outputs"))));
        }
        return new Notebook(cells);
    }

    List<Cell> codeCells() {
        return cells.stream().filter(Cell::isCode).toList();
    }

    Cell cell(String id) {
        return cells.stream().filter(cell -> cell.id().equals(id)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The notebook has no cell with the id " + id));
    }

    /** Code cells from the one with this id on, that one included. */
    List<Cell> codeCellsFrom(String id) {
        List<Cell> code = codeCells();
        return code.subList(code.indexOf(cell(id)), code.size());
    }
}
