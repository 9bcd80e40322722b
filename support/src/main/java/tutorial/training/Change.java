package tutorial.training;

import java.util.EnumSet;
import java.util.Set;
import tutorial.machine.Allocator;

/** What makes training faster than DJL's own pieces do it, beside the memory layout and the precision. */
public enum Change {
    /** {@link FlatTrainer} and {@link OwnedSgd} in the place of DJL's trainer and {@code Sgd}. */
    ONE_ARRAY("all weights in one array"),
    /** {@link InPlace}, {@link BatchNorm2d} and {@link FrugalSequential} in the place of DJL's blocks. */
    IN_PLACE("in place, freed early"),
    /** {@link Allocator}; on a CPU. */
    MEMORY_KEPT("memory kept"),
    /** On a GPU, from compute capability 8.0 on. */
    TF32("TF32"),
    /** cuDNN tries several algorithms for each new shape, and takes the fastest. */
    CUDNN_BENCHMARK("cuDNN's benchmark mode");

    private final String words;

    Change(String words) {
        this.words = words;
    }

    /** As on the charts. */
    @Override
    public String toString() {
        return words;
    }

    /** With which the devices race. PyTorch leaves the last one off, since it costs time whenever a shape is new. */
    static Set<Change> racing() {
        return EnumSet.complementOf(EnumSet.of(CUDNN_BENCHMARK));
    }
}
