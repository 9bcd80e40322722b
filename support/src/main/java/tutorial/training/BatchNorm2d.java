package tutorial.training;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * DJL's {@code BatchNorm} of the channels of (N, C, H, W), saved and loaded alike, but what it makes is no view.
 *
 * <p>DJL's own swaps axes around the operator, even where there is nothing to swap. PyTorch takes the result for a view of
 * another array, and whatever works in place on a view, as {@link InPlace} does, costs several copies on the way back.
 */
public final class BatchNorm2d extends AbstractBlock {
    private static final byte VERSION_OF_BATCH_NORM = 2;
    private static final int NO_SWAP = -1;

    private final float epsilon;
    private final float momentum;
    private final Parameter gamma = parameter("gamma", Parameter.Type.GAMMA, true);
    private final Parameter beta = parameter("beta", Parameter.Type.BETA, true);
    private final Parameter mean = parameter("runningMean", Parameter.Type.RUNNING_MEAN, false);
    private final Parameter variance = parameter("runningVar", Parameter.Type.RUNNING_VAR, false);

    /**
     * @param epsilon is added to the variance
     * @param momentum what the running averages keep of themselves in a step of training, 0 to 1
     */
    public BatchNorm2d(float epsilon, float momentum) {
        super(VERSION_OF_BATCH_NORM);
        this.epsilon = epsilon;
        this.momentum = momentum;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> options) {
        NDArray input = inputs.singletonOrThrow();
        Device device = input.getDevice();
        return input.getNDArrayInternal().batchNorm(input, parameters.getValue(mean, device, training),
                parameters.getValue(variance, device, training), parameters.getValue(gamma, device, training),
                parameters.getValue(beta, device, training), NO_SWAP, momentum, epsilon, training);
    }

    /** By what predicting multiplies each channel: γ/√(σ² + ε), in float64. */
    NDArray factor() {
        return inFloat64(gamma).div(inFloat64(variance).add(epsilon).sqrt());
    }

    /** What it adds to each channel then: β - μγ/√(σ² + ε), in float64. */
    NDArray shift(NDArray factor) {
        return inFloat64(beta).sub(inFloat64(mean).mul(factor));
    }

    private static NDArray inFloat64(Parameter parameter) {
        return parameter.getArray().toType(DataType.FLOAT64, true);
    }

    @Override
    protected void saveMetadata(DataOutputStream out) throws IOException {
        super.saveMetadata(out);
        out.writeLong(gamma.getShape().size());
    }

    @Override
    public void loadMetadata(byte version, DataInputStream in) throws IOException, MalformedModelException {
        super.loadMetadata(version, in);
        in.readLong();                      // the number of channels, which the parameters have, too
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return inputs;
    }

    @Override
    protected void prepare(Shape[] inputs) {
        getDirectParameters().values().forEach(parameter -> parameter.setShape(new Shape(inputs[0].get(1))));
    }

    private Parameter parameter(String name, Parameter.Type type, boolean trained) {
        return addParameter(Parameter.builder().setName(name).setType(type).optRequiresGrad(trained).build());
    }
}
