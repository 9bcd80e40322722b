#!/usr/bin/env bash
# Guess: DJL's RandomFlipLeftRight mirrors about half of the images that it gets, RandomFlipTopBottom likewise.
# What happens: neither ever changes an image. NDArray.flip returns a new array, as in PyTorch, and both transforms drop it
#   and return the array they were given. A training that relies on this augmentation has none, and nothing says so.
# DJL 0.36.0 with PyTorch 2.7.1:
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/api/src/main/java/ai/djl/modality/cv/transform/RandomFlipLeftRight.java#L28
. "$(dirname "$0")/lib/packages.sh"
djl_packages

run_java << 'JAVA'
import ai.djl.modality.cv.transform.RandomFlipLeftRight;
import ai.djl.modality.cv.transform.RandomFlipTopBottom;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.Transform;
import java.util.List;

class Main {
    public static void main(String[] args) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray image = manager.arange(12f).reshape(2, 2, 3);       // height, width, channels: no two pixels are alike
            assert !image.flip(1).equals(image) && !image.flip(0).equals(image);
            for (Transform flip : List.of(new RandomFlipLeftRight(), new RandomFlipTopBottom())) {
                int changed = 0;
                for (int i = 0; i < 500; i++) {
                    changed += flip.transform(image.duplicate()).equals(image) ? 0 : 1;
                }
                System.out.println(flip.getClass().getSimpleName() + " changed " + changed + " of 500 images");
                assert changed == 0;
            }
        }
    }
}
JAVA
