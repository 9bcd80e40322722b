#!/usr/bin/env bash
# Guess: new L1Loss(name, 0.5f) is half the mean absolute error.
# What happens: with any weight but 1, the predictions are not looked at. The "loss" is the mean of the labels times the weight,
#   the same for right and wrong predictions, so no gradient comes of it.
# DJL 0.36.0 with PyTorch 2.7.1:
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/api/src/main/java/ai/djl/training/loss/L1Loss.java#L61
. "$(dirname "$0")/lib/packages.sh"
djl_packages

run_java << 'JAVA'
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.loss.L1Loss;

class Main {
    static float loss(NDManager manager, float weight, float... predictions) {
        NDList labels = new NDList(manager.create(new float[] {1, 2, 3}));
        float loss = new L1Loss("L1", weight).evaluate(labels, new NDList(manager.create(predictions))).getFloat();
        System.out.printf("labels 1, 2, 3; weight %s; predictions %s: loss %s%n", weight, java.util.Arrays.toString(predictions), loss);
        return loss;
    }

    public static void main(String[] args) {
        try (NDManager manager = NDManager.newBaseManager()) {
            assert loss(manager, 1, 1, 2, 3) == 0;
            assert loss(manager, 1, 31, 2, 3) == 10;
            assert loss(manager, 0.5f, 1, 2, 3) == 1;           // half of the labels' mean, 2: one would expect 0
            assert loss(manager, 0.5f, 31, 2, 3) == 1;          // one would expect 5
        }
    }
}
JAVA
