"""Runs a PyTorch program in float64, in which two ways to the same sum agree to many digits: in_float64.py PROGRAM ARGUMENTS...

What it saves is float32, as without this.
"""
import runpy
import sys

import safetensors.torch
import torch

save_file = safetensors.torch.save_file


def save_in_float32(tensors, *more):
    save_file({name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}, *more)


safetensors.torch.save_file = save_in_float32
torch.set_default_dtype(torch.float64)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
