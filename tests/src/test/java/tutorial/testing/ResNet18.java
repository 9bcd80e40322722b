package tutorial.testing;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import java.util.List;
import tutorial.training.BatchNorm2d;
import tutorial.training.FrugalSequential;
import tutorial.training.InPlace;

/** The notebook's network, of the same blocks. */
public final class ResNet18 {
    private ResNet18() {}

    public static SequentialBlock of(int classes) {
        return new FrugalSequential()
                .add(new FrugalSequential()
                        .add(convolution(64, 7, 2))
                        .add(InPlace::relu)
                        .add(Pool.maxPool2dBlock(new Shape(3, 3), new Shape(2, 2), new Shape(1, 1))))
                .add(stage(64, 1))
                .add(stage(128, 2))
                .add(stage(256, 2))
                .add(stage(512, 2))
                .add(new FrugalSequential()
                        .add(Pool.globalAvgPool2dBlock())
                        .add(Linear.builder().setUnits(classes).build()));
    }

    public static SequentialBlock convolution(int channels, int kernel, int stride) {
        return new FrugalSequential()
                .add(Conv2d.builder().setFilters(channels).setKernelShape(new Shape(kernel, kernel))
                        .optStride(new Shape(stride, stride)).optPadding(new Shape(kernel / 2, kernel / 2))
                        .optBias(false).build())
                .add(new BatchNorm2d(1e-5f, 0.9f));
    }

    public static Block basicBlock(int channels, int stride, boolean widens) {
        var residual = new FrugalSequential()
                .add(convolution(channels, 3, stride))
                .add(InPlace::relu)
                .add(convolution(channels, 3, 1));
        var shortcut = widens ? convolution(channels, 1, stride) : Blocks.identityBlock();
        return new FrugalSequential()
                .add(new ParallelBlock(paths -> InPlace.add(paths.get(0), paths.get(1)), List.of(residual, shortcut)))
                .add(InPlace::relu);
    }

    private static SequentialBlock stage(int channels, int stride) {
        return new FrugalSequential()
                .add(basicBlock(channels, stride, stride > 1))
                .add(basicBlock(channels, 1, false));
    }
}
