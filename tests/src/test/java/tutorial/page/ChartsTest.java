package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Looks at the pixels. With -Dcharts=FOLDER the pictures are also left there, for a look with one's own eyes. */
class ChartsTest {
    private static final Color BLUE = Charts.Kind.CPU.color;
    private static final Color GREEN = Charts.Kind.GPU.color;
    private static final Color ORANGE = new Color(0xE8871E);
    private static final Color LIMIT = new Color(0xB85C00);
    private static final double NONE = Double.NaN;
    private static final List<String> AWKWARD = List.of("", " ", "<b>bold</b> & <script>", "👟 shoe 👟👟", "x".repeat(200),
            "two\nlines\tand a tab", "حذاء", "靴", "$x^2$", "same", "same", "\0", "👟".repeat(40));

    private final Locale locale = Locale.getDefault();

    @BeforeEach
    void elsewhere() {
        Locale.setDefault(Locale.GERMANY);
    }

    @AfterEach
    void back() {
        Locale.setDefault(locale);
    }

    @Test
    void aLongerValueIsALongerBarInTheColourOfItsKindAndOrderStays() throws IOException {
        Picture chart = Charts.bars("GPU 13× the CPU", "images/s", List.of(bar("CPU", 20, Charts.Kind.CPU),
                bar("T4", 61.8, Charts.Kind.PUBLISHED), bar("GPU", 247.2, Charts.Kind.GPU)));
        Box cpu = box(chart, BLUE);
        Box published = box(chart, Charts.Kind.PUBLISHED.color);
        Box gpu = box(chart, GREEN);
        assertEquals(gpu.width() * 20 / 247.2, cpu.width(), 2);
        assertEquals(gpu.width() * 61.8 / 247.2, published.width(), 2);
        assertEquals(cpu.left, gpu.left, 1);
        assertTrue(cpu.bottom < published.top && published.bottom < gpu.top, "from top to bottom");
        assertSound("bars", chart, 800);
        assertEquals("GPU 13× the CPU. CPU: 20 images/s; T4: 61.8 images/s; GPU: 247 images/s.", chart.alt());
    }

    @Test
    void thePaleBarBehindIsLongerAndItsValueIsTold() throws IOException {
        Picture chart = Charts.bars("title", "images/s", List.of(new Charts.Bar("CPU", 19.2, 19.6, Charts.Kind.CPU, ""),
                new Charts.Bar("GPU", 248.3, 611, Charts.Kind.GPU, "compute only: 611")));
        Box pale = box(chart, ChartCanvas.pale(GREEN, 0.7));
        Box main = box(chart, GREEN);
        assertEquals(main.width() * 611 / 248.3, pale.width(), 3);
        assertTrue(pale.top < main.top && pale.bottom > main.bottom, "and thicker, so that it is seen where it is as long");
        assertNotEquals(0, count(chart, ChartCanvas.pale(BLUE, 0.7)));
        assertEquals("title. CPU: 19.2 images/s (pale: 19.6); GPU: 248 images/s compute only: 611.", chart.alt());
        assertSound("behind", chart, 800);
    }

    @Test
    void oneBarMayBeAllThereIs() throws IOException {
        assertSound("one", Charts.bars("one", "images/s", List.of(bar("CPU", 19.2, Charts.Kind.CPU))), 800);
        assertSound("none", Charts.bars("none", "images/s", List.of()), 800);
        Picture nothing = Charts.bars("nothing", "images/s", List.of(bar("CPU", 0, Charts.Kind.CPU), bar("GPU", NONE, Charts.Kind.GPU),
                bar("GPU", Double.POSITIVE_INFINITY, Charts.Kind.GPU), bar("GPU", -5, Charts.Kind.GPU)));
        assertEquals(0, count(nothing, GREEN));
        assertSound("nothing", nothing, 800);
    }

    @Test
    void theLineCrossesTheBarsThatAreLongerThanItsValue() throws IOException {
        List<Charts.Bar> bars = List.of(bar("CPU", 100, Charts.Kind.CPU), bar("GPU", 611, Charts.Kind.GPU));
        Picture chart = Charts.bars("limits", "images/s", bars, 394, "decoding");
        Box gpu = box(chart, GREEN);
        int x = gpu.left + gpu.width() * 394 / 611;
        int inBar = 0;
        for (int y = gpu.top; y < gpu.bottom; y++) {
            inBar += near(chart, x, y, LIMIT) ? 1 : 0;
        }
        assertTrue(inBar > 10, "dashes in the longer bar: " + inBar);
        assertTrue(box(chart, BLUE).right < x, "the shorter one ends before");
        assertTrue(chart.alt().endsWith("; decoding 394 images/s."), chart.alt());
        assertEquals(0, count(Charts.bars("limits", "images/s", bars), LIMIT));
        Picture beyond = Charts.bars("limits", "images/s", List.of(bar("CPU", 19, Charts.Kind.CPU)), 394, "decoding");
        assertNotEquals(0, count(beyond, LIMIT), "also where the line is beyond all bars");
        assertSound("limits", chart, 800);
        assertSound("beyond", beyond, 800);
    }

    @Test
    void ofThisRunTheNamesAreBoldAmongOthersOnly() {
        List<Charts.Bar> own = List.of(bar("CPU, 2 cores", 20, Charts.Kind.CPU));
        List<Charts.Bar> mixed = List.of(bar("CPU, 2 cores", 20, Charts.Kind.CPU), bar("", 20, Charts.Kind.RECORDED));
        Picture plain = Charts.bars("t", "", own);
        Picture bold = Charts.bars("t", "", mixed);
        Box bar = box(plain, BLUE);
        assertTrue(ink(bold, 0, bar.top, bar.left, bar.bottom) > 1.2 * ink(plain, 0, bar.top, bar.left, bar.bottom));
    }

    @Test
    void partsOfABarFollowEachOtherAndWaitingIsOrange() throws IOException {
        Map<String, List<Double>> parts = new LinkedHashMap<>();
        parts.put("waiting for data", List.of(10.0, 1.5));
        parts.put("forward and backward", List.of(30.0, 0.5));
        parts.put("optimizer", Collections.singletonList(NONE));
        Picture chart = Charts.stacked("Waiting is a quarter", "ms per image", List.of("CPU", "GPU"), parts);
        int first = row(chart, ORANGE);
        Box waiting = box(chart, ORANGE, first - 5, first + 20);
        Box computing = box(chart, BLUE, first - 5, first + 20);
        assertEquals(3 * waiting.width(), computing.width(), 4);
        assertEquals(waiting.right, computing.left, 2);
        assertEquals("Waiting is a quarter. CPU: waiting for data 10, forward and backward 30, optimizer 0, together 40 ms per image; "
                + "GPU: waiting for data 1.5, forward and backward 0.5, optimizer 0, together 2 ms per image.", chart.alt());
        assertSound("stacked", chart, 800);
        assertSound("stacked nothing", Charts.stacked("t", "ms", List.of(), Map.of()), 800);
    }

    @Test
    void onLogarithmicAxesADoublingIsAlwaysAsWide() throws IOException {
        Map<String, Map<Integer, Double>> series = new LinkedHashMap<>();
        series.put("CPU", Map.of(1, 10.0, 2, 10.0, 4, 10.0, 64, 10.0));
        series.put("GPU", Map.of(1, 100.0, 2, 200.0, 4, 400.0, 64, 1000.0, 128, NONE));
        Picture chart = Charts.logLog("Bigger is faster", "batch", "images/s", series, 4);
        List<Integer> dots = dots(chart, GREEN);
        assertEquals(4, dots.size(), dots.toString());
        int octave = dots.get(1) - dots.get(0);
        assertEquals(octave, dots.get(2) - dots.get(1), 2);
        assertEquals(4 * octave, dots.get(3) - dots.get(2), 4);
        assertEquals(dots, dots(chart, BLUE));
        assertTrue(row(chart, GREEN) < row(chart, BLUE), "faster is higher");
        assertEquals("Bigger is faster. CPU: 10 at 1, 10 at 2, 10 at 4, 10 at 64 images/s; "
                + "GPU: 100 at 1, 200 at 2, 400 at 4, 1000 at 64 images/s.", chart.alt());
        assertSound("sweep", chart, 800);
    }

    @Test
    void theBatchInUseIsMarkedIfThereIsOne() throws IOException {
        Map<String, Map<Integer, Double>> series = Map.of("CPU", Map.of(1, 10.0, 32, 19.2, 64, -1.0));
        Picture marked = Charts.logLog("t", "batch", "images/s", series, 32);
        Picture unmarked = Charts.logLog("t", "batch", "images/s", series, 8);
        assertTrue(count(marked, ChartCanvas.GREY) > count(unmarked, ChartCanvas.GREY) + 200);
        assertSound("one point", Charts.logLog("t", "batch", "images/s", Map.of("CPU", Map.of(32, 19.2)), 32), 800);
        assertSound("no point", Charts.logLog("t", "batch", "images/s", Map.of("CPU", Map.of()), 32), 800);
    }

    @Test
    void curvesThatCoincideAreBothSeen() throws IOException {
        List<Double> loss = IntStream.range(0, 18).mapToObj(i -> 1.45 * Math.exp(-i / 9.0)).toList();
        Map<String, List<Double>> series = new LinkedHashMap<>();
        series.put("CPU", loss);
        series.put("GPU", loss);
        Picture chart = Charts.curves("They coincide", "step", "loss", series, Math.log(4), "guessing");
        assertTrue(count(chart, ChartCanvas.pale(BLUE, 0.6)) > 2000);
        assertTrue(count(chart, GREEN) > 1000);
        assertEquals("They coincide. CPU: from 1.45 to 0.219 in 18 steps; GPU: from 1.45 to 0.219 in 18 steps; guessing 1.39.", chart.alt());
        Picture unreferred = Charts.curves("They coincide", "step", "loss", series, NONE, "guessing");
        assertTrue(count(chart, ChartCanvas.GREY) > count(unreferred, ChartCanvas.GREY) + 200, "the dotted line");
        assertSound("curves", chart, 800);
    }

    @Test
    void whereALossIsNoNumberTheCurveHasAGap() throws IOException {
        List<Double> loss = new ArrayList<>(Collections.nCopies(21, 1.0));
        Picture whole = curve(loss);
        Collections.fill(loss.subList(5, 15), NONE);
        loss.set(7, Double.POSITIVE_INFINITY);
        loss.set(8, Double.NEGATIVE_INFINITY);
        loss.set(9, null);
        Picture gap = curve(loss);
        assertEquals(0.5, (double) count(gap, ChartCanvas.pale(BLUE, 0.6)) / count(whole, ChartCanvas.pale(BLUE, 0.6)), 0.1);
        assertSound("gap", gap, 800);
        for (List<Double> nothing : List.of(List.<Double>of(), List.of(NONE), List.of(NONE, NONE), List.of(Double.POSITIVE_INFINITY))) {
            Picture empty = curve(nothing);
            assertEquals("loss. CPU: no value; guessing 1.39.", empty.alt());
            assertSound("no loss", empty, 800);
        }
        assertSound("diverged", curve(List.of(1.0, 1e30)), 800);
        assertSound("zero", curve(List.of(0.0)), 800);
        assertSound("no curve", Charts.curves("t", "x", "y", Map.of(), NONE, ""), 800);
    }

    @Test
    void theFirstClassIsOnTopAndMorePhotosAreBluer() throws IOException {
        Picture chart = Charts.confusion("28 of 40 are right", List.of("boot", "sandal"), new int[][] {{20, 0}, {12, 8}});
        Box most = box(chart, BLUE);
        Box some = box(chart, ChartCanvas.pale(BLUE, 0.9 - 0.9 * 12 / 20));
        Box few = box(chart, ChartCanvas.pale(BLUE, 0.9 - 0.9 * 8 / 20));
        assertTrue(most.bottom < some.top, "the second true class is the second row");
        assertEquals(most.left, some.left, 2);
        assertTrue(few.left > some.right, "predicted classes are columns");
        assertEquals("28 of 40 are right. boot: 20 of 20 right; sandal: 8 of 20 right.", chart.alt());
        assertSound("confusion", chart, 800);
    }

    @Test
    void twentyClassesAreLegible() throws IOException {
        List<String> names = IntStream.range(0, 20).mapToObj(i -> i + " is a class of a rather long name, too").toList();
        int[][] counts = new int[20][20];
        IntStream.range(0, 20).forEach(i -> counts[i][i] = 100 + i);
        Picture chart = Charts.confusion("20 classes", names, counts);
        Box last = box(chart, BLUE);
        assertTrue(last.width() >= 2 * 24 && last.height() >= 2 * 24, last.toString());
        assertSound("confusion of 20", chart, 800);
        assertSound("confusion of one", Charts.confusion("t", List.of("only"), new int[][] {{0}}), 800);
        assertSound("confusion of none", Charts.confusion("t", List.of(), new int[][] {}), 800);
    }

    /** Every second class was mistaken for the one before, the more often the higher its number. */
    @Test
    void ofManyClassesThoseMostOftenMistakenAreShownAndTheOthersTold() throws IOException {
        for (int many : new int[] {21, 60, 1000}) {
            List<String> names = IntStream.range(0, many).mapToObj(i -> "class " + i).toList();
            int[][] counts = new int[many][many];
            for (int i = 0; i < many; i++) {
                counts[i][i] = 3;
                counts[i][Math.max(0, i - 1)] += i % 2 * i;
            }
            Picture chart = Charts.confusion("t", names, counts);
            int from = many - 20 - many % 2;
            int others = IntStream.range(0, from).map(i -> 3 + i % 2 * i).sum() + (many % 2 == 0 ? 0 : 3);
            assertEquals(String.format(Locale.ROOT, "t: of %d classes the 20 most often mistaken for each other. Of the others' %,d photos %.0f %% are right. ", many, others,
                    100.0 * 3 * (many - 20) / others) + IntStream.range(from, from + 20).mapToObj(i -> "class " + i + ": 3 of " + (3 + i % 2 * i) + " right")
                    .collect(Collectors.joining("; ")) + ".", chart.alt());
            assertSound("confusion of " + many, chart, 800);
        }
        assertEquals(20, Charts.confusion("t", Collections.nCopies(25, "x"), new int[25][25]).alt().split("0 of 0 right").length - 1);
    }

    @Test
    void aMatrixOfAnyNamesIsLegible() throws IOException {
        for (int many : new int[] {2, 20}) {
            for (String name : List.of("", "a long name of a class, which is longer than its room, ", "靴", "👟", "<b>&amp;</b>", "W".repeat(200))) {
                int[][] counts = new int[many][many];
                IntStream.range(0, many).forEach(i -> counts[i][i] = 1 + i);
                Picture chart = Charts.confusion("t", IntStream.range(0, many).mapToObj(i -> name + (char) ('a' + i)).toList(), counts);
                assertTrue(box(chart, BLUE).width() >= 2 * 20, "the width of a cell");
                assertEquals(many, Arrays.stream(chart.alt().split("; ")).distinct().count(), chart.alt());
                assertSound("confusion " + many + " " + (int) name.chars().sum(), chart, 800);
            }
        }
    }

    @Test
    void aLongTitleKeepsItsEnds() throws IOException {
        Picture chart = Charts.bars("This is " + "W".repeat(250) + ", 87.3 %", "u", List.of(bar("CPU", 1, Charts.Kind.CPU)));
        assertEquals(Charts.bars("x".repeat(250), "u", List.of(bar("CPU", 1, Charts.Kind.CPU))).height(), chart.height(), "three lines");
        assertSound("long title", chart, 800);
    }

    /** What goes wrong in one chart keeps nothing else back. */
    @Test
    void aChartThatCannotBeDrawnIsWritten() throws IOException {
        ChartCanvas canvas = new ChartCanvas(100, 500, 100, 0, 1, 0, 1);
        canvas.text("label", null, Color.BLACK, 0, 0, 0, 0, 0);
        Picture chart = canvas.picture("title", "title. CPU: 20 images/s.");
        assertTrue(chart.alt().startsWith("This chart cannot be drawn (java.lang.IllegalArgumentException: "), chart.alt());
        assertTrue(chart.alt().endsWith("It says: title. CPU: 20 images/s."), chart.alt());
        assertSound("written", chart, 800);
    }

    @Test
    void thePhotoStandsLeftOfItsBars() throws IOException {
        BufferedImage photo = new BufferedImage(900, 600, BufferedImage.TYPE_INT_ARGB);
        Graphics2D pen = photo.createGraphics();
        pen.setColor(Color.RED);
        pen.fillRect(0, 0, 900, 600);
        pen.dispose();
        Picture chart = Charts.beside(photo, "A boot", List.of("boot", "sandal"), List.of(80.04, 19.96));
        Box red = box(chart, Color.RED);
        assertEquals(400, red.width(), 2);
        assertEquals(267, red.height(), 2);
        Box boot = box(chart, ChartCanvas.INK, red.top + 16, red.top + 20);
        Box sandal = box(chart, Charts.Kind.PUBLISHED.color);
        assertTrue(red.right < sandal.left);
        assertEquals(sandal.width() * 4, boot.right - sandal.left, 10);
        assertEquals("A boot. boot: 80 %; sandal: 20 %.", chart.alt());
        assertSound("beside", chart, 800);
        assertEquals("t. boot: no value.", Charts.beside(photo, "t", List.of("boot"), List.of(NONE)).alt());
        assertSound("thin", Charts.beside(photo.getSubimage(0, 0, 1, 600), "t", List.of("boot"), List.of(NONE)), 800);
    }

    @Test
    void anyTextWillDo() throws IOException {
        int many = AWKWARD.size();
        List<Double> values = IntStream.range(0, many).mapToObj(i -> 1.0 + i).toList();
        for (String text : AWKWARD) {
            Picture chart = Charts.bars(text, text, AWKWARD.stream().map(label -> new Charts.Bar(label, 3, 4, Charts.Kind.OTHER, text)).toList(), 2, text);
            assertEquals(many, rows(chart, Charts.Kind.OTHER.color), "equal names keep a bar each");
            assertSound("texts", chart, 800);
            assertSound("parts", Charts.stacked(text, text, AWKWARD, each(values)), 800);
            assertSound("points", Charts.logLog(text, text, text, each(Map.of(1, 1.0, 2, 3.0)), 1), 800);
            assertSound("steps", Charts.curves(text, text, text, each(values), 1, text), 800);
        }
        assertSound("classes", Charts.confusion("title ".repeat(100), AWKWARD, new int[many][many]), 800);
        assertSound("guesses", Charts.beside(new BufferedImage(9, 9, 5), "x".repeat(500), AWKWARD, values), 800);
        assertSound("null", Charts.bars("t", "u", List.of(new Charts.Bar(null, 1, 1, Charts.Kind.CPU, null))), 800);
    }

    @Test
    void numbersHaveThreeDigitsThatCount() {
        Map<Double, String> texts = Map.of(19.2, "19.2", 19.0, "19", 4.645533384, "4.65", 0.0014671, "0.00147", 6621.4, "6621",
                0.0, "0", 611.4, "611", 1e9, "1E+9", 0.1 + 0.2, "0.3");
        texts.forEach((value, text) -> assertEquals(text, Ticks.number(value)));
        assertEquals("no value", Ticks.number(NONE));
    }

    @Test
    void ticksAreRoundNumbers() {
        assertEquals("[0.0, 200.0, 400.0, 600.0]", Arrays.toString(Ticks.linear(750, 6)));
        assertEquals("[0.0, 0.5, 1.0, 1.5]", Arrays.toString(Ticks.linear(1.6, 5)));
        assertEquals("[5.0, 10.0, 20.0]", Arrays.toString(Ticks.decades(9.1, 19.6)));
        assertEquals("[10.0, 20.0]", Arrays.toString(Ticks.decades(10, 10)));
        assertEquals("[1.0, 10.0, 100.0, 1000.0, 10000.0]", Arrays.toString(Ticks.decades(3, 9000)));
    }

    private static Picture curve(List<Double> loss) {
        return Charts.curves("loss", "step", "loss", Map.of("CPU", loss), Math.log(4), "guessing");
    }

    private static <T> Map<String, T> each(T value) {
        Map<String, T> all = new LinkedHashMap<>();
        AWKWARD.forEach(name -> all.put(name, value));
        return all;
    }

    private static Charts.Bar bar(String label, double value, Charts.Kind kind) {
        return new Charts.Bar(label, value, NONE, kind, "");
    }

    /** At twice the size, not too wide, told in words, and with a white rim: so nothing is cut off. */
    private static void assertSound(String name, Picture chart, int maxWidth) throws IOException {
        BufferedImage image = chart.image();
        String folder = System.getProperty("charts");
        if (folder != null) {
            ImageIO.write(image, "png", Files.createDirectories(Path.of(folder)).resolve(name + ".png").toFile());
        }
        assertEquals(2 * chart.width(), image.getWidth());
        assertEquals(2 * chart.height(), image.getHeight());
        assertTrue(chart.width() <= maxWidth && chart.width() >= 400, name + ": " + chart.width());
        assertFalse(chart.alt().isBlank(), name);
        int width = image.getWidth();
        int height = image.getHeight();
        assertEquals(0, ink(chart, 0, 0, width, 6) + ink(chart, 0, height - 6, width, height)
                + ink(chart, 0, 0, 4, height) + ink(chart, width - 2, 0, width, height), name + " reaches the edge");
    }

    private record Box(int left, int top, int right, int bottom) {
        int width() {
            return right - left + 1;
        }

        int height() {
            return bottom - top + 1;
        }
    }

    private static Box box(Picture chart, Color color) {
        return box(chart, color, 0, chart.image().getHeight());
    }

    /** The smallest one with all pixels of this colour between two heights. */
    private static Box box(Picture chart, Color color, int top, int bottom) {
        TreeSet<Integer> columns = new TreeSet<>();
        TreeSet<Integer> rows = new TreeSet<>();
        for (int y = top; y < bottom; y++) {
            for (int x = 0; x < chart.image().getWidth(); x++) {
                if (chart.image().getRGB(x, y) == color.getRGB()) {
                    columns.add(x);
                    rows.add(y);
                }
            }
        }
        assertFalse(rows.isEmpty(), "nothing of " + color);
        return new Box(columns.first(), rows.first(), columns.last(), rows.last());
    }

    private static int row(Picture chart, Color color) {
        return box(chart, color).top;
    }

    private static int count(Picture chart, Color color) {
        BufferedImage image = chart.image();
        return (int) Arrays.stream(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .filter(rgb -> rgb == color.getRGB()).count();
    }

    /** Pixels that are not white. */
    private static int ink(Picture chart, int left, int top, int right, int bottom) {
        int ink = 0;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                ink += chart.image().getRGB(x, y) == Color.WHITE.getRGB() ? 0 : 1;
            }
        }
        return ink;
    }

    private static boolean near(Picture chart, int x, int y, Color color) {
        return IntStream.rangeClosed(x - 3, x + 3).anyMatch(column -> chart.image().getRGB(column, y) == color.getRGB());
    }

    /** How many bars stand above each other: stretches of rows with this colour. */
    private static int rows(Picture chart, Color color) {
        Box all = box(chart, color);
        int bars = 0;
        boolean before = false;
        for (int y = all.top; y <= all.bottom; y++) {
            boolean now = chart.image().getRGB(all.left + 2, y) == color.getRGB();
            bars += now && !before ? 1 : 0;
            before = now;
        }
        return bars;
    }

    /** The middles of the dots of a colour, which are wider than its line is thick. */
    private static List<Integer> dots(Picture chart, Color color) {
        List<Integer> middles = new ArrayList<>();
        BufferedImage image = chart.image();
        int begin = -1;
        for (int x = 0; x < image.getWidth(); x++) {
            int column = x;
            long thick = IntStream.range(0, image.getHeight() - 60).filter(y -> image.getRGB(column, y) == color.getRGB()).count();
            if (thick >= 11 && begin < 0) {
                begin = x;
            } else if (thick < 11 && begin >= 0) {
                middles.add((begin + x) / 2);
                begin = -1;
            }
        }
        return middles;
    }
}
