package tutorial.training;

import tutorial.machine.Allocator;

/** Those of a format's changes that are switches of the whole process, on or off until this is closed. */
public final class ProcessSwitches implements AutoCloseable {
    private final boolean tf32Before;
    private final boolean benchmarkBefore;

    private ProcessSwitches(Format format) {
        Allocator.setKept(format.has(Change.MEMORY_KEPT));
        tf32Before = !Libtorch.hasSwitches() || Libtorch.setTf32(format.has(Change.TF32));
        benchmarkBefore = Libtorch.hasSwitches() && Libtorch.setCudnnBenchmark(format.has(Change.CUDNN_BENCHMARK));
    }

    public static ProcessSwitches of(Format format) {
        return new ProcessSwitches(format);
    }

    /** As they were, and freed memory is kept. */
    @Override
    public void close() {
        Allocator.setKept(true);
        if (Libtorch.hasSwitches()) {
            Libtorch.setTf32(tf32Before);
            Libtorch.setCudnnBenchmark(benchmarkBefore);
        }
    }
}
