package tutorial.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tutorial.testing.Notebook;
import tutorial.testing.Project;

/** Links and images of what a reader reads lead somewhere. Pages elsewhere are not asked for: a test needs no network. */
class LinksTest {
    private static final HtmlRenderer RENDERER = HtmlRenderer.builder().extensions(List.of(HeadingAnchorExtension.create())).build();

    /** What a reader takes in at a glance and a few screens; the rest belongs in docs/. */
    private static final int LONGEST_README = 130;

    static List<String> pages() throws IOException {
        return Stream.concat(Stream.of("README.md", "CONTRIBUTING.md", "data/README.md", Project.NOTEBOOK), docs().stream()).toList();
    }

    private static List<String> docs() throws IOException {
        try (Stream<Path> files = Files.list(Project.SOURCE.resolve("docs"))) {
            return files.map(file -> "docs/" + file.getFileName()).filter(name -> name.endsWith(".md")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadSomewhere(String name) throws IOException {
        Path file = Project.SOURCE.resolve(name);
        assertFalse(page(file).select("[href]").isEmpty(), "no link found at all");
        assertEquals(List.of(), deadLinks(file));
    }

    @Test
    void theReadmeIsShort() throws IOException {
        int lines = Files.readAllLines(Project.SOURCE.resolve("README.md")).size();
        assertTrue(lines <= LONGEST_README, lines + " lines");
    }

    @Test
    void theReadmeLeadsToEveryPageOfTheDocumentation() throws IOException {
        List<String> unlinked = new ArrayList<>(docs());
        assertFalse(unlinked.isEmpty(), "no page in docs/");
        unlinked.removeAll(page(Project.SOURCE.resolve("README.md")).select("[href]").eachAttr("href"));
        assertEquals(List.of(), unlinked);
    }

    @Test
    void deadLinksAreFound(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("README.md"), """
                # The data: what it is
                [good](#the-data-what-it-is), [good](README.md#the-data-what-it-is), [good](https://djl.ai), ![good](README.md)
                [no such part](#the-dates), [no such file](LICENSE), [http](http://djl.ai), ![no such picture](chart.png)
                """);
        assertEquals(List.of("#the-dates", "LICENSE", "http://djl.ai", "chart.png"), deadLinks(file));
    }

    private static List<String> deadLinks(Path file) throws IOException {
        List<String> dead = new ArrayList<>();
        for (Element link : page(file).select("[href], [src]")) {
            URI target = URI.create(link.hasAttr("href") ? link.attr("href") : link.attr("src"));
            if (!(target.isAbsolute() ? target.getScheme().equals("https") : exists(file, target))) {
                dead.add(target.toString());
            }
        }
        return dead;
    }

    private static boolean exists(Path from, URI target) throws IOException {
        Path file = target.getPath().isEmpty() ? from : from.resolveSibling(target.getPath());
        return Files.exists(file) && (target.getFragment() == null || page(file).getElementById(target.getFragment()) != null);
    }

    private static Document page(Path file) throws IOException {
        String markdown = !file.toString().endsWith(".ipynb") ? Files.readString(file) : Notebook.read(file).cells().stream()
                .filter(cell -> !cell.isCode()).map(Notebook.Cell::source).collect(Collectors.joining("\n\n"));
        return Jsoup.parse(RENDERER.render(Parser.builder().build().parse(markdown)));
    }
}
