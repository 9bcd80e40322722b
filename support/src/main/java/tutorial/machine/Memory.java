package tutorial.machine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import com.sun.jna.NativeLibrary;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oshi.SystemInfo;

/** A GPU's memory, and that which this process may have: the machine's, or less in a container with a limit (a cgroup on Linux). */
public final class Memory {
    /** Java knows the limits of containers, OSHI the machine's memory. */
    private static final OperatingSystemMXBean JAVA = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final SystemInfo OSHI = new SystemInfo();
    private static final Pattern FILES_IN_MEMORY = Pattern.compile("(?m)^(?:total_)?inactive_file (\\d+)$");

    private static final Pattern PEAK = Pattern.compile("(?m)^VmHWM:\\s+(\\d+) kB$");

    private Memory() {}

    /** Bytes that this process may have in all. */
    static long total() {
        return Math.min(JAVA.getTotalMemorySize(), ofMachine());
    }

    /** Bytes of the machine, whatever the container may have of them. */
    static long ofMachine() {
        return OSHI.getHardware().getMemory().getTotal();
    }

    /** Bytes that are free on a GPU, or that this process could still get. */
    public static long free(Device device) {
        if (device.isGpu()) {
            MemoryUsage memory = CudaUtils.getGpuMemory(device);
            return memory.getMax() - memory.getUsed();
        }
        long ofMachine = OSHI.getHardware().getMemory().getAvailable();
        return total() < ofMachine() ? Math.min(ofMachine, JAVA.getFreeMemorySize() + filesInMemory(Cgroup.OWN)) : ofMachine;
    }

    /** Bytes in use on a GPU, or by this process. */
    public static long used(Device device) {
        return device.isGpu() ? CudaUtils.getGpuMemory(device).getUsed()
                : OSHI.getOperatingSystem().getCurrentProcess().getResidentSetSize();
    }

    /** From now on {@link #peak} counts anew, on Linux. */
    public static void resetPeak() {
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        } catch (IOException | RuntimeException notHere) {
            return;                                     // then it is the greatest since the process began
        }
    }

    /** Bytes in use on a GPU, or at most by this process since {@link #resetPeak}; where that is not counted, by now. */
    public static long peak(Device device) {
        try {
            Matcher peak = device.isGpu() ? null : PEAK.matcher(Files.readString(Path.of("/proc/self/status")));
            return peak != null && peak.find() ? 1024 * Long.parseLong(peak.group(1)) : used(device);
        } catch (IOException notHere) {
            return used(device);
        }
    }

    /**
     * Gives back the memory that PyTorch and Java hold but do not use: to the operating system, where that can be done, and
     * of every GPU.
     */
    public static void freeUnused() {
        System.gc();
        Engine.getInstance();                           // loads PyTorch, which JniUtils does not
        if (JniUtils.getFeatures().contains("CUDA")) {
            JniUtils.emptyCudaCache();
        }
        try {
            NativeLibrary.getInstance("c").getFunction("malloc_trim").invokeInt(new Object[] {0L});
        } catch (UnsatisfiedLinkError notGlibc) {
            return;
        }
    }

    /**
     * Bytes of files that a container has lately read or written and that Linux keeps until it needs the memory. They count
     * as used by the container, and Java has it so; unzipped photos alone may be gigabytes.
     */
    static long filesInMemory(Cgroup cgroup) {
        return cgroup.read("memory", "memory.stat").stream().findFirst().stream().flatMap(text -> FILES_IN_MEMORY.matcher(text).results())
                .mapToLong(found -> Long.parseLong(found.group(1))).max().orElse(0);
    }
}
