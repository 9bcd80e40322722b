// Puts the package tutorial.kernel, which needs no library, on the kernel's class path: it follows proxies, fetches libraries,
// compiles the other packages and gives hints. Compiled once, and again after a change, into the user's cache.
String kernelClasses() throws java.io.IOException {
    var sources = new java.util.TreeMap<String, String>();
    try (var files = java.nio.file.Files.list(java.nio.file.Path.of("support/src/main/java/tutorial/kernel"))) {
        for (var file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
            sources.put(file.toString(), java.nio.file.Files.readString(file));
        }
    }
    String made = java.util.UUID.nameUUIDFromBytes((System.getProperty("java.version") + sources).getBytes("UTF-8")).toString();
    var cache = java.nio.file.Path.of(System.getProperty("user.home"), ".cache", "gpu-vs-cpu-java");
    var kept = cache.resolve("kernel-" + made);
    if (java.nio.file.Files.isDirectory(kept)) {
        return kept.toString();
    }
    var compiled = java.nio.file.Files.createTempDirectory("kernel-");
    var options = new java.util.ArrayList<>(java.util.List.of("-proc:none", "-nowarn", "-encoding", "UTF-8",
        "-classpath", System.getProperty("java.class.path"), "-d", compiled.toString()));
    options.addAll(sources.keySet());
    var errors = new java.io.ByteArrayOutputStream();
    if (javax.tools.ToolProvider.getSystemJavaCompiler().run(null, null, errors, options.toArray(String[]::new)) != 0) {
        throw new java.io.IOException(errors.toString());
    }
    try {
        java.nio.file.Files.createDirectories(cache);
        return java.nio.file.Files.move(compiled, kept).toString();
    } catch (java.io.IOException notKept) {         // on another disk, not to be written to, or kept by another kernel by now
        return compiled.toString();
    }
}
lineMagic("classpath", List.of(kernelClasses()));
import tutorial.kernel.*;
