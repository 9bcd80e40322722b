package tutorial.training;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static tutorial.testing.Said.assertRefused;
import static tutorial.testing.Said.assertSays;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.photos.DataLoading;
import tutorial.testing.MadeUp;
import tutorial.testing.PyTorchInPython;
import tutorial.testing.ResNet18;
import tutorial.testing.Small;

/** The folder that the notebook leaves for other programs, in DJL's format and in safetensors. */
class ModelFolderTest {
    private static final String PARAMS = "resnet18-0000.params";
    private static final String TENSORS = "resnet18.safetensors";
    private static final List<String> FIVE = List.of(" blank ", "<b>x</b> &amp;", "all", "two\nlines", "靴 👟");

    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();

    @Test
    void nothingButThreeFilesIsLeftAndBothFormatsGiveTheSameNetwork() throws IOException {
        ResNet18.save(folder, 32);
        try (var files = Files.list(folder)) {
            assertEquals(List.of(PARAMS, TENSORS, "synset.txt"), files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        assertEquals(ResNet18.CLASSES, ModelFolder.classes(folder));
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
        ResNet18.save(folder, 32);
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
        ResNet18.save(folder, 32);
        Files.delete(folder.resolve(PARAMS));
        Path file = folder.resolve(TENSORS);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, 1_000_000));
        assertNotLoaded(4, file + ": ", "cut off");
        Files.writeString(file, new String(whole, ISO_8859_1).replaceFirst("imageSize", "photoSize"), ISO_8859_1);
        assertNotLoaded(4, file + ": ", "\"imageSize\"");
        Files.write(file, whole);
        assertNotLoaded(5, file + ": ", "\"fc.weight\" of shape (4, 512) instead of (5, 512)");
        byte[] diverged = whole.clone();
        System.arraycopy(new byte[] {0, 0, (byte) 0xc0, 0x7f}, 0, diverged, diverged.length - Float.BYTES, Float.BYTES);      // NaN
        Files.write(file, diverged);
        assertNotLoaded(4, file + ": ", "not finite numbers");
        Files.delete(file);
        assertNotLoaded(4, folder + ": ", PARAMS, TENSORS, "Save one first");
        ResNet18.save(folder, 32);
        Files.writeString(folder.resolve("synset.txt"), "one\ntwo\nthree\n");
        assertNotLoaded(3, folder.resolve(PARAMS) + ": ", "for 4 classes", "has 3");
    }

    private void assertNotLoaded(int classes, String... words) {
        try (Model model = Model.newInstance("resnet18", Device.cpu())) {
            model.setBlock(ResNet18.of(classes));
            assertRefused(IOException.class, () -> ModelFolder.load(model, folder), words);
        }
    }

    /** Whatever the names of its classes, at once after the training. */
    @Test
    void aRunIsSavedWithItsClassesAndWhatItsPhotosWereNormalisedBy() throws Exception {
        byte[] weights = Small.randomWeights(1);
        assertTrue(save(weights, folder));
        assertEquals(List.of(" blank ", "<b>x</b> &amp;", "all", "two lines", "靴 👟"), ModelFolder.classes(folder), "a line for each");
        assertEquals(List.of(), told);
        assertFalse(Files.exists(folder.resolve(TENSORS)), "PyTorch has no names for another network");
        try (Model model = Model.newInstance("resnet18", Device.cpu())) {
            model.setBlock(Small.network());
            ModelFolder.load(model, folder);
            assertArrayEquals(weights, Weights.bytesOf(model.getBlock()));
            assertEquals("0.485 0.456 0.406", model.getProperty("mean"));
        }
    }

    @Test
    void aNetworkThatDivergedIsNotSavedAndWhatWasThereStays() throws Exception {
        assertTrue(save(Small.randomWeights(1), folder));
        byte[] before = Files.readAllBytes(folder.resolve(PARAMS));
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            try (Model model = Small.model(Small.randomWeights(2))) {
                model.getBlock().getParameters().valueAt(0).getArray().flatten().set(new NDIndex(0), bad);
                assertFalse(save(Weights.bytesOf(model.getBlock()), folder));
            }
        }
        assertFalse(save(Small.randomWeights(2), folder, 1.4, Double.NaN), "nor where only its loss says so");
        assertEquals(3, told.size());
        told.forEach(line -> assertSays(line, "not saved</b>", "learningRate", folder.toString()));
        assertArrayEquals(before, Files.readAllBytes(folder.resolve(PARAMS)));
    }

    @Test
    void aFolderThatCannotBeWrittenIsToldAndTheTrainingIsNotLost() throws Exception {
        Path taken = Files.writeString(folder.resolve("taken"), "").resolve("models");
        assertFalse(save(Small.randomWeights(1), taken));
        assertEquals(1, told.size());
        assertSays(told.get(0), taken + ": ", "modelsFolder", "\"Take it away\"");
    }

    private boolean save(byte[] weights, Path to, double... losses) {
        Run run = MadeUp.run(TrainingDevice.CPU, DataLoading.CACHED, 20, losses.length == 0 ? new double[] {1.4, 1.2} : losses);
        Run whole = new Run(run.key(), run.caching(), run.steps(), run.gpu(), run.cpu(), weights);
        return TrainedNetwork.saveOrTell(Small.network(), whole, Small.INPUT, FIVE, to, told::add);
    }

    private Model loaded(String file) throws IOException {
        assertEquals(folder.resolve(file), ModelFolder.files("resnet18", folder).get(0));
        Model model = Model.newInstance("resnet18", Device.cpu());
        model.setBlock(ResNet18.of(4));
        ModelFolder.load(model, folder);
        return model;
    }
}
