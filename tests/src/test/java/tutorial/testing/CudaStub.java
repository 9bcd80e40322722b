package tutorial.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Stands in for a machine with NVIDIA's GPUs: a driver and CUDA runtimes that only list what the test says, compiled from
 * a few lines of C, and an nvidia-smi. {@link SetUp} runs there, in a process of its own.
 */
public final class CudaStub {
    private static final String RUNTIME = """
            int cudaGetDeviceCount(int *count) { *count = 1; return FAILS; }
            int cudaRuntimeGetVersion(int *version) { *version = VERSION; return 0; }
            int cudaDeviceGetAttribute(int *value, int attribute, int device) { *value = attribute == 75 ? 7 : 5; return 0; }
            const char *cudaGetErrorString(int error) { return "stub"; }
            """;

    /** STUB_GPUS lists "name|bytes|capability;…"; CUDA_VISIBLE_DEVICES hides them all or is not set. */
    private static final String DRIVER = """
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            static int find(int device, char *name, long *bytes, int *capability) {
                char *all = strdup(getenv("STUB_GPUS")), *rest = all;
                for (char *one; (one = strsep(&rest, ";")); device--)
                    if (device == 0) return sscanf(one, "%[^|]|%ld|%d", name, bytes, capability) == 3;
                return 0;
            }
            static char name_[256]; static long bytes_; static int capability_;
            int cuInit(unsigned flags) { return getenv("CUDA_VISIBLE_DEVICES") ? 100 : atoi(getenv("STUB_ERROR")); }
            int cuDriverGetVersion(int *version) { *version = atoi(getenv("STUB_CUDA")); return 0; }
            int cuDeviceGetCount(int *count) { for (*count = 0; find(*count, name_, &bytes_, &capability_); ++*count); return 0; }
            int cuDeviceGet(int *device, int ordinal) { *device = ordinal; return 0; }
            int cuDeviceGetName(char *name, int length, int device) { find(device, name_, &bytes_, &capability_); strncpy(name, name_, length); return 0; }
            int cuDeviceTotalMem_v2(size_t *bytes, int device) { find(device, name_, &bytes_, &capability_); *bytes = bytes_; return 0; }
            int cuDeviceGetAttribute(int *value, int attribute, int device) {
                find(device, name_, &bytes_, &capability_);
                *value = attribute == 75 ? capability_ / 10 : capability_ % 10;
                return 0;
            }
            int cuDeviceGetUuid_v2(char *uuid, int device) { memset(uuid, 0x11 * (device + 1), 16); return 0; }
            int cuGetErrorString(int error, const char **text) { *text = error == 100 ? "no CUDA-capable device is detected" : "system not yet initialized"; return 0; }
            """;

    private final Path folder;
    private final Map<String, String> environment = new TreeMap<>();
    private final List<String> options = new ArrayList<>();

    /** A machine without anything of NVIDIA's, and with an empty cache of DJL's. */
    public CudaStub(Path folder) throws IOException {
        this.folder = folder;
        environment.put("DJL_CACHE_DIR", folder.resolve("djl").toString());
        environment.put("PATH", Files.createDirectories(folder.resolve("bin")) + ":/usr/bin:/bin");
        environment.put("LD_LIBRARY_PATH", Files.createDirectories(folder.resolve("lib")).toString());
        environment.put("STUB_CUDA", "12080");
        environment.put("STUB_ERROR", "0");
    }

    public static boolean canBeCompiled() {
        try {
            return new ProcessBuilder("cc", "--version").redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start().waitFor() == 0 && System.getProperty("os.name").startsWith("Linux")
                    && System.getProperty("os.arch").equals("amd64");
        } catch (IOException | InterruptedException noCompiler) {
            return false;
        }
    }

    /** @param gpus as "Tesla T4|15843721216|75", parted by semicolons */
    public CudaStub driver(String gpus) throws IOException, InterruptedException {
        environment.put("STUB_GPUS", gpus);
        compile(folder.resolve("lib/libcuda.so.1"), DRIVER);
        return this;
    }

    /** @param answer what it prints to a query of names, drivers and memory */
    public CudaStub nvidiaSmi(String answer) throws IOException {
        Path smi = Files.writeString(folder.resolve("bin/nvidia-smi"), "#!/bin/sh\necho '" + answer + "'\n");
        assertEquals(true, smi.toFile().setExecutable(true));
        return this;
    }

    /** @param version as 12080; negative: one that does not go with the driver */
    public CudaStub runtime(Path file, int version) throws IOException, InterruptedException {
        compile(file, RUNTIME, "-DVERSION=" + Math.abs(version), "-DFAILS=" + (version < 0 ? 35 : 0));
        return this;
    }

    /** As pip puts it where the Java kernel is; the kernel's jar is on the class path. */
    public CudaStub wheel() throws IOException, InterruptedException {
        return runtime(wheelFile(), 12080);
    }

    public Path wheelFile() {
        return folder.resolve("venv/lib/python3.12/site-packages/nvidia/cuda_runtime/lib/libcudart.so.12");
    }

    /** DJL's CUDA build, or the first file of it, as if it had been fetched before. */
    public CudaStub fetched() throws IOException {
        Path lib = Files.createDirectories(folder.resolve("djl/pytorch/2.7.1-cu128-linux-x86_64"));
        Files.writeString(lib.resolve("libtorch.so"), "");
        return this;
    }

    public CudaStub with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    public CudaStub option(String option) {
        options.add(option);
        return this;
    }

    public Map<String, String> environment() {
        return environment;
    }

    /** What {@link SetUp} decides on this machine. */
    public Map<String, String> setUp(String... tasks) throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        if (!List.of(tasks).contains("computes")) {   // as on the page, where it is loaded for the CPU alone
            classPath = Stream.of(classPath.split(File.pathSeparator)).filter(jar -> !jar.contains("pytorch-native-cpu")).collect(Collectors.joining(File.pathSeparator));
        }
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath + File.pathSeparator + folder.resolve("venv/share/jupyter/kernels/java/jjava.jar"), SetUp.class.getName()));
        command.addAll(List.of(tasks));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(CUDA|PYTORCH|DJL|JJAVA|IJAVA|CONDA|VIRTUAL|NVIDIA).*|JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(environment);
        Path log = folder.resolve("set-up.log");
        Process process = builder.redirectError(log.toFile()).start();
        Map<String, String> said = new LinkedHashMap<>();
        for (String line : new String(process.getInputStream().readAllBytes()).split("\n")) {
            String[] pair = line.split(": ", 2);
            said.merge(pair[0], pair.length > 1 ? pair[1] : "", (before, now) -> before + "\n" + now);
        }
        assertEquals(0, process.waitFor(), said + Files.readString(log));
        return said;
    }

    public static void compile(Path library, String code, String... options) throws IOException, InterruptedException {
        Files.createDirectories(library.getParent());
        Path source = Files.writeString(Files.createTempFile("stub", ".c"), code);
        List<String> command = new ArrayList<>(List.of("cc", "-w", "-D_GNU_SOURCE", "-shared", "-fPIC", "-o", library.toString(), source.toString()));
        command.addAll(List.of(options));
        Process cc = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(cc.getInputStream().readAllBytes());
        assertEquals(0, cc.waitFor(), said);
        Files.delete(source);
    }
}
