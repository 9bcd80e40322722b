package tutorial.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Saves the networks of the race; {@link ModelFolder} knows nothing of it, so that a program can do with that alone. */
public final class TrainedNetwork {
    private TrainedNetwork() {}

    /**
     * Saves what a run has learned, unless its training diverged. If it fails, that is only told, so that neither the training nor
     * its figures are lost for it.
     *
     * @param network without weights
     * @param input as (1, 3, size, size)
     * @param tell takes a line, as HTML, on why it was not saved
     * @return whether it was saved
     */
    public static boolean saveOrTell(SequentialBlock network, Run run, Shape input, List<String> classes, Path folder,
            Consumer<String> tell) {
        try (Model model = Model.newInstance("resnet18", Device.cpu())) {
            model.setBlock(Weights.into(network, model.getNDManager(), run.weights()));
            network.initialize(model.getNDManager(), DataType.FLOAT32, input);      // has its weights, and learns its input
            if (run.diverged() || !ModelFolder.hasNumbers(model)) {
                tell.accept("<b>The network is not saved</b>, since its training diverged. Set a lower learningRate in \"Settings\". "
                        + "What was in " + folder + " before still is.");
                return false;
            }
            ModelFolder.save(model, classes, folder);
            return true;
        } catch (IOException | RuntimeException e) {
            tell.accept("<b>The network is not saved yet.</b> " + e.getMessage());
            return false;
        }
    }
}
