"""Says what tests/gpu_check.sh has measured and which aims were met: gpu_report.py RESULTS OUT

RESULTS holds the rows of the notebook with the original's settings, OUT/results-* those of its variants. Aims that are
missed are told; they fail nothing, since they depend on the machine.
"""
import csv
import sys
from pathlib import Path


def last_run(folder):
    """The rows of the newest file that a run has left."""
    files = sorted(path for path in Path(folder).glob("*.csv") if not path.name.startswith("0000-"))
    if not files:
        sys.exit(f"{folder}: no run has left its results there.")
    with open(files[-1], newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def table(name, rows):
    print(f"\n{name}: {rows[-1]['processor']}, {rows[-1]['software']}\n")
    columns = ["device", "feeding", "batch", "precision", "images", "images/s", "compute only, images/s",
               "waiting for data, %", "loss", "accuracy, %", "speed-up", "speed-up, compute only"]
    print("| " + " | ".join(columns) + " |\n|" + "---|" * len(columns))
    for row in rows:
        print("| " + " | ".join(shown(row[column]) for column in columns) + " |")


def shown(cell):
    try:
        return f"{float(cell):.4g}" if "." in cell else cell
    except ValueError:
        return cell


def aim(what, value, least):
    print(f"{'met   ' if value >= least else 'MISSED'}  {what}: {value:.3g} (aim: {least} at least)")


def main(results, out):
    original = last_run(results)
    table("The original's settings", original)
    for folder in sorted(Path(out).glob("results-*")):
        table(folder.name.removeprefix("results-"), last_run(folder))
    legs = {(row["device"] == "CPU", row["feeding"]): row for row in original}
    streamed, prepared = legs[False, "streamed"], legs[False, "prepared"]
    print()
    aim("prepared, fed rate against compute only", float(prepared["images/s"]) / float(prepared["compute only, images/s"]), 0.95)
    aim("whole training, streamed, against this CPU", float(streamed["speed-up"]), 13.3)
    aim("whole training, prepared, against this CPU", float(prepared["speed-up"]), 13.3)


if __name__ == "__main__":
    main(*sys.argv[1:])
