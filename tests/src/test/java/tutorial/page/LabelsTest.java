package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelsTest {
    private static final int ROOM = 260;

    @Test
    void longNamesKeepTheirEnds() {
        assertEquals("Intel Xeon Platinum …s, 2025-11-26", Labels.shortened("Intel Xeon Platinum 8370C at 2.80 GHz, 2 cores, 2025-11-26"));
        assertEquals("x".repeat(34), Labels.shortened("x".repeat(34)));
        for (String wide : List.of("W".repeat(34), "👟".repeat(40))) {
            String shortened = Labels.shortened(wide);
            assertTrue(Labels.width(shortened, ChartCanvas.PLAIN) <= ROOM && shortened.contains("…"), shortened);
            assertTrue(shortened.codePoints().noneMatch(c -> c >= 0xD800 && c < 0xE000), "no half a character");
        }
    }

    @Test
    void whatAReaderTakesForOneCharacterIsNotCutInTwo() {
        String scientist = "👩🏽‍🔬";
        String shortened = Labels.shortened(scientist.repeat(50));
        assertEquals("", shortened.replace(scientist, "").replace("…", ""), shortened);
    }

    @Test
    void shortNamesStayAsTheyAre() {
        List<String> names = List.of("a", "b", "all", "mean", "<b>x</b>", "&amp;", "<script>alert(1)</script>", "靴", "👟");
        assertEquals(names, Labels.of(names));
    }

    /** Of a public data set, with the lineage of each plant in its name. */
    @Test
    void longNamesWithOneBeginningAreToldApartByTheirEnds() {
        assertEquals(List.of("09401_Plantae_Trache…_fasciculatum", "09402_Plantae_Trache…astrum_murale"), Labels.of(List.of(
                "09401_Plantae_Tracheophyta_Magnoliopsida_Caryophyllales_Polygonaceae_Eriogonum_fasciculatum",
                "09402_Plantae_Tracheophyta_Magnoliopsida_Caryophyllales_Amaranthaceae_Chenopodiastrum_murale")));
    }

    @Test
    void namesWithBothEndsAlikeAreToldApartByWhatIsBetween() {
        List<String> labels = Labels.of(List.of("a very long beginning of a name: rose, red; a very long end of a name", "boot",
                "a very long beginning of a name: tulip, red; a very long end of a name"));
        assertEquals(List.of("…of a name: rose, red; a ve…", "boot", "…of a name: tulip, red; a ve…"), labels);
        List<String> narrow = Labels.of(List.of("a long beginning of a name: rose, red; a long end of a name", "a long beginning of a name: tulip, red; a long end of a name"), 90);
        assertTrue(narrow.get(0).matches("….*rose.*…") && narrow.get(1).matches("….*tulip.*…"), "less of it in less room: " + narrow);
    }

    @Test
    void whereNothingElseTellsThemApartANumberDoes() {
        List<String> names = List.of("x".repeat(99), "x".repeat(100), "two  blanks", "two blanks", "", "\0", "same", "same");
        List<String> labels = Labels.of(names);
        assertEquals(List.of("two blanks (1)", "two blanks (2)", " (1)", " (2)", "same", "same"), labels.subList(2, 8));
        assertTrue(labels.get(0).matches("x+…x+ \\(1\\)") && labels.get(1).matches("x+…x+ \\(2\\)"), labels.toString());
        List<String> far = IntStream.range(0, 8).mapToObj(i -> "x".repeat(40) + i % 2 + "y".repeat(99) + i / 2 % 2 + "z".repeat(99) + i / 4 + "x".repeat(40)).toList();
        assertEquals(8, Labels.of(far).stream().distinct().count(), Labels.of(far).toString());
    }

    @Test
    void allFitIntoTheirRoom() {
        for (List<String> names : List.of(List.of("W".repeat(99), "W".repeat(100)), List.of("W".repeat(50) + "a" + "W".repeat(50), "W".repeat(50) + "b" + "W".repeat(50)))) {
            for (int room : new int[] {60, PhotoGrid.ROOM, ROOM}) {
                List<String> labels = Labels.of(names, room);
                assertTrue(labels.stream().allMatch(label -> Labels.width(label, ChartCanvas.PLAIN) <= room), labels.toString());
                assertEquals(2, labels.stream().distinct().count(), labels.toString());
            }
        }
    }

    @Test
    void aThousandNamesStayDifferent() {
        List<String> names = IntStream.range(0, 1000).mapToObj(i -> "n" + i + " ".repeat(1 + i % 2) + "x".repeat(60) + i / 2).toList();
        assertEquals(1000, Labels.of(names).stream().distinct().count());
    }
}
