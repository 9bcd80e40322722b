// Puts the package tutorial.kernel on the kernel's class path. It needs no library; it fetches them, and compiles the other packages.
try {
    Class.forName("tutorial.kernel.Hints");
} catch (ClassNotFoundException notYet) {
    var classes = java.nio.file.Files.createTempDirectory("kernel-");
    var javac = new java.util.ArrayList<>(java.util.List.of("-proc:none", "-nowarn", "-encoding", "UTF-8",
        "-classpath", classes.toString(), "-d", classes.toString()));
    for (var file : new java.io.File("support/src/main/java/tutorial/kernel").listFiles((folder, name) -> name.endsWith(".java"))) {
        javac.add(file.toString());
    }
    var errors = new java.io.ByteArrayOutputStream();
    if (javax.tools.ToolProvider.getSystemJavaCompiler().run(null, null, errors, javac.toArray(String[]::new)) != 0) {
        throw new java.io.IOException(errors.toString().lines().findFirst().orElse(""));
    }
    try (var made = java.nio.file.Files.walk(classes)) {
        made.forEach(one -> one.toFile().deleteOnExit());
    }
    lineMagic("classpath", List.of(classes.toString()));
}
import tutorial.kernel.*;
