import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts Java files together for {@code %load}, with each import once. JShell looks at all that it has anew when an import
 * comes: file by file, loading them takes several times as long. For the same reason the notebook's own imports stand
 * before this.
 */
public final class Bundle {
    private Bundle() {}

    /**
     * The path of one file with the classes of the folder {@code support}, in this order.
     *
     * @throws IOException naming the file, if there is none for a class
     */
    public static String of(String... classes) throws IOException {
        Set<String> imports = new LinkedHashSet<>();
        List<String> code = new ArrayList<>();
        for (String name : classes) {
            for (String line : Files.readAllLines(Path.of("support", name + ".java"))) {
                (line.startsWith("import ") ? imports : code).add(line);
            }
        }
        Path bundle = Files.createTempFile("support-", ".java");
        bundle.toFile().deleteOnExit();
        List<String> all = new ArrayList<>(imports);
        all.addAll(code);
        return Files.write(bundle, all).toString();
    }
}
