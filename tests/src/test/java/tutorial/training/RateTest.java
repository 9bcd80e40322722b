package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateTest {
    @ParameterizedTest
    @CsvSource({"21.4705, 0.3124, 21.5 ± 0.3", "21.4705, 0.1249, 21.47 ± 0.12", "21.4705, 1.46, 21.5 ± 1.5", "21.4705, 2.6, 21 ± 3",
            "2713.3, 35.2, 2710 ± 40", "2713.3, 17, 2713 ± 17", "2713.3, 120, 2710 ± 120", "0.4567, 0.0321, 0.46 ± 0.03",
            "21.4705, 0.096, 21.47 ± 0.10", "21.4705, NaN, 21.5", "100, NaN, 100", "10, NaN, 10.0", "21.4705, 0.001, 21.5", "21.4705, 0.003, 21.471 ± 0.003", "21.4705, 0.15, 21.47 ± 0.15", "2713.3, NaN, 2713", "214.705, NaN, 215", "4.6453, NaN, 4.65", "21.4705, 0, 21.5", "NaN, NaN, NaN"})
    void itHasTheDigitsThatItsSpreadLeaves(double rate, double spread, String text) {
        assertEquals(text, new Rate(rate, spread).toString());
        assertEquals(text.contains("±") ? text.substring(text.indexOf("±")) : "", new Rate(rate, spread).plusMinus());
    }

    @Test
    void noPartDiffersByMoreThanTheSpread() {
        assertEquals(new Rate(20, 3), Rate.of(20, List.of(19.0, 21.0, 17.0, 22.0)));
        assertEquals(new Rate(20, 4), Rate.of(20, List.of(19.0, 24.0)));
        assertEquals(new Rate(20, Double.NaN), Rate.of(20, List.of(20.0)), "one piece alone tells nothing");
    }

    @Test
    void ofRepeatsItIsTheMedian() throws Exception {
        Iterator<Double> rates = List.of(24.0, 20.0, 19.0, 1.0).iterator();
        assertEquals(new Rate(20, 4), Rate.ofRepeats(rates::next));
        assertEquals(1.0, rates.next(), "of three");
        assertEquals(2.5, Rate.median(List.of(4.0, 1.0, 3.0, 2.0)));
    }

    @Test
    void aDifferenceCountsBeyondBothSpreads() {
        assertTrue(new Rate(25, 2).isAbove(new Rate(20, 2.9)));
        assertFalse(new Rate(25, 2).isAbove(new Rate(20, 3)));
        assertFalse(new Rate(20, 1).isAbove(new Rate(25, 1)));
        assertFalse(new Rate(25, Double.NaN).isAbove(new Rate(20, 1)), "not where a spread is not known");
        assertFalse(new Rate(25, 1).isAbove(new Rate(20, Double.NaN)));
    }
}
