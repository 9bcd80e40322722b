package tutorial.testing;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tutorial.training.ModelFolder;
import tutorial.training.Weights;

/** A network with random weights, saved as the notebook's cell "take-model" does. */
public final class SavedModel {
    public static final List<String> CLASSES = List.of("high-top", "low-top", "runner", "slip-on");

    private SavedModel() {}

    public static void in(Path folder, int imageSize) throws IOException {
        Shape input = new Shape(1, 3, imageSize, imageSize);
        try (Model model = Model.newInstance("resnet18", Device.cpu())) {
            byte[] weights = Weights.initial(ResNet18.of(CLASSES.size()), input, 7, null);
            model.setBlock(Weights.into(ResNet18.of(CLASSES.size()), model.getNDManager(), weights));
            model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, input);
            ModelFolder.save(model, CLASSES, folder);
        }
    }
}
