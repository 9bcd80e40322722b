#!/usr/bin/env bash
# Guess: contains(x), indexOf(x) and remove(x) of an NDList find x if it is in the list, and no other array. An array is an object
#   that holds native memory: whoever removes it from a list is about to close it, or to keep it.
# What happens: the first array with the same contents is found. Of two arrays of zeros, remove(second) takes the first out of
#   the list. One NaN, and an array is not even equal to itself: it is in the list, contains says no, and remove does nothing.
# DJL 0.36.0 with PyTorch 2.7.1. Object.equals is reflexive by its contract:
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/engines/pytorch/pytorch-engine/src/main/java/ai/djl/pytorch/engine/PtNDArray.java#L1720
#   https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/lang/Object.html#equals(java.lang.Object)
. "$(dirname "$0")/lib/packages.sh"
djl_packages

run_java << 'JAVA'
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

class Main {
    public static void main(String[] args) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray first = manager.zeros(new Shape(2)), second = manager.zeros(new Shape(2));
            NDArray unknown = manager.create(new float[] {1, Float.NaN});
            NDList list = new NDList(first, second, unknown);
            System.out.println("a list of: zeros; zeros; 1, NaN");
            System.out.println("index of the second: " + list.indexOf(second));
            list.remove(second);
            System.out.println("the second removed, it is still there: " + (list.get(0) == second));
            assert list.size() == 2 && list.get(0) == second;

            System.out.println("1, NaN equals itself: " + unknown.equals(unknown));
            System.out.println("the list has it: " + (list.get(1) == unknown) + ", contains says " + list.contains(unknown));
            boolean removed = list.remove(unknown);
            System.out.println("removed: " + removed + ", arrays left: " + list.size());
            assert !unknown.equals(unknown) && !list.contains(unknown) && !removed && list.size() == 2;
        }
    }
}
JAVA
