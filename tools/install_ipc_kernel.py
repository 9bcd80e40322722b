"""Installs the notebook's Java kernel for a Jupyter that talks to its kernels over ipc, as Google Colab's does.

    python tools/install_ipc_kernel.py [--jupyter FOLDER]

It is called "java", as the notebook asks for, and starts JJava from .venv behind tools/ipc_proxy.py, in this folder and with
what `make lab` sets. FOLDER is where Jupyter keeps the user's kernels; usually its own data folder.
"""
import argparse
import json
import shutil
import sys
from pathlib import Path

import tutorial


def kernelspec():
    folder = tutorial.VENV / "share" / "jupyter" / "kernels" / "java"
    spec = json.loads((folder / "kernel.json").read_text())
    java, *arguments = (argument.replace("{resource_dir}", str(folder)) for argument in spec["argv"])
    environment = tutorial.kernel_environment()
    return {
        **spec,
        "display_name": "Java",
        "argv": [str(tutorial.PYTHON), str(Path(__file__).with_name("ipc_proxy.py")), "{connection_file}", str(tutorial.PROJECT),
                 shutil.which(java, path=environment["PATH"]), *arguments],
        "env": {**spec["env"], **environment},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jupyter", type=Path, default=Path.home() / ".local" / "share" / "jupyter")
    folder = parser.parse_args().jupyter / "kernels" / "java"
    tutorial.set_up()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kernel.json").write_text(json.dumps(kernelspec(), indent=1) + "\n")
    print(f"The kernel \"Java\" is in {folder}.")


if __name__ == "__main__":
    main()
