package tutorial.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;

/** Takes the imports of the notebook's cells, which stand in support/imports.jsh, into the kernel. */
public final class Imports {
    private Imports() {}

    /** Takes none when the notebook is run again in the same kernel: JShell then makes all anew that uses them. */
    public static void take() throws IOException, ReflectiveOperationException {
        take(RunningKernel.shell(), Path.of("support", "imports.jsh"));
    }

    static void take(JShell shell, Path file) throws IOException {
        List<String> imports = Files.readAllLines(file).stream().filter(line -> line.startsWith("import ")).toList();
        String all = String.join("\n", imports);
        if (shell.imports().map(Snippet::source).noneMatch(all::equals)) {
            // JShell, which takes its time for each snippet, has so far taken several imports for one.
            SnippetEvent taken = shell.eval(all).get(0);
            if (taken.status() != Snippet.Status.VALID) {
                throw new IOException(file + ": " + shell.diagnostics(taken.snippet()).findFirst().orElseThrow().getMessage(null));
            }
            if (!taken.snippet().source().equals(all)) {
                imports.forEach(shell::eval);
            }
        }
    }
}
