package tutorial.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What a CPU can compute in. Without a library, since the examples ask it, too. */
public final class CpuFeatures {
    private CpuFeatures() {}

    /** Whether this CPU computes in bfloat16 as PyTorch on Linux asks it to: by AVX512-BF16, AMX, or on Arm bf16. */
    public static boolean hasBfloat16() {
        try {
            return hasBfloat16(Files.readAllLines(Path.of("/proc/cpuinfo")));
        } catch (IOException notLinux) {
            return false;
        }
    }

    /** @param cpuinfo the lines of /proc/cpuinfo */
    static boolean hasBfloat16(List<String> cpuinfo) {
        return cpuinfo.stream().anyMatch(Pattern.compile("\\b(avx512_bf16|amx_bf16|bf16)\\b").asPredicate());
    }
}
