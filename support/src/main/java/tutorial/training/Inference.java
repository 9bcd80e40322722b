package tutorial.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;

/**
 * A trained network made fast for predicting, and of no use for training. Each batch normalisation that follows a convolution is folded
 * into it, photos and weights lie channels-last, and convolutions compute in 16 bits if they may. A {@code Model} takes it as its block,
 * so that DJL's {@code Predictor} does the rest.
 *
 * <p>Normalising by the running averages is y = γ(x - μ)/√(σ² + ε) + β, so that a convolution by w that is followed by it is one by
 * wγ/√(σ² + ε) with the bias β - μγ/√(σ² + ε). Both are computed in float64 and rounded once.
 */
public final class Inference extends AbstractBlock {
    private static final String WEIGHT = "weight";
    private static final String BIAS = "bias";

    private final Block network;
    private final Precision precision;

    private Inference(Block network, Precision precision) {
        this.network = addChildBlock("network", network);
        this.precision = precision;
    }

    /**
     * Makes a network faster.
     *
     * @param network with its weights; it is taken apart, and of no other use afterwards
     * @param precision what convolutions and matrix products compute in, see {@link #fastest}
     * @throws UnsupportedOperationException if this PyTorch has no mixed precision, see {@link Autocast#whyNot()}
     */
    public static Inference of(Block network, Precision precision) {
        try (NDScope scratch = new NDScope()) {
            scratch.suppressNotUsedWarning();
            fold(network, precision);
            network.getParameters().values().forEach(parameter -> NDScope.unregister(parameter.getArray()));
        }
        return new Inference(network, precision);
    }

    /** Mixed where the device computes in 16 bits, else float32. */
    public static Precision fastest(Device device) {
        return Autocast.whyNot() == null && Autocast.whyNotFaster(device) == null ? Precision.MIXED : Precision.FLOAT32;
    }

    private static void fold(Block block, Precision precision) {
        if (block instanceof SequentialBlock sequence) {
            Deque<Block> layers = new ArrayDeque<>(sequence.getChildren().values());
            layers.forEach(layer -> sequence.removeLastBlock());
            while (!layers.isEmpty()) {
                Block layer = layers.pop();
                boolean folds = layer instanceof Conv2d && !layer.getDirectParameters().contains(BIAS) && layers.peek() instanceof BatchNorm2d;
                sequence.add(folds ? folded((Conv2d) layer, (BatchNorm2d) layers.pop(), precision) : layer);
            }
        }
        block.getChildren().values().forEach(child -> fold(child, precision));
    }

    private static Conv2d folded(Conv2d convolution, BatchNorm2d norm, Precision precision) {
        NDArray weight = convolution.getDirectParameters().get(WEIGHT).getArray();
        NDArray factor = norm.factor();
        NDArray product = weight.toType(DataType.FLOAT64, false).mul(factor.reshape(-1, 1, 1, 1)).toType(DataType.FLOAT32, false);
        Conv2d folded = Conv2d.builder().setFilters(convolution.getFilters()).setKernelShape(convolution.getKernelShape())
                .optStride(convolution.getStride()).optPadding(convolution.getPadding()).optDilation(convolution.getDilation())
                .optGroups(convolution.getGroups()).optBias(true).build();
        ParameterList parameters = folded.getDirectParameters();
        parameters.get(WEIGHT).setArray(channelsLast(precision == Precision.MIXED ? halved(product) : product));
        parameters.get(BIAS).setArray(norm.shift(factor).toType(DataType.FLOAT32, false));
        Stream.of(convolution, norm).flatMap(block -> block.getParameters().values().stream()).forEach(Parameter::close);
        return folded;
    }

    /** In 16 bits: autocast would round a weight anew for each batch. DJL has no method for it, so it is multiplied by 1 within. */
    private static NDArray halved(NDArray weight) {
        try (Autocast mixed = Autocast.of(weight.getDevice(), Precision.MIXED)) {
            return weight.reshape(-1, 1).matMul(weight.getManager().ones(new Shape(1, 1))).reshape(weight.getShape());
        }
    }

    /** With the channels of a pixel side by side; copied only if they are not. */
    private static NDArray channelsLast(NDArray array) {
        NDArray last = array.transpose(0, 2, 3, 1);
        return last.flatten().reshape(last.getShape()).transpose(0, 3, 1, 2);
    }

    @Override
    protected NDList forwardInternal(ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> options) {
        NDArray images = channelsLast(inputs.singletonOrThrow());
        try (Autocast mixed = Autocast.of(images.getDevice(), precision)) {
            return new NDList(mixed.float32(network.forward(parameters, new NDList(images), false).singletonOrThrow()));
        }
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return network.getOutputShapes(inputs);
    }
}
