package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static tutorial.testing.Said.assertRefused;
import static tutorial.testing.Said.assertSays;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tutorial.testing.Small;

/** On a CPU: PyTorch computes in bfloat16 on any, be it slowly. */
class AutocastTest {
    private static final Device CPU = Device.cpu();

    @BeforeEach
    void startPyTorch() {
        Small.manager().close();
        assumeTrue(Autocast.whyNot() == null, () -> "no mixed precision: " + Autocast.whyNot());
    }

    @AfterEach
    void nothingIsLeftOn() {
        assertFalse(Autocast.isOn(CPU));
    }

    @Test
    void itLearnsAsInFloat32ButNotTheSame() throws Exception {
        List<Float> float32 = losses(Precision.FLOAT32);
        List<Float> mixed = losses(Precision.MIXED);
        for (int step = 0; step < float32.size(); step++) {
            assertEquals(float32.get(step), mixed.get(step), step == 0 ? 1e-2 : 5e-2);
            assertNotEquals(float32.get(step), mixed.get(step), 1e-6);
        }
    }

    @Test
    void weightsStayFloat32AndAModelIsSavedAndLoadedAsAnyOther() throws Exception {
        try (Model model = Small.model(); NDManager manager = Small.manager()) {
            int bytesBefore = Weights.bytesOf(model.getBlock()).length;
            NDArray pictures = Small.pictures(manager, 9);
            float[] scores;
            try (Trainer trainer = Small.trainer(model, new Format(Layout.NHWC, Precision.MIXED))) {
                Small.learn(trainer, manager, 1);
                scores = trainer.evaluate(new NDList(pictures)).head().toFloatArray();
            }
            for (Parameter one : model.getBlock().getParameters().values()) {
                assertEquals(DataType.FLOAT32, one.getArray().getDataType(), one.getName());
            }
            byte[] saved = Weights.bytesOf(model.getBlock());
            assertEquals(bytesBefore, saved.length);
            try (Model loaded = Small.model(saved); Trainer trainer = Small.trainer(loaded)) {
                assertArrayEquals(scores, trainer.evaluate(new NDList(pictures)).head().toFloatArray());
            }
        }
    }

    /** In mid-step, as an error ends it, and as the stop button does. */
    @Test
    void afterAStepThatFailedTheNextRunIsBitForBitAsBefore() throws Exception {
        List<Float> before = losses(Precision.FLOAT32);
        List<Float> mixed = losses(Precision.MIXED);
        for (RuntimeException failure : List.of(new IllegalStateException("out of memory"), new CancellationException("Stopped."))) {
            try (Model model = Small.model(); Trainer trainer = Small.trainer(model); NDManager manager = Small.manager();
                 GradientCollector gradients = trainer.newGradientCollector()) {
                assertSame(failure, assertThrows(RuntimeException.class, () -> {
                    try (Autocast on = Autocast.of(CPU, Precision.MIXED)) {
                        trainer.forward(new NDList(Small.pictures(manager, 1)));
                        throw failure;
                    }
                }));
            }
            assertEquals(before, losses(Precision.FLOAT32));
        }
        assertEquals(mixed, losses(Precision.MIXED), "nor does one of float32 change it");
    }

    private static List<Float> losses(Precision precision) throws Exception {
        try (Model model = Small.model(); Trainer trainer = Small.trainer(model, new Format(Layout.NHWC, precision))) {
            return Small.losses(trainer, 5);
        }
    }

    /** PyTorch keeps 16-bit copies of weights, which would not be those of the next step. */
    @Test
    void weightsThatChangedBetweenTwoStepsCount() {
        try (NDManager manager = Small.manager()) {
            NDArray weights = manager.ones(new Shape(2, 2));
            weights.setRequiresGradient(true);
            assertEquals(2, product(manager, weights));
            weights.stopGradient().muli(3);
            assertEquals(6, product(manager, weights));
        }
    }

    private static float product(NDManager manager, NDArray weights) {
        try (Autocast mixed = Autocast.of(CPU, Precision.MIXED)) {
            return mixed.float32(manager.ones(new Shape(2, 2)).matMul(weights)).toFloatArray()[0];
        }
    }

    @Test
    void itIsOnForThisThreadUntilItIsClosedAndNotForOthers() throws Exception {
        try (Autocast outer = Autocast.of(CPU, Precision.MIXED)) {
            assertTrue(Autocast.isOn(CPU));
            String thread = Thread.currentThread().getName();
            CompletableFuture.runAsync(() -> {
                assertFalse(Autocast.isOn(CPU));
                assertRefused(IllegalStateException.class, outer::close, thread);
            }, task -> new Thread(task).start()).get();
            try (Autocast inner = Autocast.of(CPU, Precision.MIXED)) {
                assertTrue(Autocast.isOn(CPU));
            }
            assertTrue(Autocast.isOn(CPU), "the outer one goes on");
        }
    }

    @Test
    void float32ChangesNothing() {
        try (NDManager manager = Small.manager(); Autocast none = Autocast.of(CPU, Precision.FLOAT32)) {
            assertFalse(Autocast.isOn(CPU));
            NDArray array = manager.ones(new Shape(2, 2));
            assertSame(array, none.float32(array));
            assertSame(array, Autocast.scaled(array, Precision.FLOAT32));
            assertSame(array, Autocast.scaled(array, Precision.MIXED), "bfloat16 has the range of float32");
            assertEquals(1, Autocast.lossScale(CPU, Precision.MIXED));
            assertEquals("float32", Autocast.numbers(CPU, Precision.FLOAT32));
            assertEquals("bfloat16, mixed", Autocast.numbers(CPU, Precision.MIXED));
        }
    }

    /** A T4 is of 7.5, an A100 of 8.0. Nothing is asked of this one, which has no bfloat16. */
    @Test
    void aGpuBeforeAmpereComputesInFloat16WithAScaledLoss() {
        assertFalse(Autocast.hasBfloat16(75));
        assertTrue(Autocast.hasBfloat16(80));
        assertEquals("float16, mixed", Autocast.numbers(Device.gpu(0), Precision.MIXED));
        assertEquals(1024, Autocast.lossScale(Device.gpu(0), Precision.MIXED));
        assertEquals(1, Autocast.lossScale(Device.gpu(0), Precision.FLOAT32));
    }

    @Test
    void whereItCannotBeOrIsNoFasterOneLineSaysWhy() {
        assertNull(Autocast.whyNot("2.7.1+cu128", true));
        assertSays(Autocast.whyNot("2.6.0", true), "PyTorch 2.6.0", "2.7.1");
        assertSays(Autocast.whyNot("2.7.1", false), System.getProperty("os.name"));
        assertNull(Autocast.whyNotFaster(true));
        assertSays(Autocast.whyNotFaster(false), "AVX512-BF16", "AMX");
        assertNull(Autocast.whyNotFaster(75));
        assertSays(Autocast.whyNotFaster(61), "compute capability 7.0");
    }

    @ParameterizedTest
    @CsvSource({"ONEDNN_DEFAULT_FPMATH_MODE, BF16, true", "ONEDNN_DEFAULT_FPMATH_MODE, any, true", "DNNL_DEFAULT_FPMATH_MODE, bf16, true",
        "ONEDNN_DEFAULT_FPMATH_MODE, STRICT, false", "OTHER, BF16, false"})
    void oneDnnMayBeToldToRoundFloat32(String variable, String value, boolean rounds) {
        assertEquals(rounds, Autocast.oneDnnRounds(Map.of(variable, value)));
    }
}
