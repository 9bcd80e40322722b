#!/usr/bin/env bash
# Guess (written after a trial had shown the times): training in float16 on a CPU without units for it takes somewhat longer than in
#   float32, up to five times, say, since the numbers are converted. One forward pass shows how much longer.
# What happens: the forward pass of a convolution takes about as long in both, but the backward pass in float16 takes more than ten
#   times as long as in float32, 50 to 800 times where it was tried. With ONEDNN_VERBOSE=1, oneDNN prints that it computes the
#   weights' gradient with its reference code, "ref:any". The code for float16 is made for AMX-FP16, which servers got in 2024.
# DJL 0.36.0 with PyTorch 2.7.1, on an Intel Xeon with AMX and AVX512-FP16 and without AMX-FP16:
#   https://github.com/pytorch/pytorch/issues/97068
. "$(dirname "$0")/lib/packages.sh"
djl_packages
grep -m 1 'model name' /proc/cpuinfo
grep -o -w -E 'avx2|avx512_fp16|amx_bf16|amx_fp16' /proc/cpuinfo | sort -u | xargs

run_java << 'JAVA'
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;

class Main {
    /** Milliseconds of the backward pass of a convolution; the faster one of two. */
    static double backward(DataType type) {
        double fastest = Double.MAX_VALUE;
        for (int i = 0; i < 2; i++) {
            try (NDManager manager = NDManager.newBaseManager();
                    GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                NDArray images = manager.ones(new Shape(4, 64, 28, 28), type), weights = manager.ones(new Shape(64, 64, 3, 3), type);
                weights.setRequiresGradient(true);
                Shape one = new Shape(1, 1);
                long start = System.nanoTime();
                NDArray sum = images.getNDArrayInternal().convolution(images, weights, null, one, one, one, 1).head().mean();
                long middle = System.nanoTime();
                gradients.backward(sum);
                long end = System.nanoTime();
                System.out.printf("%s: forward %.1f ms, backward %.1f ms%n", type, (middle - start) / 1e6, (end - middle) / 1e6);
                fastest = Math.min(fastest, (end - middle) / 1e6);
            }
        }
        return fastest;
    }

    public static void main(String[] args) {
        double single = backward(DataType.FLOAT32), half = backward(DataType.FLOAT16);
        System.out.printf("backward, float16 to float32: %.0f times as long%n", half / single);
        assert half > 10 * single;
    }
}
JAVA
