import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Puts the notebook's imports and the classes of the folder support/ into one file, for {@code %load} in its first cells.
 *
 * <p>Each import stands there once. JShell looks at all that it has anew when an import comes: file by file, loading takes
 * several times as long. For the same reason nothing is loaded twice, when the notebook is run again in the same kernel.
 *
 * <p>Each class comes after those that it names, without which IJava would refuse it.
 */
public final class Bundle {
    /** What the notebook loads by itself: this class, and files that are no classes. */
    private static final Set<String> NOT_BUNDLED = Set.of("Bundle", "Hints", "Imports", "Libraries", "Network");
    private static final Pattern NO_CODE = Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*+|\"\"\".*?\"\"\""
            + "|\"[^\"\\\\\\n]*+(?:\\\\.[^\"\\\\\\n]*+)*+\"|'[^'\\\\\\n]*+(?:\\\\.[^'\\\\\\n]*+)*+'");

    /** This property tells what was loaded; the last line of the file sets it, when all before has been taken. */
    private static final String LOADED = "support.loaded";

    private Bundle() {}

    /**
     * The path of one file with all the imports and classes; without any, if this kernel has loaded them, just as they are now.
     *
     * @throws IOException if a file cannot be read, or naming the files if they name each other in a circle
     */
    public static String ofAll() throws IOException {
        List<Path> files = new ArrayList<>(List.of(Path.of("support", "kernel", "Imports.java")));
        files.addAll(inOrder(Path.of("support")));
        return unlessLoaded(files);
    }

    static String unlessLoaded(List<Path> files) throws IOException {
        Path bundle = Path.of(of(files));
        String content = UUID.nameUUIDFromBytes(Files.readAllBytes(bundle)).toString();
        String last = "System.setProperty(\"" + LOADED + "\", \"" + content + "\");\n";
        return content.equals(System.getProperty(LOADED)) ? Files.writeString(bundle, last).toString()
                : Files.writeString(bundle, last, StandardOpenOption.APPEND).toString();
    }

    static String of(List<Path> files) throws IOException {
        Set<String> imports = new LinkedHashSet<>();
        List<String> code = new ArrayList<>();
        for (Path file : files) {
            for (String line : Files.readAllLines(file)) {
                (line.startsWith("import ") ? imports : code).add(line);
            }
        }
        Path bundle = Files.createTempFile("support-", ".java");
        bundle.toFile().deleteOnExit();
        List<String> all = new ArrayList<>(imports);
        all.addAll(code);
        return Files.write(bundle, all).toString();
    }

    /** Each class's file after those of the classes that it names; else in the order of their names. */
    static List<Path> inOrder(Path support) throws IOException {
        Map<String, Path> files = new TreeMap<>();
        try (Stream<Path> inRooms = Files.find(support, 2, (path, is) -> is.isRegularFile())) {
            inRooms.filter(file -> file.getFileName().toString().matches("\\w+\\.java") && !file.getParent().equals(support))
                    .forEach(file -> files.put(file.getFileName().toString().replace(".java", ""), file));
        }
        files.keySet().removeAll(NOT_BUNDLED);
        Map<String, Set<String>> named = new TreeMap<>();
        for (String name : files.keySet()) {
            named.put(name, classesIn(Files.readString(files.get(name)), files.keySet()));
        }
        Map<String, Path> placed = new LinkedHashMap<>();
        for (String name : files.keySet()) {
            place(name, files, named, new LinkedHashSet<>(), placed);
        }
        return List.copyOf(placed.values());
    }

    private static void place(String name, Map<String, Path> files, Map<String, Set<String>> named, Set<String> waiting,
            Map<String, Path> placed) throws IOException {
        if (placed.containsKey(name)) {
            return;
        }
        if (!waiting.add(name)) {
            String circle = waiting.stream().dropWhile(one -> !one.equals(name)).map(one -> files.get(one).toString())
                    .collect(Collectors.joining(", "));
            throw new IOException(circle + ": name each other in a circle, so none can be loaded first.");
        }
        for (String before : named.get(name)) {
            if (!before.equals(name)) {
                place(before, files, named, waiting, placed);
            }
        }
        waiting.remove(name);
        placed.put(name, files.get(name));
    }

    private static Set<String> classesIn(String source, Set<String> classes) {
        String code = NO_CODE.matcher(source).replaceAll(" ").replaceAll("(?m)^import .*$", "");
        Set<String> named = new TreeSet<>(classes);
        named.retainAll(Pattern.compile("\\W+").splitAsStream(code).collect(Collectors.toSet()));
        return named;
    }
}
