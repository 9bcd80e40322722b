package tutorial.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.testing.Said.assertSays;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import org.junit.jupiter.api.Test;
import tutorial.machine.CpuFigures.Reading;

class CpuFiguresTest {
    private static final Cores ALL = new Cores(2, 2, Double.POSITIVE_INFINITY);
    private static final Cores QUOTA = new Cores(2, 2, 1.5);
    private static final String STAT = "cpu  %d 0 100 %d 0 0 0 %d 0 0";

    /** Ten seconds of two cores, in which this process computed for 12 and all together for 18. */
    private final Reading begin = new Reading(100, 50, STAT.formatted(1000, 5000, 0), List.of());
    private final Reading end = new Reading(110, 62, STAT.formatted(2800, 5100, 100), List.of());

    @Test
    void whatOthersUsedIsAllWithoutThisProcess() {
        CpuFigures figures = CpuFigures.between(begin, end, ALL);
        assertEquals(0.6, figures.others(), 1e-9);
        assertEquals(0.1, figures.stolen(), 1e-9);
        assertEquals(Double.NaN, figures.throttled());
        assertEquals(1, figures.told(ALL).size());
        assertSays(figures.told(ALL).get(0), "Other programs used 0.6 of 2 cores");
    }

    /** Linux tells what all cores do, and those of others are no concern of a container that has its share. */
    @Test
    void whereOnlyAPartOfTheMachineIsOursOthersMatterOnceNoCoreIsLeft() {
        Reading left = new Reading(110, 56, STAT.formatted(2600, 5300, 100), List.of());
        CpuFigures figures = CpuFigures.between(begin, left, QUOTA);
        assertEquals(Double.NaN, figures.others());
        assertEquals(0.1, figures.stolen(), 1e-9);
        assertEquals(List.of(), figures.told(QUOTA));
        assertEquals(1.0, CpuFigures.between(begin, left, ALL).others(), 1e-9);
        assertEquals(0.6, CpuFigures.between(begin, end, QUOTA).others(), 1e-9);
    }

    @Test
    void aHostThatGivesItsCoresToOthersIsTold() {
        Reading stolen = new Reading(110, 62, STAT.formatted(2200, 5100, 700), List.of());
        assertSays(CpuFigures.between(begin, stolen, ALL).told(ALL).get(0), "virtual machines", "0.7 of 2 cores");
    }

    /** Of nested groups, that which was stopped most often. */
    @Test
    void aQuotaThatIsUsedUpIsTold() {
        Reading before = new Reading(0, 0, "", List.of("nr_periods 10\nnr_throttled 2\nthrottled_time 5", "nr_periods 5\nnr_throttled 0"));
        Reading after = new Reading(9, 9, "", List.of("nr_periods 110\nnr_throttled 82\nthrottled_time 9", "nr_periods 95\nnr_throttled 9"));
        CpuFigures figures = CpuFigures.between(before, after, QUOTA);
        assertEquals(0.8, figures.throttled(), 1e-9);
        assertEquals(Double.NaN, figures.stolen(), "not told");
        assertSays(figures.told(QUOTA).get(0), "1.5 of 2 cores", "80 %");
        assertEquals(List.of(), CpuFigures.between(before, before, QUOTA).told(QUOTA));
    }

    /** Between two of this process, which has computed for a while, however long a busy machine took to let it. */
    @Test
    void aReadingOfThisMoment() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Reading first = Reading.now();
        long begin = System.nanoTime();
        long until = threads.getCurrentThreadCpuTime() + 200_000_000;
        while (threads.getCurrentThreadCpuTime() < until) {
            Thread.onSpinWait();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        Reading second = Reading.now();
        assertTrue(second.own() - first.own() > 0.15, first + " " + second);
        assertTrue(second.seconds() - first.seconds() >= seconds, first + " " + second);
        if (System.getProperty("os.name").equals("Linux")) {
            assertTrue(second.ofMachine().startsWith("cpu "), second.ofMachine());
        }
        assertEquals(List.of(), CpuFigures.UNKNOWN.told());
    }
}
