package tutorial.page;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names in the little room that a picture has for them. Any text may be a name: those of classes are names of folders. */
public final class Labels {
    /** How the pictures measure text. */
    static final FontRenderContext METRICS = new FontRenderContext(null, true, true);
    private static final Pattern CHARACTER = Pattern.compile("\\X");   // as a reader counts: an emoji of several parts is one
    private static final int MOST = 34;
    private static final int PIXELS = 260;

    private Labels() {}

    /** As a name beside a row. */
    public static String shortened(String text) {
        return shortened(text, MOST, PIXELS);
    }

    /** At most so many characters and pixels, without the middle: the ends are what tells long names apart. */
    public static String shortened(String text, int most, int pixels) {
        return shortened(characters(text), most, pixels);
    }

    private static String shortened(List<String> text, int most, int pixels) {
        int end = most * 2 / 5;
        String part = String.join("", text.size() <= most ? text : text.subList(0, most - 1 - end))
                + (text.size() <= most ? "" : "…" + String.join("", text.subList(text.size() - end, text.size())));
        return width(part, Picture.FONT) <= pixels || most < 3 ? part : shortened(text, Math.min(most, text.size()) - 1, pixels);
    }

    /** Names beside rows. */
    public static List<String> of(List<String> names) {
        return of(names, PIXELS);
    }

    /** Different names stay different: where their ends are alike they are told apart by what is between, or by a number. */
    public static List<String> of(List<String> names, int pixels) {
        Map<String, List<String>> alike = new LinkedHashSet<>(names).stream()
                .collect(Collectors.groupingBy(name -> shortened(name, MOST, pixels)));
        return names.stream().map(name -> toldApart(name, alike.get(shortened(name, MOST, pixels)), pixels)).toList();
    }

    private static String toldApart(String name, List<String> alike, int pixels) {
        if (alike.size() == 1) {
            return shortened(name, MOST, pixels);
        }
        List<List<String>> all = alike.stream().map(Labels::characters).toList();
        for (int beside = MOST / 3; beside >= 0; beside--) {
            List<String> middles = middles(all, beside);
            if (middles.stream().distinct().count() == alike.size()
                    && middles.stream().allMatch(middle -> middle.equals(shortened(middle, MOST, pixels)))) {
                return middles.get(alike.indexOf(name));
            }
        }
        String number = " (" + (1 + alike.indexOf(name)) + ")";
        return shortened(name, MOST, pixels - (int) Math.ceil(width(number, Picture.FONT))) + number;
    }

    /** Without what all begin with and end in, except for so many characters of each; none where nothing else is in one. */
    private static List<String> middles(List<List<String>> names, int beside) {
        int shortest = names.stream().mapToInt(List::size).min().orElse(0);
        int inFront = inCommon(names, shortest);
        int behind = inCommon(names.stream().map(Labels::reversed).toList(), shortest - inFront);
        if (inFront + behind == shortest) {
            return List.of();
        }
        int begin = Math.max(0, inFront - beside);
        int end = Math.max(0, behind - beside);
        return names.stream().map(name -> (begin > 0 ? "…" : "") + String.join("", name.subList(begin, name.size() - end))
                + (end > 0 ? "…" : "")).toList();
    }

    private static int inCommon(List<List<String>> names, int most) {
        int count = 0;
        while (count < most) {
            int at = count;
            if (names.stream().map(name -> name.get(at)).distinct().count() > 1) {
                break;
            }
            count++;
        }
        return count;
    }

    private static List<String> reversed(List<String> text) {
        List<String> reversed = new ArrayList<>(text);
        Collections.reverse(reversed);
        return reversed;
    }

    private static List<String> characters(String text) {
        return CHARACTER.matcher(plain(text)).results().map(MatchResult::group).toList();
    }

    /** In one line, without control characters. */
    public static String plain(String text) {
        return text == null ? "" : text.replaceAll("[\\s\\p{Z}\\p{Cc}]+", " ").strip();
    }

    static double width(String text, Font font) {
        return text.isBlank() ? 0 : new TextLayout(text, font, METRICS).getAdvance();
    }
}
