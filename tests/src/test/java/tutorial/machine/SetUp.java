package tutorial.machine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import ai.djl.util.cuda.CudaUtils;
import com.sun.jna.NativeLibrary;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Path;

/** What the notebook's set-up does, in a process of its own: it prints what was decided, as lines "name: value". */
public final class SetUp {
    /** Nothing listens there. */
    private static final URI NOWHERE = URI.create("http://127.0.0.1:9/pytorch/2.7.1/");

    private SetUp() {}

    public static void main(String[] tasks) throws Exception {
        PyTorch pytorch = PyTorch.choose(NOWHERE, System.getenv(), line -> say("told", line));
        say("build", pytorch.build());
        say("why", pytorch.obstacle());
        say("flavour", System.getProperty("PYTORCH_FLAVOR"));
        Cuda.DRIVER.gpus().forEach(gpu -> say("gpu", gpu));
        say("row", Machine.hardware().get("GPU"));
        say("driver", Machine.hardware().get("NVIDIA driver"));
        int counted = CudaUtils.getGpuCount();
        say("counted", counted);
        Path runtime = counted > 0 ? NativeLibrary.getInstance("cudart").getFile().toPath() : Path.of("none");
        say("runtime", runtime.isAbsolute() ? runtime.toRealPath() : runtime);   // else found by the loader
        for (String task : tasks) {
            if (task.equals("library")) {
                takesLibrary();
            } else {
                computes(pytorch);
            }
        }
    }

    /** What DJL would load. */
    private static void takesLibrary() throws ReflectiveOperationException {
        Method find = LibUtils.class.getDeclaredMethod("getLibTorch");
        find.setAccessible(true);
        Object library = find.invoke(null);
        for (String what : new String[] {"dir", "flavor"}) {
            Field field = library.getClass().getDeclaredField(what);
            field.setAccessible(true);
            say("library's " + what, field.get(library));
        }
    }

    /** The CPU build stands in for one with CUDA: DJL believes that it has CUDA, and counts the GPU of the stub. */
    private static void computes(PyTorch pytorch) {
        Engine.getInstance();
        JniUtils.getFeatures().add("CUDA");
        Engine engine = pytorch.start();
        say("GPUs of the engine", engine.getGpuCount());
        say("why not", pytorch.whyNot(Device.gpu(0)));
        try (NDManager manager = NDManager.newBaseManager()) {
            say("default device", manager.getDevice());
            SequentialBlock network = new SequentialBlock().add(Linear.builder().setUnits(2).build()).add(Blocks.identityBlock());
            try (NDManager cpu = NDManager.newBaseManager(Device.cpu())) {
                network.initialize(cpu, DataType.FLOAT32, new Shape(1, 3));
                say("CPU computes", cpu.ones(new Shape(3)).sum().getFloat());
            }
        }
    }

    private static void say(String what, Object value) {
        System.out.println(what + ": " + value);
    }
}
