package tutorial.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.PersistentSnippet;
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
    private static final String LIBRARIES = "\"Set-up\"";        // the title of the section that loads them
    private static final String ABOVE = " Or choose Run > Run All Above Selected Cell.";
    private static final Pattern MISSING = Pattern.compile("(?:symbol:\\s+|^)(?:variable|class|method) (\\w+)");
    private static final Pattern MISSING_PACKAGE = Pattern.compile("package ([\\w.]+) does not exist");
    private static final Pattern EMPTIED = Pattern.compile("because \"REPL\\.\\$JShell\\$\\w+\\.(\\w+)\" is null");
    private static final Pattern NOT_FETCHED = Pattern.compile("(?s)magic '(?:maven|loadFromPOM)'(?:.*dependency: (\\S+))?");
    private static final String NO_LOCKS = "(?i).*(no locks available|function not implemented|operation not supported).*";
    private static final Pattern NO_TRUST = Pattern.compile("PKIX|certificat|trustAnchors|SSLHandshake");
    private static final Pattern NUMBERED = Pattern.compile("(\\d+)\\. (.*)");
    private static final Pattern LOADED = Pattern.compile("support/[\\w/]+\\.(?:java|jsh)");

    /** A string in JSON. No library is there before the first cell has run. */
    private static final String STRING = "\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"";
    private static final Pattern CELL = Pattern.compile(
            "\"cell_type\":\\s*\"(\\w+)\"|\"source\":\\s*(\\[(?:\\s*+" + STRING + ",?+)*+\\s*+]|" + STRING + ")");

    /** A code cell, with the heading that it stands under. */
    record Cell(String heading, String source) {
        String place() {
            Matcher numbered = NUMBERED.matcher(heading);
            return heading.isEmpty() ? "" : numbered.matches() ? ", in section " + numbered.group(1) + ", " + numbered.group(2) + ","
                    : ", in \"" + heading + "\",";
        }

        String firstLine() {
            return source.lines().filter(line -> !line.isBlank() && !line.startsWith("import ")).findFirst()
                    .or(() -> source.lines().filter(line -> !line.isBlank()).findFirst()).orElse("").strip();
        }
    }

    private final JShell shell;
    private final Path notebook;

    private Hints(JShell shell, Path notebook) {
        this.shell = shell;
        this.notebook = notebook;
    }

    /** Watches the kernel that this runs in, and prints its hints to the page. */
    public static void watch(Path notebook) throws ReflectiveOperationException {
        watch(kernelShell(), notebook, hint -> System.err.println(hint));   // the kernel sets System.err for each cell
    }

    static void watch(JShell shell, Path notebook, Consumer<String> tell) {
        Hints hints = new Hints(shell, notebook);
        shell.onSnippetEvent(event -> hints.about(event).ifPresent(hint -> tell.accept("Hint: " + hint)));
    }

    /** JJava hands its JShell out, IJava only to those who ask twice. */
    private static JShell kernelShell() throws ReflectiveOperationException {
        try {
            Object kernel = Class.forName("org.dflib.jjava.kernel.JavaNotebookStatics").getMethod("kernel").invoke(null);
            return (JShell) kernel.getClass().getMethod("getJShell").invoke(kernel);
        } catch (ClassNotFoundException notJJava) {
            Object kernel = Class.forName("io.github.spencerpark.ijava.IJava").getMethod("getKernelInstance").invoke(null);
            var field = kernel.getClass().getDeclaredField("evaluator");
            field.setAccessible(true);
            Object evaluator = field.get(kernel);
            return (JShell) evaluator.getClass().getMethod("getShell").invoke(evaluator);
        }
    }

    private Optional<String> about(SnippetEvent event) {
        if (event.causeSnippet() != null) {
            return Optional.empty();
        }
        if (event.exception() instanceof UnresolvedReferenceException early) {
            return runFirst(shell.unresolvedDependencies(early.getSnippet()));
        }
        if (event.exception() instanceof EvalException error) {
            return about(error);
        }
        if (event.status() == Snippet.Status.RECOVERABLE_NOT_DEFINED) {
            return runFirst(shell.unresolvedDependencies((DeclarationSnippet) event.snippet()));
        }
        return event.status() == Snippet.Status.REJECTED
                ? runFirst(shell.diagnostics(event.snippet()).map(diagnostic -> diagnostic.getMessage(null)))
                : Optional.empty();
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
        Matcher notFetched = NOT_FETCHED.matcher(message);
        return notFetched.find() ? Optional.of(about(notFetched.group(1), innermost(error))) : Optional.empty();
    }

    private static String about(String artifact, String reason) {
        String what = (artifact == null ? "a library" : artifact) + " could not be fetched (" + reason + "). ";
        if (reason.matches(NO_LOCKS)) {
            return what + "The disk of your home folder has no file locks, which the kernel's library cache needs. Give Java a home on "
                    + "another disk: start Jupyter with JAVA_TOOL_OPTIONS=-Duser.home=FOLDER.";
        }
        return what + (reason.contains(".m2")
                ? "See that this folder can be written to, or give Java another home: JJAVA_JVM_OPTS=-Duser.home=FOLDER."
                : remedy(reason, System.getProperty("https.proxyHost"), System.getProperty("https.proxyPort")));
    }

    static String remedy(String reason, String proxyHost, String proxyPort) {
        String proxy = "the proxy " + proxyHost + ":" + proxyPort + " (of HTTPS_PROXY or of Maven's settings.xml)";
        return NO_TRUST.matcher(reason).find()
                ? "What answers shows a certificate that Java does not trust, as a company's proxy or a virus scanner does. Add it to a "
                        + "copy of Java's certificates (docs/compatibility.md), and restart with JJAVA_JVM_OPTS=-Djavax.net.ssl.trustStore=FILE."
                : proxyHost == null ? "Connect to the network (behind a proxy: set HTTPS_PROXY=http://HOST:PORT and restart the kernel), "
                        + "see that the name is right, and run the cell again. Once fetched, it needs no network."
                : reason.contains("407") ? proxy.replaceFirst("t", "T") + " asks for a name and a password. Write them and the proxy into "
                        + "<proxies> of ~/.m2/settings.xml, unset HTTPS_PROXY and HTTP_PROXY, and restart the kernel."
                : "Connect to the network, see that " + proxy + " is right and answers, and run the cell again.";
    }

    private static String innermost(Throwable error) {
        Throwable innermost = error;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return String.valueOf(innermost.getMessage()).lines().findFirst().orElse("");
    }

    private Optional<String> runFirst(Stream<String> complaints) {
        List<String> texts = complaints.toList();
        for (String text : texts) {
            Matcher missing = MISSING.matcher(text);
            if (missing.find()) {
                return Optional.of(missing.group(1) + " is not there yet. " + whereIs(missing.group(1)));
            }
        }
        return texts.stream().map(MISSING_PACKAGE::matcher).filter(Matcher::find).findFirst().map(missing -> missing.group(1))
                .map(name -> name.matches("[A-Z]\\w*") ? name + " is not there yet. " + whereIs(name)   // of a nested class
                        : "the library with " + name + " is not loaded yet. Run " + LIBRARIES + " first." + ABOVE);
    }

    private String whereIs(String name) {
        try {
            for (Cell cell : cells(Files.readString(notebook))) {
                if (defines(cell, name)) {
                    return "Run first" + cell.place() + " the cell that begins \"" + cell.firstLine() + "\"." + ABOVE;
                }
            }
        } catch (IOException unreadable) {
            return "Run the cells above first." + ABOVE;
        }
        return "See whether the name is right; if so, run the cells above first." + ABOVE;
    }

    private boolean defines(Cell cell, String name) throws IOException {
        if (cell.source.contains("SupportClasses.compiled(") && isInSupport(name)) {
            return true;
        }
        String all = cell.source + "\n" + loadedBy(cell);
        if (!all.contains(name)) {
            return false;                       // to parse all cells for each hint would take long
        }
        if (cell.source.matches("(?s).*\\bload\\b.*\\b" + name + "\\b.*") || all.matches("(?s).*\\bimport [\\w.]+\\." + name + ";.*")) {
            return true;
        }
        SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
        String code = all.lines().filter(line -> !line.startsWith("%")).collect(Collectors.joining("\n"));
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

    private boolean isInSupport(String name) throws IOException {
        Path support = notebook.toAbsolutePath().resolveSibling("support/src/main/java");
        try (Stream<Path> found = Files.find(support, 9, (path, is) -> path.endsWith(name + ".java"))) {
            return found.findAny().isPresent();
        } catch (NoSuchFileException noSupport) {
            return false;
        }
    }

    /** What stands in the files of support/ that the cell names, and in that of the imports. */
    private String loadedBy(Cell cell) throws IOException {
        StringBuilder all = new StringBuilder();
        String named = cell.source.replace("SupportClasses.imports(", "SupportClasses.imports( support/imports.jsh ");
        for (String file : LOADED.matcher(named).results().map(found -> found.group()).toList()) {
            Path path = notebook.toAbsolutePath().resolveSibling(file);
            all.append(Files.exists(path) ? Files.readString(path) : "").append('\n');
        }
        return all.toString();
    }

    /** The code cells of a notebook file; it has a cell's type before its source, whichever tool wrote it. */
    static List<Cell> cells(String json) {
        List<Cell> cells = new ArrayList<>();
        String type = "";
        String heading = "";
        Matcher found = CELL.matcher(json);
        while (found.find()) {
            if (found.group(1) != null) {
                type = found.group(1);
                continue;
            }
            String source = Pattern.compile(STRING).matcher(found.group(2)).results()
                    .map(text -> unescaped(text.group(1))).collect(Collectors.joining());
            if (type.equals("code")) {
                cells.add(new Cell(heading, source));
            } else {
                heading = source.lines().filter(line -> line.startsWith("## ")).map(line -> line.substring(3).strip()).reduce((a, b) -> b)
                        .orElse(heading);
            }
        }
        return cells;
    }

    private static String unescaped(String json) {
        Map<String, String> characters = Map.of("n", "\n", "t", "\t", "r", "\r", "b", "\b", "f", "\f");
        return Pattern.compile("\\\\(?:u(\\w{4})|(.))").matcher(json).replaceAll(escape -> Matcher.quoteReplacement(
                escape.group(1) != null ? String.valueOf((char) Integer.parseInt(escape.group(1), 16))
                        : characters.getOrDefault(escape.group(2), escape.group(2))));
    }
}
