package tutorial.training;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;

/**
 * How much there is to compute in a network. The notebook divides it by the time of a step: what a device reaches of its
 * peak.
 *
 * <p>Counted are the multiplications, each with its addition, of convolutions and linear layers, as fvcore counts them for
 * PyTorch's networks. All else is read and written rather than computed: that is counted as traffic.
 */
public final class Flops {
    private static final int OPERATIONS = 2;                // a multiplication and an addition
    private static final int PASSES = 3;                    // forward; backward to the inputs and to the weights
    private static final String IDENTITY = "identity";      // what Blocks.identityBlock() is called

    /** Arrays that a layer reads or writes at least in a step, for each number of its input or output. */
    private static final double OF_BATCH_NORM = 8;          // forward x for the mean, x and y; backward x and dy twice, and dx
    private static final double OF_OTHERS = 2.5;            // x, y; dy, dx, and one of x and y again: ReLU, pooling
    private static final double OF_A_SUM = 3;               // reads two and writes one: forward at the end, backward at the beginning
    private static final double OF_OPTIMISER = 5;           // reads gradient, momentum and weight, writes the latter two

    private final boolean first;
    private long multiplyAdds;
    private double activations;
    private double weights;

    private Flops(boolean first) {
        this.first = first;
    }

    /**
     * Of one forward pass.
     *
     * @param input with the batch; a batch of 1 takes least memory to ask for, and all others are multiples of it
     */
    public static long multiplyAdds(Block block, Shape input) {
        return of(block, input, false).multiplyAdds;
    }

    /**
     * Floating-point operations of a step of training, whose forward pass has so many multiply-adds.
     *
     * <p>That the first layer needs no gradient of its input is neglected, as usual: 2 % of ResNet-18.
     */
    public static double training(long multiplyAdds) {
        return (double) OPERATIONS * PASSES * multiplyAdds;
    }

    /**
     * Counts a part of the network.
     *
     * @param input of one image
     * @param first whether it takes the photos, for which no gradient is computed
     */
    static Flops of(Block part, Shape input, boolean first) {
        Flops flops = new Flops(first);
        flops.walk(part, new Shape[] {input});
        return flops;
    }

    /** Floating-point operations of a step of training. */
    double ofStep(int images) {
        return (double) OPERATIONS * passes() * multiplyAdds * images;
    }

    /**
     * Bytes that a step of training reads and writes at least, layer by layer, as if nothing stayed in a cache from one layer to
     * the next.
     */
    double bytesOfStep(int images, Precision precision) {
        double perNumber = precision == Precision.MIXED ? Short.BYTES : Float.BYTES;
        return perNumber * (activations * images + passes() * weights) + Float.BYTES * OF_OPTIMISER * weights;
    }

    private int passes() {
        return first ? PASSES - 1 : PASSES;
    }

    /** Adds what a block computes, and returns the shapes of what it makes. */
    private Shape[] walk(Block block, Shape[] inputs) {
        if (block instanceof SequentialBlock) {
            Shape[] current = inputs;
            for (Block child : block.getChildren().values()) {
                current = walk(child, current);
            }
            return current;
        }
        Shape[] outputs = block.getOutputShapes(inputs);
        double in = inputs[0].size();
        double out = outputs[0].size();
        if (block instanceof ParallelBlock) {
            block.getChildren().values().forEach(path -> walk(path, inputs));
            activations += OF_A_SUM * (in + out);
        } else if (block instanceof Convolution convolution) {
            long channels = inputs[0].get(1) / convolution.getGroups();
            multiplyAdds += outputs[0].size() * channels * convolution.getKernelShape().size();
            activations += passes() * (in + out);
            weights += outputs[0].get(1) * channels * convolution.getKernelShape().size();
        } else if (block instanceof Linear) {
            multiplyAdds += outputs[0].size() * inputs[0].get(inputs[0].dimension() - 1);
            activations += passes() * (in + out);
            weights += outputs[0].get(1) * inputs[0].get(inputs[0].dimension() - 1);
        } else if (block instanceof BatchNorm2d || block instanceof BatchNorm) {
            activations += OF_BATCH_NORM * in;
        } else if (!(block instanceof LambdaBlock lambda && lambda.getName().equals(IDENTITY))) {
            activations += OF_OTHERS * (in + out);
        }
        return outputs;
    }
}
