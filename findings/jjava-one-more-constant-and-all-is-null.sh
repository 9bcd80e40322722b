#!/usr/bin/env bash
# Guess: to add a constant to an enum and run its cell again leaves the variables of other cells alone. They keep their values,
#   or there is an error. To run the cell again unchanged leaves them alone, indeed.
# What happens: every variable whose type has the enum in it becomes null, also a Map with the enum for its keys. JShell tells
#   whoever asks, and its tool prints "reset to null". The kernel prints nothing: the next cell finds null, or a
#   NullPointerException, in what was computed long before. A method more in a class or an interface does the same.
# JJava 1.0a8. What JShell tells is a SnippetEvent with a cause:
#   https://docs.oracle.com/en/java/javase/17/docs/api/jdk.jshell/jdk/jshell/SnippetEvent.html#causeSnippet()
. "$(dirname "$0")/lib/packages.sh"
python_packages jjava==1.0a8 jupyter_client==8.6.3

echo 'JShell:'
run_jshell << 'LINES' | tee "$work/jshell"
enum Device { CPU, GPU }
Device best = Device.GPU;
enum Device { CPU, GPU, TPU }
LINES
echo 'JJava:'
run_cells << 'CELLS' | tee "$work/jjava"
enum Device { CPU, GPU }
----
Device best = Device.GPU;
Map<Device, Double> seconds = new EnumMap<>(Map.of(Device.CPU, 308.4));
System.out.println(best + " " + seconds);
----
enum Device { CPU, GPU }
----
System.out.println(best + " " + seconds);
----
enum Device { CPU, GPU, TPU }
----
System.out.println(best + " " + seconds);
CELLS
grep -q 'variable best, reset to null' "$work/jshell"
grep -qx 'below cell 4: GPU {CPU=308.4}' "$work/jjava"
grep -qx 'below cell 5: ' "$work/jjava"
grep -qx 'below cell 6: null null' "$work/jjava"
