"""Sets predicting as it is here against that of another revision and against PyTorch's frozen graph, in alternation.

    compare/inference.py --before c758503 --model models/sneakers --python .venv-compare/bin/python

Prints how many images/s each does and the ratio to the revision before, the medians of the rounds, and writes every figure to
results/inference/. What a program needs to start is not in Classify's rate, but it is in that of Spark.
"""
import argparse
import csv
import datetime
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
import zipfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
WORK = PROJECT / "build" / "inference"
PRECISIONS = ["float32", "bfloat16"]
FROZEN = """
import sys, time, torch, torchvision
from safetensors.torch import load_file
weights, batch, seconds, precision, threads = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4], int(sys.argv[5])
torch.set_num_threads(threads)
tensors = load_file(weights)
network = torchvision.models.resnet18(num_classes=len(tensors["fc.bias"]))
network.load_state_dict(tensors)
network = network.eval().to(memory_format=torch.channels_last)
photos = torch.randn(batch, 3, 224, 224).to(memory_format=torch.channels_last)
with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16", cache_enabled=False):
    frozen = torch.jit.freeze(torch.jit.trace(network, photos))
    def repeat(seconds):
        done, begin = 0, time.perf_counter()
        while time.perf_counter() - begin < seconds:
            frozen(photos)
            done += batch
        return done / (time.perf_counter() - begin)
    repeat(1)
    print(repeat(seconds))
"""


class Build:
    """The programs of a checkout, with a Spark for them."""

    def __init__(self, folder, name):
        self.folder, self.home = folder, WORK / name
        self.jar = folder / "examples/spark/target/classify-folder.jar"
        self.home.mkdir(parents=True, exist_ok=True)
        classpath = self.home / "classpath"
        run(["mvn", "-q", "-B", "-pl", "examples/spark", "-am", "package", "dependency:build-classpath", f"-Dmdep.outputFile={classpath}"],
            cwd=folder)
        jars = self.home / "jars"
        shutil.rmtree(jars, ignore_errors=True)
        jars.mkdir()
        for jar in map(Path, classpath.read_text().split(os.pathsep)):
            if jar.is_file() and not re.search(r"/(djl|twelvemonkeys|support)/", str(jar)):
                (jars / jar.name).symlink_to(jar)
        options = re.search(r"<spark\.options>(.*)</spark\.options>", (folder / "examples/spark/pom.xml").read_text()).group(1)
        self.java = ["java", *options.split(), "-cp"]

    def spark(self, model, photos, count, precision):
        """images/s with two workers of one core each, processes of their own"""
        answers = self.home / "answers"
        shutil.rmtree(answers, ignore_errors=True)
        environment = dict(os.environ, SPARK_HOME=str(self.home), SPARK_SCALA_VERSION="2.13", SPARK_LOCAL_IP="127.0.0.1")
        said = run(self.java + [f"{self.home}/jars/*", "org.apache.spark.deploy.SparkSubmit", "--master", "local-cluster[2,1,1024]",
                                "--conf", "spark.default.parallelism=8", "--class", "ClassifyFolder", str(self.jar), *precision,
                                str(model), str(photos), str(answers)], cwd=self.home, env=environment)
        return count / float(re.search(rf"{count} photos in ([\d.]+) s", said).group(1))

    def classify(self, model, photos, precision):
        """images/s beyond the first photo, which takes the start"""
        begin = time.perf_counter()
        run(self.java + [str(self.jar), "Classify", *precision, str(model), str(photos[0])])
        start = time.perf_counter() - begin
        run(self.java + [str(self.jar), "Classify", *precision, str(model), *map(str, photos)])
        return (len(photos) - 1) / (time.perf_counter() - begin - 2 * start)

    def test_set(self, rounds):
        """images/s of the notebook's own method, in a kernel; of all photos, twice each time; the first is not counted"""
        sys.path.insert(0, str(self.folder / "compare"))
        code = (f"import sys; sys.path.insert(0, {str(self.folder / 'compare')!r}); import compare, nbformat\n"
                "notebook = compare.Notebook('measureSeconds = 0; batchSize = 8; heldOut = 0; pretrained = false; secondDevice = \"none\";')\n"
                "cells = {cell.id: cell.source for cell in nbformat.read(compare.NOTEBOOK, as_version=4).cells}\n"
                "notebook.run(cells['learned-translator'])\n"
                "notebook.run(cells['learned-predict'].split('List<PhotoFolder.Photo> tested')[0])\n"
                "notebook.run('List<Path> all = split.training().stream().map(photo -> photo.file()).toList();')\n"
                "for precision in sys.argv[1:]:\n"
                "    notebook.run(f'precision = \"{precision}\";')\n"
                f"    for number in range({rounds} + 1):\n"
                "        seconds = notebook.number('((Supplier<Double>) () -> { try { long begin = System.nanoTime(); TrainingThread.run(() -> "
                "predict(Device.cpu(), weights, all)); return (System.nanoTime() - begin) / 1e9; } catch (Exception e) "
                "{ throw new IllegalStateException(e); } }).get()')\n"
                "        print('RATE', precision, notebook.number('all.size()') / seconds, flush=True)\n"
                "notebook.close()")
        said = run([sys.executable, "-c", code, "float32", "mixed"], cwd=self.folder)
        rates = {}
        for precision, rate in re.findall(r"RATE (\S+) (\S+)", said):
            rates.setdefault(precision.replace("mixed", "bfloat16"), []).append(float(rate))
        return {precision: all_rates[1:] for precision, all_rates in rates.items()}

    def rate(self, model, batch, seconds, precision, threads):
        """images/s of the network alone"""
        classes = self.home / "classes"
        classes.mkdir(exist_ok=True)
        run(["javac", "-proc:none", "-cp", str(self.jar), "-d", str(classes), str(PROJECT / "compare/InferenceRate.java")])
        return float(run(self.java + [f"{classes}:{self.jar}", "InferenceRate", str(model), str(batch), str(seconds), precision, str(threads)]))


def run(command, **options):
    done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))[-300:]}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout


def copies(archive, count):
    """So many photos, each class again and again."""
    folder = WORK / "photos"
    shutil.rmtree(folder, ignore_errors=True)
    with zipfile.ZipFile(archive) as photos:
        names = [name for name in photos.namelist() if name.lower().endswith((".jpg", ".jpeg", ".png"))]
        for number in range(count):
            name = names[number % len(names)]
            file = folder / Path(name).parent.name / f"{number // len(names)}-{Path(name).name}"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(photos.read(name))
    return sorted(file for file in folder.rglob("*") if file.is_file())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", help="a revision of this repository; without it, only this one is measured")
    parser.add_argument("--model", type=Path, required=True, help="a folder in which the notebook saved its model")
    parser.add_argument("--python", type=Path, default=PROJECT / ".venv-compare/bin/python", help="a Python that has torch and torchvision")
    parser.add_argument("--zip", type=Path, default=PROJECT / "data/sneakers.zip")
    parser.add_argument("--photos", type=int, default=800, help="that Spark classifies; Classify takes 200 of them (default: 800)")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--skip", default="", help="parts to leave out: spark, classify, notebook, frozen")
    options = parser.parse_args()

    model, cores = options.model.resolve(), len(os.sched_getaffinity(0))
    photos = copies(options.zip, options.photos)
    builds = {"now": Build(PROJECT, "now")}
    if options.before:
        before = WORK / "before-source"
        if not before.exists():
            run(["git", "clone", "-q", PROJECT, before])
        run(["git", "checkout", "-q", options.before], cwd=before)
        if (PROJECT / ".venv").exists() and not (before / ".venv").exists():
            (before / ".venv").symlink_to(PROJECT / ".venv")
        builds = {"before": Build(before, "before"), **builds}
    rows = []

    def add(what, who, number, rate):
        rows.append((what, who, number, rate))
        print(f"{what}, {who}, round {number}: {rate:.1f} images/s", flush=True)

    # Before knew no --precision, and computed in float32.
    ways = [(build, []) if name == "before" else (build, ["--precision", precision])
            for name, build in builds.items() for precision in (PRECISIONS[:1] if name == "before" else PRECISIONS)]

    def who(build, precision):
        return "before, float32" if not precision else precision[1]

    for number in range(1, options.rounds + 1):
        for build, precision in ways:
            if "spark" not in options.skip:
                add("Spark, two workers", who(build, precision), number, build.spark(model, photos[0].parents[1], len(photos), precision))
            if "classify" not in options.skip:
                add("Classify", who(build, precision), number, build.classify(model, photos[::max(1, len(photos) // 200)], precision))
        for precision in PRECISIONS if "frozen" not in options.skip else []:
            for batch in (8, 32):
                what = f"network alone, batch {batch}, {precision}"
                frozen = run([options.python, "-c", FROZEN, model / "resnet18.safetensors", batch, 4, precision, cores])
                add(what, "PyTorch's frozen graph", number, float(frozen))
                add(what, "this project", number, builds["now"].rate(model, batch, 4, precision, cores))
    if "notebook" not in options.skip:
        for name, build in builds.items():
            for precision, rates in build.test_set(options.rounds).items():
                for number, rate in enumerate(rates, 1) if (name, precision) != ("before", "bfloat16") else []:
                    add("the notebook's predictions", "before, float32" if name == "before" else precision, number, rate)

    print("\n| images/s | | median | to the first |\n|---|---|---|---|")
    for what in dict.fromkeys(row[0] for row in rows):
        medians = {name: statistics.median(row[3] for row in rows if row[:2] == (what, name))
                   for name in dict.fromkeys(row[1] for row in rows if row[0] == what)}
        first = next(iter(medians.values()))
        for name, median in medians.items():
            print(f"| {what} | {name} | {median:.1f} | {median / first:.2f} |")
    folder = PROJECT / "results" / "inference"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{datetime.date.today()}-{cores}-cores.csv"
    with open(file, "w", newline="", encoding="utf-8") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["what", "who", "round", "images/s"])
        table.writerows(rows)
    print(f"Written to {file.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
