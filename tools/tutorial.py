"""Sets the notebook up, runs it, opens it and tests it: what `make` calls, and all that is needed where there is no make.

    python tools/tutorial.py run --settings 'epochs = 1; dataZip = "my.zip";'
    python tools/tutorial.py lab --no-browser --port=8889            (options of `jupyter lab`)
    python tools/tutorial.py test --tier fast --tests SafeUnzipTest
    python tools/tutorial.py with COMMAND...                         (any command, with what the Java kernel needs)
    python tools/tutorial.py set-up                                  (.venv alone)

Needs a JDK (17 or later) on the PATH or in JAVA_HOME, Python (3.10 or later) and, for the tests, Maven.
"""
import argparse
import importlib.metadata
import importlib.util
import locale
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
NOTEBOOK = "GPU_vs_CPU_Benchmark.ipynb"
VENV = PROJECT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST_PYTHON = (3, 10)
OLDEST_JAVA = 17

# By the tags of the test classes; the untagged ones are unit tests.
TIERS = {
    "all": "-DexcludedGroups=cluster,tools",
    "unit": "-DexcludedGroups=run,kernel,machines,browser,gpu,examples,cluster,tools",
    "fast": "-DexcludedGroups=kernel,machines,browser,gpu,examples,cluster,tools",
    "kernel": "-Dgroups=kernel",
    "machines": "-Dgroups=machines",
    "browser": "-Dgroups=browser",
    "scale": "-Dgroups=examples,cluster",
    "tools": "-Dgroups=tools",
}

KERNEL = {
    # The order in which nvidia-smi lists the GPUs, so that gpu0 is the same one everywhere.
    "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
    # What the kernel runs before the first cell: errors get a line that says what to do. Both kernels know such a variable.
    "JJAVA_STARTUP_SCRIPTS_PATH": "support/startup.jsh",
    "IJAVA_STARTUP_SCRIPTS_PATH": "support/startup.jsh",
}
# The serial collector keeps Java's heap small and its threads off the cores that train.
COLLECTOR = "-XX:+UseSerialGC"
# Java 24 and later warn on the terminal of what JNA and DJL do natively, unless told by both options that they may.
NATIVE = "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
OLDEST_JAVA_THAT_WARNS = 24


def path():
    """With JAVA_HOME's java ahead of any other."""
    home, usual = os.environ.get("JAVA_HOME"), os.environ.get("PATH", os.defpath)
    return os.path.join(home, "bin") + os.pathsep + usual if home else usual


def java_version():
    """Ends in a line that says what is wrong with `java`: the kernel needs a JDK (a JRE has no JShell) of version 17 or later."""
    java = shutil.which("java", path=path())
    if not java:
        sys.exit("No java on the PATH. Install a JDK, version 17 or later (https://adoptium.net), or set JAVA_HOME.")
    settings = subprocess.run([java, "-XshowSettings:properties", "-version"], capture_output=True, text=True).stderr
    found = re.search(r"java\.specification\.version = (\S+)", settings)
    if not found:
        sys.exit(f"{java} does not start. Install a JDK, version 17 or later, or set JAVA_HOME to one{options_for_java()}.")
    version = int(found[1].removeprefix("1.").split(".")[0])
    if version < OLDEST_JAVA:
        sys.exit(f"java is version {found[1]}; the notebook needs a JDK 17 or later. Set JAVA_HOME to one.")
    if "user.home = ?\n" in settings:    # of a user without a name, as in a container; a folder "?" would be made
        home = os.environ.get("HOME", "")
        given = os.environ.get("JJAVA_JVM_OPTS", "")
        os.environ["JJAVA_JVM_OPTS"] = f"-Duser.home={home if os.access(home, os.W_OK) else tempfile.gettempdir()} {given}".strip()
    if "jdk.jshell" not in subprocess.run([java, "--list-modules"], capture_output=True, text=True).stdout:
        sys.exit("This java is a JRE without JShell. Install a JDK, version 17 or later, or set JAVA_HOME to one.")
    return version


def options_for_java():
    """What may keep Java from starting."""
    found = [name for name in ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS") if os.environ.get(name)]
    return f", or unset {' and '.join(found)}" if found else ""


def encoding():
    """Where the locale knows only ASCII, as C does and one that is not installed, Java would find no file with an accent."""
    ascii_only = os.name != "nt" and locale.nl_langinfo(locale.CODESET) in ("ANSI_X3.4-1968", "US-ASCII")
    return {"LC_ALL": "C.UTF-8"} if ascii_only else {}


def collector(given):
    """Ours, unless these options, or others that Java takes from a variable or a file, name another: Java starts with one alone."""
    java = shutil.which("java", path=path())
    return COLLECTOR if subprocess.run([java, COLLECTOR, *shlex.split(given), "-version"], capture_output=True).returncode == 0 else ""


def kernel_environment():
    """What the Java kernel is started with, or what starts it; options for Java that are set already come behind ours."""
    version, given = java_version(), os.environ.get("JJAVA_JVM_OPTS", "")
    # The options on native access stand last, for where they are left out: the launcher takes a space in front for an option.
    options = [collector(given), given, NATIVE if version >= OLDEST_JAVA_THAT_WARNS else ""]
    return {**KERNEL, **encoding(), "JJAVA_JVM_OPTS": " ".join(filter(None, options)), "PATH": path()}


def made_for():
    """Where .venv lies and whose it is, by which its programs and packages go; an empty text if its Python does not start."""
    try:
        version = subprocess.run([PYTHON, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True)
    except OSError:
        return ""
    return f"{VENV.resolve()}\n{version.stdout}" if version.returncode == 0 else ""


def pip_fills_others():
    """Whether this Python has a pip that can install into another environment."""
    if importlib.util.find_spec("pip") is None:
        return False
    return tuple(int(part) for part in importlib.metadata.version("pip").split(".")[:2]) >= (22, 3)


def set_up(only_say=False):
    """JupyterLab and the Java kernel in .venv: once, and again when other versions are wanted, or .venv or its Python is another."""
    requirements, done = PROJECT / "requirements.txt", VENV / "installed"
    now = made_for()
    fits = done.exists() and now and done.read_text() == now
    if fits and done.stat().st_mtime >= requirements.stat().st_mtime:
        return
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"Python 3.10 or later is needed; {sys.executable} is {sys.version.split()[0]}.")
    print("Setting up .venv: JupyterLab and the JJava kernel (once)", flush=True)
    if only_say:
        return
    # Debian and Ubuntu keep from a Python what puts pip into a new environment; there the Python's own pip can fill it.
    own_pip = importlib.util.find_spec("ensurepip") is not None
    if not own_pip and not pip_fills_others():
        sys.exit(f"{sys.executable} has neither ensurepip nor pip 22.3 or later. Install Debian's or Ubuntu's package python3-venv.")
    venv.create(VENV, with_pip=own_pip, symlinks=os.name != "nt", clear=VENV.exists() and not fits)
    pip = [PYTHON, "-m", "pip"] if own_pip else [sys.executable, "-m", "pip", "--python", PYTHON]
    installed = subprocess.run([*pip, "install", "--quiet", "--disable-pip-version-check", "--requirement", requirements],
                               cwd=PROJECT, env={**os.environ, "PIP_USER": "0"})  # a virtual environment knows no user
    if installed.returncode:
        sys.exit("pip could not install what requirements.txt asks for; its last lines say why. Then run this again.")
    done.write_text(made_for())


def become(command, environment):
    """Runs the command from the project's folder in place of this program, so that whoever stops this one stops it."""
    command = [str(part) for part in command]
    os.chdir(PROJECT)
    program = shutil.which(command[0], path=environment["PATH"])
    if not program:
        sys.exit(f"No {command[0]} on the PATH.")
    if os.name == "nt":
        sys.exit(subprocess.run([program, *command[1:]], env=environment).returncode)
    os.execve(program, command, environment)


def run(arguments, environment):
    become([PYTHON, "tools/run_notebook.py", NOTEBOOK, "build", "--settings", arguments.settings], environment)


def lab(arguments, environment):
    become([PYTHON, "-m", "jupyterlab", NOTEBOOK, *arguments.options], environment)


def test(arguments, environment):
    reports = PROJECT / "tests" / "target" / "surefire-reports"
    shutil.rmtree(reports, ignore_errors=True)
    maven = shutil.which("mvn", path=environment["PATH"])
    if not maven:
        sys.exit("No mvn on the PATH. The tests need Maven (https://maven.apache.org).")
    named = [f"-Dtest={arguments.tests}"] if arguments.tests else []
    tests = subprocess.run([maven, "--batch-mode", "--no-transfer-progress", "--projects", "tests", "--also-make", TIERS[arguments.tier],
                            *named, "test"], cwd=PROJECT, env=environment)
    subprocess.run([PYTHON, PROJECT / "tests" / "report.py", reports])
    sys.exit(tests.returncode)


def other(arguments, environment):
    become(arguments.options, environment)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)

    def command(name, does, **how):
        one = commands.add_parser(name, **how)
        one.set_defaults(does=does)
        return one

    command("set-up", lambda *_: None).add_argument("--dry-run", action="store_true", help="only say whether there is something to do")
    command("run", run).add_argument("--settings", default=os.environ.get("SETTINGS", ""), help="Java statements")
    tests = command("test", test)
    tests.add_argument("--tier", default="all", choices=TIERS)
    tests.add_argument("--tests", help="names of test classes, separated by commas")
    # Another prefix leaves what begins with a hyphen to the command that gets it.
    command("lab", lab, prefix_chars="\0").add_argument("options", nargs="*")
    command("with", other, prefix_chars="\0").add_argument("options", nargs="+")
    arguments = parser.parse_args()
    for of_another_python in ("PYTHONHOME", "PYTHONPATH"):
        os.environ.pop(of_another_python, None)
    environment = {**os.environ, **kernel_environment()}
    set_up(only_say=getattr(arguments, "dry_run", False))
    arguments.does(arguments, environment)


if __name__ == "__main__":
    main()
