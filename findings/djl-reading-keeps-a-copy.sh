#!/usr/bin/env bash
# Guess: toFloatArray() copies the numbers into a Java array and leaves nothing else behind, however often it is called.
# What happens: of a transposed array, or any other that is not contiguous, each call leaves a native copy of the whole in the
#   array's manager. Closing the array does not free them, only closing the manager does: a loop that reads fills the memory.
# DJL 0.36.0 with PyTorch 2.7.1. Right below the line that does the same with a copy from a GPU to the CPU:
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/engines/pytorch/pytorch-engine/src/main/java/ai/djl/pytorch/jni/JniUtils.java#L1724
. "$(dirname "$0")/lib/packages.sh"
djl_packages

run_java << 'JAVA'
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

class Main {
    /** How many arrays more the manager has after this one was read ten times and closed. */
    static int left(NDManager manager, String name, NDArray array) {
        int before = manager.getManagedArrays().size();
        for (int i = 0; i < 10; i++) {
            array.toFloatArray();
        }
        int left = manager.getManagedArrays().size() - before;
        array.close();
        int closed = manager.getManagedArrays().size() - before + 1;
        System.out.println(name + " read ten times leaves " + left + " arrays, " + closed + " once it is closed");
        return closed;
    }

    public static void main(String[] args) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.arange(6f).reshape(2, 3);
            assert left(manager, "an array", array.duplicate()) == 0;
            assert left(manager, "an array transposed", array.transpose()) == 10;
            assert left(manager, "the same made flat", array.transpose().reshape(6)) == 0;
        }
    }
}
JAVA
