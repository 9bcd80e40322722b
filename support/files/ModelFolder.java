import ai.djl.MalformedModelException;
import ai.djl.Model;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A folder with a trained model as DJL saves it: {@code NAME-0000.params} with the weights and the model's properties,
 * and {@code synset.txt} with a class name a line. The network itself is code, and not in it.
 */
public final class ModelFolder {
    private static final String CLASSES = "synset.txt";
    /** What photos were normalised by, for who uses the model: in red, green and blue. */
    private static final Map<String, String> NORMALISED = Map.of("mean", "0.485 0.456 0.406", "deviation", "0.229 0.224 0.225");

    private ModelFolder() {}

    /**
     * Saves a model, over one of that name that is there already; but none of a training that diverged.
     *
     * @param model its properties are saved too, with what photos were normalised by
     * @param diverged whether its training did; weights that are no numbers tell it too
     * @param tell takes a line, as HTML, on why it was not saved
     * @return whether it was saved
     * @throws IOException in one line that names the folder, if it cannot be written; what was there before still is
     */
    public static boolean save(Model model, List<String> classes, Path folder, boolean diverged, Consumer<String> tell)
            throws IOException {
        if (diverged || !hasNumbers(model)) {
            tell.accept("<b>The network is not saved</b>, since its training diverged. Set a lower learningRate in \"Settings\". "
                    + "What was in " + folder + " before still is.");
            return false;
        }
        Path unfinished = folder.resolve("." + UUID.randomUUID() + ".saving");
        try {
            Files.createDirectories(unfinished);
            try {
                model.setProperty("Epoch", "0");
                NORMALISED.forEach(model::setProperty);
                model.save(unfinished, model.getName());
                Files.write(unfinished.resolve(CLASSES), classes.stream().map(name -> name.replaceAll("\\R", " ")).toList());
                for (String file : List.of(CLASSES, params(model))) {
                    Files.move(unfinished.resolve(file), folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
                }
            } finally {
                for (String file : List.of(CLASSES, params(model))) {
                    Files.deleteIfExists(unfinished.resolve(file));
                }
                Files.deleteIfExists(unfinished);
            }
            return true;
        } catch (IOException e) {
            throw new IOException(folder + ": the model cannot be saved (" + e + "). Make room, or set modelsFolder in \"Settings\" "
                    + "to a folder that can be written, and run \"Take it away\" again.", e);
        }
    }

    private static boolean hasNumbers(Model model) {
        return model.getBlock().getParameters().values().stream().allMatch(weights -> Float.isFinite(weights.getArray().sum().getFloat()));
    }

    /** Saves what was just trained. If that fails it is only told, so that the training is not lost for it. */
    public static void saveOrTell(Model model, List<String> classes, Path folder, boolean diverged, Consumer<String> tell) {
        try {
            save(model, classes, folder, diverged, tell);
        } catch (IOException e) {
            tell.accept("<b>The network is not saved yet.</b> " + e.getMessage());
        }
    }

    /** The names of a saved model's classes, in the order of its outputs. */
    public static List<String> classes(Path folder) throws IOException {
        try {
            return Files.readAllLines(folder.resolve(CLASSES));
        } catch (NoSuchFileException e) {
            throw new IOException(folder + ": no model was saved there (" + CLASSES + " is missing). Save one first.", e);
        }
    }

    /**
     * Reads weights and properties into a model that has its network already.
     *
     * @throws IOException in one line that names the file, if it is missing, cut off or of another network
     */
    public static void load(Model model, Path folder) throws IOException {
        Path file = folder.resolve(params(model));
        try {
            if (!Files.exists(file)) {
                throw new NoSuchFileException("no such file");
            }
            model.load(folder, model.getName());
        } catch (IOException | MalformedModelException | IllegalArgumentException e) {
            String reason = e instanceof EOFException ? "the file is cut off" : String.valueOf(e.getMessage());
            throw new IOException(file + ": not a saved model of this network (" + reason + "). Save it anew.", e);
        }
    }

    private static String params(Model model) {
        return model.getName() + "-0000.params";
    }
}
