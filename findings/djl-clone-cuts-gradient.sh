#!/usr/bin/env bash
# Guess: in DJL, NDArray.duplicate() and toType() pass the gradient on, as clone() and to() do in PyTorch, which runs below
#   them. PyTorch documents clone as differentiable: https://docs.pytorch.org/docs/2.7/generated/torch.clone.html
# What happens: both cut it, with no error and no warning. What is computed from the copy no longer counts for the gradient,
#   so a cast in a network's forward freezes all that lies before it. mul(1) is a copy that does pass it on.
# DJL 0.36.0 with PyTorch 2.7.1. Both native functions begin with a NoGradGuard:
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/engines/pytorch/pytorch-native/src/main/native/ai_djl_pytorch_jni_PyTorchLibrary_tensor.cc#L70
. "$(dirname "$0")/lib/packages.sh"
djl_packages

run_java << 'JAVA'
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import java.util.function.UnaryOperator;

class Main {
    /** Of copy(x)² + x where x = 3: 2·3 + 1 = 7 if the copy passes it on, 1 if it does not. */
    static float gradient(String name, UnaryOperator<NDArray> copy) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray x = manager.create(3f);
            x.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray y = copy.apply(x);
                collector.backward(y.mul(y).add(x));
            }
            float gradient = x.getGradient().getFloat();
            System.out.println("gradient of copy(x)^2 + x at 3, copy is " + name + ": " + gradient);
            return gradient;
        }
    }

    public static void main(String[] args) {
        assert gradient("x itself", x -> x) == 7;
        assert gradient("x.mul(1)", x -> x.mul(1)) == 7;
        assert gradient("x.duplicate()", x -> x.duplicate()) == 1;
        assert gradient("x.toType(FLOAT64, false)", x -> x.toType(DataType.FLOAT64, false)) == 1;
    }
}
JAVA
