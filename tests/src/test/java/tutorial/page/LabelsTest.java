package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelsTest {
    private static final int ROOM = 260;

    @ParameterizedTest
    @ValueSource(strings = {"Intel Xeon Platinum 8370C at 2.80 GHz, 2 cores, 2025-11-26", "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"})
    void longNamesKeepTheirEndsAndFit(String name) {
        String shortened = Labels.shortened(name);
        String[] ends = shortened.split("…");
        assertTrue(ends.length == 2 && name.startsWith(ends[0]) && name.endsWith(ends[1]), shortened);
        assertTrue(ends[0].length() > ends[1].length() && ends[1].length() >= 7, shortened);
        assertTrue(Labels.width(shortened, ChartCanvas.PLAIN) <= ROOM, shortened);
    }

    @ParameterizedTest
    @CsvSource({"Intel(R) Xeon(R) CPU @ 2.20GHz, Intel Xeon 2.20GHz", "Intel(R) Xeon(R) Processor, Intel Xeon",
            "AMD EPYC 7B13 64-Core Processor, AMD EPYC 7B13", "NVIDIA T4 (Google Colab), NVIDIA T4", "Apple M2, Apple M2", "CPU, CPU",
            "11th Gen Intel(R) Core(TM) i7-1165G7 @ 2.80GHz, 11th Gen Intel Core i7-1165G7 2.80GHz"})
    void aProcessorIsNamedWithoutWhatAllHave(String name, String label) {
        assertEquals(label, Labels.processor(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"👟", "👩🏽‍🔬"})
    void whatAReaderTakesForOneCharacterIsNotCutInTwo(String character) {
        String shortened = Labels.shortened(character.repeat(150));
        assertTrue(shortened.contains("…") && shortened.replace(character, "").equals("…"), shortened);
    }

    @Test
    void shortNamesStayAsTheyAre() {
        List<String> names = List.of("a", "b", "all", "mean", "<b>x</b>", "&amp;", "<script>alert(1)</script>", "靴", "👟", "x".repeat(30));
        assertEquals(names, Labels.of(names));
    }

    /** Of a public data set, with the lineage of each plant in its name. */
    @Test
    void longNamesWithOneBeginningAreToldApartByTheirEnds() {
        List<String> labels = Labels.of(List.of(
                "09401_Plantae_Tracheophyta_Magnoliopsida_Caryophyllales_Polygonaceae_Eriogonum_fasciculatum",
                "09402_Plantae_Tracheophyta_Magnoliopsida_Caryophyllales_Amaranthaceae_Chenopodiastrum_murale"));
        assertTrue(labels.get(0).matches("09401_Plantae.*….*fasciculatum"), labels.toString());
        assertTrue(labels.get(1).matches("09402_Plantae.*….*_murale"), labels.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {105, ROOM})
    void namesWithBothEndsAlikeAreToldApartByWhatIsBetween(int room) {
        List<String> labels = Labels.of(List.of("a very long beginning of a name: rose, red; a very long end of a name", "boot",
                "a very long beginning of a name: tulip, red; a very long end of a name"), room);
        assertEquals("boot", labels.get(1));
        assertTrue(labels.get(0).matches("….*ro.*") && labels.get(2).matches("….*tu.*"), labels.toString());
    }

    @Test
    void whereNothingElseTellsNamesApartANumberDoes() {
        List<String> labels = Labels.of(List.of("x".repeat(99), "x".repeat(100), "two  blanks", "two blanks", "", "\0", "same", "same"));
        assertEquals(List.of("two blanks (1)", "two blanks (2)", " (1)", " (2)", "same", "same"), labels.subList(2, 8));
        assertTrue(labels.get(0).matches("x+…x+ \\(1\\)") && labels.get(1).matches("x+…x+ \\(2\\)"), labels.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {70, PhotoGrid.ROOM, ROOM})
    void differentNamesStayDifferentInTheirRoom(int room) {
        for (List<String> names : List.of(List.of("W".repeat(99), "W".repeat(100)),
                List.of("W".repeat(50) + "a" + "W".repeat(50), "W".repeat(50) + "b" + "W".repeat(50)),
                IntStream.range(0, 8).mapToObj(i -> "x".repeat(40) + i % 2 + "y".repeat(99) + i / 2 + "x".repeat(40)).toList(),
                IntStream.range(0, 1000).mapToObj(i -> "n" + i + " ".repeat(1 + i % 2) + "x".repeat(60) + i / 2).toList())) {
            List<String> labels = Labels.of(names, room);
            assertTrue(labels.stream().allMatch(label -> Labels.width(label, ChartCanvas.PLAIN) <= room), labels.toString());
            assertEquals(names.size(), labels.stream().distinct().count(), labels.toString());
        }
    }
}
