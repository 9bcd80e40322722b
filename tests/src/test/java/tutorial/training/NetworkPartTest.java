package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tutorial.testing.ResNet18;
import tutorial.testing.Small;

class NetworkPartTest {
    private static final List<String> NAMES = List.of("stem", "stage 1", "stage 2", "stage 3", "stage 4", "head");
    private static final Shape IMAGE = new Shape(1, 3, 32, 32);

    @ParameterizedTest
    @EnumSource
    void eachPartOfTheNetworkIsTrainedByItself(Precision precision) throws Exception {
        Small.manager().close();
        assumeTrue(precision == Precision.FLOAT32 || Autocast.whyNot() == null);
        byte[] weights = Weights.initial(ResNet18.of(4), IMAGE, 1, null);
        int[] waits = new int[1];
        List<NetworkPart> parts = NetworkPart.measure(ResNet18.of(4), weights, NAMES, IMAGE, 2, TrainingDevice.CPU,
                new Format(Layout.NHWC, precision), () -> waits[0]++);
        assertEquals(NAMES, parts.stream().map(NetworkPart::name).toList());
        assertTrue(parts.stream().allMatch(part -> part.seconds() > 0 && part.seconds() < 60), parts.toString());
        assertTrue(waits[0] >= 2 * NAMES.size(), "the device is waited for");
        double stem = 2 * 2 * 2 * Flops.multiplyAdds(ResNet18.of(4).getChildren().valueAt(0), IMAGE);
        assertEquals(stem, parts.get(0).flop(), "of two images, whose own gradient is not computed");
        double all = 2 * Flops.training(Flops.multiplyAdds(ResNet18.of(4), IMAGE));
        assertEquals(all - stem / 2, parts.stream().mapToDouble(NetworkPart::flop).sum(), 1);
    }

    @Test
    void aPointOfTheRooflineIsItsIntensityAndItsRate() {
        NetworkPart part = new NetworkPart("stem", 12e9, 2e9, 0.5);
        assertEquals(6, part.intensity(), 1e-9);
        assertEquals(24e9, part.rate(), 1);
    }
}
