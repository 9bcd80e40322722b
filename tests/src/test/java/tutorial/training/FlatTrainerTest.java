package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.Trainer;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tutorial.testing.Profile;
import tutorial.testing.Small;

class FlatTrainerTest {
    private static final float RATE = 0.1f;
    private static final float MOMENTUM = 0.9f;
    private static final Format FORMAT = new Format(Layout.NHWC, Precision.FLOAT32);

    /** DJL's own trainer with DJL's own optimiser, on the same weights and pictures. */
    @ParameterizedTest
    @EnumSource
    void itLearnsWhatDjlsOwnTrainerLearns(Layout layout) throws Exception {
        byte[] weights = Small.randomWeights(1);
        List<Float> expected;
        byte[] learnt;
        try (Model model = Small.model(weights);
             Trainer own = model.newTrainer(Small.config(Optimizer.sgd()
                     .setLearningRateTracker(Tracker.fixed(RATE)).optMomentum(MOMENTUM).build()))) {
            own.initialize(Small.INPUT);
            expected = Small.losses(own, 8);
            learnt = Small.bytes((SequentialBlock) model.getBlock());
        }
        try (Model model = Small.model(weights)) {
            try (Trainer flat = Small.trainer(model, layout, RATE)) {
                List<Float> losses = Small.losses(flat, 8);
                for (int step = 0; step < 8; step++) {
                    assertEquals(expected.get(step), losses.get(step), 1e-5, expected + " " + losses);
                }
            }
            assertTrue(expected.get(7) < expected.get(0), expected.toString());
            byte[] flat = Small.bytes((SequentialBlock) model.getBlock());
            assertEquals(learnt.length, flat.length);
            assertFalse(java.util.Arrays.equals(weights, flat));
        }
    }

    /** Whatever the layout in training: as bytes a network is the same, and other trainers and devices read it. */
    @ParameterizedTest
    @EnumSource
    void theModelHasWhatWasLearntWhenTheTrainerIsClosed(Layout layout) throws Exception {
        byte[] weights = Small.randomWeights(2);
        try (NDManager manager = Small.manager(); Model model = Small.model(weights)) {
            NDArray pictures = Small.pictures(manager, 99);
            Trainer trainer = Small.trainer(model, layout, RATE);
            Small.losses(trainer, 3);
            assertArrayEquals(parametersOnly(weights), parametersOnly(Small.bytes((SequentialBlock) model.getBlock())));
            float[] answers = trainer.evaluate(new NDList(pictures)).head().toFloatArray();
            trainer.close();
            Layout otherLayout = layout == Layout.NHWC ? Layout.NCHW : Layout.NHWC;
            try (Model loaded = Small.model(Small.bytes((SequentialBlock) model.getBlock())); Trainer other = Small.trainer(loaded, otherLayout, RATE)) {
                assertArrayEquals(answers, other.evaluate(new NDList(pictures)).head().toFloatArray(), 1e-5f);
            }
        }
    }

    @Test
    void aNetworkWithoutWeightsGetsSome() throws Exception {
        try (Model model = Model.newInstance("small", Device.cpu())) {
            model.setBlock(Small.network());
            try (Trainer trainer = Small.trainer(model, Layout.NHWC, RATE)) {
                assertTrue(Small.losses(trainer, 1).get(0) > 0);
            }
            assertTrue(model.getBlock().isInitialized());
        }
    }

    @Test
    void aNetworkThatHasWeightsNeedsNoInitialising() throws Exception {
        try (Model model = Small.model(Small.randomWeights(9)); NDManager manager = Small.manager();
             Trainer trainer = new FlatTrainer(model, Small.config(new OwnedSgd(model.getNDManager(), RATE, MOMENTUM)), FORMAT)) {
            float before = Small.losses(trainer, 1).get(0);
            assertTrue(Small.learn(trainer, manager, 0) < before);
        }
    }

    /** However many parameters there are; nine for each would be 63. */
    @Test
    void theOptimiserRunsFewOperators() throws Exception {
        try (NDManager manager = Small.manager(); Model model = Small.model(Small.randomWeights(3)); Trainer trainer = Small.trainer(model, Layout.NHWC, RATE)) {
            Small.losses(trainer, 2);
            Small.gradients(trainer, manager, 3);
            assertEquals(Map.of("aten::mul_", 2, "aten::add_", 1, "aten::sub_", 1), Small.profile(trainer::step).counts());
        }
    }

    @Test
    void aStepAddsNoGradientsUpAndComparesNoContents() throws Exception {
        try (NDManager manager = Small.manager(); Model model = Small.model(Small.randomWeights(4)); Trainer trainer = Small.trainer(model, Layout.NHWC, RATE)) {
            Small.losses(trainer, 2);
            Profile step = Small.profile(() -> Small.learn(trainer, manager, 3));
            assertEquals(0, step.count("equal"), step.toString());
            assertEquals(1, step.count("cat"), step.toString());
            assertEquals(1, step.count("add_"), "of the optimiser: " + step);
        }
    }

    @Test
    void noStepLeavesAnArrayBehindNotEvenOneThatFailed() throws Exception {
        try (Model model = Small.model(Small.randomWeights(5))) {
            int before = Small.liveArrays(model.getNDManager());
            Set<Integer> counts = new TreeSet<>();
            try (Trainer trainer = Small.trainer(model, Layout.NHWC, RATE)) {
                for (int step = 0; step < 5; step++) {
                    try (NDManager manager = Small.manager()) {
                        Small.gradients(trainer, manager, step);          // and then no step
                        Small.learn(trainer, manager, step);
                    }
                    counts.add(Small.liveArrays(model.getNDManager()));
                }
                assertEquals(1, counts.size(), counts.toString());
            }
            int momentum = 1;
            int numbers = 2;
            assertEquals(before + momentum + numbers, Small.liveArrays(model.getNDManager()));
        }
    }

    @Test
    void anyOptimiserOfDjlsWillDo() throws Exception {
        try (Model model = Small.model(Small.randomWeights(6));
             Trainer trainer = new FlatTrainer(model, Small.config(Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.01f)).build()), FORMAT)) {
            trainer.initialize(Small.INPUT);
            List<Float> losses = Small.losses(trainer, 20);
            assertTrue(losses.get(15) < losses.get(0), losses.toString());
        }
    }

    @Test
    void aStepNeedsAForwardPass() throws Exception {
        try (Model model = Small.model(Small.randomWeights(7)); Trainer trainer = Small.trainer(model, Layout.NHWC, RATE)) {
            assertThrows(IllegalStateException.class, trainer::step);
            Small.losses(trainer, 1);
            assertThrows(IllegalStateException.class, trainer::step);
        }
    }

    @Test
    void severalDevicesAreRefused() throws Exception {
        try (Model model = Small.model(Small.randomWeights(8)); NDManager manager = Small.manager()) {
            var config = Small.config(new OwnedSgd(manager, RATE, MOMENTUM)).optDevices(new Device[] {Device.cpu(), Device.gpu()});
            assertThrows(IllegalArgumentException.class, () -> new FlatTrainer(model, config, FORMAT));
        }
    }

    /** Without the running averages of batch normalisation, which each forward pass renews in the model itself. */
    private static float[] parametersOnly(byte[] weights) throws Exception {
        try (NDManager manager = Small.manager(); Model model = Small.model(weights)) {
            NDList trained = new NDList();
            model.getBlock().getParameters().values().stream().filter(parameter -> parameter.requiresGradient())
                    .forEach(parameter -> trained.add(parameter.getArray().flatten()));
            return ai.djl.ndarray.NDArrays.concat(trained).toType(DataType.FLOAT32, false).reshape(new Shape(-1)).toFloatArray();
        }
    }
}
