"""Who computes in which memory layout, for compare.py and tests/gpu_report.py."""


def better_layouts(rates):
    """Of rates of training steps by who took them: {"float32" or "mixed": [PyTorch's, the notebook's]}, each in its better layout.

    DJL's own pieces are neither.
    """
    better = {}
    for who, rate in rates.items():
        if not who.endswith("torch.compile") and not who.startswith("DJL"):
            sides = better.setdefault("mixed" if "autocast" in who or "mixed" in who else "float32", [0, 0])
            side = int(who.startswith("this notebook"))
            sides[side] = max(sides[side], rate)
    return better
