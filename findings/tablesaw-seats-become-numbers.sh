#!/usr/bin/env bash
# Guess: in a CSV file, the seats 12D, 12F and 14D are text. A column is a number column if all its cells are numbers.
# What happens: they are the numbers 12, 12 and 14, since to find out, Tablesaw calls Double.parseDouble, which takes the
#   suffixes that a literal in Java source may have: d, D, f and F. Two seats have become one. With a seat 12A in the file
#   the column is text, so a program may work until a file happens to have none. Class names such as 1d or 3f go the same way.
# Tablesaw 0.44.4:
#   https://github.com/jtablesaw/tablesaw/blob/v0.44.4/core/src/main/java/tech/tablesaw/columns/numbers/DoubleParser.java#L33
#   https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/lang/Double.html#valueOf(java.lang.String)
. "$(dirname "$0")/lib/packages.sh"
maven_packages tech.tablesaw:tablesaw-core:0.44.4 org.slf4j:slf4j-nop:2.0.17

run_java << 'JAVA'
import java.util.List;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

class Main {
    static Column<?> seats(String... seats) {
        Column<?> column = Table.read().csv(new java.io.StringReader("seat\n" + String.join("\n", seats) + "\n")).column("seat");
        System.out.printf("%s is read as %s %s, %d different%n", List.of(seats), column.type(), column.asList(), column.countUnique());
        return column;
    }

    public static void main(String[] args) {
        assert seats("12A", "12D", "12F", "14D").type() == ColumnType.STRING;
        Column<?> seats = seats("12D", "12F", "14D");
        assert seats.type() == ColumnType.DOUBLE;
        assert seats.asList().equals(List.of(12.0, 12.0, 14.0));
        assert seats.countUnique() == 2;
    }
}
JAVA
