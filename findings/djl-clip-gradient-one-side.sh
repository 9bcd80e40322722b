#!/usr/bin/env bash
# Guess: Optimizer's optClipGrad(1) holds each gradient to [-1, 1]. So its Javadoc says: max(min(grad, clipGrad), -clipGrad).
# What happens on PyTorch: only positive gradients are clipped. -10 stays -10, so weights can still run off, in one direction.
# DJL 0.36.0 with PyTorch 2.7.1, where SGD, Adam and AdamW call clamp_max_ and nothing else:
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/engines/pytorch/pytorch-native/src/main/native/ai_djl_pytorch_jni_PyTorchLibrary_optim.cc#L66
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/api/src/main/java/ai/djl/training/optimizer/Optimizer.java#L212
. "$(dirname "$0")/lib/packages.sh"
djl_packages

run_java << 'JAVA'
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.Arrays;

class Main {
    public static void main(String[] args) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray weights = manager.zeros(new ai.djl.ndarray.types.Shape(3));
            weights.setRequiresGradient(true);
            NDArray gradients = manager.create(new float[] {10, 0.5f, -10});
            Optimizer sgd = Optimizer.sgd().setLearningRateTracker(Tracker.fixed(1)).optClipGrad(1).build();
            sgd.update("weights", weights, gradients);
            System.out.println("gradients " + Arrays.toString(gradients.toFloatArray()) + ", learning rate 1, clipped at 1");
            System.out.println("one would expect the weights [-1.0, -0.5, 1.0]");
            System.out.println("what they are after a step    " + Arrays.toString(weights.toFloatArray()));
            assert Arrays.equals(weights.toFloatArray(), new float[] {-1, -0.5f, 10});
        }
    }
}
JAVA
