package tutorial.machine;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tech.tablesaw.api.Row;

/**
 * What kept a CPU from a training meanwhile. NaN is what is not known: all but the quota is on Linux only.
 *
 * @param others cores that other programs used, the mean. Linux counts for the whole machine, so NaN where this process has only a part
 *     of it and others were left
 * @param stolen cores that the host of a virtual machine gave to others, the mean
 * @param throttled share of the quota's periods, of mostly 0.1 s, at whose end the container had used it up; NaN without one
 */
public record CpuFigures(double others, double stolen, double throttled) {
    public static final CpuFigures UNKNOWN = new CpuFigures(Double.NaN, Double.NaN, Double.NaN);
    /** Of the cores: less is what a desktop does beside anything. */
    private static final double MUCH = 0.1;
    private static final double TICKS_PER_SECOND = 100;                         // of every Linux that Java runs on
    private static final Path OF_MACHINE = Path.of("/proc/stat");
    private static final OperatingSystemMXBean JAVA = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /**
     * What Linux has counted until a moment.
     *
     * @param seconds by a clock
     * @param own seconds that this process has computed, on all cores together
     * @param ofMachine the first line of /proc/stat: what the cores have done since the start, in ticks; empty where it is not told
     * @param ofQuotas for each quota, how many periods have been and in how many it was used up
     */
    public record Reading(double seconds, double own, String ofMachine, List<String> ofQuotas) {
        /** Of this moment. */
        public static Reading now() {
            return new Reading(System.nanoTime() / 1e9, JAVA.getProcessCpuTime() / 1e9, firstLine(OF_MACHINE),
                    Cgroup.OWN.read("cpu", "cpu.stat"));
        }

        private static String firstLine(Path file) {
            try (Stream<String> lines = Files.lines(file)) {
                return lines.findFirst().orElse("");
            } catch (IOException notLinux) {
                return "";
            }
        }

        /** Seconds of all cores in some states: 1 is user, 2 nice, 3 system, 4 idle, 5 waiting for a disk, 6 and 7 interrupts, 8 stolen. */
        private double seconds(int... states) {
            String[] ticks = ofMachine.split("\\s+");
            double sum = ticks.length > 8 ? 0 : Double.NaN;
            for (int state : states) {
                sum += ticks.length > 8 ? Long.parseLong(ticks[state]) / TICKS_PER_SECOND : 0;
            }
            return sum;
        }

        private static long count(String ofQuota, String name) {
            return ofQuota.lines().filter(line -> line.startsWith(name + " ")).mapToLong(line -> Long.parseLong(line.split(" ")[1])).sum();
        }
    }

    /** What happened between two readings. */
    public static CpuFigures between(Reading begin, Reading end) {
        return between(begin, end, Cores.now());
    }

    static CpuFigures between(Reading begin, Reading end, Cores cores) {
        double seconds = end.seconds - begin.seconds;
        double busy = end.seconds(1, 2, 3, 6, 7) - begin.seconds(1, 2, 3, 6, 7);
        double others = Math.max(0, busy - (end.own - begin.own)) / seconds;
        double left = (end.seconds(4, 5) - begin.seconds(4, 5)) / seconds;
        double throttled = Double.NaN;
        for (int i = 0; i < Math.min(begin.ofQuotas.size(), end.ofQuotas.size()); i++) {
            double periods = Reading.count(end.ofQuotas.get(i), "nr_periods") - Reading.count(begin.ofQuotas.get(i), "nr_periods");
            double usedUp = Reading.count(end.ofQuotas.get(i), "nr_throttled") - Reading.count(begin.ofQuotas.get(i), "nr_throttled");
            throttled = periods > 0 ? Math.max(usedUp / periods, Double.isNaN(throttled) ? 0 : throttled) : throttled;
        }
        return new CpuFigures(cores.areAll() || left < MUCH * cores.ofMachine() ? others : Double.NaN,
                (end.seconds(8) - begin.seconds(8)) / seconds, throttled);
    }

    /** Writes what others used into a row of the results. */
    public void writeTo(Row row) {
        row.setDouble("used by others, cores", others + stolen);
    }

    /** Why the rate of a training would be higher elsewhere, in a sentence for each reason. */
    public List<String> told() {
        return told(Cores.now());
    }

    List<String> told(Cores cores) {
        return Stream.of(
                others >= MUCH * cores.ofMachine() ? text("Other programs used %.1f of %d cores during this training: "
                        + "its rate may be higher on an idle machine.", others, cores.ofMachine()) : "",
                stolen >= MUCH * cores.ofMachine() ? text("Other virtual machines on this host took %.1f of %d cores during this "
                        + "training: its rate may be higher without them.", stolen, cores.ofMachine()) : "",
                throttled >= MUCH ? text("The container's quota, %s, was used up before the end of %.0f %% of its periods: "
                        + "this is the rate of the quota, not of the cores.", cores.inWords(), 100 * throttled) : "")
                .filter(sentence -> !sentence.isEmpty()).toList();
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
