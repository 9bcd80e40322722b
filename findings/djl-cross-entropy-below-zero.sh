#!/usr/bin/env bash
# Guess: SigmoidBinaryCrossEntropyLoss gives the same loss for scores as it gives, told so by fromSigmoid, for their sigmoids.
# What happens: for sigmoids it has the other sign. It is below zero, and the better the prediction, the larger: a training that
#   makes it small learns to be wrong. An issue said so in 2021 ("The loss should be positive") and was closed when a missing
#   logarithm had been put in.
# DJL 0.36.0 with PyTorch 2.7.1: https://github.com/deepjavalibrary/djl/issues/1316
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/api/src/main/java/ai/djl/training/loss/SigmoidBinaryCrossEntropyLoss.java#L72
. "$(dirname "$0")/lib/packages.sh"
djl_packages

run_java << 'JAVA'
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import ai.djl.training.loss.SigmoidBinaryCrossEntropyLoss;

class Main {
    static float loss(NDManager manager, boolean fromSigmoid, String name, float... scores) {
        NDArray labels = manager.create(new float[] {1, 0}), prediction = manager.create(scores);
        float loss = new SigmoidBinaryCrossEntropyLoss("loss", 1, fromSigmoid)
                .evaluate(new NDList(labels), new NDList(fromSigmoid ? Activation.sigmoid(prediction) : prediction)).getFloat();
        System.out.println((fromSigmoid ? "sigmoids" : "scores") + ", " + name + ": " + loss);
        return loss;
    }

    public static void main(String[] args) {
        try (NDManager manager = NDManager.newBaseManager()) {
            float right = loss(manager, false, "right", 3, -3), wrong = loss(manager, false, "wrong", -3, 3);
            float sigmoidRight = loss(manager, true, "right", 3, -3), sigmoidWrong = loss(manager, true, "wrong", -3, 3);
            assert 0 < right && right < wrong;
            assert Math.abs(sigmoidRight + right) < 1e-4 && Math.abs(sigmoidWrong + wrong) < 1e-4;
        }
    }
}
JAVA
