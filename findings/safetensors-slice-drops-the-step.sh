#!/usr/bin/env bash
# Guess: get_slice("x")[::2] of safetensors reads every other row, as the same index does in NumPy, or says that it cannot.
# What happens: up to 0.7.0 it reads all rows: the step is dropped without a word. 0.8.0 takes it into account, so the same line
#   on the same file gives arrays of different shapes. Both refuse [-1:] with an error, though [-1] works.
# safetensors 0.7.0 and 0.8.0, NumPy 2.2.6. Of a slice, 0.7.0 asks for start and stop alone:
#   https://github.com/safetensors/safetensors/blob/v0.7.0/bindings/python/src/lib.rs#L209
#   NumPy's slices: https://numpy.org/doc/stable/user/basics.indexing.html#slicing-and-striding
. "$(dirname "$0")/lib/packages.sh"

for version in 0.7.0 0.8.0; do
    python_packages safetensors==$version numpy==2.2.6
    "$work/venv/bin/python" - "$work/x.safetensors" $version << 'PYTHON'
import sys

import numpy
import safetensors
import safetensors.numpy

file, version = sys.argv[1:]
x = numpy.arange(12, dtype="float32").reshape(6, 2)
safetensors.numpy.save_file({"x": x}, file)
with safetensors.safe_open(file, "np") as tensors:
    rows = tensors.get_slice("x")
    print("x[::2].shape in NumPy:", x[::2].shape, "in safetensors:", rows[::2].shape)
    print("x[0:6:3].tolist() in NumPy:", x[0:6:3].tolist(), "in safetensors:", rows[0:6:3].tolist())
    assert numpy.array_equal(rows[1:3], x[1:3]) and numpy.array_equal(rows[-1], x[-1])
    assert numpy.array_equal(rows[::2], x if version == "0.7.0" else x[::2])
    assert numpy.array_equal(rows[0:6:3], x if version == "0.7.0" else x[0:6:3])
    try:
        print("x[-1:] in safetensors:", rows[-1:])
        sys.exit("x[-1:] can be read now")
    except OverflowError as error:
        print("x[-1:] in safetensors:", error)
PYTHON
done
