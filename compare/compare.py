"""Sets the notebook's own cells against the original's recipe in PyTorch, on the same photos, in alternation.

    compare.py --zip data/sneakers.zip --rounds 3 --epochs 3

Prints a table of medians, with the least and the greatest of the rounds, and writes it and every single figure to
results/compare/. `make compare` sets up what it needs.
"""
import argparse
import csv
import datetime
import json
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from jupyter_client.manager import start_new_kernel

from layouts import better_layouts

HERE = Path(__file__).parent
PROJECT = HERE.parent
NOTEBOOK = PROJECT / "GPU_vs_CPU_Benchmark.ipynb"
FIRST_CELL_OF_THE_RACE = "race-cpu"
# What the notebook's set-up tells glibc and PyTorch; PyTorch runs without it, as the original did, and once more with it.
KEEP_MEMORY = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(2**40), "THP_MEM_ALLOC_ENABLE": "1"}


class PyTorch:
    def __init__(self, python, keep_memory):
        environment = {**os.environ, **(KEEP_MEMORY if keep_memory else {})}
        self.process = subprocess.Popen([python, HERE / "recipe.py"], env=environment, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, task, **arguments):
        self.process.stdin.write(json.dumps({"task": task, **arguments}) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        return json.loads(answer) if answer else sys.exit(f"PyTorch ended during {task}; its message stands above.")

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Notebook:
    """The notebook's kernel, with every cell before the race run."""

    def __init__(self, settings):
        self.manager, self.client = start_new_kernel(kernel_name="java", startup_timeout=120, cwd=str(PROJECT))
        for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
            if cell.id == FIRST_CELL_OF_THE_RACE:
                break
            if cell.cell_type == "code":
                self.run(cell.source + (f"\n{settings}" if "parameters" in cell.metadata.get("tags", []) else ""))
        self.run("EpochSampler order = new EpochSampler(split.training(), batchSize, seed, epochs);")

    def run(self, code):
        printed = []

        def on_output(message):
            if message["msg_type"] == "stream":
                printed.append(message["content"]["text"])
            elif message["msg_type"] == "error":
                sys.exit(f"The notebook failed: {message['content']['evalue']}\n{code}")

        self.client.execute_interactive(code, output_hook=on_output)
        return "".join(printed)

    def value(self, expression):
        """A number or text; the marks keep it apart from progress lines."""
        printed = self.run(f'System.out.println("<<" + ({expression}) + ">>");')
        return re.search(r"<<(.*)>>", printed, re.DOTALL).group(1)

    def number(self, expression):
        return float(self.value(expression))

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def java(text):
    return json.dumps(str(text))


def measurements(notebook, pytorch, pytorch_kept, device, options):
    """Yields (what, {who: measure}); the first of each is the original's way, which the ratios refer to."""
    cores = os.cpu_count()
    folder = notebook.value("photos.root()")
    name, torch_device = ("CPU", "cpu") if device == "CPU" else ("GPU", "cuda:0")
    step = dict(device=torch_device, images=32, size=224, seconds=options.seconds)
    loader = dict(folder=folder, size=224, batch=32)
    whole = dict(loader, device=torch_device, epochs=options.epochs)

    there = "TrainingDevice.CPU" if name == "CPU" else "race.last()"

    def compute_only(layout, precision="FLOAT32", changes=None):
        some = "" if changes is None else f", java.util.Set.<Change>of({', '.join(f'Change.{one}' for one in changes)})"
        form = f"new Format(Layout.{layout}, Precision.{precision}{some})"
        return notebook.number(f"{there}.run(settings(), () -> computeOnly({there}, batchSize, {form}, {options.seconds}))"
                               ".imagesPerSecond()")

    def decode(threads, photos="split.training()"):
        return notebook.number(f"new PhotoDataset({photos}, {threads}, (manager, photo) -> pixels(manager, photo))"
                               ".decodingRate(2)")

    def train(loading):
        notebook.run(f'Run compared = measure({there}, DataLoading.{loading}, order, {str(name == "CPU").lower()});')
        return notebook.number("compared.images() / (compared.caching() + compared.seconds())")

    # Both in both layouts, since which is faster depends on the device; the report takes each one's better.
    steps = {
        "PyTorch": lambda: pytorch("step", channels_last=False, **step),
        "PyTorch, channels-last": lambda: pytorch("step", channels_last=True, **step),
        "PyTorch, memory kept": lambda: pytorch_kept("step", channels_last=False, **step),
        "PyTorch, channels-last, memory kept": lambda: pytorch_kept("step", channels_last=True, **step),
        "DJL's own pieces, NCHW": lambda: compute_only("NCHW", changes=[]),
        "DJL's own pieces, channels-last": lambda: compute_only("NHWC", changes=[]),
        "DJL, channels-last, one array": lambda: compute_only("NHWC", changes=["ONE_ARRAY"]),
        "DJL, channels-last, one array, in place": lambda: compute_only("NHWC", changes=["ONE_ARRAY", "IN_PLACE"]),
        "this notebook, NCHW": lambda: compute_only("NCHW"),
        "this notebook, NHWC": lambda: compute_only("NHWC")}
    if notebook.value(f"Autocast.whyNot() == null && Autocast.whyNotFaster({there}.device()) == null") == "true":
        half = notebook.value(f"Autocast.numbers({there}.device(), Precision.MIXED)").split(",")[0]
        for layout, last in ("", False), (", channels-last", True):
            mixed = dict(step, channels_last=last, autocast=half)
            autocast = f"PyTorch{layout}, memory kept, {half} autocast"
            steps[autocast] = lambda mixed=mixed: pytorch_kept("step", **mixed)
            if name == "GPU":
                steps[f"{autocast} + torch.compile"] = lambda mixed=mixed: pytorch_kept("step", compiled=True, **mixed)
        steps["this notebook, NCHW, mixed"] = lambda: compute_only("NCHW", "MIXED")
        steps["this notebook, NHWC, mixed"] = lambda: compute_only("NHWC", "MIXED")
    yield f"{name}: training step, compute only", steps
    if name == "CPU":
        yield "decode and resize, 1 thread", {
            "torchvision, 0 workers": lambda: pytorch("loader", workers=0, **loader), "this notebook": lambda: decode(1)}
        yield f"decode and resize, {cores} threads", {
            f"torchvision, {cores} workers": lambda: pytorch("loader", workers=cores, **loader),
            "this notebook": lambda: decode(cores)}
        # As most of the web's: some as large as a page shows them, some as large as a camera makes them.
        for side, photos in (600, 30), (1920, 8):
            what = f"decode and resize, progressive JPEGs of {side} pixels, 1 thread"
            if options.only not in what:
                continue
            with tempfile.TemporaryDirectory() as web:
                pytorch("progressive", folder=folder, to=web, photos=photos, side=side)
                scanned = f"PhotoFolder.scan(Path.of({java(web)}), 0.5).split(0, seed).training()"
                yield what, {"torchvision, 0 workers": lambda: pytorch("loader", workers=0, **dict(loader, folder=web)),
                             "this notebook": lambda: decode(1, scanned)}
    yield f"{name}: whole loop, {options.epochs} epochs", {
        "PyTorch, 0 workers": lambda: pytorch("loop", workers=0, **whole),
        f"PyTorch, {cores} workers": lambda: pytorch("loop", workers=cores, **whole),
        "this notebook, on the fly": lambda: train("ON_THE_FLY"),
        "this notebook, cached": lambda: train("CACHED")}


def resize_quality(notebook, pytorch):
    photos = json.loads(notebook.value(
        'photos.photos().stream().limit(60).map(p -> "\\"" + p.file().toAbsolutePath() + "\\"").toList()'))
    with tempfile.TemporaryDirectory() as folder:
        large = [f"{folder}/{side}.jpg" for side in (2000, 3000, 4000)]
        for index, file in enumerate(large):
            pytorch("montage", photos=photos[index * 10:], file=file, side=int(Path(file).stem))
        for what, files in (("photos of the data set", photos), ("photos of 2,000 to 4,000 pixels", large)):
            resized = f"{folder}/resized.rgb"
            notebook.run(f"""
try (OutputStream out = Files.newOutputStream(Path.of({java(resized)}))) {{
    for (String file : new String[] {{{", ".join(map(java, files))}}}) {{
        out.write(AntialiasedResize.toRgb(ImageDecoder.read(Path.of(file), 2 * 224).image(), 224));
    }}
}}""")
            yield what, pytorch("quality", photos=files, size=224, resized=resized)


def report(rows, quality, facts):
    lines = [f"- {name}: {value}" for name, value in facts.items()] + [
        "", "| images/s | | median | least to greatest | against the first |", "|---|---|---|---|---|"]
    for what, figures in rows:
        first = next(iter(figures.values()))
        for who, rates in figures.items():
            ratio = statistics.median(rate / base for rate, base in zip(rates, first))
            lines.append(f"| {what} | {who} | {statistics.median(rates):.1f} | {min(rates):.1f} to {max(rates):.1f} "
                         f"| {ratio:.2f} |")
    lines += ["", "| better layout of both, images/s | PyTorch | this notebook | this notebook, relative to PyTorch |", "|---|---|---|---|"]
    for what, figures in rows:
        medians = {who: statistics.median(rates) for who, rates in figures.items()}
        for numbers, (theirs, ours) in better_layouts(medians).items() if "training step" in what else []:
            lines.append(f"| {what}, {numbers} | {theirs:.1f} | {ours:.1f} | {ours / theirs:.2f} |")
    lines += ["", "| resizing: mean absolute difference to Pillow's antialiased bilinear, of 255 | |", "|---|---|"]
    return "\n".join(lines + [f"| {what} | {difference:.2f} |" for what, difference in quality]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable, help="a Python that has torch and torchvision")
    parser.add_argument("--zip", default="data/sneakers.zip", help="photos, one folder per class, none of them damaged")
    parser.add_argument("--rounds", type=int, default=3, help="how often each measurement is taken (default: 3)")
    parser.add_argument("--epochs", type=int, default=3, help="of the whole loop (default: 3)")
    parser.add_argument("--seconds", type=float, default=6, help="of the compute-only measurement, at least (default: 6)")
    parser.add_argument("--only", default="", help='only the measurements with this in their names, as "progressive"')
    options = parser.parse_args()

    print("Starting PyTorch and the notebook's kernel")
    pytorch, pytorch_kept = PyTorch(options.python, False), PyTorch(options.python, True)
    notebook = Notebook(f"dataZip = {java(Path(options.zip).resolve())}; epochs = {options.epochs}; measureSeconds = 1; "
                        "batchSize = 32; imageSize = 224; heldOut = 0; pretrained = false;")
    versions = pytorch("machine")
    facts = {"date": datetime.date.today(), "machine": notebook.value("Machine.cpu()") + f", {os.cpu_count()} cores",
             "GPU": versions["gpu"] or "none", "photos": f"{notebook.value('photoCount')} of {Path(options.zip).name}, "
             "224 × 224 pixels, batches of 32", "PyTorch": f"{versions['torch']}, torchvision {versions['torchvision']}",
             "notebook": f"DJL {notebook.value('Engine.getDjlVersion()')}, PyTorch {notebook.value('PyTorchVersion.loaded()')}, "
             f"Java {notebook.value('System.getProperty(' + java('java.version') + ')')}",
             "rounds": f"{options.rounds}, in alternation"}
    rows = []
    devices = ["CPU"] + (["GPU"] if versions["gpu"] and notebook.value("race.last().isGpu()") == "true" else [])
    for device in devices:
        for what, measures in measurements(notebook, pytorch, pytorch_kept, device, options):
            if options.only not in what:
                continue
            figures = {who: [] for who in measures}
            for number in range(options.rounds):
                for who, measure in measures.items():
                    figures[who].append(measure())
                    print(f"{what}, round {number + 1}, {who}: {figures[who][-1]:.1f} images/s", flush=True)
            rows.append((what, {who: rates for who, rates in figures.items() if not any(map(math.isnan, rates))}))
    text = report(rows, list(resize_quality(notebook, pytorch)), facts)
    for side in (pytorch, pytorch_kept, notebook):
        side.close()

    folder = PROJECT / "results" / "compare"
    folder.mkdir(parents=True, exist_ok=True)
    slug = re.sub(r"[^a-z0-9]+", "-", f"{facts['date']} {versions['gpu'] or facts['machine']} {Path(options.zip).stem} {options.only}".lower().strip())
    (folder / f"{slug}.md").write_text(text, encoding="utf-8")
    with open(folder / f"{slug}.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["what", "who", "round", "images/s"])
        table.writerows([what, who, number + 1, rate] for what, figures in rows
                        for who, rates in figures.items() for number, rate in enumerate(rates))
    print(f"\n{text}\nWritten to results/compare/{slug}.md and .csv")


if __name__ == "__main__":
    main()
