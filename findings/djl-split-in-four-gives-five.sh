#!/usr/bin/env bash
# Guess: array.split(4) of ten rows throws IllegalArgumentException, as its Javadoc says of numbers that do not divide. If not, it
#   gives four arrays, as NumPy's array_split does (https://numpy.org/doc/stable/reference/generated/numpy.array_split.html).
# What happens: it gives five of two rows each, since the division is rounded down to the size of a part and the parts are
#   not counted. Whoever hands part i to device i of four never uses the rest: a fifth of the rows.
# DJL 0.36.0 with PyTorch 2.7.1:
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/api/src/main/java/ai/djl/ndarray/NDArray.java#L3262
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/engines/pytorch/pytorch-engine/src/main/java/ai/djl/pytorch/engine/PtNDArray.java#L1066
. "$(dirname "$0")/lib/packages.sh"
djl_packages

run_java << 'JAVA'
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

class Main {
    static List<Long> sizes(NDManager manager, int rows, int parts) {
        List<Long> sizes = manager.arange(rows).split(parts).stream().map(NDArray::size).toList();
        System.out.println(rows + " rows split in " + parts + ": " + sizes.size() + " parts, " + sizes);
        return sizes;
    }

    public static void main(String[] args) {
        try (NDManager manager = NDManager.newBaseManager()) {
            assert sizes(manager, 12, 4).equals(List.of(3L, 3L, 3L, 3L));
            assert sizes(manager, 10, 4).equals(List.of(2L, 2L, 2L, 2L, 2L));
            assert sizes(manager, 7, 4).size() == 7;
        }
    }
}
JAVA
