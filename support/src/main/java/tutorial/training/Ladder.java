package tutorial.training;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tutorial.machine.Allocator;
import tutorial.machine.Gpu;
import tutorial.machine.OutOfMemory;

/**
 * A training step of DJL's own pieces, made faster by one change after the other. The notebook's section "One change at a time"
 * measures each rung of each device.
 */
public final class Ladder {
    /** @param name what was changed last, as on the chart */
    public record Rung(String name, Format format) {}

    static final String LOWEST = "plain DJL";

    private final Map<TrainingDevice, Map<Rung, Throughput>> measured = new LinkedHashMap<>();
    private final List<String> missing = new ArrayList<>();
    private final Precision racing;

    /** @param racing of the race; what races is measured even where it is not faster */
    public Ladder(Precision racing) {
        this.racing = racing;
    }

    /**
     * Measures all rungs of all devices, in turns.
     *
     * @param seconds of each measurement
     */
    public void climb(List<TrainingDevice> devices, double seconds, Race.ComputeOnly computeOnly) throws Exception {
        Map<TrainingDevice, List<Rung>> rungs = new LinkedHashMap<>();
        devices.forEach(on -> rungs.put(on, rungs(on)));
        climb(rungs, seconds, computeOnly);
    }

    void climb(Map<TrainingDevice, List<Rung>> rungs, double seconds, Race.ComputeOnly computeOnly) throws Exception {
        record Entry(TrainingDevice on, Rung rung) {}
        List<Entry> entries = new ArrayList<>();
        rungs.forEach((on, some) -> some.forEach(rung -> entries.add(new Entry(on, rung))));
        Set<Entry> tooLarge = new HashSet<>();
        Throughput.inTurns(seconds, entries, entry -> {
            try {
                return tooLarge.contains(entry) ? null : computeOnly.of(entry.on, entry.rung.format);
            } catch (EngineException | IllegalStateException e) {
                if (!OutOfMemory.is(e)) {
                    throw e;
                }
                tooLarge.add(entry);
                missing.add(entry.on + ", no bar for " + entry.rung.name + ": out of memory at this batchSize.");
                return null;
            }
        }).forEach((entry, throughput) -> add(entry.on, entry.rung, throughput));
    }

    private List<Rung> rungs(TrainingDevice on) {
        Device device = on.device();
        String obstacle = Autocast.whyNot() != null ? "Mixed precision: " + Autocast.whyNot() + "." : Autocast.whyNotFaster(device);
        boolean mixed = obstacle == null || racing == Precision.MIXED;
        if (!mixed) {
            missing.add(on + ", no bar for mixed precision: " + obstacle);
        }
        Set<Change> changes = EnumSet.of(Change.ONE_ARRAY, Change.IN_PLACE);
        if (!device.isGpu() && Allocator.canKeep()) {
            changes.add(Change.MEMORY_KEPT);
        }
        if (device.isGpu() && Libtorch.hasSwitches()) {
            changes.add(Change.CUDNN_BENCHMARK);
            if (Gpu.of(device).roundsToTf32()) {
                changes.add(Change.TF32);
            }
        }
        return rungs(changes, mixed ? Autocast.numbers(device, Precision.MIXED) : null);
    }

    /**
     * From DJL's own pieces to what should be the fastest.
     *
     * @param changes those that this device can have
     * @param mixed the numbers of mixed precision, as "bfloat16, mixed"; null where it is not to be measured
     */
    static List<Rung> rungs(Set<Change> changes, String mixed) {
        List<Rung> rungs = new ArrayList<>();
        Format format = new Format(Layout.NCHW, Precision.FLOAT32, Set.of());
        rungs.add(new Rung(LOWEST, format));
        format = new Format(Layout.NHWC, Precision.FLOAT32, Set.of());
        rungs.add(new Rung("channels-last", format));
        for (Change change : Change.racing()) {
            if (changes.contains(change)) {
                format = format.with(change);
                rungs.add(new Rung(change.toString(), format));
            }
        }
        if (mixed != null) {
            format = new Format(Layout.NHWC, Precision.MIXED, format.changes());
            rungs.add(new Rung(mixed, format));
        }
        if (changes.contains(Change.CUDNN_BENCHMARK)) {
            rungs.add(new Rung(Change.CUDNN_BENCHMARK.toString(), format.with(Change.CUDNN_BENCHMARK)));
        }
        return rungs;
    }

    /** Keeps what was measured of a rung. */
    public void add(TrainingDevice on, Rung rung, Throughput throughput) {
        measured.computeIfAbsent(on, device -> new LinkedHashMap<>()).put(rung, throughput);
    }

    /** A line for each rung that a device does not have, on why, and what it would need. */
    public List<String> missing() {
        return missing;
    }

    /** By device, then by rung from the lowest up. */
    public Map<TrainingDevice, Map<Rung, Throughput>> measured() {
        return measured;
    }
}
