package tutorial.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static tutorial.testing.Said.assertSays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuFiguresTest {
    /** A limit that is reached now and then, or that costs next to no clock, is none to speak of; nor is what is not known. */
    @ParameterizedTest
    @CsvSource({"1000, 0.8, 0, true", "1000, 0, 0.1, true", "1000, 0.09, 0.09, false", "1515, 1, 0, false", "1510, 1, 0, true",
            "300, 0, 0, false", "NaN, 1, 1, false", "1000, NaN, NaN, false"})
    void aGpuIsThrottledIfALimitHoldsItsClockDown(double clock, double byPower, double byHeat, boolean throttled) {
        GpuFigures figures = figures(clock, byPower, byHeat);
        assertEquals(throttled, figures.throttled());
        assertEquals(throttled, !figures.throttling().isEmpty());
    }

    @Test
    void thePageTellsClocksAndLimit() {
        assertSays(figures(1010, 0.8, 0).throttling(), "1010 of 1590 MHz", "power (69 W) 80 % of the time");
        assertSays(figures(1010, 0.8, 0.2).throttling(), "temperature (85 °C) 20 % of the time");
        assertEquals("", GpuFigures.UNKNOWN.throttling());
    }

    private static GpuFigures figures(double clock, double byPower, double byHeat) {
        return new GpuFigures(95, 6000, 69, clock, 1590, 85, byPower, byHeat);
    }
}
