package tutorial.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import tutorial.machine.Memory;
import tutorial.machine.OutOfMemory;

/** Compute-only rates by batch size. */
public final class Sweep {
    private final Map<TrainingDevice, Map<Integer, Throughput>> measured = new LinkedHashMap<>();

    /** Keeps what was measured with batches of this size. */
    public void add(TrainingDevice on, int batchSize, Throughput throughput) {
        measured.computeIfAbsent(on, device -> new LinkedHashMap<>()).put(batchSize, throughput);
    }

    /** By device, then by batch size. */
    public Map<TrainingDevice, Map<Integer, Throughput>> measured() {
        return measured;
    }

    /** The batch sizes measured so far. */
    public List<Integer> batchSizes(TrainingDevice on) {
        return List.copyOf(measured.getOrDefault(on, Map.of()).keySet());
    }

    /** Whether any device was measured with more than one size; else there is nothing to compare. */
    public boolean isCurve() {
        return measured.values().stream().anyMatch(sizes -> sizes.size() > 1);
    }

    /**
     * Says beforehand that a batch twice as large as the last would not fit into the machine's memory or the container's, where
     * Linux would not tell but kill the kernel. PyTorch tells of a GPU's.
     *
     * @throws ai.djl.engine.EngineException if it would not
     */
    public void requireMemoryForNext(TrainingDevice on) {
        requireMemoryForNext(on, () -> Memory.free(on.device()) / 1e9);
    }

    void requireMemoryForNext(TrainingDevice on, DoubleSupplier freeGigabytes) {
        if (!on.isGpu()) {
            List<Double> used = measured.getOrDefault(on, Map.of()).values().stream().map(Throughput::gigabytes).toList();
            OutOfMemory.foresee(used, freeGigabytes.getAsDouble());
        }
    }
}
