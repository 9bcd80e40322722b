#!/usr/bin/env bash
# Guess: an NDList, which is a java.util.List, comes back in its order from NDList.decode(list.encode(...)), in each encoding.
#   The decoder's own comment says that DJL keeps the order, where the Rust implementation sorts by name.
# What happens: as SAFETENSORS it comes back in the order of a hash map, since the encoder collects the header in one. Names,
#   shapes and values are right, so whatever asks for get(0) takes another array without noticing. ND_LIST and NPZ keep it.
# DJL 0.36.0 with PyTorch 2.7.1:
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/api/src/main/java/ai/djl/ndarray/NDList.java#L458 (and line 185)
. "$(dirname "$0")/lib/packages.sh"
djl_packages

run_java << 'JAVA'
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;

class Main {
    public static void main(String[] args) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDList layers = new NDList();
            for (int i = 0; i < 12; i++) {
                NDArray layer = manager.create((float) i);
                layer.setName("layer" + i);
                layers.add(layer);
            }
            List<String> names = layers.stream().map(NDArray::getName).toList();
            System.out.println("encoded:              " + names);
            for (NDList.Encoding encoding : NDList.Encoding.values()) {
                NDList decoded = NDList.decode(manager, layers.encode(encoding));
                List<String> after = decoded.stream().map(NDArray::getName).toList();
                System.out.printf("decoded, %-12s %s%n", encoding + ":", after);
                assert after.equals(names) == (encoding != NDList.Encoding.SAFETENSORS);
                assert after.size() == names.size() && after.containsAll(names);
                assert decoded.stream().allMatch(layer -> layer.getName().equals("layer" + (int) layer.getFloat()));
            }
        }
    }
}
JAVA
