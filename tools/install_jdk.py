"""Installs what the notebook needs of the operating system, as root on Debian or Ubuntu, as Google Colab and Kaggle are:
a JDK, unless there is one that will do, fonts for the charts, and what Debian keeps from Python's venv.
"""
import importlib.util
import os
import shutil
import subprocess
import sys

import tutorial

JDKS = ["openjdk-21-jdk-headless", "openjdk-17-jdk-headless"]  # Debian 12 has no 21, Debian 13 no 17
OTHERS = ["fontconfig", "fonts-dejavu-core", "libharfbuzz0b", "python3-venv"]


def main():
    java = None
    try:
        java = tutorial.java_version()
    except SystemExit as missing:
        print(missing, flush=True)
    others_are_there = shutil.which("fc-match") and importlib.util.find_spec("ensurepip")
    if os.geteuid() == 0 and not (java and others_are_there):
        install([] if java else JDKS)
    elif not java:
        sys.exit("Only root can install a JDK with apt-get. Install one yourself, or with conda: see environment.yml.")
    print(f"Java {tutorial.java_version()} is there.")


def install(jdks):
    """The first of the JDKs that there is, and the others."""
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update"], **quiet)
    simulated = (jdk for jdk in jdks if subprocess.run(["apt-get", "install", "--simulate", jdk], **quiet, stderr=subprocess.DEVNULL).returncode == 0)
    jdk = next(simulated, None)
    if jdks and jdk is None:
        sys.exit(f"apt-get has none of {', '.join(jdks)}. See whether the machine has a network, or install a JDK yourself.")
    wanted = [*filter(None, [jdk]), *OTHERS]
    print(f"Installing {', '.join(wanted)}", flush=True)
    if subprocess.run(["apt-get", "install", "--yes", "--no-install-recommends", *wanted], **quiet).returncode:
        print("apt-get could not install all of these; its lines above say why.", flush=True)


if __name__ == "__main__":
    main()
