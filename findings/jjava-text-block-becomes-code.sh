#!/usr/bin/env bash
# Guess: a text block in a notebook's cell is the text that it shows, as in any Java program.
# What happens: a line of it that begins with a %, as a template for String.format may, is taken for a magic of the notebook and
#   replaced by the Java code that would call it. It compiles, no magic is run, nothing is reported, and the text is another.
#   A % within a string on one line is recognised, by counting the quotes before it, but only those of its own line.
# JJava 1.0a8. The Java is right: the JDK's own jshell prints the text.
#   https://github.com/dflib/jjava/blob/ef30da8824d2a5787cd8331e5135bbda727f1c6a/jjava-jupyter/src/main/java/org/dflib/jjava/jupyter/kernel/magic/MagicsResolver.java#L68
#   Text blocks: https://openjdk.org/jeps/378
. "$(dirname "$0")/lib/packages.sh"
python_packages jjava==1.0a8 jupyter_client==8.6.3

cat > "$work/cell" << 'CELL'
String template = """
    photos:
    %d of %d
    """;
System.out.print(template);
CELL
echo 'JShell:'
run_jshell -s - < "$work/cell" | tee "$work/jshell"
echo 'JJava:'
run_cells < "$work/cell" | tee "$work/jjava"
grep -qx '%d of %d' "$work/jshell"
grep -q '^org.dflib.jjava.*\.lineMagic(new String(java.util.Base64' "$work/jjava"
if grep -q '%d' "$work/jjava"; then exit 1; fi
