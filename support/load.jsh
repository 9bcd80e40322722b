// Puts the package tutorial.kernel on the kernel's class path, and has it watch for errors. It needs no library; it fetches them, and
// compiles the other packages.
try {
    Class.forName("tutorial.kernel.Hints");
} catch (ClassNotFoundException notYet) {
    var classes = java.nio.file.Files.createTempDirectory("kernel-");
    var javac = new java.util.ArrayList<>(java.util.List.of("-proc:none", "-Xlint:none", "-encoding", "UTF-8",
        "-classpath", classes.toString(), "-d", classes.toString()));
    for (var file : new java.io.File("support/src/main/java/tutorial/kernel").listFiles((folder, name) -> name.endsWith(".java"))) {
        javac.add(file.toString());
    }
    var said = new java.io.StringWriter();
    var to = new java.io.PrintWriter(said);
    int status = java.util.spi.ToolProvider.findFirst("javac").orElseThrow().run(to, to, javac.toArray(String[]::new));
    try (var made = java.nio.file.Files.walk(classes)) {
        made.forEach(one -> one.toFile().deleteOnExit());
    }
    if (status != 0) {
        throw new java.io.IOException(said.toString().lines().findFirst().orElse(""));
    }
    lineMagic("classpath", List.of(classes.toString()));
    Class.forName("tutorial.kernel.Hints").getMethod("watch", java.nio.file.Path.class)
        .invoke(null, java.nio.file.Path.of("GPU_vs_CPU_Benchmark.ipynb"));
}
import tutorial.kernel.*;
