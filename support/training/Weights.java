import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.initializer.XavierInitializer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The weights that every run begins with: random ones, or those that ResNet-18 learned on ImageNet. Called by the cells
 * that build the network and the trainer.
 *
 * <p>ImageNet's come as a safetensors file in which every tensor has PyTorch's name. The order of the notebook's blocks is
 * that of PyTorch's layers:
 * <pre>
 * stem                                    conv1, bn1
 * block b of stage s                      layer{s}.{b}.conv1, .bn1, .conv2, .bn2
 * its shortcut, where it is a convolution layer{s}.{b}.downsample.0, .downsample.1
 * head                                    fc
 * </pre>
 */
public final class Weights {
    private static final URI PUBLISHED = URI.create("https://huggingface.co/timm/resnet18.tv_in1k/resolve/main/model.safetensors");
    /** ImageNet's head has 1,000 classes, ours stays random; and counters that nothing here needs. */
    private static final String LEFT_OUT = "fc\\..*|.*\\.num_batches_tracked";
    private static final Map<Parameter.Type, String> TORCH = Map.of(
            Parameter.Type.WEIGHT, "weight", Parameter.Type.BIAS, "bias",
            Parameter.Type.GAMMA, "weight", Parameter.Type.BETA, "bias",
            Parameter.Type.RUNNING_MEAN, "running_mean", Parameter.Type.RUNNING_VAR, "running_var");

    private Weights() {}

    /**
     * ImageNet's weights: fetched once (47 MB) and kept where they are.
     *
     * @param file where they are kept
     * @param tell takes a line, as HTML: the progress, or why there are none
     * @return whether the file is there
     */
    public static boolean fetch(Path file, Consumer<String> tell) {
        return fetch(PUBLISHED, file, tell);
    }

    /**
     * Chooses what training begins with, and says so in a line.
     *
     * @param pretrained whether to begin with ImageNet's weights, where they can be had
     * @return the file with ImageNet's weights, or null for random ones
     */
    public static Path choose(boolean pretrained, Path file, Consumer<String> tell) {
        return choose(pretrained, PUBLISHED, file, tell);
    }

    static Path choose(boolean pretrained, URI published, Path file, Consumer<String> tell) {
        boolean there = pretrained && fetch(published, file, tell);
        if (there || !pretrained) {
            tell.accept("Training begins with " + (there ? "ImageNet's" : "random") + " weights.");
        }
        return there ? file : null;
    }

    /** How many weights of a network training adjusts. */
    public static long trained(Block network) {
        return network.getParameters().values().stream().filter(Parameter::requiresGradient)
                .mapToLong(parameter -> parameter.getArray().size()).sum();
    }

    static boolean fetch(URI published, Path file, Consumer<String> tell) {
        try {
            Download.fetch(published, file, SafeTensors::header, tell);
            return true;
        } catch (IOException e) {
            tell.accept("<b>Training begins with random weights</b>, since ImageNet's could not be fetched. " + e.getMessage()
                    + " If you have the file, put it at " + file + ". Timings stay the same without it, accuracy does not.");
            return false;
        }
    }

    /**
     * Weights to begin with, as DJL saves them.
     *
     * @param network of the notebook, without weights
     * @param input as (1, 3, size, size)
     * @param seed of the random ones
     * @param imageNet the file with ImageNet's, or null for random ones
     */
    public static byte[] initial(SequentialBlock network, Shape input, long seed, Path imageNet) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            draw(network, input, seed, manager);
            if (imageNet != null) {
                load(network, imageNet, manager);
            }
            return bytesOf(network);
        }
    }

    /** Gives a network the weights that {@link #initial} or a run has left; the manager owns them. */
    public static <T extends Block> T into(T network, NDManager manager, byte[] weights) throws IOException {
        try {
            long classes = classes(network);
            network.loadParameters(manager, new DataInputStream(new ByteArrayInputStream(weights)));
            if (classes(network) != classes) {
                throw new MalformedModelException("they are for " + classes(network) + " classes, it has " + classes);
            }
            return network;
        } catch (IOException | MalformedModelException | IllegalArgumentException e) {
            String reason = e instanceof EOFException ? "they are cut off" : e.getMessage();
            throw new IOException("These are not the weights of this network (" + reason + "). Run \"What the network does\" and all below it again.", e);
        }
    }

    /** How many numbers its last layer gives; with the weights DJL reads a layer's size, too. */
    private static long classes(Block network) {
        Block head = network;
        while (!head.getChildren().isEmpty()) {
            head = head.getChildren().valueAt(head.getChildren().size() - 1);
        }
        return head instanceof Linear ? head.getOutputShapes(new Shape[] {new Shape(1, 1)})[0].get(1) : 0;
    }

    static byte[] bytesOf(Block network) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        network.saveParameters(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    /** Convolutions get the spread that K. He found for deep networks with ReLU, the head PyTorch's for linear layers. */
    private static void draw(SequentialBlock network, Shape input, long seed, NDManager manager) {
        manager.getEngine().setRandomSeed((int) seed);
        network.setInitializer(new XavierInitializer(XavierInitializer.RandomType.GAUSSIAN, XavierInitializer.FactorType.OUT, 2),
                Parameter.Type.WEIGHT);
        Block head = network.getChildren().valueAt(network.getChildren().size() - 1);
        head.setInitializer(new XavierInitializer(XavierInitializer.RandomType.UNIFORM, XavierInitializer.FactorType.IN, 1),
                Parameter.Type.WEIGHT);
        network.initialize(manager, DataType.FLOAT32, input);
    }

    static void load(Block network, Path file, NDManager manager) throws IOException {
        Map<String, Parameter> parameters = torchNames(network);
        parameters.keySet().removeIf(name -> name.startsWith("fc."));
        Map<String, Shape> shapes = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> shapes.put(name, parameter.getArray().getShape()));
        for (Map.Entry<String, NDArray> tensor : SafeTensors.read(file, shapes, LEFT_OUT, manager).entrySet()) {
            tensor.getValue().copyTo(parameters.get(tensor.getKey()).getArray());
        }
    }

    /** Every parameter of the network by its name in PyTorch, in order. */
    public static Map<String, Parameter> torchNames(Block network) {
        Map<String, Parameter> names = new LinkedHashMap<>();
        Iterator<String> layers = torchLayers().iterator();
        String layer = null;
        for (Parameter parameter : network.getParameters().values()) {
            boolean first = List.of(Parameter.Type.WEIGHT, Parameter.Type.GAMMA).contains(parameter.getType());
            layer = first ? layers.next() : layer;
            names.put(layer + "." + TORCH.get(parameter.getType()), parameter);
        }
        return names;
    }

    private static List<String> torchLayers() {
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
