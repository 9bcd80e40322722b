package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.Small;
import tutorial.training.ModelFolder;

/** With a small network; the notebook's tests save and load its own. */
class ModelSavingTest {
    private static final List<String> CLASSES = List.of(" blank ", "<b>x</b> &amp;", "all", "two\nlines", "靴 👟");

    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();

    @Test
    void aClassMayHaveAnyName() throws Exception {
        try (Model model = model()) {
            assertTrue(ModelFolder.save(model, CLASSES, folder, false, told::add));
        }
        assertEquals(List.of(" blank ", "<b>x</b> &amp;", "all", "two lines", "靴 👟"), ModelFolder.classes(folder), "a line for each");
        assertEquals(List.of(), told);
        assertFalse(Files.exists(folder.resolve("small.safetensors")), "PyTorch has no names for another network");
    }

    @Test
    void aNetworkThatDivergedIsNotSavedAndWhatWasThereStays() throws Exception {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 0}) {
            try (Model model = model()) {
                ModelFolder.save(model, CLASSES, folder, false, told::add);
                byte[] before = Files.readAllBytes(folder.resolve("small-0000.params"));
                model.getBlock().getParameters().valueAt(0).getArray().flatten().set(new NDIndex(0), bad);
                assertFalse(ModelFolder.save(model, CLASSES, folder, bad == 0, told::add));
                assertEquals(1, told.size());
                assertTrue(told.get(0).startsWith("<b>The network is not saved</b>") && told.get(0).contains("learningRate") && told.get(0).contains(folder.toString()), told.get(0));
                assertTrue(Arrays.equals(before, Files.readAllBytes(folder.resolve("small-0000.params"))));
                told.clear();
            }
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsToldAndTheTrainingIsNotLost() throws Exception {
        Path taken = Files.writeString(folder.resolve("taken"), "").resolve("models");
        try (Model model = model()) {
            ModelFolder.saveOrTell(model, CLASSES, taken, false, told::add);
        }
        assertEquals(1, told.size());
        assertTrue(told.get(0).startsWith("<b>The network is not saved yet.</b> " + taken + ": the model cannot be saved (")
                && told.get(0).endsWith("Make room, or set modelsFolder in \"Settings\" to a folder that can be written, and run \"Take it away\" again."), told.get(0));
    }

    private static Model model() throws Exception {
        Model model = Model.newInstance("small", Device.cpu());
        var network = Small.network();
        network.loadParameters(model.getNDManager(), new DataInputStream(new ByteArrayInputStream(Small.randomWeights(1))));
        network.initialize(model.getNDManager(), DataType.FLOAT32, Small.INPUT);
        model.setBlock(network);
        return model;
    }
}
