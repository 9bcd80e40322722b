package tutorial.page;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Names in the little room that a picture has for them. Any text may be a name: those of classes are names of folders. */
final class Labels {
    /** How the pictures measure text. */
    static final FontRenderContext METRICS = new FontRenderContext(null, true, true);
    private static final Pattern CHARACTER = Pattern.compile("\\X");   // as a reader counts: an emoji of several parts is one
    private static final int CONTEXT = 3;
    private static final int PIXELS = 260;

    private Labels() {}

    /** As a name beside a row. */
    static String shortened(String text) {
        return shortened(text, PIXELS);
    }

    /** In so many pixels, without its middle: the ends are what tells long names apart. */
    static String shortened(String text, int pixels) {
        List<String> characters = characters(text);
        double width = width(String.join("", characters), Picture.FONT);
        int count = width <= pixels ? characters.size() : (int) (characters.size() * pixels / width) + 1;
        String part = withoutMiddle(characters, count);
        while (count > 2 && width(part, Picture.FONT) > pixels) {
            count--;
            part = withoutMiddle(characters, count);
        }
        return part;
    }

    /** A processor's name without what every one of its maker has, as "Intel Xeon 2.20GHz". */
    static String processor(String name) {
        String told = name.replaceFirst(" \\(.*", "").replaceAll("\\((R|TM|C)\\)|\\bCPU (?=.)|\\b(Processor|\\d+-Core)\\b|@", " ");
        return told.isBlank() ? name : told.replaceAll(" +", " ").strip();
    }

    private static String withoutMiddle(List<String> text, int count) {
        int end = count * 2 / 5;
        return text.size() <= count ? String.join("", text) : String.join("", text.subList(0, count - 1 - end)) + "…"
                + String.join("", text.subList(text.size() - end, text.size()));
    }

    /** Names beside rows. */
    static List<String> of(List<String> names) {
        return of(names, PIXELS);
    }

    /** Different names stay different: where their ends are alike, by what follows on their common beginning, or by a number. */
    static List<String> of(List<String> names, int pixels) {
        Map<String, List<String>> alike = names.stream().distinct().collect(Collectors.groupingBy(name -> shortened(name, pixels)));
        Map<String, String> labels = new HashMap<>();
        alike.forEach((label, group) -> {
            List<String> told = group.size() == 1 ? List.of(label) : toldApart(group, pixels);
            IntStream.range(0, group.size()).forEach(i -> labels.put(group.get(i), told.get(i)));
        });
        return names.stream().map(labels::get).toList();
    }

    private static List<String> toldApart(List<String> names, int pixels) {
        List<List<String>> all = names.stream().map(Labels::characters).toList();
        int shortest = all.stream().mapToInt(List::size).min().orElse(0);
        int alike = (int) IntStream.range(0, shortest)
                .takeWhile(i -> all.stream().map(text -> text.get(i)).distinct().count() == 1).count();
        int begin = Math.max(1, alike - CONTEXT);
        List<String> ends = all.stream().filter(text -> text.size() > alike)
                .map(text -> shortened("…" + String.join("", text.subList(begin, text.size())), pixels)).distinct().toList();
        if (ends.size() == names.size()) {
            return ends;
        }
        return IntStream.range(0, names.size()).mapToObj(i -> numbered(names.get(i), " (" + (1 + i) + ")", pixels)).toList();
    }

    private static String numbered(String name, String number, int pixels) {
        return shortened(name, pixels - (int) Math.ceil(width(number, Picture.FONT))) + number;
    }

    private static List<String> characters(String text) {
        return CHARACTER.matcher(plain(text)).results().map(MatchResult::group).toList();
    }

    /** In one line, without control characters. */
    static String plain(String text) {
        return text == null ? "" : text.replaceAll("[\\s\\p{Z}\\p{Cc}]+", " ").strip();
    }

    static double width(String text, Font font) {
        return text.isBlank() ? 0 : new TextLayout(text, font, METRICS).getAdvance();
    }

    static int widest(List<String> texts, Font font) {
        return (int) texts.stream().mapToDouble(text -> width(text, font)).max().orElse(0);
    }

    /** Formatted as in English, whatever the machine speaks. */
    static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
