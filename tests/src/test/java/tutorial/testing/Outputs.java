package tutorial.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import javax.imageio.ImageIO;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;

/** What one cell, or several, put on the page. */
public record Outputs(List<JsonNode> messages) {
    public static Outputs of(JsonNode array) {
        List<JsonNode> messages = new ArrayList<>();
        array.forEach(messages::add);
        return new Outputs(messages);
    }

    public static Outputs join(List<Outputs> parts) {
        return new Outputs(parts.stream().flatMap(part -> part.messages().stream()).toList());
    }

    /** nbformat allows a text to be an array of lines. */
    public static String text(JsonNode text) {
        StringBuilder joined = new StringBuilder(text.isTextual() ? text.asText() : "");
        text.forEach(line -> joined.append(line.asText()));
        return joined.toString();
    }

    /** What a person reads: printed lines, and the words of HTML. */
    public String words() {
        return messages.stream().map(message -> {
            JsonNode data = message.path("data");
            return message.has("text") ? text(message.get("text"))
                    : data.has("text/html") ? Jsoup.parse(text(data.get("text/html"))).text() + "\n" : "";
        }).collect(Collectors.joining());
    }

    /** The message of the first error, or an empty text. */
    public String error() {
        return messages.stream().filter(m -> m.path("output_type").asText().equals("error"))
                .map(m -> m.get("evalue").asText()).findFirst().orElse("");
    }

    /** What was written to the standard error output. */
    public String complaints() {
        return messages.stream().filter(m -> m.path("name").asText().equals("stderr")).map(m -> text(m.get("text")))
                .collect(Collectors.joining());
    }

    public List<String> html() {
        return messages.stream().map(m -> m.path("data").path("text/html")).filter(html -> !html.isMissingNode())
                .map(Outputs::text).toList();
    }

    /**
     * A chart, or photos.
     *
     * @param width that its metadata say it is to be shown in, in CSS pixels; 0 where they say nothing
     * @param alt its alternative text, or an empty text
     */
    public record Picture(BufferedImage image, int width, int height, String alt) {}

    public List<Picture> pictures() {
        List<Picture> pictures = new ArrayList<>();
        for (JsonNode message : messages) {
            for (String type : List.of("image/png", "image/jpeg")) {
                if (message.path("data").has(type)) {
                    JsonNode shown = message.path("metadata").path(type);
                    pictures.add(new Picture(image(text(message.get("data").get(type))), shown.path("width").asInt(),
                            shown.path("height").asInt(), shown.path("alt").asText()));
                }
            }
        }
        return pictures;
    }

    public List<BufferedImage> images() {
        return pictures().stream().map(Picture::image).toList();
    }

    private static BufferedImage image(String base64) {
        try {
            return ImageIO.read(new ByteArrayInputStream(Base64.getMimeDecoder().decode(base64)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows of the HTML table of this name, each as column name to cell text. */
    public List<Map<String, String>> table(String name) {
        for (String html : html()) {
            Element page = Jsoup.parse(html).body();
            Element title = page.selectFirst("b");
            Element table = page.selectFirst("table");
            if (table != null && title != null && title.text().startsWith(name)) {
                List<String> columns = table.select("th").eachText();
                return table.select("tbody tr").stream().map(row -> {
                    Map<String, String> cells = new LinkedHashMap<>();
                    for (int i = 0; i < columns.size(); i++) {
                        cells.put(columns.get(i), row.select("td").get(i).text());
                    }
                    return cells;
                }).toList();
            }
        }
        throw new AssertionError("No table named \"" + name + "\" among: " + words());
    }

    /** The cells below the name of a column, in the HTML table of this name. */
    public List<String> column(String table, String name) {
        return table(table).stream().map(row -> row.get(name)).toList();
    }

    public DoubleStream numbers(String table, String column) {
        return column(table, column).stream().mapToDouble(Double::parseDouble);
    }
}
