#!/usr/bin/env bash
# Guess: NDArray.hasGradient() of what was computed from an array that requires a gradient is true while gradients are recorded, as
#   requires_grad is in PyTorch (https://docs.pytorch.org/docs/2.7/notes/autograd.html#setting-requires-grad).
# What happens: it is true of the array itself, and false of all that is computed from it, though backward() reaches the array
#   through them. So it cannot tell whether a forward pass is being recorded.
# DJL 0.36.0 with PyTorch 2.7.1:
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/engines/pytorch/pytorch-engine/src/main/java/ai/djl/pytorch/engine/PtNDArray.java
. "$(dirname "$0")/lib/packages.sh"
djl_packages

run_java << 'JAVA'
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;

class Main {
    public static void main(String[] args) {
        try (NDManager manager = NDManager.newBaseManager(); GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
            NDArray weight = manager.create(new float[] {1, 2});
            weight.setRequiresGradient(true);
            NDArray loss = weight.mul(3).sum();
            System.out.println("the weight has a gradient: " + weight.hasGradient());
            System.out.println("the loss computed from it: " + loss.hasGradient());
            assert weight.hasGradient() && !loss.hasGradient();
            gradients.backward(loss);
            System.out.println("the weight's gradient after backward(loss): " + java.util.Arrays.toString(weight.getGradient().toFloatArray()));
            assert weight.getGradient().getFloat(0) == 3;
        }
    }
}
JAVA
