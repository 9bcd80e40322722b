"""Says what tests/gpu_check.sh has measured and which aims were met: gpu_report.py RESULTS OUT [COMPARISON]

RESULTS holds the rows of the notebook with the original's settings, OUT/results-* those of its variants, OUT/tests what
the tests have reported; COMPARISON is the CSV file of `make compare`. All goes to OUT/report.md as well. Aims that are
missed are told; they fail nothing, since they depend on the machine.
"""
import csv
import statistics
import sys
import xml.etree.ElementTree as xml
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "compare"))
from layouts import better_layouts

COLUMNS = ["device", "data loading", "batch", "precision", "layout", "images", "images/s", "compute only, images/s",
           "TFLOP/s", "peak, TFLOP/s", "memory bandwidth, GB/s", "waiting for data, %", "loss", "accuracy, %", "test accuracy, %", "speed-up",
           "speed-up, compute only", "GPU utilisation, %", "GPU memory, peak MiB", "GPU power, W",
           "GPU clock, MHz", "GPU temperature, C", "GPU throttled, %", "used by others, cores"]


def last_run(folder):
    """The rows of the newest file that a run has left."""
    files = sorted(path for path in Path(folder).glob("*.csv") if not path.name.startswith("0000-"))
    if not files:
        sys.exit(f"{folder}: no run has left its results there.")
    return rows_of(files[-1])


def rows_of(file):
    with open(file, newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def table(name, rows):
    lines = [f"## {name}", "", f"{rows[-1]['processor']}, {rows[-1]['machine']}, {rows[-1]['software']}", ""]
    lines += ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    return lines + ["| " + " | ".join(shown(row.get(column, "")) for column in COLUMNS) + " |" for row in rows] + [""]


def shown(cell):
    try:
        return f"{float(cell):.4g}" if "." in cell else cell
    except ValueError:
        return cell


def aim(what, value, least):
    return f"| {'met' if value >= least else '**missed**'} | {what} | {value:.3g} | {least} at least |"


def test_aims(folder):
    for file in sorted(Path(folder).glob("TEST-*.xml")):
        for case in xml.parse(file).getroot().iter("testcase"):
            bad = case.find("failure") is not None or case.find("error") is not None
            said = "**missed**" if bad else "not tried" if case.find("skipped") is not None else "met"
            yield f"| {said} | {file.stem.rpartition('.')[2]}: {case.get('name')} | | passes |"


def race_aims(rows):
    legs = {(row["device"] == "CPU", row["data loading"]): row for row in rows}
    if (False, "on the fly") not in legs or (False, "cached") not in legs:
        yield "| **missed** | the GPU races with both ways of data loading | the page says why not | |"
        return
    fresh, cached = legs[False, "on the fly"], legs[False, "cached"]
    yield aim("cached, fed rate against compute only",
              float(cached["images/s"]) / float(cached["compute only, images/s"]), 0.95)
    yield aim("whole training, on the fly, against this CPU", float(fresh["speed-up"]), 13.3)
    yield aim("whole training, cached, against this CPU", float(cached["speed-up"]), 13.3)


def comparison_aims(rows):
    rates = defaultdict(lambda: defaultdict(list))
    for row in rows:
        rates[row["what"]][row["who"]].append(float(row["images/s"]))
    for what, by_who in rates.items():
        median = {who: statistics.median(measured) for who, measured in by_who.items()}
        if what.endswith("training step, compute only"):
            best = better_layouts(median)
            theirs, ours = best["float32"]
            if what.startswith("CPU"):
                yield aim(f"{what}, against PyTorch at its best", ours / theirs, 0.97)
                yield aim(f"{what}, against the original's PyTorch", ours / median["PyTorch"], 1.4)
            else:
                yield aim(f"{what}, against PyTorch at its best", ours / theirs, 0.95)
            if "mixed" in best:
                autocast, mixed = best["mixed"]
                yield aim(f"{what}, mixed, against PyTorch's autocast", mixed / autocast, 0.95)
                if what.startswith("CPU"):
                    yield aim(f"{what}, mixed, against its own float32", mixed / ours, 1.6)
        elif what.startswith("GPU: whole loop"):
            best = max(rate for who, rate in median.items() if who.startswith("PyTorch"))
            yield aim(f"{what}, on the fly, against PyTorch", median["this notebook, on the fly"] / best, 0.95)


def main(results, out, comparison=None):
    original = last_run(results)
    lines = [f"# gpu-check: {original[-1]['processor']}, {original[-1]['date']}", "", "| | aim | measured | wanted |", "|---|---|---|---|"]
    lines += [*race_aims(original)]
    lines += [*comparison_aims(rows_of(comparison))] if comparison else ["| not tried | the comparison with PyTorch | | |"]
    lines += [*test_aims(Path(out) / "tests"), ""]
    lines += table("The original's settings", original)
    for folder in sorted(Path(out).glob("results-*")):
        lines += table(folder.name.removeprefix("results-"), last_run(folder))
    if comparison:
        lines += ["## Beside PyTorch in Python", "", Path(comparison).with_suffix(".md").read_text(encoding="utf-8")]
    text = "\n".join(lines)
    (Path(out) / "report.md").write_text(text, encoding="utf-8")
    print(text)
    print(f"Written to {out}/report.md")


if __name__ == "__main__":
    main(*sys.argv[1:])
