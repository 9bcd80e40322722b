package tutorial.testing;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import tutorial.training.ModelFolder;
import tutorial.training.Weights;

/** The notebook's network, compiled from its cells. */
public final class ResNet18 {
    public static final List<String> CLASSES = List.of("high-top", "low-top", "runner", "slip-on");
    private static final Cells CELLS = compile();

    /** The methods of the cells. */
    public interface Cells {
        SequentialBlock convolutionOfFaster(int channels, int size, int stride);

        Block basicBlockOfFaster(int channels, int stride, boolean widens);

        SequentialBlock resnet18(int classes);
    }

    private ResNet18() {}

    public static SequentialBlock of(int classes) {
        return CELLS.resnet18(classes);
    }

    public static SequentialBlock convolution(int channels, int size, int stride) {
        return CELLS.convolutionOfFaster(channels, size, stride);
    }

    public static Block basicBlock(int channels, int stride, boolean widens) {
        return CELLS.basicBlockOfFaster(channels, stride, widens);
    }

    /** With random weights, saved as the notebook's cell "take-model" does. */
    public static void save(Path folder, int imageSize) throws IOException {
        Shape input = new Shape(1, 3, imageSize, imageSize);
        try (Model model = Model.newInstance("resnet18", Device.cpu())) {
            byte[] weights = Weights.initial(of(CLASSES.size()), input, 7, null);
            model.setBlock(Weights.into(of(CLASSES.size()), model.getNDManager(), weights));
            model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, input);
            ModelFolder.save(model, CLASSES, folder);
        }
    }

    private static Cells compile() {
        try {
            Notebook notebook = new Project(Project.SOURCE).notebook();
            String methods = Stream.of("network-block-code", "network-resnet18", "step-pieces")
                    .map(cell -> notebook.cell(cell).source()).collect(Collectors.joining("\n"));
            Path folder = CleanUp.newFolder("network-");
            Path source = Files.writeString(folder.resolve("OfTheNotebook.java"), "import java.util.*;\n"
                    + Files.readString(Project.SOURCE.resolve("support/imports.jsh"))
                    + "public class OfTheNotebook implements tutorial.testing.ResNet18.Cells {\n"
                    + methods.replaceAll("(?m)^(?=\\w)", "public ") + """

                        float momentum = 0.9f;

                        public SequentialBlock convolutionOfFaster(int channels, int size, int stride) {
                            return convolution(new FasterPieces(), channels, size, stride);
                        }
                        public Block basicBlockOfFaster(int channels, int stride, boolean widens) {
                            return basicBlock(new FasterPieces(), channels, stride, widens);
                        }
                    }""");
            String[] options = {"-proc:none", "-cp", System.getProperty("java.class.path"), source.toString()};
            if (ToolProvider.getSystemJavaCompiler().run(null, null, null, options) != 0) {
                throw new IllegalStateException("The cells of the network do not compile: see the standard error output.");
            }
            URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, ResNet18.class.getClassLoader());
            return (Cells) loader.loadClass("OfTheNotebook").getConstructor().newInstance();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
