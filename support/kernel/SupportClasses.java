import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * Compiles the classes of the folder support/ into a jar, which the notebook's second cell puts on the kernel's class path.
 *
 * <p>JShell would take longer for two of these files than Java's compiler for all. They get a package, without which no cell
 * could import them; the files themselves name none.
 */
public final class SupportClasses {
    private static final String PACKAGE = "support";

    /** What the notebook loads by itself: this class, and files that are needed before the libraries are there. */
    private static final Set<String> NOT_COMPILED = Set.of("SupportClasses", "Hints", "Imports", "Libraries", "Network");

    /** These properties tell the jar on this kernel's class path, what it was made from, and whether the imports were taken. */
    private static final String LOADED = "support.loaded";
    private static final String LOADED_FROM = "support.loaded.from";
    private static final String IMPORTED = "support.imported";

    private SupportClasses() {}

    /**
     * The path of a jar with all the classes; the same one when the notebook is run again in the same kernel.
     *
     * @throws IOException naming file and line, if a file does not compile
     * @throws IllegalStateException if a file was changed after this kernel took the classes
     */
    public static String compiled() throws IOException {
        return compiled(Path.of("support"));
    }

    static String compiled(Path support) throws IOException {
        Map<Path, String> sources = sources(support);
        String from = UUID.nameUUIDFromBytes(sources.toString().getBytes()).toString();
        String loadedFrom = System.getProperty(LOADED_FROM);
        if (loadedFrom == null) {
            System.setProperty(LOADED, compile(sources).toString());
            System.setProperty(LOADED_FROM, from);
        } else if (!loadedFrom.equals(from)) {
            throw new IllegalStateException("A file in support/ was changed after this kernel loaded it. Restart the kernel, and run all cells.");
        }
        return System.getProperty(LOADED);
    }

    /**
     * The path of a file with the imports of the notebook's cells; without any, when the notebook is run again in the same
     * kernel: JShell then makes all anew that uses them, and may take a method for two.
     */
    public static String imports() throws IOException {
        return imports(Path.of("support"));
    }

    static String imports(Path support) throws IOException {
        List<String> lines = new ArrayList<>();
        if (System.getProperty(IMPORTED) == null) {
            lines.addAll(Files.readAllLines(support.resolve("kernel/Imports.java")));
            lines.add("import " + PACKAGE + ".*;");
            lines.add("System.setProperty(\"" + IMPORTED + "\", \"yes\");");
        }
        Path file = Files.createTempFile("imports-", ".java");
        file.toFile().deleteOnExit();
        return Files.write(file, lines).toString();
    }

    static Map<Path, String> sources(Path support) throws IOException {
        Map<Path, String> sources = new TreeMap<>();
        try (Stream<Path> inRooms = Files.find(support, 2, (path, is) -> is.isRegularFile())) {
            for (Path file : inRooms.toList()) {
                String name = file.getFileName().toString();
                if (name.matches("\\w+\\.java") && !file.getParent().equals(support) && !NOT_COMPILED.contains(name.replace(".java", ""))) {
                    sources.put(file, Files.readString(file));
                }
            }
        }
        return sources;
    }

    private static Path compile(Map<Path, String> sources) throws IOException {
        Path jar = Files.createTempFile("support-", ".jar");
        Files.delete(jar);
        jar.toFile().deleteOnExit();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        List<String> options = List.of("-proc:none", "-nowarn", "-classpath", classPath());
        List<JavaFileObject> files = sources.entrySet().stream().map(file -> inPackage(file.getKey(), file.getValue())).toList();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(found, Locale.ROOT, null);
             FileSystem classes = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of("create", "true"))) {
            manager.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes.getPath("/")));
            if (!compiler.getTask(null, manager, found, options, null, files).call()) {
                throw new IOException(found.getDiagnostics().stream().filter(one -> one.getKind() == Diagnostic.Kind.ERROR).map(one ->
                        (one.getSource() == null ? "support/" : one.getSource().getName()) + ", line " + one.getLineNumber() + ": " + one.getMessage(Locale.ROOT)).findFirst().orElseThrow());
            }
        }
        return jar;
    }

    /** In the first line, so that all lines keep their numbers. */
    private static JavaFileObject inPackage(Path file, String source) {
        URI name = URI.create("string:///" + PACKAGE + "/" + file.getFileName());
        return new SimpleJavaFileObject(name, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return "package " + PACKAGE + "; " + source;
            }

            @Override
            public String getName() {
                return file.toString();
            }
        };
    }

    /** That of the kernel, with the libraries that its magics have added. */
    private static String classPath() {
        List<String> path = new ArrayList<>(List.of(System.getProperty("java.class.path")));
        if (SupportClasses.class.getClassLoader() instanceof URLClassLoader added) {
            for (URL url : added.getURLs()) {
                path.add(Path.of(URI.create(url.toString())).toString());
            }
        }
        return path.stream().collect(Collectors.joining(java.io.File.pathSeparator));
    }
}
