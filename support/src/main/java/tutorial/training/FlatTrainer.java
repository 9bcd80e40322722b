package tutorial.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * DJL's {@link Trainer}, but all that training adjusts lies in one array, of which the network's layers see views.
 *
 * <p>DJL's own updates each parameter by itself, by nine operators: 558 for the 62 parameters of ResNet-18, and a GPU has
 * to be told of each. Here the gradient of a step is one array, too, and the optimiser is called once for all.
 *
 * <p>The model has what was learnt when the trainer is closed, not before.
 */
public final class FlatTrainer extends Trainer {
    private final Optimizer optimizer;
    private final Format format;
    private final List<Parameter> parameters = new ArrayList<>();
    private NDArray weights;
    private Views current;
    private NDManager step;
    private NDArray leaf;

    /**
     * @param model its network has its weights, on the device that the configuration names
     * @param config with one device; of the rest, its loss and its optimiser count
     * @param format the weights of convolutions lie in memory as the images do, (out, height, width, in) if channels-last, or they
     *     would be copied to the other layout in every step
     */
    public FlatTrainer(Model model, TrainingConfig config, Format format) {
        super(model, config);
        if (config.getDevices().length != 1) {
            throw new IllegalArgumentException("FlatTrainer trains on one device, not on " + config.getDevices().length);
        }
        this.optimizer = config.getOptimizer();
        this.format = format;
    }

    /** How it trains. */
    public Format format() {
        return format;
    }

    /** Copies the network's weights into one array; a network without weights gets random ones first, for these inputs. */
    @Override
    public void initialize(Shape... inputs) {
        Block network = getModel().getBlock();
        if (!network.isInitialized()) {
            network.initialize(getModel().getNDManager(), getModel().getDataType(), inputs);
        }
        network.getParameters().values().stream().filter(Parameter::requiresGradient).forEach(parameters::add);
        try (NDManager scratch = getManager().newSubManager()) {
            NDList flat = new NDList();
            for (Parameter parameter : parameters) {
                NDArray array = parameter.getArray().stopGradient();
                array.attach(scratch);
                flat.add((isReordered(array.getShape()) ? array.transpose(0, 2, 3, 1) : array).flatten());
            }
            weights = NDArrays.concat(flat);
            weights.attach(getManager());
        }
        current = new Views(weights);
    }

    @Override
    public NDList forward(NDList input) {
        return getModel().getBlock().forward(beginStep(), input, true);
    }

    @Override
    public NDList forward(NDList data, NDList labels) {
        return getModel().getBlock().forward(beginStep(), data, labels, null);
    }

    @Override
    public NDList evaluate(NDList input) {
        return getModel().getBlock().forward(current(), input, false, null);
    }

    /** Adjusts the weights by the gradient of the last {@link #forward}, whose backward pass has been done. */
    @Override
    public void step() {
        if (leaf == null) {
            throw new IllegalStateException("No gradient yet: call forward, and backward on the loss, before each step.");
        }
        optimizer.update("weights", weights, leaf.getGradient());
        endStep();
    }

    /** Gives the model what was learnt, and frees all that the trainer owns. */
    @Override
    public void close() {
        try {
            if (current != null && getManager().isOpen()) {
                endStep();
                current.ofParameters.forEach(this::giveBack);
            }
        } finally {
            super.close();
        }
    }

    private void giveBack(Parameter parameter, NDArray learnt) {
        try (NDArray withoutGradient = parameter.getArray().stopGradient()) {
            withoutGradient.set(new NDIndex("..."), learnt);
        }
    }

    /** Anew for each step: its gradient is then that of this step alone, and nothing has to be set to zero and added to. */
    private ParameterStore beginStep() {
        current();
        endStep();
        step = getManager().newSubManager();
        leaf = weights.stopGradient();
        leaf.attach(step);
        leaf.setRequiresGradient(true);
        return new Views(leaf);
    }

    /** The weights as they are now. As DJL's own trainer, this one need not be initialised where the network has weights. */
    private ParameterStore current() {
        if (current == null) {
            initialize();
        }
        return current;
    }

    private void endStep() {
        if (step != null) {
            step.close();
            step = null;
            leaf = null;
        }
    }

    private boolean isReordered(Shape shape) {
        return format.layout() == Layout.NHWC && shape.dimension() == 4;
    }

    /** Each parameter as a part of one array. What training does not adjust by gradients is the network's own. */
    private final class Views extends ParameterStore {
        private final Map<Parameter, NDArray> ofParameters = new HashMap<>();

        Views(NDArray all) {
            super(all.getManager(), false);
            long[] ends = new long[parameters.size()];
            for (int i = 0; i < ends.length; i++) {
                ends[i] = parameters.get(i).getShape().size() + (i == 0 ? 0 : ends[i - 1]);
            }
            NDList parts = all.split(Arrays.copyOf(ends, ends.length - 1));
            for (int i = 0; i < ends.length; i++) {
                ofParameters.put(parameters.get(i), view(parts.get(i), parameters.get(i).getShape()));
            }
        }

        private NDArray view(NDArray part, Shape shape) {
            if (!isReordered(shape)) {
                return part.reshape(shape);
            }
            return part.reshape(shape.get(0), shape.get(2), shape.get(3), shape.get(1)).transpose(0, 3, 1, 2);
        }

        @Override
        public NDArray getValue(Parameter parameter, Device device, boolean training) {
            NDArray view = ofParameters.get(parameter);
            return view != null || parameter == null ? view : parameter.getArray();
        }
    }
}
