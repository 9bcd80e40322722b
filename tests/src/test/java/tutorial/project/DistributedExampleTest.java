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
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.photos.AntialiasedResize;
import tutorial.photos.ImageDecoder;
import tutorial.photos.PhotoFolder;
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

    private static final int SIZE = 64;
    /** A gradient, by its name: to the right brighter, below redder. */
    private static final String MAKE_PHOTOS = """
            import sys, numpy, pathlib
            from PIL import Image
            boots, sandals, clutter = map(pathlib.Path, sys.argv[1:])
            y, x = numpy.mgrid[0:200, 0:300]
            rgb = numpy.stack([y * 255 // 199, x * 255 // 299, (x + y) * 255 // 498], -1).astype(numpy.uint8)
            exif = Image.Exif()
            exif[0x0112] = 6
            Image.fromarray(rgb).save(boots / "on its side.jpg", exif=exif, quality=95)
            Image.fromarray(rgb).save(boots / "as it is.jpg", quality=95)
            alpha = (x > 150).astype(numpy.uint8) * 255
            Image.fromarray(numpy.dstack([rgb, alpha])).save(sandals / "cut out.png")
            Image.fromarray((x * 65535 // 299).astype(numpy.uint16)).save(sandals / "deep.png")
            Image.fromarray(rgb).quantize(16).save(sandals / "palette.png")
            Image.fromarray(rgb).resize((30, 20)).save(clutter / "small.jpg")
            (boots / "notes.txt").write_text("no photo")
            """;
    private static final String SEE_PHOTOS = """
            import sys, numpy, pathlib
            sys.path.insert(0, sys.argv[1])
            import train
            photos = train.photos(pathlib.Path(sys.argv[2]), ["boot", "no photos", "sandal"], 64, [0, 0, 0], [1, 1, 1])
            pixels = [(image * 255).round().byte().permute(1, 2, 0).numpy() for image, _ in photos]
            numpy.stack(pixels).tofile(sys.argv[3])
            print("\\n".join(str(file) for file, _ in photos.photos))
            """;

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

    /** A phone's photo on its side, what is transparent, 16 bits; in a folder around the classes, beside what a gallery leaves. */
    @Test
    void itSeesWhatTheNotebookSees() throws Exception {
        assumeTrue(Files.exists(PyTorchInPython.PYTHON), PyTorchInPython.MISSING);
        Path boots = Files.createDirectories(folder.resolve("zip/shoes/boot"));
        Path sandals = Files.createDirectories(folder.resolve("zip/shoes/sandal"));
        Files.createDirectories(folder.resolve("zip/shoes/no photos"));
        Path clutter = Files.createDirectories(folder.resolve("zip/shoes/@eaDir/boot"));
        Files.createDirectories(folder.resolve("zip/shoes/.ipynb_checkpoints"));
        PyTorchInPython.run(folder, "-c", MAKE_PHOTOS, boots.toString(), sandals.toString(), clutter.toString());

        Path resized = folder.resolve("resized.rgb");
        String[] seen = PyTorchInPython.run(folder, "-c", SEE_PHOTOS, PROGRAM.getParent().toString(), folder + "/zip", resized.toString())
                .strip().split("\n");
        List<Path> photos = PhotoFolder.scan(folder.resolve("zip"), 0.5).photos().stream().map(PhotoFolder.Photo::file).toList();
        assertEquals(photos.stream().map(Path::toString).toList(), List.of(seen));
        byte[] theirs = Files.readAllBytes(resized);
        for (int photo = 0; photo < photos.size(); photo++) {
            byte[] ours = AntialiasedResize.toRgb(ImageDecoder.read(photos.get(photo), 2 * SIZE).image(), SIZE);
            int from = photo * ours.length;
            double difference = IntStream.range(0, ours.length)
                    .map(i -> Math.abs((ours[i] & 0xff) - (theirs[from + i] & 0xff))).average().orElseThrow();
            assertEquals(0, difference, 1.5, photos.get(photo).toString());
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
