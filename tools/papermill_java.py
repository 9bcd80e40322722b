"""papermill, with Java for the parameters, which it does not know itself:

    .venv/bin/python tools/papermill_java.py GPU_vs_CPU_Benchmark.ipynb out.ipynb -p epochs 1 -p secondDevice none

Takes what the command `papermill` takes, and needs it in the same environment: `.venv/bin/python -m pip install papermill`.
A setting that is not there, or that does not take such a value, is named before the kernel starts.
"""
import sys
from pathlib import Path

import nbformat
from papermill.__main__ import papermill
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

import java_settings

class JavaTranslator(Translator):
    notebook = nbformat.read(Path(__file__).resolve().parent.parent / "GPU_vs_CPU_Benchmark.ipynb", as_version=4)

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        return f"// {comment}\n" + java_settings.statements(parameters, cls.notebook)

    @classmethod
    def inspect(cls, parameters_cell):
        """Papermill shows one cell; the settings stand in two."""
        return [Parameter(name=found["name"], inferred_type_name=found["type"], default=found["value"], help=found["help"] or "")
                for found in java_settings.settings_in(cls.notebook)]


if __name__ == "__main__":
    papermill_translators.register("java", JavaTranslator)  # the kernel's name, whatever it calls its language
    try:
        papermill()
    except java_settings.Refused as refused:
        sys.exit(f"FAILED: {refused}")
