package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
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

    @Test
    void doublesHaveFourSignificantDigitsAndNeverLoseWholeOnes() {
        assertEquals("1425", shown(1425.24));
        assertEquals("107.1", shown(107.13));
        assertEquals("13.3", shown(13.30383646));
        assertEquals("0.001234", shown(0.0012341));
        assertEquals("60", shown(60.0));
        assertEquals("123457", shown(123456.7));
        assertEquals("0", shown(0.0));
        assertEquals("-2.5", shown(-2.5));
    }

    @Test
    void aMissingNumberIsEmpty() {
        assertEquals("", shown(Double.NaN));
    }

    @Test
    void theTableItselfIsLeftAsItWas() {
        Table table = Table.create("t", DoubleColumn.create("d", 1425.24));
        String before = table.print();
        HtmlTable.of(table);
        assertEquals(before, table.print());
    }

    private static String shown(double value) {
        return cell(Table.create("t", DoubleColumn.create("d", value))).text();
    }

    private static Element cell(Table table) {
        return Jsoup.parse(HtmlTable.of(table)).selectFirst("tbody td");
    }
}
