package tutorial.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.MethodSnippet;
import jdk.jshell.PersistentSnippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.UnresolvedReferenceException;

/**
 * Puts one line above an error of the kernel that says what to do about it: which cell to run first, if one was run too
 * early, and what could not be fetched, if there is no network.
 */
public final class Hints {
    private static final String ABOVE = " Or choose Run > Run All Above Selected Cell.";
    private static final String UNKNOWN_NAME = "compiler.err.cant.resolve";
    private static final String UNKNOWN_PACKAGE = "compiler.err.doesnt.exist";
    private static final Pattern NAME = Pattern.compile("^\\W*(?!import\\b)(\\w+)", Pattern.UNICODE_CHARACTER_CLASS);
    /** As JShell has it: "variable x", "class X" or "method x(int)". */
    private static final Pattern DEPENDENCY = Pattern.compile("\\w+ (\\w+)", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern DOTTED = Pattern.compile("\\w+(?:\\.\\w+)+");
    private static final String CALLS_MAGIC = "lineMagic(new String(";
    private static final Pattern EMPTIED = Pattern.compile("because \"REPL\\.\\$JShell\\$\\w+\\.(\\w+)\" is null");

    /** A code cell, with the heading that it stands under. */
    record Cell(String heading, String source) {
        String place() {
            return heading.isEmpty() ? "" : ", in \"" + heading + "\",";
        }

        boolean loadsSupport() {
            return source.contains("SupportClasses.");
        }

        String firstLine() {
            List<String> lines = source.lines().filter(line -> !line.isBlank()).toList();
            return lines.stream().filter(line -> !line.startsWith("import ")).findFirst().orElse(lines.get(0)).strip();
        }
    }

    private final JShell shell;
    private final Path notebook;

    private Hints(JShell shell, Path notebook) {
        this.shell = shell;
        this.notebook = notebook.toAbsolutePath();
    }

    /** Watches the kernel that this runs in, and prints its hints to the page. */
    public static void watch(Path notebook) throws ReflectiveOperationException {
        LastWords.watch();
        watch(RunningKernel.shell(), notebook, hint -> System.err.println(hint));   // the kernel sets System.err for each cell
    }

    static void watch(JShell shell, Path notebook, Consumer<String> tell) {
        Hints hints = new Hints(shell, notebook);
        shell.onSnippetEvent(event -> {
            hints.about(event).ifPresent(hint -> tell.accept("Hint: " + hint));
            // Else a method that it calls and that names the same unknown class may end JShell ("typeSig ERROR", JDK 17 to 25).
            if (event.causeSnippet() == null && event.status() == Status.RECOVERABLE_NOT_DEFINED
                    && event.snippet() instanceof MethodSnippet halfDefined) {
                shell.drop(halfDefined);
            }
        });
    }

    private Optional<String> about(SnippetEvent event) {
        if (event.causeSnippet() != null) {
            return Optional.empty();
        }
        if (event.exception() instanceof UnresolvedReferenceException early) {
            return missing(dependencies(early.getSnippet()));
        }
        if (event.exception() instanceof EvalException error) {
            return about(error);
        }
        return switch (event.status()) {
            case RECOVERABLE_NOT_DEFINED -> missing(dependencies((DeclarationSnippet) event.snippet()));
            case REJECTED -> aboutRejected(event.snippet());
            default -> aboutPercent(event.snippet());
        };
    }

    private Optional<String> about(EvalException error) {
        String message = String.valueOf(error.getMessage());
        Matcher emptied = EMPTIED.matcher(message);
        if (emptied.find()) {
            return Optional.of(emptied.group(1) + " was emptied when a cell was run again. " + whereIs(emptied.group(1)));
        }
        if (message.contains("unmappable characters")) {
            return Optional.of("The locale knows ASCII alone, so Java cannot name this file. Restart Jupyter with LC_ALL=C.UTF-8.");
        }
        if (Stream.iterate((Throwable) error, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> String.valueOf(cause.getMessage()).contains("failed to map segment"))) {
            return Optional.of("The disk of this library's folder allows no programs (noexec). Restart Jupyter with DJL_CACHE_DIR=FOLDER, "
                    + "on another disk.");
        }
        return NotFetched.hint(error);
    }

    private Stream<String> dependencies(DeclarationSnippet snippet) {
        return found(DEPENDENCY, shell.unresolvedDependencies(snippet));
    }

    /** By javac's codes and places: its texts are in the language of the JDK. */
    private Optional<String> aboutRejected(Snippet rejected) {
        String source = rejected.source();
        List<Diag> errors = shell.diagnostics(rejected).toList();
        Stream<String> names = found(NAME, errors.stream().filter(one -> one.getCode().startsWith(UNKNOWN_NAME))
                .map(one -> source.substring((int) one.getPosition())));
        List<String> packages = errors.stream().filter(one -> one.getCode().equals(UNKNOWN_PACKAGE))
                .map(one -> packageOf(one, source)).toList();
        // A class that is missing counts as a package where a nested one is named.
        Stream<String> all = Stream.concat(names, packages.stream().filter(one -> one.matches("\\p{Lu}\\w*")));
        return aboutPercent(rejected).or(() -> missing(all))
                .or(() -> packages.stream().findFirst().map(name -> "the library with " + name + " is not loaded yet. "
                        + "Run \"Set-up\" first." + ABOVE));
    }

    /** It stands before the diagnostic's place; that of {@code import a.b.*} has none, so the text names it. */
    private static String packageOf(Diag unknown, String source) {
        String named = source.substring((int) unknown.getStartPosition(), (int) unknown.getPosition());
        return named.isEmpty() ? found(DOTTED, Stream.of(unknown.getMessage(Locale.ROOT))).findFirst().orElse("a package") : named;
    }

    /** The kernels look for magics line by line, and so take part of a text for one. Nothing else is wrong, or the rest is of no use. */
    private static Optional<String> aboutPercent(Snippet snippet) {
        String[] parts = snippet.source().split("\"\"\"");
        boolean inText = IntStream.range(0, parts.length).anyMatch(i -> i % 2 == 1 && parts[i].contains(CALLS_MAGIC));
        return inText ? Optional.of("A line of a text block that begins with % or has =% is taken for a magic, and is now another text. "
                + "Join lines in \"quotes\" instead.") : Optional.empty();
    }

    private Optional<String> missing(Stream<String> names) {
        return names.findFirst().map(name -> shell.variables().filter(lost -> lost.name().equals(name)).findFirst()
                .map(lost -> missing(dependencies(lost)).orElseGet(() -> name + " is gone, since a class that it was made with was "
                        + "defined anew with other parts. " + whereIs(name, "Run again the cell that declares it.")))
                .orElseGet(() -> name + " is not there yet. " + whereIs(name)));
    }

    private static Stream<String> found(Pattern pattern, Stream<String> texts) {
        return texts.map(pattern::matcher).filter(Matcher::find).map(match -> match.group(match.groupCount()));
    }

    private String whereIs(String name) {
        return whereIs(name, "See whether the name is right; if so, run the cells above first." + ABOVE);
    }

    private String whereIs(String name, String otherwise) {
        try {
            List<Cell> all = cells(notebook);
            for (Cell cell : all) {
                if (defines(cell, name)) {
                    return runFirst(cell);
                }
            }
            if (Character.isUpperCase(name.charAt(0)) && !isSetUp()) {     // the class of a library, imported with a star
                return all.stream().filter(Cell::loadsSupport).findFirst().map(Hints::runFirst)
                        .orElse("Run the cells above first." + ABOVE);
            }
        } catch (IOException | ReflectiveOperationException unreadable) {
            return "Run the cells above first." + ABOVE;
        }
        return otherwise;
    }

    private static String runFirst(Cell cell) {
        return "Run first" + cell.place() + " the cell that begins \"" + cell.firstLine() + "\"." + ABOVE;
    }

    /** Whether the imports of the notebook stand. */
    private boolean isSetUp() throws IOException {
        try (Stream<String> lines = Files.lines(notebook.resolveSibling("support/imports.jsh"))) {
            String one = lines.filter(line -> line.startsWith("import ")).findFirst().orElseThrow();
            return shell.imports().anyMatch(taken -> taken.source().contains(one));
        }
    }

    private boolean defines(Cell cell, String name) throws IOException {
        if (cell.loadsSupport() && isOfSupport(name)) {
            return true;
        }
        if (!cell.source.contains(name)) {
            return false;                       // to parse all cells for each hint would take long
        }
        SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
        String code = cell.source.lines().filter(line -> !line.startsWith("%")).collect(Collectors.joining("\n"));
        CompletionInfo next = analysis.analyzeCompletion(code);
        while (next.completeness().isComplete()) {
            for (Snippet snippet : analysis.sourceToSnippets(next.source())) {
                if (snippet instanceof PersistentSnippet declared && declared.name().equals(name)) {
                    return true;
                }
            }
            next = analysis.analyzeCompletion(next.remaining());
        }
        return false;
    }

    /** Whether it is a class of support/, or of the imports that stand there. */
    private boolean isOfSupport(String name) throws IOException {
        Path support = notebook.resolveSibling("support");
        try (Stream<Path> files = Files.walk(support)) {
            return files.anyMatch(file -> file.endsWith(name + ".java"))
                    || Files.readString(support.resolve("imports.jsh")).contains("." + name + ";");
        }
    }

    static List<Cell> cells(Path notebook) throws IOException, ReflectiveOperationException {
        List<Cell> cells = new ArrayList<>();
        String heading = "";
        for (Object each : (List<?>) RunningKernel.json(notebook).get("cells")) {
            Map<?, ?> cell = (Map<?, ?>) each;
            String source = cell.get("source") instanceof List<?> lines
                    ? lines.stream().map(String::valueOf).collect(Collectors.joining()) : (String) cell.get("source");
            if (cell.get("cell_type").equals("code")) {
                cells.add(new Cell(heading, source));
            } else {
                heading = source.lines().filter(line -> line.startsWith("## ")).map(line -> line.substring(3).strip())
                        .reduce(heading, (before, last) -> last);
            }
        }
        return cells;
    }
}
