#!/usr/bin/env bash
# Guess: new XavierInitializer() without arguments is Xavier Glorot's: a variance of 2 / (inputs + outputs), that is, uniform
#   between ± √(6 / (inputs + outputs)), as PyTorch's xavier_uniform_
#   (https://docs.pytorch.org/docs/2.7/nn.init.html#torch.nn.init.xavier_uniform_).
# What happens: the variance is twice that. The magnitude 6 is divided by the mean of inputs and outputs, not by their sum. A
#   magnitude of 3 is Glorot's.
# DJL 0.36.0 with PyTorch 2.7.1:
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/api/src/main/java/ai/djl/training/initializer/XavierInitializer.java#L83
. "$(dirname "$0")/lib/packages.sh"
djl_packages

run_java << 'JAVA'
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;

class Main {
    static final int INPUTS = 600, OUTPUTS = 400;

    /** The variance of the weights, divided by Glorot's. */
    static double ratio(NDManager manager, String name, XavierInitializer initializer) {
        NDArray weights = initializer.initialize(manager, new Shape(OUTPUTS, INPUTS), DataType.FLOAT32);
        double variance = weights.square().mean().getFloat(), ratio = variance / (2.0 / (INPUTS + OUTPUTS));
        System.out.printf("%s: largest weight %.4f, variance %.5f, %.2f times Glorot's%n", name, weights.max().getFloat(), variance, ratio);
        return ratio;
    }

    public static void main(String[] args) {
        try (NDManager manager = NDManager.newBaseManager()) {
            double plain = ratio(manager, "XavierInitializer()", new XavierInitializer());
            double three = ratio(manager, "XavierInitializer(UNIFORM, AVG, 3)",
                    new XavierInitializer(RandomType.UNIFORM, FactorType.AVG, 3));
            assert Math.abs(plain - 2) < 0.1;
            assert Math.abs(three - 1) < 0.05;
        }
    }
}
JAVA
