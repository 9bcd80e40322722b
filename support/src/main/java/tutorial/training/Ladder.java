package tutorial.training;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tutorial.machine.Machine;
import tutorial.machine.OutOfMemory;

/**
 * One training step, made faster rung by rung: by the memory layout, on a GPU by TF32, and by mixed precision. The notebook's
 * section on layout and precision climbs it with each device.
 */
public final class Ladder {
    /**
     * @param name as on the chart
     * @param layout "NCHW" or "NHWC"
     * @param tf32 whether a GPU may multiply in TF32
     * @param precision the setting's value, "float32" or "mixed"
     */
    public record Rung(String name, String layout, boolean tf32, String precision) {}

    /** Measures a training step on synthetic data. */
    @FunctionalInterface
    public interface Measure {
        Burst of(boolean channelsLast) throws Exception;
    }

    private final Race race;
    private final Map<String, Map<Rung, Burst>> bursts = new LinkedHashMap<>();
    private final List<String> missing = new ArrayList<>();

    /** @param race has both layouts of each device, measured as its precision is set */
    public Ladder(Race race) {
        this.race = race;
    }

    /**
     * Measures what the race has not.
     *
     * @param precision sets the notebook's setting, which {@code measure} trains with; it is set back at the end
     */
    public void climb(String device, Consumer<String> precision, Measure measure) throws Exception {
        for (Rung rung : rungs(device)) {
            Burst burst = rung.precision().equals(race.precision()) && rung.tf32() ? race.burst(device, rung.layout()) : null;
            try {
                add(device, rung, burst != null ? burst : measured(rung, precision, measure));
            } catch (EngineException e) {
                if (!OutOfMemory.is(e)) {
                    throw e;
                }
                missing.add(device + ", no bar for " + rung.name() + ": out of memory at this batchSize.");
            }
        }
    }

    private Burst measured(Rung rung, Consumer<String> precision, Measure measure) throws Exception {
        precision.accept(rung.precision());
        boolean before = rung.tf32() || Libtorch.setTf32(false);
        try {
            return measure.of(rung.layout().equals("NHWC"));
        } finally {
            if (!rung.tf32()) {
                Libtorch.setTf32(before);
            }
            precision.accept(race.precision());
        }
    }

    private List<Rung> rungs(String name) {
        Device device = race.devices().get(name);
        boolean mixedRaces = race.precision().equals(Autocast.MIXED);
        String obstacle = Autocast.whyNot() != null ? "Mixed precision: " + Autocast.whyNot() + "." : Autocast.whyNotFaster(device);
        if (obstacle != null && !mixedRaces) {
            missing.add(name + ", no bar for mixed precision: " + obstacle);
        }
        boolean tf32 = Machine.precision(device).contains("TF32") && Libtorch.hasTf32Switch();
        return rungs(tf32, obstacle == null || mixedRaces ? Autocast.numbers(device, Autocast.MIXED) : null);
    }

    /**
     * From the slowest to what should be the fastest.
     *
     * @param mixed the numbers of mixed precision, as "bfloat16, mixed"; null where it is not to be measured
     */
    public static List<Rung> rungs(boolean tf32, String mixed) {
        List<Rung> rungs = new ArrayList<>();
        if (tf32) {
            rungs.add(new Rung("NCHW", "NCHW", false, Autocast.FLOAT32));
        }
        for (String layout : List.of("NCHW", "NHWC")) {
            rungs.add(new Rung(layout + (tf32 ? ", TF32" : ""), layout, true, Autocast.FLOAT32));
        }
        if (mixed != null) {
            rungs.add(new Rung("NHWC, " + mixed, "NHWC", true, Autocast.MIXED));
        }
        return rungs;
    }

    public void add(String device, Rung rung, Burst burst) {
        bursts.computeIfAbsent(device, name -> new LinkedHashMap<>()).put(rung, burst);
    }

    /** A line for each rung that a device does not have, on why, and what it would need. */
    public List<String> missing() {
        return missing;
    }

    /** By device, then by rung from the lowest up. */
    public Map<String, Map<Rung, Burst>> bursts() {
        return bursts;
    }
}
