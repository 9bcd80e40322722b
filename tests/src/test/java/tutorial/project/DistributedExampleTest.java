package tutorial.project;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.nn.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.Notebook;
import tutorial.testing.Project;
import tutorial.testing.PyTorchInPython;
import tutorial.testing.ResNet18;
import tutorial.testing.Small;
import tutorial.training.ModelFolder;
import tutorial.training.TorchNames;

/** The program of examples/distributed, with two processes on the CPU. */
@Tag("cluster")
class DistributedExampleTest {
    private static final Path PROGRAM = Project.SOURCE.resolve("examples/distributed/train.py");
    /** In float32 two orders of the same additions differ in the last digit, and a few steps later in the third. */
    private static final Path IN_FLOAT64 = Project.SOURCE.resolve("tests/src/test/resources/in_float64.py");

    @TempDir
    Path folder;

    /**
     * Batch normalisation sees the photos of one part of a batch, so one process gets the losses of two if it learns from the
     * same halves. 21 photos in batches of 8: the last one has a part more in it.
     */
    @Test
    void twoProcessesLearnWhatOneLearnsFromTheSameBatches() throws Exception {
        assumeTrue(Files.exists(PyTorchInPython.PYTHON), PyTorchInPython.MISSING);
        ResNet18.save(folder.resolve("models"), 64);
        Small.photos(folder.resolve("photos"), 21);

        double[] two = losses(2, "two", "--accumulate=1");
        double[] one = losses(1, "one", "--accumulate=2");
        assertEquals(6, two.length);
        assertArrayEquals(one, two, 1e-9, () -> Arrays.toString(one) + " and " + Arrays.toString(two));
        assertTrue(Arrays.stream(two).distinct().count() == two.length, Arrays.toString(two));

        try (Model before = loaded("models"); Model ofTwo = loaded("two"); Model ofOne = loaded("one")) {
            Map<String, Parameter> start = TorchNames.of(before.getBlock());
            Map<String, Parameter> expected = TorchNames.of(ofOne.getBlock());
            TorchNames.of(ofTwo.getBlock()).forEach((name, parameter) -> {
                float[] found = parameter.getArray().toFloatArray();
                assertTrue(!Arrays.equals(start.get(name).getArray().toFloatArray(), found), name + " was not trained");
                if (!name.contains("running")) {               // one process updates these twice a step, and two take the mean
                    assertArrayEquals(expected.get(name).getArray().toFloatArray(), found, 1e-6f, name);
                }
            });
        }
    }

    private double[] losses(int processes, String result, String accumulate) throws IOException, InterruptedException {
        PyTorchInPython.run(folder, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=" + processes,
                IN_FLOAT64.toString(), PROGRAM.toString(),
                "--photos=photos/sneakers", "--weights=models", "--result=" + result, "--epochs=2", "--batch=8", "--workers=0",
                "--losses=" + result + ".json", accumulate);
        return Notebook.JSON.readValue(folder.resolve(result + ".json").toFile(), double[].class);
    }

    private Model loaded(String name) throws IOException {
        Path saved = folder.resolve(name);
        assertEquals(ResNet18.CLASSES, ModelFolder.classes(saved));
        Model model = Model.newInstance("resnet18", Device.cpu());
        model.setBlock(ResNet18.of(ResNet18.CLASSES.size()));
        ModelFolder.load(model, saved);
        return model;
    }
}
