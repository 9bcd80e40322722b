package tutorial.training;

import ai.djl.Device;
import ai.djl.MalformedModelException;
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
import java.util.Map;
import java.util.function.Consumer;
import tutorial.files.Download;
import tutorial.files.SafeTensors;

/**
 * The weights that every run begins with: random ones, or those that ResNet-18 learned on ImageNet. Called by the cells
 * that build the network and the trainer.
 *
 * <p>ImageNet's come as a safetensors file in which every tensor has PyTorch's name, {@link TorchNames}.
 */
public final class Weights {
    private static final URI PUBLISHED = URI.create("https://huggingface.co/timm/resnet18.tv_in1k/resolve/main/model.safetensors");
    private static final int CLASSES_OF_IMAGENET = 1000;
    private static final String HEAD = "fc.";
    private static final String REMEDY = " Delete it, so that it is downloaded anew, or set pretrained = false in \"Settings\".";

    private Weights() {}

    /**
     * Chooses what training begins with. ImageNet's weights (47 MB) are fetched once.
     *
     * @param pretrained whether to begin with ImageNet's weights, where they can be had
     * @param file where these are kept
     * @param tell takes a line, as HTML: the progress, and what was chosen or why not
     * @return the file with ImageNet's weights, or null for random ones
     */
    public static Path choose(boolean pretrained, Path file, Consumer<String> tell) {
        return choose(pretrained, PUBLISHED, file, tell);
    }

    static Path choose(boolean pretrained, URI published, Path file, Consumer<String> tell) {
        boolean there = pretrained && fetch(published, file, tell);
        if (there || !pretrained) {
            tell.accept("Training begins with " + (!there ? "random weights." : isImageNets(file) ? "ImageNet's weights."
                    : "the weights in " + file + ", which are not ImageNet's."));
        }
        return there ? file : null;
    }

    /** Where the weights come from, for the table of results. */
    public static String origin(Path file) {
        return file == null ? "random" : isImageNets(file) ? "ImageNet" : "own";
    }

    /** By the classes of the head; a file that cannot be read is refused where it is loaded. */
    private static boolean isImageNets(Path file) {
        try {
            Shape head = SafeTensors.shapes(file).get(HEAD + "weight");
            return head == null || head.get(0) == CLASSES_OF_IMAGENET;
        } catch (IOException | RuntimeException unreadable) {
            return true;
        }
    }

    /** How many weights of a network training adjusts. */
    public static long trained(Block network) {
        return network.getParameters().values().stream().filter(Parameter::requiresGradient)
                .mapToLong(parameter -> parameter.getArray().size()).sum();
    }

    static boolean fetch(URI published, Path file, Consumer<String> tell) {
        try {
            Download.fetch(published, file, SafeTensors::shapes, tell);
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

    /** The head stays random, unless the file has one for as many classes, as one has that the notebook saved. */
    static void load(Block network, Path file, NDManager manager) throws IOException {
        if (!TorchNames.fit(network)) {
            throw new IOException(file + " has the weights of ResNet-18, and this network has other layers. Set pretrained = false, "
                    + "in \"Settings\".");
        }
        try {
            Map<String, Parameter> parameters = TorchNames.of(network);
            Shape head = SafeTensors.shapes(file).get(HEAD + "weight");
            boolean fits = head != null && head.equals(parameters.get(HEAD + "weight").getArray().getShape());
            parameters.keySet().removeIf(name -> name.startsWith(HEAD) && !fits);
            SafeTensors.into(parameters, file, "fc\\..*|" + TorchNames.COUNTERS, manager);
        } catch (IOException e) {
            throw new IOException(e.getMessage() + REMEDY, e);
        }
    }
}
