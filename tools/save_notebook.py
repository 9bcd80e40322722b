"""Saves the notebook with the outputs of a run, as it is kept in the project.

    make run SETTINGS='dataZip = "data/sneakers-2755.zip";'
    .venv/bin/python tools/save_notebook.py build GPU_vs_CPU_Benchmark.ipynb docs/headline.png

The cell with the run's settings goes, and the style that tells this run from recorded ones; the cells are counted anew, and the
headline chart is copied for the README.
"""
import argparse
import shutil
from pathlib import Path

import nbformat


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path, help="the folder that `make run` left its outputs in")
    parser.add_argument("notebook", type=Path, help="the notebook to write over")
    parser.add_argument("headline", type=Path, help="where the README has the headline chart")
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
    shutil.copyfile(arguments.build / "charts" / "headline.png", arguments.headline)


if __name__ == "__main__":
    main()
