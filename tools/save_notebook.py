"""Saves the notebook with the outputs of a run, as it is kept in the project.

    make run SETTINGS='dataZip = "data/sneakers-2755.zip";'
    .venv/bin/python tools/save_notebook.py build GPU_vs_CPU_Benchmark.ipynb docs/headline.png

The chart with the CPU of the run and the GPUs elsewhere is copied for the title and the README. The cell with the run's
settings goes, and the style that tells this run from recorded ones; the cells are counted anew.
"""
import argparse
import base64
from pathlib import Path

import nbformat


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path, help="the folder that `make run` left its outputs in")
    parser.add_argument("notebook", type=Path, help="the notebook to write over")
    parser.add_argument("headline", type=Path, help="where the title and the README have the chart")
    arguments = parser.parse_args()
    notebook = nbformat.read(arguments.build / arguments.notebook.name, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    for count, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        cell.execution_count = count
        cell.outputs = [output for output in cell.outputs if "<style>" not in output.get("data", {}).get("text/html", "")]
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = count
    nbformat.write(notebook, arguments.notebook)
    elsewhere = next(cell for cell in notebook.cells if cell.id == "race-elsewhere")
    chart = next(output.data["image/png"] for output in elsewhere.outputs if "image/png" in output.get("data", {}))
    arguments.headline.write_bytes(base64.b64decode(chart))


if __name__ == "__main__":
    main()
