"""Ends a run of the tests with what one wants to know of it: report.py REPORTS

REPORTS is the folder of Surefire's XML files. Prints the slowest ten tests (what a class does once before its tests counts as
one), a line for all that was skipped for the same reason, and each failure with its last lines.
"""
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

SLOWEST = 10
LINES_OF_A_FAILURE = 40


def reason_of(skipped):
    """Surefire writes some reasons as an attribute and others at the head of the stack trace."""
    return skipped.get("message") or (skipped.text or "").partition("\n")[0].partition(": ")[2] or "no reason given"


def main(folder):
    times, skipped, failures, passed = [], Counter(), [], 0
    for file in sorted(Path(folder).glob("TEST-*.xml")):
        suite = ElementTree.parse(file).getroot()
        name, in_tests = suite.get("name").rpartition(".")[2], 0.0
        for test in suite.iter("testcase"):
            seconds, what = float(test.get("time")), f"{name}.{test.get('name')}"
            in_tests += seconds
            times.append((seconds, what))
            bad = test.find("failure") if test.find("failure") is not None else test.find("error")
            if test.find("skipped") is not None:
                skipped[name, reason_of(test.find("skipped"))] += 1
            elif bad is not None:
                failures.append((what, bad.get("message") or bad.text or bad.get("type")))
            else:
                passed += 1
        times.append((float(suite.get("time")) - in_tests, f"{name}, before its tests"))
    if not times:
        return
    print(f"\nThe slowest {SLOWEST} tests:")
    for seconds, what in sorted(times, reverse=True)[:SLOWEST]:
        print(f"  {seconds:6.1f} s  {what}")
    print("\nSkipped:" if skipped else "\nNothing was skipped.")
    for (name, reason), tests in skipped.items():
        print(f"  {name} ({tests}): {' '.join(str(reason).split())}")
    for what, message in failures:
        lines = message.strip().splitlines()
        print(f"\nFAILED  {what}")
        print("\n".join(f"  {line}" for line in lines[:1] + lines[1:][-LINES_OF_A_FAILURE:]))
    print(f"\n{passed} passed, {len(failures)} failed, {sum(skipped.values())} skipped")


if __name__ == "__main__":
    main(*sys.argv[1:])
