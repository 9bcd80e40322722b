#!/usr/bin/env bash
# Guess: the loss that an evaluator of DJL reports for an epoch is the mean over its samples, as the accuracy beside it is.
# What happens: it is the mean of the batches' means. The last batch, which is smaller as a rule, counts as much as a whole one:
#   with 32 samples of loss 1 and then a single one of loss 100, it is 50.5, where the mean of the 33 samples is 4.
# DJL 0.36.0 with PyTorch 2.7.1:
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/api/src/main/java/ai/djl/training/loss/Loss.java#L397
. "$(dirname "$0")/lib/packages.sh"
djl_packages

run_java << 'JAVA'
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.evaluator.BinaryAccuracy;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.loss.Loss;

class Main {
    /** Of a batch with 32 samples that are off by 1, all taken for right, and one that is off by 100, taken for wrong. */
    static float reported(NDManager manager, Evaluator evaluator) {
        evaluator.addAccumulator("epoch");
        NDList whole = new NDList(manager.zeros(new Shape(32, 1))), one = new NDList(manager.zeros(new Shape(1, 1)));
        evaluator.updateAccumulator("epoch", whole, new NDList(whole.head().sub(1)));
        evaluator.updateAccumulator("epoch", one, new NDList(one.head().add(100)));
        return evaluator.getAccumulator("epoch");
    }

    public static void main(String[] args) {
        try (NDManager manager = NDManager.newBaseManager()) {
            float loss = reported(manager, Loss.l1Loss()), accuracy = reported(manager, new BinaryAccuracy());
            System.out.println("losses: 32 times 1, once 100; their mean is " + (32 * 1 + 100) / 33);
            System.out.println("reported loss: " + loss);
            System.out.println("reported accuracy of the same batches, 32 right of 33: " + accuracy);
            assert loss == 50.5f;
            assert Math.abs(accuracy - 32 / 33f) < 1e-6;
        }
    }
}
JAVA
