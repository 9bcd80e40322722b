#!/usr/bin/env bash
# Guess: manager.ones(new Shape(2, 3)).contentEquals(1) is true. DJL's Javadoc has this very example, with that answer.
# What happens: false, whatever the array holds, since the number is made an array without dimensions first, and arrays of
#   different shapes are not equal. Of a single number it is false as well unless its type is that of the Java number.
# DJL 0.36.0 with PyTorch 2.7.1:
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/api/src/main/java/ai/djl/ndarray/NDArray.java#L1027
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/engines/pytorch/pytorch-engine/src/main/java/ai/djl/pytorch/engine/PtNDArray.java#L424
. "$(dirname "$0")/lib/packages.sh"
djl_packages

run_java << 'JAVA'
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

class Main {
    static boolean equal(String name, NDArray array, Number number) {
        boolean equal = array.contentEquals(number);
        System.out.println(name + ".contentEquals(" + number + "): " + equal);
        return equal;
    }

    public static void main(String[] args) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray ones = manager.ones(new Shape(2, 3));
            assert !equal("ones of shape (2, 3)", ones, 1);
            assert !equal("ones of shape (2, 3)", ones, 1f);
            assert !equal("a single 1f", manager.create(1f), 1);
            assert equal("a single 1f", manager.create(1f), 1f);
            System.out.println("ones.eq(1).all(): " + ones.eq(1).all().getBoolean());
            assert ones.eq(1).all().getBoolean();
        }
    }
}
JAVA
