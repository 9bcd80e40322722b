#!/usr/bin/env bash
# Guess: table.stream() of Tablesaw is a stream of its rows, so that max(), min(), sorted() and toList() do what they do
#   elsewhere.
# What happens: it is one Row object many times over, which moves on. max and min compare it with itself and both return the
#   last row; sorted and toList end in as many copies of the last row as there are rows. What looks at a row at once, as
#   filter with map does, is right. Row's Javadoc calls it a cursor, Table.stream's has no word on it.
# Tablesaw 0.44.4: https://github.com/jtablesaw/tablesaw/blob/v0.44.4/core/src/main/java/tech/tablesaw/api/Row.java#L14
. "$(dirname "$0")/lib/packages.sh"
maven_packages tech.tablesaw:tablesaw-core:0.44.4 org.slf4j:slf4j-nop:2.0.17

run_java << 'JAVA'
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class Main {
    static List<String> devices(Stream<Row> rows) {
        return rows.map(row -> row.getString("device")).toList();
    }

    public static void main(String[] args) {
        Table runs = Table.create("runs", StringColumn.create("device", "A", "B", "C", "D"), DoubleColumn.create("images/s", 21, 65, 4, 11));
        System.out.println(runs);
        Comparator<Row> speed = Comparator.comparingDouble(row -> row.getDouble("images/s"));
        String fastest = runs.stream().max(speed).get().getString("device");
        String slowest = runs.stream().min(speed).get().getString("device");
        List<String> sorted = devices(runs.stream().sorted(speed));
        List<String> listed = devices(runs.stream().toList().stream());
        List<String> fast = devices(runs.stream().filter(row -> row.getDouble("images/s") > 20));
        System.out.println("max:    " + fastest + ", one would expect B");
        System.out.println("min:    " + slowest + ", one would expect C");
        System.out.println("sorted: " + sorted + ", one would expect [C, D, A, B]");
        System.out.println("toList: " + listed + ", one would expect [A, B, C, D]");
        System.out.println("filter: " + fast);
        assert fastest.equals("D") && slowest.equals("D");
        assert sorted.equals(List.of("D", "D", "D", "D")) && listed.equals(sorted);
        assert fast.equals(List.of("A", "B"));
    }
}
JAVA
