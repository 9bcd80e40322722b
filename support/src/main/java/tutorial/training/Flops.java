package tutorial.training;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.nn.core.Linear;

/**
 * How much there is to compute in a network. The notebook divides it by the time of a step: what a device reaches of its
 * peak.
 *
 * <p>Counted are the multiplications, each with its addition, of convolutions and linear layers, as fvcore counts them for
 * PyTorch's networks. All else is read and written rather than computed.
 */
public final class Flops {
    private static final int OPERATIONS = 2;                // a multiplication and an addition
    private static final int PASSES = 3;                    // forward; backward to the inputs and to the weights

    private long multiplyAdds;

    private Flops() {}

    /**
     * Of one forward pass.
     *
     * @param input with the batch; a batch of 1 takes least memory to ask for, and all others are multiples of it
     */
    public static long multiplyAdds(Block block, Shape input) {
        Flops flops = new Flops();
        flops.walk(block, new Shape[] {input});
        return flops.multiplyAdds;
    }

    /**
     * Floating-point operations of a step of training, whose forward pass has so many multiply-adds.
     *
     * <p>That the first layer needs no gradient of its input is neglected, as usual: 2 % of ResNet-18.
     */
    public static double training(long multiplyAdds) {
        return (double) OPERATIONS * PASSES * multiplyAdds;
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
        if (block instanceof ParallelBlock) {
            block.getChildren().values().forEach(path -> walk(path, inputs));
        } else if (block instanceof Convolution convolution) {
            long channels = inputs[0].get(1) / convolution.getGroups();
            multiplyAdds += outputs[0].size() * channels * convolution.getKernelShape().size();
        } else if (block instanceof Linear) {
            multiplyAdds += outputs[0].size() * inputs[0].get(inputs[0].dimension() - 1);
        }
        return outputs;
    }
}
