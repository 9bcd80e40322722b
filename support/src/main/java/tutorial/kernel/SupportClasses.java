package tutorial.kernel;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * Compiles the helpers in support/ into a jar, which the notebook's second cell puts on the kernel's class path. The jar is kept
 * in the user's cache, by what it was made from.
 */
public final class SupportClasses {
    private static final Path SOURCES = Path.of("support", "src", "main", "java");
    private static final Path IMPORTS = Path.of("support", "imports.jsh");

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
        return compiled(SOURCES, Path.of(System.getProperty("user.home"), ".cache", "gpu-vs-cpu-java"));
    }

    static String compiled(Path folder, Path cache) throws IOException {
        Map<Path, String> sources = sources(folder);
        String from = madeFrom(sources.toString());
        String loadedFrom = System.getProperty(LOADED_FROM);
        if (loadedFrom == null) {
            System.setProperty(LOADED, jar(sources, cache).toString());
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
        return imports(IMPORTS);
    }

    static String imports(Path imports) throws IOException {
        List<String> lines = new ArrayList<>();
        if (System.getProperty(IMPORTED) == null) {
            lines.addAll(Files.readAllLines(imports));
            lines.add("System.setProperty(\"" + IMPORTED + "\", \"yes\");");
        }
        Path file = Files.createTempFile("imports-", ".jsh");
        file.toFile().deleteOnExit();
        return Files.write(file, lines).toString();
    }

    static Map<Path, String> sources(Path folder) throws IOException {
        Map<Path, String> sources = new TreeMap<>();
        try (Stream<Path> found = Files.find(folder, 9, (path, is) -> is.isRegularFile() && path.getFileName().toString().matches("[\\w-]+\\.java")
                && !folder.relativize(path).toString().contains(".ipynb_checkpoints"))) {
            for (Path file : found.toList()) {
                sources.put(file, Files.readString(file));
            }
        }
        return sources;
    }

    private static Path jar(Map<Path, String> sources, Path cache) throws IOException {
        String classPath = classPath();
        Path kept = cache.resolve("support-" + madeFrom(System.getProperty("java.version") + classPath + sources) + ".jar");
        if (isWhole(kept)) {
            return kept;
        }
        Path jar = Files.createTempFile("support-", ".jar");
        jar.toFile().deleteOnExit();
        compile(sources.keySet(), classPath, jar);
        try {
            // Under a name of its own first: another kernel may look for it, or make it, at this moment.
            Files.createDirectories(cache);
            Path copy = Files.createTempFile(cache, "support-", ".tmp");
            Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
            return Files.move(copy, kept, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException notKept) {
            return jar;
        }
    }

    private static boolean isWhole(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.size() > 0;
        } catch (IOException absentOrDamaged) {
            return false;
        }
    }

    private static void compile(Iterable<Path> sources, String classPath, Path jar) throws IOException {
        Files.delete(jar);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        List<String> options = List.of("-proc:none", "-nowarn", "-encoding", "UTF-8", "-classpath", classPath);
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(found, Locale.ROOT, null);
                FileSystem classes = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of("create", "true"))) {
            manager.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes.getPath("/")));
            if (!compiler.getTask(null, manager, found, options, null, manager.getJavaFileObjectsFromPaths(sources)).call()) {
                throw new IOException(found.getDiagnostics().stream().filter(one -> one.getKind() == Diagnostic.Kind.ERROR).map(one ->
                        (one.getSource() == null ? "support/" : one.getSource().getName()) + ", line " + one.getLineNumber() + ": "
                                + one.getMessage(Locale.ROOT)).findFirst().orElseThrow());
            }
        }
    }

    private static String madeFrom(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)).toString();
    }

    /** That of the kernel, with the libraries that its magics have added. */
    private static String classPath() {
        List<String> path = new ArrayList<>(List.of(System.getProperty("java.class.path")));
        if (SupportClasses.class.getClassLoader() instanceof URLClassLoader added) {
            for (URL url : added.getURLs()) {
                path.add(Path.of(URI.create(url.toString())).toString());
            }
        }
        return String.join(File.pathSeparator, path);
    }
}
