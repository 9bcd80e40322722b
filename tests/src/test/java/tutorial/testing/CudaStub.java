package tutorial.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tutorial.machine.SetUp;

/**
 * Stands in for a machine with NVIDIA's GPUs: libraries of the driver and CUDA runtimes that only list what the test says,
 * compiled from a few lines of C. {@link SetUp} runs there, in a process of its own.
 */
public final class CudaStub {
    private final Path folder;
    private final Map<String, String> environment = new TreeMap<>();
    private final List<String> options = new ArrayList<>();

    /** A machine without anything of NVIDIA's, and with an empty cache of DJL's. */
    public CudaStub(Path folder) throws IOException {
        this.folder = folder;
        environment.put("DJL_CACHE_DIR", folder.resolve("djl").toString());
        environment.put("LD_LIBRARY_PATH", Files.createDirectories(folder.resolve("lib")).toString());
        environment.put("STUB_CUDA", "12080");
        environment.put("STUB_ERROR", "0");
    }

    public static boolean canBeCompiled() {
        try {
            return System.getProperty("os.name").startsWith("Linux") && System.getProperty("os.arch").equals("amd64")
                    && new ProcessBuilder("cc", "--version").redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException | InterruptedException noCompiler) {
            return false;
        }
    }

    /**
     * NVIDIA's driver, version 550.54.15.
     *
     * @param gpus as "Tesla T4|15843721216|75", parted by semicolons
     */
    public CudaStub driver(String gpus) throws IOException, InterruptedException {
        environment.put("STUB_GPUS", gpus);
        compile("cuda_driver.c", folder.resolve("lib/libcuda.so.1"));
        return managementLibrary();
    }

    /** The part of the driver that nvidia-smi asks, alone. */
    public CudaStub managementLibrary() throws IOException, InterruptedException {
        compile("nvml.c", folder.resolve("lib/libnvidia-ml.so.1"));
        return this;
    }

    /** @param version as 12080; negative: one that does not go with the driver */
    public CudaStub runtime(Path file, int version) throws IOException, InterruptedException {
        compile("cuda_runtime.c", file, "-DVERSION=" + Math.abs(version), "-DFAILS=" + (version < 0 ? 35 : 0));
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
            classPath = Stream.of(classPath.split(File.pathSeparator)).filter(jar -> !jar.contains("pytorch-native-cpu"))
                    .collect(Collectors.joining(File.pathSeparator));
        }
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath + File.pathSeparator + folder.resolve("venv/share/jupyter/kernels/java/jjava.jar"),
                SetUp.class.getName()));
        command.addAll(List.of(tasks));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(
                name -> name.matches("(CUDA|PYTORCH|DJL|JJAVA|IJAVA|CONDA|VIRTUAL|NVIDIA).*|JAVA_TOOL_OPTIONS"));
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

    /** @param source a file of the test resources {@code stubs} */
    public static void compile(String source, Path library, String... options) throws IOException, InterruptedException {
        Files.createDirectories(library.getParent());
        Path copy = Files.createTempFile("stub", ".c");
        try (InputStream in = CudaStub.class.getResourceAsStream("/stubs/" + source)) {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> command = new ArrayList<>(List.of("cc", "-w", "-D_GNU_SOURCE", "-shared", "-fPIC"));
        command.addAll(List.of("-o", library.toString(), copy.toString()));
        command.addAll(List.of(options));
        Process cc = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(cc.getInputStream().readAllBytes());
        assertEquals(0, cc.waitFor(), said);
        Files.delete(copy);
    }
}
