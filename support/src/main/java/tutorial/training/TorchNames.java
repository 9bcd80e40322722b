package tutorial.training;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What PyTorch calls the weights of ResNet-18. The order of the notebook's blocks is that of PyTorch's layers:
 * <pre>
 * stem                                    conv1, bn1
 * block b of stage s                      layer{s}.{b}.conv1, .bn1, .conv2, .bn2
 * its shortcut, where it is a convolution layer{s}.{b}.downsample.0, .downsample.1
 * head                                    fc
 * </pre>
 */
public final class TorchNames {
    /** A regular expression for what PyTorch saves as well: counters that nothing here needs. */
    static final String COUNTERS = ".*\\.num_batches_tracked";

    private static final Map<Parameter.Type, String> NAMES = Map.of(
            Parameter.Type.WEIGHT, "weight", Parameter.Type.BIAS, "bias",
            Parameter.Type.GAMMA, "weight", Parameter.Type.BETA, "bias",
            Parameter.Type.RUNNING_MEAN, "running_mean", Parameter.Type.RUNNING_VAR, "running_var");

    private TorchNames() {}

    /** Whether a network has as many layers as ResNet-18, as the notebook's own may not have when a reader has changed it. */
    static boolean fit(Block network) {
        return network.getParameters().values().stream().filter(TorchNames::isFirstOfLayer).count() == layers().size();
    }

    /** Every parameter of a network that they {@link #fit} by its name in PyTorch, in order. */
    public static Map<String, Parameter> of(Block network) {
        Map<String, Parameter> names = new LinkedHashMap<>();
        Iterator<String> layers = layers().iterator();
        String layer = null;
        for (Parameter parameter : network.getParameters().values()) {
            layer = isFirstOfLayer(parameter) ? layers.next() : layer;
            names.put(layer + "." + NAMES.get(parameter.getType()), parameter);
        }
        return names;
    }

    private static boolean isFirstOfLayer(Parameter parameter) {
        return parameter.getType() == Parameter.Type.WEIGHT || parameter.getType() == Parameter.Type.GAMMA;
    }

    private static List<String> layers() {
        List<String> layers = new ArrayList<>(List.of("conv1", "bn1"));
        for (int stage = 1; stage <= 4; stage++) {
            for (int block = 0; block < 2; block++) {
                String prefix = "layer" + stage + "." + block + ".";
                Stream.of("conv1", "bn1", "conv2", "bn2").map(prefix::concat).forEach(layers::add);
                if (stage > 1 && block == 0) {
                    layers.addAll(List.of(prefix + "downsample.0", prefix + "downsample.1"));
                }
            }
        }
        layers.add("fc");
        return layers;
    }
}
