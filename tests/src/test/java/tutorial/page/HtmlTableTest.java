package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class HtmlTableTest {
    @Test
    void textIsEscapedAndKept() {
        String text = "<b>\"A & B\"</b> 'ü' 😀";
        assertEquals(text, cell(Table.create("t", StringColumn.create("c", text))).text());
    }

    @Test
    void theNameStandsAboveAndIsEscaped() {
        assertEquals("<i>x</i>", Jsoup.parse(HtmlTable.of(Table.create("<i>x</i>", LongColumn.create("n", 1)))).selectFirst("b").text());
    }

    @Test
    void numbersStandRightAndTextLeft() {
        assertEquals("text-align: right", cell(Table.create("t", LongColumn.create("n", 1))).attr("style"));
        assertEquals("text-align: left", cell(Table.create("t", StringColumn.create("s", "x"))).attr("style"));
    }

    @ParameterizedTest
    @CsvSource({"1425.24, 1425", "107.13, 107.1", "13.30383646, 13.3", "0.0012341, 0.001234", "60.0, 60", "123456.7, 123457", "0.0, 0",
            "-2.5, -2.5", "Infinity, Infinity", "NaN, ''"})
    void doublesHaveFourSignificantDigitsAndNeverLoseWholeOnes(double value, String shown) {
        assertEquals(shown, cell(Table.create("t", DoubleColumn.create("d", value))).text());
    }

    @ParameterizedTest
    @CsvSource({"'share, %', 99.3134, 99.3", "'waiting, %', 0.0286, 0.0", "loss, 0.00001229, 0.00001", "loss, 0.0009, 0.0009"})
    void noMoreDigitsAreShownThanMakeSense(String name, double value, String shown) {
        assertEquals(shown, cell(Table.create("t", DoubleColumn.create(name, value))).text());
    }

    @Test
    void theTableItselfIsLeftAsItWas() {
        Table table = Table.create("t", DoubleColumn.create("d", 1425.24));
        String before = table.print();
        HtmlTable.of(table);
        assertEquals(before, table.print());
    }

    private static Element cell(Table table) {
        return Jsoup.parse(HtmlTable.of(table)).selectFirst("tbody td");
    }
}
