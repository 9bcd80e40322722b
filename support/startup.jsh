// The kernel runs this before the first cell where JJAVA_STARTUP_SCRIPTS_PATH (IJAVA_… for IJava) names it, as `make` does.
lineMagic("load", List.of("support/load.jsh"));
Hints.watch(java.nio.file.Path.of("GPU_vs_CPU_Benchmark.ipynb"));
