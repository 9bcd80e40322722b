package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tutorial.testing.Profile;
import tutorial.testing.Small;

class PeakMeterTest {
    @BeforeAll
    static void startPyTorch() {
        Small.manager().close();
    }

    @Test
    void theRooflineIsTheBestOfAllProductsAndOfAllThatMovesMemory() throws Exception {
        try (PeakMeter meter = meter(Precision.FLOAT32)) {
            for (double flop : new double[] {1e9, 4e9, 2e9}) {
                meter.arithmetic(flop, PeakMeterTest::aMoment);
            }
            for (double bytes : new double[] {3e6, 1e6}) {
                meter.memory(bytes, PeakMeterTest::aMoment);
            }
            Roofline roofline = meter.roofline();
            assertEquals("float32", roofline.numbers());
            assertBetween(4e9 / 0.02, 4e9 / 0.01, roofline.arithmetic().best());
            assertBetween(3e6 / 0.02, 3e6 / 0.01, roofline.memory().best());
        }
    }

    private static void aMoment() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sane, and no more: a busy machine is slow. */
    @Test
    void arithmeticAndMemoryOfThisMachine() {
        try (PeakMeter meter = meter(Precision.FLOAT32)) {
            int n = meter.sizes().get(0);
            NDArray a = meter.matrix(n);
            meter.arithmetic(2.0 * n * n * n, () -> a.matMul(a).close());
            NDArray x = meter.large();
            NDArray y = meter.large();
            assertTrue(Float.BYTES * x.size() >= 128 << 20, "larger than caches: " + x.size());
            meter.memory(8.0 * x.size(), () -> y.set(new NDIndex("..."), x));
            assertEquals(1, y.getFloat(0));
            Roofline roofline = meter.roofline();
            assertBetween(1e9, 1e14, roofline.arithmetic().best());
            assertBetween(2e8, 2e12, roofline.memory().best());
            assertTrue(roofline.arithmetic().median() <= roofline.arithmetic().best());
        }
    }

    /** Nothing is allocated, so no page has to be found for it. */
    @Test
    void copyingIsOneOperationInPlace() throws Exception {
        try (PeakMeter meter = meter(Precision.FLOAT32)) {
            NDArray x = meter.matrix(64).stopGradient();
            NDArray y = meter.matrix(64).stopGradient();
            Profile profile = Small.profile(() -> {
                y.set(new NDIndex("..."), x);
                y.addi(x);
            });
            assertEquals(1, profile.count("copy_"), "copies");
            assertEquals(1, profile.count("add_"), "additions");
            assertEquals(0, profile.count("empty") + profile.count("empty_strided"), "new arrays");
        }
    }

    @Test
    void mixedPrecisionCastsEachMatrixOnceAndNotInEachProduct() throws Exception {
        assumeTrue(Autocast.whyNot() == null);
        try (PeakMeter meter = meter(Precision.MIXED)) {
            NDArray a = meter.matrix(64);
            NDArray b = meter.matrix(64);
            assertEquals(2, casts(a, b, 1), "the first time");
            assertEquals(0, casts(a, b, 3), "after that");
            assertEquals("bfloat16", meter.roofline().numbers());
        }
        assertFalse(Autocast.isOn(Device.cpu()));
    }

    private static long casts(NDArray a, NDArray b, int products) throws Exception {
        return Small.profile(() -> {
            for (int i = 0; i < products; i++) {
                a.matMul(b).close();
            }
        }).count("_to_copy");
    }

    /** The switch is there on a CPU's library, too, where it changes nothing. */
    @Test
    void tf32OfProductsIsSwitchedAndToldApartFromThatOfConvolutions() {
        assumeTrue(Libtorch.hasTf32SwitchOfProducts() && Libtorch.hasSwitches());
        assertFalse(Libtorch.setTf32OfProducts(true), "PyTorch's default");
        assertTrue(Libtorch.setTf32OfProducts(false));
        assertFalse(Libtorch.setTf32OfProducts(false));
        assertTrue(Libtorch.setTf32(true), "of convolutions it is another default");
    }

    @Test
    void aCpuKeepsItsArithmetic() {
        assumeTrue(Libtorch.hasTf32SwitchOfProducts());
        try (PeakMeter meter = meter(Precision.FLOAT32)) {
            assertFalse(Libtorch.setTf32OfProducts(false));
        }
    }

    @Test
    void itsArraysAreFreedOnClose() {
        NDArray matrix;
        try (PeakMeter meter = meter(Precision.FLOAT32)) {
            matrix = meter.matrix(4);
        }
        assertThrows(IllegalStateException.class, matrix::toFloatArray);
    }

    private static PeakMeter meter(Precision precision) {
        return new PeakMeter(TrainingDevice.CPU, precision, () -> {});
    }

    private static void assertBetween(double least, double most, double actual) {
        assertTrue(actual >= least && actual <= most, actual + " from " + least + " to " + most);
    }
}
