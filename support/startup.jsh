// The kernel runs this before the first cell where JJAVA_STARTUP_SCRIPTS_PATH (IJAVA_… for IJava) names it, as `make` does.
try {
    lineMagic("load", List.of("support/load.jsh"));
    Class.forName("tutorial.kernel.Hints").getMethod("watch", java.nio.file.Path.class)
        .invoke(null, java.nio.file.Path.of("GPU_vs_CPU_Benchmark.ipynb"));
} catch (Exception e) {
    // A kernel whose script fails does not start. The first cell loads the same, and tells what is wrong.
}
