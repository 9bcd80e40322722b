#!/usr/bin/env bash
# Guess: what DJL's api offers works with PyTorch, DJL's best kept engine, or its Javadoc names the engines that have it.
# What happens: the augmentations of colour, four of seven optimisers and transposed convolutions compile and are built, and throw
#   UnsupportedOperationException with the first batch.
# DJL 0.36.0 with PyTorch 2.7.1 (optimisers from line 183 on, transposed convolutions 323, colours 560):
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/engines/pytorch/pytorch-engine/src/main/java/ai/djl/pytorch/engine/PtNDArrayEx.java
. "$(dirname "$0")/lib/packages.sh"
djl_packages

run_java << 'JAVA'
import ai.djl.modality.cv.transform.RandomBrightness;
import ai.djl.modality.cv.transform.RandomColorJitter;
import ai.djl.modality.cv.transform.RandomHue;
import ai.djl.modality.cv.transform.RandomResizedCrop;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv2dTranspose;
import ai.djl.training.ParameterStore;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.Transform;
import java.util.List;

class Main {
    static boolean works(String name, Runnable use) {
        boolean works = true;
        try {
            use.run();
        } catch (UnsupportedOperationException e) {
            works = false;
        }
        System.out.println(name + (works ? " works" : " is not supported"));
        return works;
    }

    static boolean works(NDManager manager, Transform transform) {
        NDArray image = manager.zeros(new Shape(8, 8, 3), DataType.UINT8);
        return works(transform.getClass().getSimpleName(), () -> transform.transform(image));
    }

    static boolean works(NDManager manager, Optimizer optimizer) {
        NDArray weight = manager.ones(new Shape(2)), gradient = manager.ones(new Shape(2));
        weight.setRequiresGradient(true);
        return works(optimizer.getClass().getSimpleName(), () -> optimizer.update("weight", weight, gradient));
    }

    static boolean works(NDManager manager, Block block) {
        NDList images = new NDList(manager.zeros(new Shape(1, 3, 8, 8)));
        block.initialize(manager, DataType.FLOAT32, images.getShapes());
        return works(block.getClass().getSimpleName(), () -> block.forward(new ParameterStore(manager, false), images, false));
    }

    public static void main(String[] args) {
        Tracker rate = Tracker.fixed(0.1f);
        try (NDManager manager = NDManager.newBaseManager()) {
            assert works(manager, new RandomResizedCrop(4, 4));
            for (Transform transform : List.of(new RandomBrightness(1), new RandomHue(1), new RandomColorJitter(1, 1, 1, 1))) {
                assert !works(manager, transform);
            }
            assert works(manager, Optimizer.sgd().setLearningRateTracker(rate).build());
            assert works(manager, Optimizer.adam().optLearningRateTracker(rate).build());
            assert works(manager, Optimizer.adamW().optLearningRateTracker(rate).build());
            assert !works(manager, Optimizer.nag().setLearningRateTracker(rate).setMomentum(0.9f).build());
            assert !works(manager, Optimizer.rmsprop().optLearningRateTracker(rate).build());
            assert !works(manager, Optimizer.adagrad().optLearningRateTracker(rate).build());
            assert !works(manager, Optimizer.adadelta().build());
            assert works(manager, Conv2d.builder().setFilters(2).setKernelShape(new Shape(2, 2)).build());
            assert !works(manager, Conv2dTranspose.builder().setFilters(2).setKernelShape(new Shape(2, 2)).build());
        }
    }
}
JAVA
