package tutorial.kernel;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * Compiles the helpers in support/, which the notebook's second cell puts on the kernel's class path. The user's cache keeps them
 * as a jar, under a name made from their sources, and from the libraries and the Java that they were compiled with.
 */
public final class SupportClasses {
    private static final String NAME = "tutorial-support-";
    /** For several kernels, Java versions and states of the sources. */
    private static final int KEPT_JARS = 8;

    private SupportClasses() {}

    /**
     * The path of a jar or folder with all the classes; the same one when the notebook is run again in the same kernel.
     *
     * @param progress told what is done, if it takes long
     * @throws IOException naming file and line, if a file does not compile
     * @throws IllegalStateException if a file was changed after this kernel took the classes
     */
    public static String compiled(Consumer<String> progress) throws IOException {
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "gpu-vs-cpu-java");
        return compiled(Path.of("support", "src", "main", "java"), RunningKernel.addedToClassPath(), cache, progress).toString();
    }

    static Path compiled(Path folder, List<Path> classPath, Path cache, Consumer<String> progress) throws IOException {
        Map<Path, String> sources = sources(folder);
        String name = NAME + madeFrom(sources);
        for (Path entry : classPath) {
            String loaded = entry.getFileName().toString();
            if (loaded.startsWith(name)) {
                return entry;
            }
            if (loaded.startsWith(NAME)) {
                throw new IllegalStateException("A file in support/ was changed after this kernel loaded it. "
                        + "Restart the kernel, and run all cells.");
            }
        }
        String libraries = classPath.stream().filter(Files::isRegularFile).map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        Path kept = cache.resolve(name + "-" + madeFrom(System.getProperty("java.version") + libraries) + ".jar");
        if (isWhole(kept)) {
            kept.toFile().setLastModified(System.currentTimeMillis());
            return kept;
        }
        progress.accept("Compiling the helpers in support/ (once)");
        Path classes = Files.createTempDirectory(name);
        compile(sources.keySet(), libraries, classes);
        return keep(classes, kept);
    }

    static Map<Path, String> sources(Path folder) throws IOException {
        Map<Path, String> sources = new TreeMap<>();
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.filter(one -> one.toString().endsWith(".java")).toList()) {
                if (!file.toString().contains(".ipynb_checkpoints")) {
                    sources.put(file, Files.readString(file));
                }
            }
        }
        return sources;
    }

    private static String madeFrom(Object all) {
        return UUID.nameUUIDFromBytes(all.toString().getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static void compile(Iterable<Path> sources, String libraries, Path classes) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-g", "-proc:none", "-Xlint:none", "-encoding", "UTF-8", "-classpath", libraries));
        arguments.addAll(List.of("-d", classes.toString()));
        sources.forEach(source -> arguments.add(source.toString()));
        StringWriter said = new StringWriter();
        int status = run("javac", said, arguments);
        try (Stream<Path> made = Files.walk(classes)) {
            made.forEach(one -> one.toFile().deleteOnExit());
        }
        if (status != 0) {
            throw new IOException(said.toString().lines().findFirst().orElse(""));
        }
    }

    private static int run(String tool, StringWriter said, List<String> arguments) {
        PrintWriter to = new PrintWriter(said);
        return ToolProvider.findFirst(tool).orElseThrow().run(to, to, arguments.toArray(String[]::new));
    }

    /** Puts the classes into the cache, and removes from there what was not used for long. Where that fails, the folder will do. */
    private static Path keep(Path classes, Path kept) {
        Path cache = kept.getParent();
        Path jar = cache.resolve(NAME + UUID.randomUUID() + ".tmp");        // another kernel may look for it, or make it, now
        if (!cache.isAbsolute()) {                                          // Java calls a home folder that it does not know "?"
            return classes;
        }
        try {
            Files.createDirectories(cache);
            StringWriter said = new StringWriter();
            if (run("jar", said, List.of("--create", "--file", jar.toString(), "-C", classes.toString(), ".")) != 0) {
                throw new IOException(said.toString());
            }
            Files.move(jar, kept, StandardCopyOption.ATOMIC_MOVE);
            removeOld(cache);
            return kept;
        } catch (IOException notKept) {
            jar.toFile().delete();
            return classes;
        }
    }

    private static void removeOld(Path cache) throws IOException {
        try (Stream<Path> all = Files.list(cache)) {
            all.map(Path::toFile).filter(file -> file.getName().startsWith(NAME))
                    .sorted(Comparator.comparing(File::lastModified).reversed()).skip(KEPT_JARS).forEach(File::delete);
        }
    }

    /** Whether the jar is there and nothing of it is missing or damaged, by its directory and the checksums of its entries. */
    private static boolean isWhole(Path jar) {
        try (ZipFile directory = new ZipFile(jar.toFile()); ZipInputStream content = new ZipInputStream(Files.newInputStream(jar))) {
            int entries = 0;
            while (content.getNextEntry() != null) {
                entries++;
            }
            return entries == directory.size();
        } catch (IOException | IllegalArgumentException absentOrDamaged) {
            return false;
        }
    }
}
