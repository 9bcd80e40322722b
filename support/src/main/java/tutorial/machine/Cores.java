package tutorial.machine;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The logical cores that this process may use. They can be fewer than the machine's: it may be bound to some of them (taskset, a cpuset),
 * or be in a container that is allowed so much of their time.
 *
 * @param ofMachine all there are
 * @param forJava so many Java counts, which knows what it is bound to, and the quota of its own control group
 * @param quota how many cores' time its control groups allow, as 1.5; infinite without a limit
 */
public record Cores(int ofMachine, int forJava, double quota) {
    /** Beside a GPU: one thread of Java launches the forward pass, and one of PyTorch the backward pass. */
    private static final int LAUNCHING = 2;

    /** As they are now. */
    public static Cores now() {
        return new Cores(Machine.logicalCores(), Runtime.getRuntime().availableProcessors(), quota(Cgroup.OWN));
    }

    /** The smallest of all quotas, since that of a group counts for those within it. */
    static double quota(Cgroup cgroup) {
        double quota = Double.POSITIVE_INFINITY;
        for (String limit : cgroup.read("cpu", "cpu.max")) {                         // "150000 100000", or "max 100000"
            String[] quotaAndPeriod = limit.split(" ");
            quota = Math.min(quota, cores(quotaAndPeriod[0].replace("max", "-1"), quotaAndPeriod[1]));
        }
        List<String> quotas = cgroup.read("cpu", "cpu.cfs_quota_us");                // version 1; -1 without a limit
        List<String> periods = cgroup.read("cpu", "cpu.cfs_period_us");
        for (int i = 0; i < quotas.size(); i++) {
            quota = Math.min(quota, cores(quotas.get(i), periods.get(i)));
        }
        return quota;
    }

    private static double cores(String quota, String period) {
        double cores = Double.parseDouble(quota) / Double.parseDouble(period);
        return cores > 0 ? cores : Double.POSITIVE_INFINITY;
    }

    /** How many threads can compute at once. A part of a core counts as one, as in Java: of 1.5 cores, two threads use more than one. */
    int usable() {
        return (int) Math.max(1, Math.min(forJava, Math.ceil(quota)));
    }

    /** How many threads may decode photos. A GPU would wait if they kept those from running that launch its work. */
    public int forDecoding() {
        return forDecoding(Engine.getInstance().getGpuCount() > 0);
    }

    int forDecoding(boolean withGpu) {
        return withGpu ? Math.max(1, usable() - LAUNCHING) : usable();
    }

    /** Whether this process may use all of them, so that it shares them with all others. */
    boolean areAll() {
        return usable() == ofMachine && quota >= ofMachine;
    }

    /** As "64 cores" or "1.5 of 64 cores". */
    String inWords() {
        double share = Math.min(usable(), quota);
        return (areAll() ? "" : new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(share) + " of ")
                + ofMachine + " cores";
    }

    /**
     * Has PyTorch compute with no more threads than can run at once. It counts the machine's physical cores itself, and knows no quota:
     * the threads that are too many wait for one another in each operation.
     *
     * @param environment where {@code OMP_NUM_THREADS} is the reader's own choice
     */
    void limitPyTorch(Map<String, String> environment) {
        int threads = threads(JniUtils.getNumThreads(), environment);
        if (threads < JniUtils.getNumThreads()) {
            JniUtils.setNumThreads(threads);
        }
    }

    int threads(int ofPyTorch, Map<String, String> environment) {
        return environment.containsKey("OMP_NUM_THREADS") ? ofPyTorch : Math.min(ofPyTorch, usable());
    }

    /** Why PyTorch computes with so many threads, as ", since ..."; empty if it is its own choice. */
    String why(int threads, Map<String, String> environment) {
        if (environment.containsKey("OMP_NUM_THREADS")) {
            return ", by OMP_NUM_THREADS";
        }
        return threads < usable() || areAll() ? ""
                : ", since " + (Math.ceil(quota) <= forJava ? "the container's quota allows " : "this process may use ") + inWords();
    }
}
