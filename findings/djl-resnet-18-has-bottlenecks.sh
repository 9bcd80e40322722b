#!/usr/bin/env bash
# Guess: DJL's ResNetV1 with setNumLayers(18) is ResNet-18: 11,178,564 trained weights with four classes, as torchvision's
#   (11,689,512 with 1,000 classes, https://docs.pytorch.org/vision/0.22/models/generated/torchvision.models.resnet18.html).
# What happens: it has 894,628, a twelfth. For images of more than 28 pixels its blocks are bottlenecks (1x1, 3x3, 1x1), which
#   the paper uses from 50 layers on (https://arxiv.org/abs/1512.03385, table 1), on the filters of the shallow networks. With
#   three convolutions in each block there are 26 layers, not 18. Pretrained weights of ResNet-18 do not fit. 34 likewise.
# DJL 0.36.0 with PyTorch 2.7.1, where both branches say "bottleneck = true":
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/model-zoo/src/main/java/ai/djl/basicmodelzoo/cv/classification/ResNetV1.java#L336
. "$(dirname "$0")/lib/packages.sh"
djl_packages ai.djl:model-zoo:0.36.0

run_java << 'JAVA'
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;

class Main {
    static long trained(int layers, int classes) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block network = ResNetV1.builder().setImageShape(new Shape(3, 224, 224)).setNumLayers(layers).setOutSize(classes).build();
            network.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 224, 224));
            long weights = 0, convolutions = 0;
            for (Parameter parameter : network.getParameters().values()) {
                weights += parameter.requiresGradient() ? parameter.getArray().size() : 0;
                convolutions += parameter.getArray().getShape().dimension() == 4 ? 1 : 0;
            }
            System.out.printf("setNumLayers(%d), %d classes: %,d trained weights, %d convolutions%n", layers, classes, weights, convolutions);
            return weights;
        }
    }

    public static void main(String[] args) {
        System.out.println("ResNet-18 of the paper, 4 classes: 11,178,564 trained weights, 20 convolutions");
        assert trained(18, 4) == 894_628;
        System.out.println("ResNet-34 of the paper, 1000 classes: 21,797,672 trained weights, 36 convolutions");
        assert trained(34, 1000) == 2_009_688;
    }
}
JAVA
