"""Runs the notebook headless through the Java kernel and leaves what it showed as files.

    run_notebook.py GPU_vs_CPU_Benchmark.ipynb build --settings 'epochs = 1; dataZip = "my.zip";'
    run_notebook.py GPU_vs_CPU_Benchmark.ipynb build -p epochs 1 -p dataZip my.zip

Writes into the output folder: the executed notebook, an HTML page of it, and in charts/ every picture, numbered and named
after its section: charts as PNG, photos as JPEG. The chart with the answer is charts/headline.png. What the kernel itself
said is in kernel.log. Settings are Java statements, or names and values, which are checked first; they run in a cell of
their own behind the last one tagged `parameters`, where all settings have their usual values.
The exit status is 1 if a cell failed, or if a signal such as that of `timeout` ended the run; the page then shows
everything up to there. No kernel stays behind, however the run ends.
"""
import argparse
import base64
import html
import json
import locale
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert import HTMLExporter

import java_settings

SECONDS_BETWEEN_PROGRESS_LINES = 5
HEADLINE_CELL = "race-answer"
ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}
ASCII = {"ANSI_X3.4-1968", "US-ASCII"}
IS_WINDOWS = os.name == "nt"
SIGNALS = {signal.SIGINT, signal.SIGTERM} | (set() if IS_WINDOWS else {signal.SIGHUP})
WATCHMAN = """
import os, signal, sys
sys.stdin.read()
try:
    os.killpg(int(sys.argv[1]), signal.SIGKILL)
except ProcessLookupError:
    pass
"""


class TalkingClient(NotebookClient):
    """Says on the terminal how the notebook's live lines go: in place on a terminal, now and then into a file."""

    unsaid = None
    said_at = 0.0

    def process_message(self, msg, cell, cell_index):
        if msg["msg_type"] == "update_display_data":
            data = msg["content"]["data"]
            self.unsaid = plain(data.get("text/html", data.get("text/plain", "")))
            if sys.stdout.isatty():
                print(f"\r\033[K  {self.unsaid}", end="", flush=True)
            elif time.monotonic() - self.said_at >= SECONDS_BETWEEN_PROGRESS_LINES:
                self.say()
        return super().process_message(msg, cell, cell_index)

    def say(self):
        """The last line so far, for good."""
        if self.unsaid:
            print(f"\r\033[K  {self.unsaid}" if sys.stdout.isatty() else f"  {self.unsaid}", flush=True)
            self.unsaid, self.said_at = None, time.monotonic()


def plain(text):
    return html.unescape(re.sub(r"<[^>]+>", "", text)).strip()


def headings_of(cell):
    """A cell may end one section and begin the next."""
    return re.findall(r"^##? (.+)$", cell.source, re.MULTILINE) if cell.cell_type == "markdown" else []


def clear_outputs(notebook):
    """Else a run that fails would leave the saved outputs, of another run, behind the failed cell."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None


def value_of(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def inject_settings(notebook, settings):
    tagged = [i for i, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])]
    if not tagged:
        sys.exit("The notebook has no cell tagged `parameters`, so its settings cannot be changed from outside.")
    cell = nbformat.v4.new_code_cell(settings, metadata={"tags": ["injected-parameters"]})
    notebook.cells.insert(tagged[-1] + 1, cell)


class Ended(SystemExit):
    """By a signal. Of all exceptions asyncio passes on only this one and Ctrl-C's, wherever they are raised."""


def end_in_order():
    """A signal that ends this process has it tidy up first. One that is ignored, as under nohup, stays so."""

    def end(number, _):
        for one in SIGNALS:
            signal.signal(one, signal.SIG_IGN)  # make and timeout send it more than once
        raise Ended(signal.Signals(number).name)

    for one in SIGNALS:
        if signal.getsignal(one) != signal.SIG_IGN:
            signal.signal(one, end)


def watchman(kernel):
    """Ends the kernel's processes when its standard input, which this process holds, is closed: even by kill -9."""
    if IS_WINDOWS:  # which has no groups of processes that could be ended
        return nullcontext()
    return subprocess.Popen([sys.executable, "-c", WATCHMAN, str(os.getpgid(kernel.provisioner.pid))],
                            stdin=subprocess.PIPE, start_new_session=True)


def execute(notebook, folder, kernel_log):
    """Returns the line that says what went wrong, or None."""
    client = TalkingClient(notebook, timeout=None, startup_timeout=120, record_timing=False,
                           resources={"metadata": {"path": str(folder)}})
    started = time.monotonic()
    try:
        kernel = client.create_kernel_manager()
        client.start_new_kernel(stdout=kernel_log, stderr=kernel_log)
        with watchman(kernel), client.setup_kernel():
            for index, cell in enumerate(notebook.cells):
                for heading in headings_of(cell):
                    print(f"[{time.monotonic() - started:6.1f} s] {heading}", flush=True)
                client.execute_cell(cell, index)
                client.say()
    except CellExecutionError:
        return failure_in(notebook.cells[index])
    except Ended as end:
        return f"{end} ended the run."
    except DeadKernelError:
        said = re.findall(r"^The kernel ends, .*", Path(kernel_log.name).read_text(errors="replace"), re.MULTILINE)
        return said[-1] if said else "The Java kernel died. If the machine is short of memory, try a smaller batchSize or imageSize."
    except (RuntimeError, ProcessLookupError) as error:  # the latter: it died before its watchman came
        if isinstance(error, RuntimeError) and "Kernel died" not in str(error):
            raise
        if not IS_WINDOWS and not str(folder).isascii() and locale.nl_langinfo(locale.CODESET) in ASCII:
            return f"{folder}: Java cannot read this folder's name, since the locale knows ASCII alone. Set LC_ALL=C.UTF-8."
        return f"The Java kernel did not start; {kernel_log.name} says why."
    print(f"[{time.monotonic() - started:6.1f} s] done")
    return None


def failure_in(cell):
    """The hint that the kernel gave (support/src/main/java/tutorial/kernel/Hints.java), else the error's own message."""
    printed = "".join(o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stderr")
    error = next((o for o in cell.outputs if o.output_type == "error"), None)
    if error is None:
        return "A cell failed without saying why."
    hints = [line.removeprefix("Hint: ") for line in printed.splitlines() if line.startswith("Hint: ")]
    if hints:
        message = hints[-1]
    elif error.ename in ("CompilationException", "IncompleteSourceException"):  # they tell all in the coloured text
        message = " ".join(re.sub(r"\x1b\[\d+m", "", " ".join(error.traceback)).replace("|", "").split())
    else:
        message = re.sub(r"^[\w.$]+, ", "", error.evalue)  # JJava puts the exception's class before its message
    return ("SETTINGS: " if "injected-parameters" in cell.metadata.get("tags", []) else "") + message


def write_outputs(notebook, name, out):
    nbformat.write(notebook, out / f"{name}.ipynb")
    page, _ = HTMLExporter(embed_images=True).from_notebook_node(notebook, {"metadata": {"name": name, "path": "."}})
    (out / f"{name}.html").write_text(with_alternative_texts(page, notebook), encoding="utf-8")
    charts = out / "charts"
    charts.mkdir(exist_ok=True)
    for old in charts.iterdir():
        if old.suffix in (".png", ".jpg"):
            old.unlink()
    section, number = "", 0
    for cell in notebook.cells:
        section = (headings_of(cell) or [section])[-1]
        for kind, data, _ in pictures_of(cell):
            if cell.id == HEADLINE_CELL:
                chart = "headline"
            else:
                number += 1
                chart = f"{number:02}-" + re.sub(r"[^a-z0-9]+", "-", section.lower()).strip("-")
            (charts / f"{chart}.{ENDINGS[kind]}").write_bytes(base64.b64decode(data))


def pictures_of(cell):
    """Yields (type, data in base64, alternative text)."""
    for output in cell.get("outputs", []):
        for kind in ENDINGS:
            if kind in output.get("data", {}):
                yield kind, output.data[kind], output.metadata.get(kind, {}).get("alt", "")


def with_alternative_texts(page, notebook):
    """nbconvert leaves out those that the outputs have."""
    texts = {data.strip(): text for cell in notebook.cells for _, data, text in pictures_of(cell)}

    def described(tag):
        data = re.search(r'src="data:image/\w+;base64,([^"]+)"', tag.group())
        text = data and texts.get(data.group(1).strip())
        return f'<img alt="{html.escape(text)}"' + re.sub(r' alt="[^"]*"', "", tag.group()[4:]) if text else tag.group()

    return re.sub(r"<img\b[^>]*>", described, page)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebook", type=Path)
    parser.add_argument("out", type=Path, help="folder for the executed notebook, the page and the pictures")
    parser.add_argument("--settings", default="", help="Java statements that change the notebook's settings")
    parser.add_argument("-p", "--parameter", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"),
                        help="the value of a setting, in JSON or as a plain text")
    arguments = parser.parse_args()
    end_in_order()
    notebook = nbformat.read(arguments.notebook, as_version=4)
    clear_outputs(notebook)
    try:
        chosen = java_settings.statements({name: value_of(text) for name, text in arguments.parameter}, notebook)
    except java_settings.Refused as refused:
        sys.exit(f"FAILED: {refused}")
    if arguments.settings.strip() or chosen:
        inject_settings(notebook, f"{arguments.settings}\n{chosen}".strip())
    arguments.out.mkdir(parents=True, exist_ok=True)
    with open(arguments.out / "kernel.log", "w") as kernel_log:
        failure = execute(notebook, arguments.notebook.resolve().parent, kernel_log)
    write_outputs(notebook, arguments.notebook.stem, arguments.out)
    print(f"{arguments.out}: the executed notebook, its page (.html) and its pictures (charts/)")
    if failure:
        sys.exit(f"FAILED: {failure}")


if __name__ == "__main__":
    main()
