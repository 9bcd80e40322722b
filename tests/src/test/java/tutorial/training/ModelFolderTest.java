package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.PyTorchInPython;
import tutorial.testing.ResNet18;
import tutorial.testing.SavedModel;

/** The folder that the notebook leaves for other programs, in DJL's format and in safetensors. */
class ModelFolderTest {
    private static final String PARAMS = "resnet18-0000.params";
    private static final String TENSORS = "resnet18.safetensors";

    @TempDir
    Path folder;

    @BeforeEach
    void save() throws IOException {
        SavedModel.in(folder, 32);
    }

    @Test
    void nothingButTheThreeFilesIsLeft() throws IOException {
        try (var files = Files.list(folder)) {
            assertEquals(List.of(PARAMS, TENSORS, "synset.txt"), files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        assertEquals(SavedModel.CLASSES, ModelFolder.classes(folder));
    }

    @Test
    void bothFormatsGiveTheSameNetwork() throws IOException {
        try (Model djl = loaded(PARAMS)) {
            Files.delete(folder.resolve(PARAMS));
            try (Model torch = loaded(TENSORS)) {
                Map<String, Parameter> expected = TorchNames.of(djl.getBlock());
                TorchNames.of(torch.getBlock()).forEach((name, parameter) ->
                        assertArrayEquals(expected.get(name).getArray().toFloatArray(), parameter.getArray().toFloatArray(), name));
                assertEquals(new Shape(1, 3, 32, 32), torch.describeInput().valueAt(0));
                assertEquals("0.485 0.456 0.406", torch.getProperty("mean"));
                assertEquals("0.229 0.224 0.225", torch.getProperty("deviation"));
            }
        }
    }

    /** PyTorch takes the file as it is, and its network answers as DJL's does. */
    @Test
    void pyTorchInPythonReadsIt() throws Exception {
        assumeTrue(Files.exists(PyTorchInPython.PYTHON), PyTorchInPython.MISSING);
        String said = PyTorchInPython.run(folder, "-c", """
                import torch, torchvision
                from safetensors.torch import load_file
                model = torchvision.models.resnet18(num_classes=4)
                print(model.load_state_dict(load_file("resnet18.safetensors")))
                with torch.no_grad():
                    print(*model.eval()(torch.linspace(-2, 2, 3 * 32 * 32).reshape(1, 3, 32, 32))[0].tolist())
                """);
        List<String> lines = said.lines().toList();
        assertEquals("<All keys matched successfully>", lines.get(0), said);
        try (Model model = loaded(PARAMS); NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            var photo = manager.linspace(-2f, 2f, 3 * 32 * 32).reshape(1, 3, 32, 32);
            float[] ours = model.getBlock().forward(new ParameterStore(manager, false), new NDList(photo), false).head().toFloatArray();
            String[] theirs = lines.get(1).split(" ");
            for (int i = 0; i < ours.length; i++) {
                assertEquals(Float.parseFloat(theirs[i]), ours[i], 1e-4f, said);
            }
        }
    }

    @Test
    void whatCannotBeLoadedIsToldInOneLine() throws IOException {
        Files.delete(folder.resolve(PARAMS));
        Path file = folder.resolve(TENSORS);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, 1_000_000));
        assertRefused(file, "not a saved model of this network (it is damaged or cut off: ", 4);
        Files.write(file, new String(whole, java.nio.charset.StandardCharsets.ISO_8859_1).replaceFirst("imageSize", "photoSize")
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        assertRefused(file, "not a saved model of this network (its metadata has no \"imageSize\"", 4);
        Files.write(file, whole);
        assertRefused(file, "not a saved model of this network (it has \"fc.weight\" of shape (4, 512) instead of (5, 512)", 5);
        Files.delete(file);
        assertRefused(folder, "no model was saved there (neither resnet18-0000.params nor resnet18.safetensors is there). Save one first.", 4);
    }

    private void assertRefused(Path named, String expected, int classes) {
        try (Model model = Model.newInstance("resnet18", Device.cpu())) {
            model.setBlock(ResNet18.of(classes));
            String message = assertThrows(IOException.class, () -> ModelFolder.load(model, folder)).getMessage();
            assertTrue(message.startsWith(named + ": " + expected), message);
            assertEquals(1, message.lines().count(), message);
        }
    }

    private Model loaded(String file) throws IOException {
        assertEquals(folder.resolve(file), ModelFolder.files("resnet18", folder).get(0));
        Model model = Model.newInstance("resnet18", Device.cpu());
        model.setBlock(ResNet18.of(4));
        ModelFolder.load(model, folder);
        return model;
    }
}
