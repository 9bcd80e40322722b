package tutorial.training;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tutorial.files.SafeTensors;

/**
 * A folder with a trained network. DJL's {@code NAME-0000.params} has the weights and the model's properties; so has
 * {@code NAME.safetensors}, under PyTorch's names, if the network is ResNet-18; {@code synset.txt} has a class name a line.
 * The network itself is code, and not in it.
 */
public final class ModelFolder {
    private static final String CLASSES = "synset.txt";
    private static final String PARAMS = "-0000.params";
    private static final String TENSORS = ".safetensors";
    private static final String IMAGE_SIZE = "imageSize";
    /** As the notebook's setting allows. */
    private static final int LARGEST_IMAGE = 4_096;
    /** What photos were normalised by, for who uses the model: in red, green and blue. */
    private static final Map<String, String> NORMALISED = Map.of("mean", "0.485 0.456 0.406", "deviation", "0.229 0.224 0.225");

    private ModelFolder() {}

    /**
     * Saves a model, over one of that name that is there already.
     *
     * @param model its properties are saved too, with what photos were normalised by
     * @throws IOException in one line that names the folder, if it cannot be written; what was there before still is
     */
    public static void save(Model model, List<String> classes, Path folder) throws IOException {
        Path unfinished = folder.resolve("." + UUID.randomUUID() + ".saving");
        String tensors = model.getName() + TENSORS;
        List<String> files = List.of(CLASSES, model.getName() + PARAMS, tensors);
        try {
            Files.createDirectories(unfinished);
            try {
                model.setProperty("Epoch", "0");
                NORMALISED.forEach(model::setProperty);
                model.save(unfinished, model.getName());
                if (TorchNames.fit(model.getBlock())) {
                    saveTensors(model, unfinished.resolve(tensors));
                }
                Files.write(unfinished.resolve(CLASSES), classes.stream().map(name -> name.replaceAll("\\R", " ")).toList());
                for (String file : files) {
                    if (Files.exists(unfinished.resolve(file))) {
                        Files.move(unfinished.resolve(file), folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
                    } else {
                        Files.deleteIfExists(folder.resolve(file));         // of another network
                    }
                }
            } finally {
                for (String file : files) {
                    Files.deleteIfExists(unfinished.resolve(file));
                }
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            throw new IOException(folder + ": the model cannot be saved (" + e + "). Make room, or set modelsFolder in \"Settings\" "
                    + "to a folder that can be written, and run \"Take it away\" again.", e);
        }
    }

    private static void saveTensors(Model model, Path file) throws IOException {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        TorchNames.of(model.getBlock()).forEach((name, parameter) -> tensors.put(name, parameter.getArray()));
        Map<String, String> metadata = new LinkedHashMap<>(Map.of("format", "pt"));
        metadata.put(IMAGE_SIZE, String.valueOf(model.describeInput().valueAt(0).get(2)));
        for (String property : NORMALISED.keySet()) {
            metadata.put(property, model.getProperty(property));
        }
        SafeTensors.write(file, tensors, metadata);
    }

    /** The names of a saved model's classes, in the order of its outputs. */
    public static List<String> classes(Path folder) throws IOException {
        try {
            return Files.readAllLines(folder.resolve(CLASSES));
        } catch (NoSuchFileException e) {
            throw new IOException(folder + ": no model was saved there (" + CLASSES + " is missing). Save one first.", e);
        }
    }

    /** What {@link #load} and {@link #classes} read: DJL's own file if it is there, else that with PyTorch's names. */
    public static List<Path> files(String model, Path folder) throws IOException {
        for (String weights : List.of(model + PARAMS, model + TENSORS)) {
            if (Files.exists(folder.resolve(weights))) {
                return List.of(folder.resolve(weights), folder.resolve(CLASSES));
            }
        }
        throw new IOException(folder + ": no model was saved there (neither " + model + PARAMS + " nor " + model + TENSORS
                + " is there). Save one first.");
    }

    /**
     * Reads weights and properties into a model that has its network already.
     *
     * @throws IOException in one line that names the file, if it is missing, cut off, of another network or of a training that diverged
     */
    public static void load(Model model, Path folder) throws IOException {
        Path file = files(model.getName(), folder).get(0);
        try {
            if (file.endsWith(model.getName() + TENSORS)) {
                loadTensors(model, file);
            } else {
                model.load(folder, model.getName());
            }
            if (!hasNumbers(model)) {
                throw new IOException("some of its weights are not finite numbers");
            }
            requireAnOutputFor(classes(folder), model);
        } catch (IOException | MalformedModelException | IllegalArgumentException e) {
            String reason = e instanceof EOFException ? "the file is cut off" : String.valueOf(e.getMessage()).replace(file + ": ", "it ");
            throw new IOException(file + ": not a saved model of this network (" + reason + "). Save it anew.", e);
        }
    }

    static boolean hasNumbers(Model model) {
        try (NDScope sums = new NDScope()) {
            sums.suppressNotUsedWarning();
            return model.getBlock().getParameters().values().stream().allMatch(one -> Float.isFinite(one.getArray().sum().getFloat()));
        }
    }

    /** DJL takes the size of the last layer from the file. */
    private static void requireAnOutputFor(List<String> classes, Model model) throws IOException {
        Shape scores = model.getBlock().getOutputShapes(new Shape[] {model.describeInput().valueAt(0)})[0];
        if (scores.get(1) != classes.size()) {
            throw new IOException("it is for " + scores.get(1) + " classes, and " + CLASSES + " has " + classes.size());
        }
    }

    private static void loadTensors(Model model, Path file) throws IOException {
        Map<String, String> metadata = SafeTensors.metadata(file);
        for (String property : NORMALISED.keySet()) {
            model.setProperty(property, told(metadata, property));
        }
        if (!TorchNames.fit(model.getBlock())) {
            throw new IOException("it has the weights of ResNet-18");
        }
        int size = Integer.parseInt(told(metadata, IMAGE_SIZE));
        if (size < 1 || size > LARGEST_IMAGE) {
            throw new IOException("its metadata has " + IMAGE_SIZE + " " + size);
        }
        model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 3, size, size));
        SafeTensors.into(TorchNames.of(model.getBlock()), file, TorchNames.COUNTERS, model.getNDManager());
    }

    private static String told(Map<String, String> metadata, String name) throws IOException {
        if (!metadata.containsKey(name)) {
            throw new IOException("its metadata has no \"" + name + "\"");
        }
        return metadata.get(name);
    }
}
