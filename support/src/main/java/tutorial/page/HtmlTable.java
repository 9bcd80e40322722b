package tutorial.page;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jsoup.nodes.Element;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.columns.numbers.NumberColumnFormatter;
import tech.tablesaw.io.Destination;
import tech.tablesaw.io.html.HtmlWriteOptions;
import tech.tablesaw.io.html.HtmlWriter;

/** A Tablesaw table as HTML, which Jupyter and GitHub lay out themselves; Tablesaw alone prints it as ASCII. */
final class HtmlTable {
    private HtmlTable() {}

    /**
     * The table with its name above it: text left and escaped, numbers right, empty where missing. Of doubles
     * four significant digits are told, of percentages one decimal, and of what is below a thousandth one digit. A table wider than
     * the page scrolls sideways.
     */
    static String of(Table table) {
        Table copy = table.copy();
        for (Column<?> column : copy.columns()) {
            if (column instanceof DoubleColumn numbers) {
                numbers.setPrintFormatter(new Sense(column.name().endsWith("%")));
            }
        }
        StringWriter html = new StringWriter();
        new HtmlWriter().write(copy,
                HtmlWriteOptions.builder(new Destination(html)).elementCreator(HtmlTable::element).build());
        Element name = new Element("b").text(table.name() == null ? "" : table.name());
        return "<div style=\"overflow-x: auto\">" + name + html + "</div>";
    }

    private static Element element(String tag, Column<?> column, Integer row) {
        Element element = new Element(tag);
        return column == null ? element : element.attr("style", "text-align: " + (column instanceof NumericColumn ? "right" : "left"));
    }

    private static final class Sense extends NumberColumnFormatter {
        private final boolean percent;

        Sense(boolean percent) {
            super(null, "");
            this.percent = percent;
        }

        @Override
        public String format(double value) {
            if (!Double.isFinite(value)) {
                return Double.isNaN(value) ? "" : String.valueOf(value);
            }
            return percent ? BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_UP).toPlainString()
                    : Ticks.rounded(value, Math.abs(value) < 1e-3 ? 1 : 4).toPlainString();
        }
    }
}
