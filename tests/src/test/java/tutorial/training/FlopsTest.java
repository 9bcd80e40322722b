package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
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
}
