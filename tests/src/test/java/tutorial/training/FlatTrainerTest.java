package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tutorial.testing.Small;

class FlatTrainerTest {
    /** DJL's own trainer with DJL's own optimiser, on the same weights and pictures. */
    @ParameterizedTest
    @EnumSource
    void itLearnsWhatDjlsOwnTrainerLearns(Layout layout) throws Exception {
        byte[] weights = Small.randomWeights(1);
        Optimizer sgd = Optimizer.sgd().setLearningRateTracker(Tracker.fixed(Small.RATE)).optMomentum(Small.MOMENTUM).build();
        List<Float> expected;
        byte[] learnt;
        try (Model model = Small.model(weights); Trainer own = model.newTrainer(Small.config(sgd))) {
            own.initialize(Small.INPUT);
            expected = Small.losses(own, 8);
            learnt = Weights.bytesOf(model.getBlock());
        }
        assertTrue(expected.get(7) < expected.get(0), expected.toString());
        try (Model model = Small.model(weights)) {
            try (Trainer flat = Small.trainer(model, format(layout))) {
                List<Float> losses = Small.losses(flat, 8);
                for (int step = 0; step < 8; step++) {
                    assertEquals(expected.get(step), losses.get(step), 1e-5, expected + " " + losses);
                }
            }
            byte[] flat = Weights.bytesOf(model.getBlock());
            assertEquals(learnt.length, flat.length);
            assertFalse(Arrays.equals(weights, flat));
        }
    }

    /** Whatever the layout in training: as bytes a network is the same, and other trainers and devices read it. */
    @ParameterizedTest
    @EnumSource
    void theModelHasWhatWasLearntWhenTheTrainerIsClosed(Layout layout) throws Exception {
        try (NDManager manager = Small.manager(); Model model = Small.model()) {
            float[] before = firstWeights(model);
            NDArray pictures = Small.pictures(manager, 99);
            Trainer trainer = Small.trainer(model, format(layout));
            Small.losses(trainer, 3);
            assertArrayEquals(before, firstWeights(model));
            float[] answers = trainer.evaluate(new NDList(pictures)).head().toFloatArray();
            trainer.close();
            assertFalse(Arrays.equals(before, firstWeights(model)));
            Format another = format(Layout.values()[1 - layout.ordinal()]);
            try (Model loaded = Small.model(Weights.bytesOf(model.getBlock())); Trainer other = Small.trainer(loaded, another)) {
                assertArrayEquals(answers, other.evaluate(new NDList(pictures)).head().toFloatArray(), 1e-5f);
            }
        }
    }

    private static Format format(Layout layout) {
        return new Format(layout, Precision.FLOAT32);
    }

    private static float[] firstWeights(Model model) {
        return model.getBlock().getParameters().valueAt(0).getArray().toFloatArray();
    }

    @Test
    void aNetworkWithoutWeightsGetsSomeAndOneThatHasThemNeedsNoInitialising() throws Exception {
        try (Model model = Model.newInstance("small", Device.cpu())) {
            model.setBlock(Small.network());
            try (Trainer trainer = Small.trainer(model)) {
                assertTrue(Small.losses(trainer, 1).get(0) > 0);
            }
            OwnedSgd sgd = new OwnedSgd(model.getNDManager(), Small.RATE, Small.MOMENTUM);
            try (Trainer trainer = new FlatTrainer(model, Small.config(sgd), Small.FORMAT); NDManager manager = Small.manager()) {
                float before = Small.losses(trainer, 1).get(0);
                assertTrue(Small.learn(trainer, manager, 0) < before);
            }
        }
    }

    /** However many parameters there are; nine for each would be 63. */
    @Test
    void theOptimiserRunsOneOperator() throws Exception {
        try (NDManager manager = Small.manager(); Model model = Small.model(); Trainer trainer = Small.trainer(model)) {
            Small.losses(trainer, 2);
            backward(trainer, Small.pictures(manager, 3));
            assertEquals(Map.of("aten::_fused_sgd_", 1), Small.profile(trainer::step).counts());
        }
    }

    private static void backward(Trainer trainer, NDArray pictures) {
        try (GradientCollector gradients = trainer.newGradientCollector()) {
            gradients.backward(trainer.forward(new NDList(pictures)).head().sum());
        }
    }

    @ParameterizedTest
    @EnumSource
    void noStepLeavesAnArrayBehindNotEvenOneThatFailed(Precision precision) throws Exception {
        assumeTrue(precision == Precision.FLOAT32 || Autocast.whyNot() == null);
        try (Model model = Small.model()) {
            int before = Small.liveArrays(model.getNDManager());
            Set<Integer> counts = new TreeSet<>();
            try (Trainer trainer = Small.trainer(model, new Format(Layout.NHWC, precision))) {
                for (int step = 0; step < 5; step++) {
                    try (NDManager manager = Small.manager()) {
                        backward(trainer, Small.pictures(manager, step));           // and then no step
                        Small.learn(trainer, manager, step);
                    }
                    counts.add(Small.liveArrays(model.getNDManager()));
                }
            }
            assertEquals(1, counts.size(), counts.toString());
            int ofTheOptimiser = 1;                                       // its momentum
            assertEquals(before + ofTheOptimiser, Small.liveArrays(model.getNDManager()));
        }
    }

    @Test
    void anyOptimiserOfDjlsWillDo() throws Exception {
        Optimizer adam = Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.01f)).build();
        try (Model model = Small.model(); NDManager manager = Small.manager();
             Trainer trainer = new FlatTrainer(model, Small.config(adam), Small.FORMAT)) {
            List<Float> losses = Stream.generate(() -> Small.learn(trainer, manager, 0)).limit(5).toList();
            assertTrue(losses.get(4) < losses.get(0), losses.toString());
        }
    }

    @Test
    void aStepNeedsAForwardPass() throws Exception {
        try (Model model = Small.model(); Trainer trainer = Small.trainer(model)) {
            assertThrows(IllegalStateException.class, trainer::step);
            Small.losses(trainer, 1);
            assertThrows(IllegalStateException.class, trainer::step);
        }
    }

    @Test
    void severalDevicesAreRefused() throws Exception {
        try (Model model = Small.model()) {
            var config = Small.config(null).optDevices(new Device[] {Device.cpu(), Device.gpu()});
            assertThrows(IllegalArgumentException.class, () -> new FlatTrainer(model, config, Small.FORMAT));
        }
    }
}
