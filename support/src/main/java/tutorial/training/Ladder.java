package tutorial.training;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tutorial.machine.Gpu;
import tutorial.machine.OutOfMemory;

/**
 * One training step, made faster rung by rung: by the memory layout, on a GPU by TF32, and by mixed precision. The notebook's
 * section on layout and precision measures each rung of each device.
 */
public final class Ladder {
    /**
     * @param name as on the chart
     * @param tf32 whether a GPU may multiply in TF32
     */
    public record Rung(String name, Format format, boolean tf32) {}

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
                return tooLarge.contains(entry) ? null : measured(entry.on, entry.rung, computeOnly);
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

    private static Throughput measured(TrainingDevice on, Rung rung, Race.ComputeOnly computeOnly) throws Exception {
        boolean before = rung.tf32 || Libtorch.setTf32(false);
        try {
            return computeOnly.of(on, rung.format);
        } finally {
            if (!rung.tf32) {
                Libtorch.setTf32(before);
            }
        }
    }

    private List<Rung> rungs(TrainingDevice on) {
        Device device = on.device();
        String obstacle = Autocast.whyNot() != null ? "Mixed precision: " + Autocast.whyNot() + "." : Autocast.whyNotFaster(device);
        boolean mixed = obstacle == null || racing == Precision.MIXED;
        if (!mixed) {
            missing.add(on + ", no bar for mixed precision: " + obstacle);
        }
        boolean tf32 = device.isGpu() && Gpu.of(device).roundsToTf32() && Libtorch.hasTf32Switch();
        return rungs(tf32, mixed ? Autocast.numbers(device, Precision.MIXED) : null);
    }

    /**
     * From the slowest to what should be the fastest.
     *
     * @param mixed the numbers of mixed precision, as "bfloat16, mixed"; null where it is not to be measured
     */
    static List<Rung> rungs(boolean tf32, String mixed) {
        List<Rung> rungs = new ArrayList<>();
        if (tf32) {
            rungs.add(new Rung("NCHW", new Format(Layout.NCHW, Precision.FLOAT32), false));
        }
        for (Layout layout : Layout.values()) {
            rungs.add(new Rung(layout + (tf32 ? ", TF32" : ""), new Format(layout, Precision.FLOAT32), true));
        }
        if (mixed != null) {
            rungs.add(new Rung("NHWC, " + mixed, new Format(Layout.NHWC, Precision.MIXED), true));
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
