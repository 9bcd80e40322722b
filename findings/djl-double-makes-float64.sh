#!/usr/bin/env bash
# Guess: the pixels of a photo, integers, divided by the Java double 255.0 are float32, as in PyTorch
#   (https://docs.pytorch.org/docs/2.7/tensor_attributes.html#torch.dtype), and go into a network of float32.
# What happens: they are float64, since DJL makes an array of the double before it divides. A layer refuses them.
# DJL 0.36.0 with PyTorch 2.7.1:
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/api/src/main/java/ai/djl/ndarray/NDManager.java#L225
. "$(dirname "$0")/lib/packages.sh"
djl_packages

run_java << 'JAVA'
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;

class Main {
    public static void main(String[] args) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray pixels = manager.create(new int[] {0, 128, 255}, new Shape(1, 3)).toType(DataType.UINT8, false);
            Block layer = Linear.builder().setUnits(2).build();
            layer.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
            for (Number white : new Number[] {255, 255f, 255.0}) {
                NDArray scaled = pixels.div(white);
                String answer = "takes them";
                try {
                    layer.forward(new ParameterStore(manager, false), new NDList(scaled), false);
                } catch (EngineException e) {
                    answer = "refuses them: " + e.getMessage().lines().findFirst().orElse("");
                }
                boolean isDouble = white instanceof Double;
                System.out.println("uint8 pixels divided by the " + white.getClass().getSimpleName() + " " + white + ": "
                        + scaled.getDataType() + ", the layer " + answer);
                assert scaled.getDataType() == (isDouble ? DataType.FLOAT64 : DataType.FLOAT32);
                assert answer.startsWith(isDouble ? "refuses" : "takes");
            }
            NDArray halved = pixels.toType(DataType.FLOAT32, false).div(255.0);
            System.out.println("float32 pixels divided by the Double 255.0: " + halved.getDataType());
            assert halved.getDataType() == DataType.FLOAT32;
        }
    }
}
JAVA
