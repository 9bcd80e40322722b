package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tutorial.kernel.Libraries;
import tutorial.testing.Notebook;
import tutorial.testing.Project;

/**
 * The notebook keeps to what two kernels share, JJava 1.0a8 and IJava 1.3.0, on Java 17 and later. What is refused here
 * was seen to fail on one of them.
 */
class PortableNotebookTest {
    enum Rule {
        SHARED_MAGICS("(?m)^\\s*%(?!maven [\\w.-]+:[\\w.-]+:[\\w.-]+$|load [\\w/]+\\.jsh$|%loadFromPOM$).*",
                "%time feedRate()", "%%time\nfeedRate();", "%maven ai.djl:api:jar:linux:0.36.0", "%maven ai.djl:api:0.35.1  // DJL",
                "%load support/*.java", "  %jars lib.jar", "String page = \"\"\"\n    %d photos\"\"\";"),
        CELL_MAGIC_IN_THE_FIRST_LINE("\\n\\s*%%.*", "int a = 1;\n%%loadFromPOM\n<dependency/>"),
        NOTHING_THAT_LOOKS_LIKE_A_MAGIC("=\\s*%\\w.*", "String format = \"rate=%d\";"),
        SHARED_MAGICS_CALLED_FROM_JAVA("(line|cell)Magic\\((?!\"(maven|load|loadFromPOM|classpath)\").*",
                "lineMagic(\"jars\", List.of());"),
        /** IJava's API for the kernel is another one. */
        NO_KERNEL_API("\\bkernel\\(\\)", "kernel().eval(\"1\");"),
        /** IJava's %maven drops what is packaged as an OSGi bundle, as Guava, which Tablesaw needs. */
        BUNDLES_FROM_A_POM("%maven (tech\\.tablesaw|org\\.knowm\\.xchart|com\\.google\\.guava):.*",
                "%maven tech.tablesaw:tablesaw-core:0.44.4"),
        /** The same, where Java calls the magic; what it names elsewhere is in {@link Libraries}. */
        BUNDLES_FROM_A_POM_THAT_JAVA_WRITES("lineMagic\\(\"maven\", (?!Libraries\\.OTHERS\\)).*",
                "lineMagic(\"maven\", List.of(\"tech.tablesaw:tablesaw-core:0.44.4\"));"),
        /** With several in one, IJava takes a wrong jar once its cache is warm. */
        ONE_LIBRARY_A_POM("<groupId>([^<]+)</groupId>(?s:.*)<groupId>(?!\\1<).*",
                "%%loadFromPOM\n<groupId>org.slf4j</groupId>\n<groupId>tech.tablesaw</groupId>"),
        ONE_LIBRARY_A_POM_THAT_JAVA_WRITES("Libraries\\.pom\\(\\s*\"([^:\"]+):[^;]*?,\\s*\"(?!\\1:)[^;]*",
                "Libraries.pom(\"org.slf4j:slf4j-simple:2.0.17\",\n    \"tech.tablesaw:tablesaw-core:0.44.4\")"),
        PUBLIC_COMPACT_CONSTRUCTORS("\\brecord (\\w+)[(<](?s:.*?)(?<!public )\\b\\1\\s*\\{", "record Step(int epoch) {\n    Step { }\n}"),
        /** Java 21 has them, 17 does not. */
        NO_PATTERNS_IN_SWITCH("\\bcase [A-Z]\\w* \\w+ (->|when).*", "case Integer i -> 1;"),
        /** Its result, the id, would be shown too. */
        NO_DISPLAY_FOR_ITS_OWN_SAKE("(?m)^display\\(.*", "display(image);");

        private final Pattern offence;
        private final List<String> badCells;

        Rule(String offence, String... badCells) {
            this.offence = Pattern.compile(offence);
            this.badCells = List.of(badCells);
        }

        List<String> offencesIn(String cell) {
            return matches(offence, cell).map(MatchResult::group).toList();
        }
    }

    /** Packages of which IJava imports nothing by itself, though JJava may. */
    private static final List<String> TO_BE_IMPORTED = List.of("java.nio", "java.nio.charset", "java.nio.file", "java.text",
            "java.time", "java.time.format", "java.util.function", "java.util.stream", "java.util.zip");

    private static List<String> cells;
    private static List<String> support;   // files that run as a cell does

    @BeforeAll
    static void read() throws IOException {
        cells = new Project(Project.SOURCE).notebook().codeCells().stream().map(Notebook.Cell::source).toList();
        support = new ArrayList<>();
        try (Stream<Path> files = Files.list(Project.SOURCE.resolve("support"))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".jsh")).toList()) {
                support.add(Files.readString(file));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNotebookAndWhatItLoadsKeepToTheRule(Rule rule) {
        assertEquals(List.of(), Stream.of(cells, support).flatMap(List::stream).flatMap(cell -> rule.offencesIn(cell).stream()).toList());
    }

    @ParameterizedTest
    @EnumSource
    void aCellThatDoesNotIsFound(Rule rule) {
        rule.badCells.forEach(cell -> assertEquals(1, rule.offencesIn(cell).size(), cell));
    }

    /** Fetched by name, as by a {@code %maven} each. */
    @Test
    void theOtherLibrariesKeepToTheRulesToo() {
        for (Rule rule : Rule.values()) {
            for (String library : Libraries.OTHERS) {
                assertEquals(List.of(), rule.offencesIn("%maven " + library), rule.toString());
            }
        }
    }

    @Test
    void whatIJavaDoesNotImportIsImported() throws IOException {
        assertEquals(Set.of(), notImported(withTheirImports(cells)));
        assertEquals(Set.of("java.nio.file.Path", "java.util.stream.Stream"),
                notImported(List.of("import java.nio.file.Files;", "Stream<Path> all = Files.list(f);", "import java.util.stream.*;")));
    }

    /** A signature that names a class of a later cell is an error in IJava. */
    @Test
    void typesAreDefinedBeforeTheyAreNamed() {
        assertEquals(List.of(), namedTooEarly(cells));
        assertEquals(List.of("Step"), namedTooEarly(List.of("void read(Step step) {}", "record Step(int epoch) {}")));
    }

    /** Before anything that draws: XChart fails where DISPLAY points nowhere. */
    @Test
    void theFirstCellMakesJavaHeadless() {
        assertTrue(cells.get(0).contains("System.setProperty(\"java.awt.headless\", \"true\");"), cells.get(0));
    }

    /** Imports that a cell takes from a file count as if they stood there. */
    private static List<String> withTheirImports(List<String> cells) throws IOException {
        String imports = Files.readString(Project.SOURCE.resolve("support/imports.jsh"));
        return cells.stream().map(cell -> cell.replace("Imports.take();", imports)).toList();
    }

    private static Set<String> notImported(List<String> cells) throws IOException {
        Set<String> missing = new TreeSet<>();
        for (String folder : TO_BE_IMPORTED) {
            Path java = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules/java.base", folder.replace('.', '/'));
            Set<String> names = classes(java, 1);
            names.removeAll(classes(Project.SOURCE.resolve("support/src"), 9));     // as tutorial.training.Format
            StringBuilder soFar = new StringBuilder();
            for (String cell : cells) {
                soFar.append(cell).append('\n');
                matches(Pattern.compile("(?<![.\\w])[A-Z]\\w*"), withoutTexts(cell)).map(MatchResult::group).filter(names::contains)
                        .filter(name -> !soFar.toString().matches("(?s).*\\bimport " + Pattern.quote(folder) + "\\.(\\*|" + name + ");.*"))
                        .forEach(name -> missing.add(folder + "." + name));
            }
        }
        return missing;
    }

    private static Set<String> classes(Path folder, int depth) throws IOException {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.map(file -> file.getFileName().toString().replaceFirst("\\.(class|java)$", "")).collect(Collectors.toSet());
        }
    }

    private static List<String> namedTooEarly(List<String> cells) {
        List<String> tooEarly = new ArrayList<>();
        StringBuilder before = new StringBuilder();
        for (String cell : cells) {
            matches(Pattern.compile("(?m)^(?:\\w+ )*(?:class|record|interface|enum) (\\w+)"), cell).map(type -> type.group(1))
                    .filter(name -> Pattern.compile("\\b" + name + "\\b").matcher(before).find()).forEach(tooEarly::add);
            before.append(withoutTexts(cell)).append('\n');
        }
        return tooEarly;
    }

    private static String withoutTexts(String cell) {
        return cell.replaceAll("(?s)\"\"\".*?\"\"\"|\"(\\\\.|[^\"\\\\])*\"|//[^\n]*", "\"\"");
    }

    /** Voila shows such an update nowhere. */
    @Test
    void noCellUpdatesWhatAnotherDisplayed() throws IOException {
        for (Notebook.Cell cell : Notebook.read(Project.SOURCE.resolve(Project.NOTEBOOK)).codeCells()) {
            matches(Pattern.compile("updateDisplay\\((\\w+)"), cell.source()).map(update -> update.group(1)).forEach(display ->
                    assertTrue(cell.source().contains("String " + display + " = display("), cell.id() + ": " + display));
        }
    }

    private static Stream<MatchResult> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results();
    }
}
