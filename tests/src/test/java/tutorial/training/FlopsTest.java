package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tutorial.testing.ResNet18;
import tutorial.testing.Small;

class FlopsTest {
    private static final long OF_1000_CLASSES = 1_814_073_344L;            // torchvision's 1.814 G

    @BeforeAll
    static void startPyTorch() {
        Small.manager().close();
    }

    @Test
    void resNet18HasWhatTorchvisionTellsOfIt() {
        assertEquals(OF_1000_CLASSES, Flops.multiplyAdds(ResNet18.of(1000), new Shape(1, 3, 224, 224)));
        assertEquals(OF_1000_CLASSES - 512 * 996, Flops.multiplyAdds(ResNet18.of(4), new Shape(1, 3, 224, 224)));
    }

    @Test
    void aBatchOfTwoCountsTwice() {
        assertEquals(2 * Flops.multiplyAdds(ResNet18.of(4), new Shape(1, 3, 64, 64)),
                Flops.multiplyAdds(ResNet18.of(4), new Shape(2, 3, 64, 64)));
    }

    @Test
    void eachOutputOfAConvolutionTakesAKernelOfAllChannels() {
        Shape input = new Shape(1, 3, 10, 8);
        assertEquals(5 * 8 * 6 * 3 * 9, Flops.multiplyAdds(convolution(5, 3).build(), input));
        assertEquals(5 * 10 * 8 * 3 * 9, Flops.multiplyAdds(convolution(5, 3).optPadding(new Shape(1, 1)).build(), input), "padded");
        assertEquals(5 * 4 * 3 * 3 * 9, Flops.multiplyAdds(convolution(5, 3).optStride(new Shape(2, 2)).build(), input), "strided");
        assertEquals(5 * 5 * 4 * 3 * 9,
                Flops.multiplyAdds(convolution(5, 3).optStride(new Shape(2, 2)).optPadding(new Shape(1, 1)).build(), input), "both");
        assertEquals(6 * 10 * 8 * 1, Flops.multiplyAdds(convolution(6, 1).optGroups(3).build(), input), "in groups");
        assertEquals(5 * 10 * 8 * 3, Flops.multiplyAdds(convolution(5, 1).optBias(true).build(), input), "a bias is no multiplication");
    }

    @Test
    void aLinearLayerMultipliesEachOfItsInputsForEachUnit() {
        assertEquals(7 * 5, Flops.multiplyAdds(Linear.builder().setUnits(5).build(), new Shape(1, 7)));
        assertEquals(3 * 7 * 5, Flops.multiplyAdds(Linear.builder().setUnits(5).build(), new Shape(3, 7)));
    }

    @Test
    void othersCountNothingButHandTheirShapesOn() {
        SequentialBlock network = new SequentialBlock()
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
        assertEquals(0, Flops.multiplyAdds(network, new Shape(1, 3, 8, 8)));
        assertEquals(5 * 16 * 3, Flops.multiplyAdds(network.add(convolution(5, 1).build()), new Shape(1, 3, 8, 8)));
    }

    @Test
    void aStepOfTrainingIsSixOperationsForEach() {
        assertEquals(6e9, Flops.training(1_000_000_000L));
        assertEquals(6.0 * Long.MAX_VALUE, Flops.training(Long.MAX_VALUE), "does not overflow");
    }

    private static Conv2d.Builder convolution(int filters, int kernel) {
        return Conv2d.builder().setFilters(filters).setKernelShape(new Shape(kernel, kernel)).optBias(false);
    }

    /** Of two images; each counted by hand. Weights are read in three passes, and five times with what the optimiser keeps. */
    @Test
    void bytesThatALayerMovesAtLeast() {
        double in = 2 * 3 * 10 * 8;
        double out = 2 * 5 * 8 * 6;
        double weights = 5 * 3 * 9;
        Block convolution = convolution(5, 3).build();
        Shape one = new Shape(1, 3, 10, 8);
        assertEquals(4 * (3 * (in + out + weights) + 5 * weights), Flops.of(convolution, one, false).bytesOfStep(2, Precision.FLOAT32));
        assertEquals(4 * (2 * (in + out + weights) + 5 * weights), Flops.of(convolution, one, true).bytesOfStep(2, Precision.FLOAT32));
        assertEquals(2 * 3 * (in + out + weights) + 4 * 5 * weights, Flops.of(convolution, one, false).bytesOfStep(2, Precision.MIXED),
                "weights and what the optimiser keeps stay float32");
        assertEquals(4 * 8 * in, bytes(new BatchNorm2d(1e-5f, 0.9f)), "forward x twice, y; backward x and dy twice, dx");
        assertEquals(4 * 5 * in, bytes(new LambdaBlock(Activation::relu)), "x, y; y, dy, dx");
        assertEquals(4 * 2.5 * (in + in / 4), bytes(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2))));
        assertEquals(0, bytes(Blocks.identityBlock()));
        Block shortcut = new ParallelBlock(paths -> new NDList(paths.get(0).head().add(paths.get(1).head())),
                List.of(Blocks.identityBlock(), Blocks.identityBlock()));
        assertEquals(4 * 6 * in, bytes(shortcut), "two arrays are added to one, in both directions");
        assertEquals(4 * 11 * in, bytes(new SequentialBlock().add(shortcut).add(Activation::relu)));
    }

    private static double bytes(Block block) {
        return Flops.of(block, new Shape(1, 3, 10, 8), false).bytesOfStep(2, Precision.FLOAT32);
    }

    /** The stages of a network do more with each byte from stage to stage, as the picture shrinks and channels grow. */
    @Test
    void intensityRisesFromStageToStage() {
        double before = 0;
        Shape shape = new Shape(1, 3, 224, 224);
        var parts = ResNet18.of(4).getChildren().values();
        for (Block part : parts.subList(0, 5)) {
            Flops flops = Flops.of(part, shape, before == 0);
            double intensity = flops.ofStep(32) / flops.bytesOfStep(32, Precision.FLOAT32);
            assertTrue(intensity > before, intensity + " after " + before);
            before = intensity;
            shape = part.getOutputShapes(new Shape[] {shape})[0];
        }
    }
}
