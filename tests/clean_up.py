"""Waits for a run of the tests to end, in whatever way it does, and clears what it has left: clean_up.py FOLDER MARK

The run holds this program's standard input, which the operating system closes when the run is over, killed ones included.
Then every process that carries MARK in its environment ("NAME=VALUE", see CleanUp.java) is ended, and FOLDER is deleted.
"""
import os
import shutil
import signal
import sys

import psutil


def marked(name, value):
    for process in psutil.process_iter():
        try:
            if process.environ().get(name) == value:
                yield process
        except psutil.Error:  # gone meanwhile, or somebody else's
            continue


def main(folder, mark):
    if hasattr(os, "setsid"):  # not on Windows
        os.setsid()  # what is sent to the run's terminal or process group is not meant for who tidies up behind it
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.stdin.read()
    while left := list(marked(*mark.split("="))):
        for process in left:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                pass
        psutil.wait_procs(left, timeout=1)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
