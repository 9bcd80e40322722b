package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    void barsAreAsLongAsTheirValuesInTheColourOfTheirKindAndInOrder() throws IOException {
        Picture chart = Charts.bars("GPU 13× the CPU", "images/s", List.of(bar(20, Charts.Kind.CPU),
                bar(61.8, Charts.Kind.PUBLISHED), bar(247.2, Charts.Kind.GPU)));
        Box cpu = box(chart, BLUE);
        Box published = box(chart, Charts.Kind.PUBLISHED.color);
        Box gpu = box(chart, GREEN);
        assertEquals(gpu.width() * 20 / 247.2, cpu.width(), 2);
        assertEquals(gpu.width() * 61.8 / 247.2, published.width(), 2);
        assertEquals(cpu.left, gpu.left, 1);
        assertTrue(cpu.bottom < published.top && published.bottom < gpu.top, "from top to bottom");
        assertSound(chart);
        assertEquals("GPU 13× the CPU. CPU: 20 images/s; PUBLISHED: 61.8 images/s; GPU: 247 images/s.", chart.alt());
    }

    @Test
    void thePaleBarBehindIsLongerAndThicker() throws IOException {
        Picture chart = Charts.bars("title", "images/s", List.of(new Charts.Bar("CPU", 19.2, 19.6, Charts.Kind.CPU, ""),
                new Charts.Bar("GPU", 248.3, 611, Charts.Kind.GPU, "compute only: 611")));
        Box pale = box(chart, Charts.pale(GREEN, 0.7));
        Box main = box(chart, GREEN);
        assertEquals(main.width() * 611 / 248.3, pale.width(), 3);
        assertTrue(pale.top < main.top && pale.bottom > main.bottom, "seen where it is as long, too");
        assertNotEquals(0, count(chart, Charts.pale(BLUE, 0.7)));
        assertEquals("title. CPU: 19.2 images/s; GPU: 248 images/s compute only: 611.", chart.alt());
        assertSound(chart);
    }

    @Test
    void valuesThatAreNoLengthsHaveNoBar() throws IOException {
        Picture chart = Charts.bars("nothing", "images/s", List.of(bar(0, Charts.Kind.CPU), bar(NONE, Charts.Kind.GPU),
                bar(Double.POSITIVE_INFINITY, Charts.Kind.GPU), bar(-5, Charts.Kind.GPU)));
        assertEquals(0, count(chart, GREEN));
        assertSound(chart);
    }

    @Test
    void theLimitCrossesTheBarsThatAreLonger() throws IOException {
        List<Charts.Bar> bars = List.of(bar(100, Charts.Kind.CPU), bar(611, Charts.Kind.GPU));
        Picture chart = Charts.bars("limits", "images/s", bars, 394, "decoding: 394");
        Box gpu = box(chart, GREEN);
        int x = gpu.left + gpu.width() * 394 / 611;
        long inBar = IntStream.range(gpu.top, gpu.bottom).filter(y -> near(chart, x, y, LIMIT)).count();
        assertTrue(inBar > 10, "dashes in the longer bar: " + inBar);
        assertTrue(box(chart, BLUE).right < x, "the shorter one ends before");
        assertTrue(chart.alt().endsWith("; decoding: 394 images/s."), chart.alt());
        assertEquals(0, count(Charts.bars("limits", "images/s", bars), LIMIT));
        Picture beyond = Charts.bars("limits", "images/s", bars.subList(0, 1), 394, "decoding");
        assertNotEquals(0, count(beyond, LIMIT), "also where the line is beyond all bars");
        assertSound(chart);
        assertSound(beyond);
    }

    @Test
    void namesOfThisRunAreBoldAmongOthersOnly() {
        Charts.Bar own = bar(20, Charts.Kind.CPU);
        Picture plain = Charts.bars("t", "", List.of(own));
        Picture bold = Charts.bars("t", "", List.of(own, new Charts.Bar("", 20, NONE, Charts.Kind.RECORDED, "")));
        Box bar = box(plain, BLUE);
        assertTrue(ink(bold, 0, bar.top, bar.left, bar.bottom) > 1.2 * ink(plain, 0, bar.top, bar.left, bar.bottom));
    }

    @Test
    void partsOfABarFollowEachOtherAndWaitingIsOrange() throws IOException {
        Map<String, List<Double>> parts = new LinkedHashMap<>();
        parts.put("waiting for data", List.of(10.0, 1.5));
        parts.put("forward and backward", List.of(30.0, 0.5));
        parts.put("optimizer", List.of(NONE, 0.0));
        Picture chart = Charts.stacked("Waiting is a quarter", "ms per image", List.of("CPU", "GPU"), parts);
        int first = box(chart, ORANGE).top;
        Box waiting = box(chart, ORANGE, first - 5, first + 20);
        Box computing = box(chart, BLUE, first - 5, first + 20);
        assertEquals(3 * waiting.width(), computing.width(), 4);
        assertEquals(waiting.right, computing.left, 2);
        assertEquals("Waiting is a quarter. CPU: waiting for data 10, forward and backward 30, optimizer 0, together 40 ms per image; "
                + "GPU: waiting for data 1.5, forward and backward 0.5, optimizer 0, together 2 ms per image.", chart.alt());
        assertSound(chart);
    }

    @Test
    void doublingsAreEquallyWideOnLogarithmicAxes() throws IOException {
        Map<String, Map<Integer, Double>> series = new LinkedHashMap<>();
        series.put("CPU", Map.of(1, 10.0, 2, 10.0, 4, 10.0, 64, 10.0));
        series.put("GPU", Map.of(1, 100.0, 2, 200.0, 4, 400.0, 64, 1000.0, 128, NONE));
        Picture chart = Charts.batchSizes("Bigger is faster", series, 4);
        List<Integer> dots = dots(chart, GREEN);
        assertEquals(4, dots.size(), dots.toString());
        int octave = dots.get(1) - dots.get(0);
        assertEquals(octave, dots.get(2) - dots.get(1), 2);
        assertEquals(4 * octave, dots.get(3) - dots.get(2), 4);
        assertEquals(dots, dots(chart, BLUE));
        assertTrue(box(chart, GREEN).top < box(chart, BLUE).top, "faster is higher");
        assertEquals("Bigger is faster. CPU: 10 at 1, 10 at 2, 10 at 4, 10 at 64 images/s; "
                + "GPU: 100 at 1, 200 at 2, 400 at 4, 1000 at 64 images/s.", chart.alt());
        assertSound(chart);
    }

    /** Twice the intensity is twice the rate under the slanted roof, and none more under the flat one. */
    @Test
    void theRooflineRisesToTheRidgeAndIsFlatFromThereOn() throws IOException {
        Picture chart = Charts.rooflines("two devices", List.of(new Charts.Roof("CPU", 0.3, 0.03, "float32",
                List.of(new Charts.Point("stem", 5, 0.1), new Charts.Point("stage 1", 40, 0.2), new Charts.Point("stage 2", 41, 0.2))),
                new Charts.Roof("GPU", 100, 1, "TF32", List.of(new Charts.Point("stem", 5, 4)))));
        Box blue = box(chart, BLUE);
        Box green = box(chart, GREEN);
        assertEquals(blue.right, green.right, 1, "to the right edge");
        assertTrue(green.bottom < blue.top, "the faster is above");
        int decade = height(chart, BLUE, blue.right - 200);
        assertEquals(decade, height(chart, BLUE, blue.right - 100), 1, "flat");
        assertTrue(height(chart, GREEN, green.left + 20) - height(chart, GREEN, green.left + 220) > 20, "rises");
        assertEquals("two devices. CPU: 0.3 TFLOP/s, float32, memory 30 GB/s, ridge 10 FLOP per byte, stem 0.1 TFLOP/s at 5, "
                + "stage 1 0.2 TFLOP/s at 40, stage 2 0.2 TFLOP/s at 41; GPU: 100 TFLOP/s, TF32, memory 1000 GB/s, "
                + "ridge 100 FLOP per byte, stem 4 TFLOP/s at 5.", chart.alt());
        assertSound(chart);
    }

    /** The highest pixel of a colour in a column. */
    private static int height(Picture chart, Color color, int x) {
        return IntStream.range(0, chart.image().getHeight()).filter(y -> chart.image().getRGB(x, y) == color.getRGB())
                .findFirst().orElseThrow();
    }

    @Test
    void theBatchInUseIsMarkedIfItWasMeasured() {
        Map<String, Map<Integer, Double>> series = Map.of("CPU", Map.of(1, 10.0, 32, 19.2, 64, -1.0));
        int marked = count(Charts.batchSizes("t", series, 32), ChartCanvas.GREY);
        int unmarked = count(Charts.batchSizes("t", series, 64), ChartCanvas.GREY);
        assertTrue(marked > unmarked + 200, marked + ", " + unmarked);
    }

    @Test
    void curvesThatCoincideAreBothSeen() throws IOException {
        List<Double> loss = IntStream.range(0, 18).mapToObj(i -> 1.45 * Math.exp(-i / 9.0)).toList();
        Map<String, List<Double>> series = new LinkedHashMap<>();
        series.put("CPU", loss);
        series.put("GPU", loss);
        Picture chart = Charts.losses("They coincide", series, Math.log(4));
        assertTrue(count(chart, Charts.pale(BLUE, 0.6)) > 2000);
        assertTrue(count(chart, GREEN) > 1000);
        assertEquals("They coincide. CPU: from 1.45 to 0.219 in 18 steps; GPU: from 1.45 to 0.219 in 18 steps; guessing 1.39.",
                chart.alt());
        assertTrue(IntStream.range(0, chart.image().getHeight()).anyMatch(y -> IntStream.range(0, chart.image().getWidth())
                .filter(x -> chart.image().getRGB(x, y) == ChartCanvas.GREY.getRGB()).count() > 300), "the dotted line");
        assertSound(chart);
    }

    @Test
    void whereALossIsNoNumberTheCurveHasAGap() throws IOException {
        List<Double> loss = new ArrayList<>(Collections.nCopies(21, 1.0));
        int whole = count(curve(loss), Charts.pale(BLUE, 0.6));
        Collections.fill(loss.subList(5, 15), NONE);
        loss.set(7, Double.POSITIVE_INFINITY);
        loss.set(8, Double.NEGATIVE_INFINITY);
        Picture gap = curve(loss);
        assertEquals(0.5, (double) count(gap, Charts.pale(BLUE, 0.6)) / whole, 0.1);
        assertSound(gap);
        for (List<Double> nothing : List.of(List.<Double>of(), List.of(NONE), List.of(NONE, NONE), List.of(Double.POSITIVE_INFINITY))) {
            assertEquals("loss. CPU: no value; guessing 1.39.", curve(nothing).alt());
            assertSound(curve(nothing));
        }
    }

    static final List<Picture> SPARSE = List.of(
            Charts.bars("one bar", "images/s", List.of(bar(19.2, Charts.Kind.CPU))),
            Charts.bars("no bar", "images/s", List.of()),
            Charts.stacked("no stack", "ms", List.of(), Map.of()),
            Charts.batchSizes("one point", Map.of("CPU", Map.of(32, 19.2)), 32),
            Charts.batchSizes("no point", Map.of("CPU", Map.of()), 32),
            Charts.rooflines("no device", List.of()),
            Charts.rooflines("no point", List.of(new Charts.Roof("CPU", 0.3, 0.03, "float32", List.of()))),
            Charts.rooflines("far apart", List.of(
                    new Charts.Roof("CPU", 1e-3, 1e-3, "float32", List.of(new Charts.Point("head", 1e-3, 1e-7))),
                    new Charts.Roof("GPU", 2000, 8, "bfloat16", List.of(new Charts.Point("stage 4", 500, 900))))),
            curve(List.of(0.0)),
            curve(List.of(1.0, 1e30)),
            Charts.losses("no curve", Map.of(), 0),
            Charts.confusion("one class", List.of("only"), Map.of()),
            Charts.beside(new BufferedImage(1, 600, BufferedImage.TYPE_INT_RGB), "a thin photo", List.of("boot"), List.of(NONE)));

    @ParameterizedTest
    @FieldSource("SPARSE")
    void littleDataIsDrawnToo(Picture chart) throws IOException {
        assertSound(chart);
    }

    @Test
    void theFirstClassIsOnTopAndMorePhotosAreBluer() throws IOException {
        Picture chart = Charts.confusion("28 of 40 are right", List.of("boot", "sandal"),
                Map.of(0, Map.of(0, 20L), 1, Map.of(0, 12L, 1, 8L)));
        Box most = box(chart, BLUE);
        Box some = box(chart, Charts.pale(BLUE, 0.9 - 0.9 * 12 / 20));
        Box few = box(chart, Charts.pale(BLUE, 0.9 - 0.9 * 8 / 20));
        assertTrue(most.bottom < some.top, "the second true class is the second row");
        assertEquals(most.left, some.left, 2);
        assertTrue(few.left > some.right, "predicted classes are columns");
        assertEquals("28 of 40 are right. boot: 20 of 20 right; sandal: 8 of 20 right.", chart.alt());
        assertSound(chart);
    }

    /** Every second class was mistaken for the one before, the more often the higher its number. */
    @ParameterizedTest
    @ValueSource(ints = {21, 60, 1000, 20_000})
    void ofManyClassesThoseMostOftenMistakenAreShownAndTheOthersTold(int many) throws IOException {
        Map<Integer, Map<Integer, Long>> counts = new HashMap<>();
        IntStream.range(0, many).forEach(i -> counts.put(i, i % 2 == 0 ? Map.of(i, 3L) : Map.of(i, 3L, i - 1, (long) i)));
        Picture chart = Charts.confusion("t", IntStream.range(0, many).mapToObj(i -> "class " + i).toList(), counts);
        int from = many - 20 - many % 2;
        int others = IntStream.range(0, from).map(i -> 3 + i % 2 * i).sum() + (many % 2 == 0 ? 0 : 3);
        String title = chart.alt().substring(0, chart.alt().indexOf("class " + from));
        assertTrue(title.contains(String.format(Locale.ROOT, " %d classes the 20 ", many))
                && title.contains(String.format(Locale.ROOT, " %,d photos %.0f %% ", others, 100.0 * 3 * (many - 20) / others)), title);
        assertEquals(IntStream.range(from, from + 20).mapToObj(i -> "class " + i + ": 3 of " + (3 + i % 2 * i) + " right")
                .collect(Collectors.joining("; ")) + ".", chart.alt().substring(title.length()));
        assertSound(chart);
    }

    static final List<String> NAMES = List.of("", "a long name of a class, which is longer than its room, ", "靴", "👟", "<b>&amp;</b>",
            "W".repeat(200));

    @ParameterizedTest
    @FieldSource("NAMES")
    void cellsAreLegibleWhateverTheNames(String name) throws IOException {
        for (int many : new int[] {2, 20}) {
            Map<Integer, Map<Integer, Long>> counts = new HashMap<>();
            IntStream.range(0, many).forEach(i -> counts.put(i, Map.of(i, 1L + i)));
            Picture chart = Charts.confusion("t", IntStream.range(0, many).mapToObj(i -> name + (char) ('a' + i)).toList(), counts);
            Box last = box(chart, BLUE);
            assertTrue(last.width() >= 2 * 20 && last.height() >= 2 * 24, last.toString());
            assertEquals(many, Arrays.stream(chart.alt().split("; ")).distinct().count(), chart.alt());
            assertSound(chart);
        }
    }

    @Test
    void aLongTitleWraps() throws IOException {
        Picture chart = Charts.bars("This is " + "W".repeat(150) + ", 87.3 %", "u", List.of(bar(1, Charts.Kind.CPU)));
        assertTrue(chart.height() > Charts.bars("short", "u", List.of(bar(1, Charts.Kind.CPU))).height() + 20);
        assertSound(chart);
    }

    /** What goes wrong in one chart keeps nothing else back. */
    @Test
    void aChartThatCannotBeDrawnIsWritten() throws IOException {
        ChartCanvas canvas = new ChartCanvas(100, 500, 100, x -> x, 0, 1, 0, 1);
        canvas.text("label", null, Color.BLACK, 0, 0, 0, false);
        canvas.says("CPU: 20 images/s");
        Picture chart = canvas.picture("title");
        assertTrue(chart.alt().contains("IllegalArgumentException") && chart.alt().endsWith("title. CPU: 20 images/s."), chart.alt());
        assertNotEquals(0, ink(chart, 0, 0, chart.image().getWidth(), chart.image().getHeight()));
    }

    @Test
    void thePhotoStandsLeftOfItsBars() throws IOException {
        BufferedImage photo = new BufferedImage(900, 600, BufferedImage.TYPE_INT_RGB);
        photo.setRGB(0, 0, 900, 600, IntStream.generate(Color.RED::getRGB).limit(900 * 600).toArray(), 0, 900);
        Picture chart = Charts.beside(photo, "A boot", List.of("boot", "sandal"), List.of(80.04, 19.96));
        Box red = box(chart, Color.RED);
        assertEquals(400, red.width(), 2);
        assertEquals(267, red.height(), 2);
        Box boot = box(chart, ChartCanvas.INK, red.top + 16, red.top + 20);
        Box sandal = box(chart, Charts.Kind.PUBLISHED.color);
        assertTrue(red.right < sandal.left);
        assertEquals(sandal.width() * 4, boot.right - sandal.left, 10);
        assertEquals("A boot. boot: 80 %; sandal: 20 %.", chart.alt());
        assertSound(chart);
        assertEquals("t. boot: no value.", Charts.beside(photo, "t", List.of("boot"), List.of(NONE)).alt());
    }

    @ParameterizedTest
    @FieldSource("AWKWARD")
    void anyTextIsAName(String text) throws IOException {
        Map<String, List<Double>> values = new LinkedHashMap<>();
        Map<String, Map<Integer, Double>> points = new LinkedHashMap<>();
        for (String name : AWKWARD) {
            values.put(name, IntStream.rangeClosed(1, AWKWARD.size()).mapToObj(i -> (double) i).toList());
            points.put(name, Map.of(1, 1.0, 2, 3.0));
        }
        List<Charts.Bar> each = AWKWARD.stream().map(label -> new Charts.Bar(label, 3, 4, Charts.Kind.OTHER, text)).toList();
        Picture bars = Charts.bars(text, "ms", each, 2, text);
        assertEquals(AWKWARD.size(), rows(bars, Charts.Kind.OTHER.color), "equal names keep a bar each");
        assertSound(bars);
        assertSound(Charts.stacked(text, "ms", AWKWARD, values));
        assertSound(Charts.batchSizes(text, points, 1));
        assertSound(Charts.losses(text, values, 1));
        assertSound(Charts.rooflines(text, List.of(new Charts.Roof(Labels.plain(text), 1, 1, "float32",
                AWKWARD.stream().map(name -> new Charts.Point(name, 2, 0.5)).toList()))));
        assertSound(Charts.confusion(text, AWKWARD, Map.of(0, Map.of(1, 1L))));
        assertSound(Charts.beside(new BufferedImage(9, 9, 5), text, AWKWARD, values.get(text)));
    }

    @ParameterizedTest
    @CsvSource({"19.2, 19.2", "19.0, 19", "4.645533384, 4.65", "0.0014671, 0.00147", "6621.4, 6621", "0.0, 0", "611.4, 611", "1e9, 1E+9",
            "0.30000000000000004, 0.3", "NaN, no value"})
    void numbersHaveThreeDigitsThatCount(double value, String text) {
        assertEquals(text, Ticks.number(value));
    }

    @Test
    void ticksAreRoundNumbers() {
        assertEquals("[0.0, 200.0, 400.0, 600.0]", Arrays.toString(Ticks.linear(750, 6)));
        assertEquals("[0.0, 0.5, 1.0, 1.5]", Arrays.toString(Ticks.linear(1.6, 5)));
        assertEquals("[5.0, 10.0, 20.0]", Arrays.toString(Ticks.decades(9.1, 19.6)));
        assertEquals("[10.0, 20.0]", Arrays.toString(Ticks.decades(10, 10)));
        assertEquals("[0.001, 0.002, 0.005]", Arrays.toString(Ticks.decades(0.001, 0.004)));
        assertEquals("[1.0, 10.0, 100.0, 1000.0, 10000.0]", Arrays.toString(Ticks.decades(3, 9000)));
    }

    private static Picture curve(List<Double> loss) {
        return Charts.losses("loss", Map.of("CPU", loss), Math.log(4));
    }

    private static Charts.Bar bar(double value, Charts.Kind kind) {
        return new Charts.Bar(kind.name(), value, NONE, kind, "");
    }

    /** At twice the size, not too wide, told in words, and with a white rim: so nothing is cut off. */
    private static void assertSound(Picture chart) throws IOException {
        int width = chart.image().getWidth();
        int height = chart.image().getHeight();
        String folder = System.getProperty("charts");
        if (folder != null) {
            String name = chart.alt().replaceAll("\\W+", " ").strip().replaceFirst("(?<=.{80}).*", "");
            ImageIO.write(chart.image(), "png", Files.createDirectories(Path.of(folder)).resolve(name + ".png").toFile());
        }
        assertEquals(List.of(2 * chart.width(), 2 * chart.height()), List.of(width, height), chart.alt());
        assertTrue(chart.width() <= ChartCanvas.WIDTH && chart.width() >= 400, chart.width() + ": " + chart.alt());
        assertFalse(chart.alt().isBlank() || chart.alt().startsWith("This chart cannot be drawn"), chart.alt());
        assertEquals(0, ink(chart, 0, 0, width, 6) + ink(chart, 0, height - 6, width, height)
                + ink(chart, 0, 0, 4, height) + ink(chart, width - 2, 0, width, height), "reaches the edge: " + chart.alt());
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

    /** Pixels of this colour. */
    static int count(Picture chart, Color color) {
        BufferedImage image = chart.image();
        return (int) IntStream.of(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .filter(rgb -> rgb == color.getRGB()).count();
    }

    /** Pixels that are not white. */
    private static long ink(Picture chart, int left, int top, int right, int bottom) {
        return IntStream.of(chart.image().getRGB(left, top, right - left, bottom - top, null, 0, right - left))
                .filter(rgb -> rgb != Color.WHITE.getRGB()).count();
    }

    private static boolean near(Picture chart, int x, int y, Color color) {
        return IntStream.rangeClosed(x - 3, x + 3).anyMatch(column -> chart.image().getRGB(column, y) == color.getRGB());
    }

    /** How many bars stand above each other: stretches of rows with this colour. */
    private static long rows(Picture chart, Color color) {
        Box all = box(chart, color);
        return IntStream.rangeClosed(all.top, all.bottom).filter(y -> chart.image().getRGB(all.left + 2, y) == color.getRGB()
                && chart.image().getRGB(all.left + 2, y - 1) != color.getRGB()).count();
    }

    /** The middles of the dots of a colour, which are wider than its line is thick. */
    private static List<Integer> dots(Picture chart, Color color) {
        BufferedImage image = chart.image();
        int[] thick = IntStream.range(0, image.getWidth()).filter(x -> IntStream.range(0, image.getHeight() - 60)
                .filter(y -> image.getRGB(x, y) == color.getRGB()).count() >= 11).toArray();
        List<Integer> middles = new ArrayList<>();
        int begin = 0;
        for (int i = 1; i <= thick.length; i++) {
            if (i == thick.length || thick[i] > thick[i - 1] + 1) {
                middles.add((thick[begin] + thick[i - 1]) / 2);
                begin = i;
            }
        }
        return middles;
    }
}
