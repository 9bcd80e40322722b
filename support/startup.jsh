// The kernel runs this before the first cell where JJAVA_STARTUP_SCRIPTS_PATH (IJAVA_… for IJava) names it, as `make` does: also a
// cell that is run before the first one then gets a hint.
try {
    lineMagic("load", List.of("support/load.jsh"));
} catch (Exception e) {
    // A kernel whose script fails does not start. The first cell loads the same, and tells what is wrong.
}
