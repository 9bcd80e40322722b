package tutorial.training;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tutorial.machine.Gpu;
import tutorial.machine.Machine;
import tutorial.machine.OutOfMemory;
import tutorial.machine.PyTorch;
import tutorial.machine.TrainingThread;

/**
 * A device that trains.
 *
 * @param name on the page: "CPU", "GPU"
 */
public record TrainingDevice(String name, Device device) {
    public static final TrainingDevice CPU = new TrainingDevice("CPU", Device.cpu());
    private static final String STAND_IN = "CPU standing in for the GPU";

    /**
     * The devices to compare: the CPU, and a second one where it is to be had.
     *
     * @param second "gpu0", "none", or "cpu", which has the CPU in a GPU's place to try the notebook out
     * @param tell takes a line, as HTML, on why there is no second device and what to do
     */
    static List<TrainingDevice> find(String second, PyTorch pytorch, Consumer<String> tell) {
        List<TrainingDevice> devices = new ArrayList<>(List.of(CPU));
        if (second.equals("cpu")) {
            devices.add(new TrainingDevice(STAND_IN, Device.cpu()));
            tell.accept("<b>The CPU stands in for the GPU</b>, since secondDevice = \"cpu\". What follows says nothing about a GPU.");
        } else if (second.equals("none")) {
            tell.accept("<b>There is no second device</b>, since secondDevice = \"none\".");
        } else {
            String whyNot = pytorch.whyNot(Device.fromName(second));       // tries it out, with a sum and a convolution
            if (whyNot == null) {
                devices.add(new TrainingDevice("GPU", Device.fromName(second)));
            } else {
                tell.accept("<b>There is no second device.</b> " + whyNot);
            }
        }
        tell.accept("In this race: " + devices.stream().map(TrainingDevice::name).collect(Collectors.joining(", ")));
        return devices;
    }

    public boolean isGpu() {
        return device.isGpu();
    }

    /** Whether a call to it may return before the work is done. The CPU in a GPU's place is taken for one, to try out what a GPU does. */
    public boolean isAsynchronous() {
        return isGpu() || name.equals(STAND_IN);
    }

    /** The name of the chip. */
    public String processor() {
        return isGpu() ? Gpu.of(device).name() : Machine.cpu();
    }

    /**
     * Runs some work on a thread that Jupyter's stop button ends between two batches, see {@link TrainingThread}.
     *
     * @param settings as they are now
     * @throws IllegalStateException in one line with the remedy, if a batch does not fit into memory
     */
    public <T> T run(Settings settings, Callable<T> work) throws Exception {
        try {
            return TrainingThread.run(work);
        } catch (EngineException e) {
            throw OutOfMemory.explained(e, name, settings.batchSize());
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
