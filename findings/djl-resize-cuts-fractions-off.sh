#!/usr/bin/env bash
# Guess: to resize an image of 8 bits rounds to the nearest level, as Pillow does, so that it stays as bright as it was.
# What happens: fractions are cut off. Four pixels 200, 201, 201, 201 become 200 where Pillow has 201, and noise made half as
#   wide is half a level darker, each time. (A second guess was wrong: a quarter as wide, all 16 pixels do count.) Of a
#   float32 array nothing is cut off.
# DJL 0.36.0 with PyTorch 2.7.1, Pillow 11.3.0:
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/engines/pytorch/pytorch-engine/src/main/java/ai/djl/pytorch/engine/PtNDArrayEx.java#L539
. "$(dirname "$0")/lib/packages.sh"
djl_packages
python_packages pillow==11.3.0

"$work/venv/bin/python" << 'PYTHON'
from PIL import Image

def resized(pixels, size):
    image = Image.new("L", (len(pixels[0]), len(pixels)))
    image.putdata([level for row in pixels for level in row])
    return image.resize((size, size), Image.Resampling.BILINEAR)

rounded = resized([[200, 201], [201, 201]], 1).getpixel((0, 0))
corner = resized([[255, 0, 0, 0]] + [[0] * 4] * 3, 1).getpixel((0, 0))
print("Pillow, 200 201 201 201 made one pixel:", rounded)
print("Pillow, a white corner of 4 x 4 made one pixel:", corner)
assert rounded == 201 and corner > 0
PYTHON

run_java << 'JAVA'
import ai.djl.modality.cv.Image.Interpolation;
import ai.djl.modality.cv.transform.Resize;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;

class Main {
    static double pixel(NDManager manager, Interpolation interpolation, DataType type, int size, int... levels) {
        NDArray image = manager.create(levels, new Shape(size, size, 1)).toType(type, false);
        double pixel = brightness(new Resize(1, 1, interpolation).transform(image));
        System.out.printf("DJL, %s, %s, %d x %d pixels made one: %s%n", interpolation, type, size, size, pixel);
        return pixel;
    }

    static double brightness(NDArray image) {
        return image.toType(DataType.FLOAT64, false).mean().getDouble();
    }

    public static void main(String[] args) {
        try (NDManager manager = NDManager.newBaseManager()) {
            int[] corner = {255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
            for (Interpolation interpolation : List.of(Interpolation.BILINEAR, Interpolation.AREA)) {
                assert pixel(manager, interpolation, DataType.UINT8, 2, 200, 201, 201, 201) == 200;
                assert pixel(manager, interpolation, DataType.FLOAT32, 2, 200, 201, 201, 201) == 200.75;
                assert pixel(manager, interpolation, DataType.UINT8, 4, corner) > 0;
            }
            NDArray image = manager.randomUniform(0, 255, new Shape(256, 256, 3)).toType(DataType.UINT8, false);
            double before = brightness(image), after = brightness(new Resize(128).transform(image));
            System.out.printf("DJL, an image of noise, 256 pixels made 128: brightness %.2f, then %.2f%n", before, after);
            assert before - after > 0.4 && before - after < 0.6;
        }
    }
}
JAVA
