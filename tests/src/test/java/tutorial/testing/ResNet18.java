package tutorial.testing;

import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLClassLoader;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;

/** The notebook's network, compiled from its cells. */
public final class ResNet18 {
    private static final Cells CELLS = compile();

    /** The methods of the cells. */
    public interface Cells {
        SequentialBlock convolution(int channels, int size, int stride);

        Block basicBlock(int channels, int stride, boolean widens);

        SequentialBlock resnet18(int classes);
    }

    private ResNet18() {}

    public static SequentialBlock of(int classes) {
        return CELLS.resnet18(classes);
    }

    public static SequentialBlock convolution(int channels, int size, int stride) {
        return CELLS.convolution(channels, size, stride);
    }

    public static Block basicBlock(int channels, int stride, boolean widens) {
        return CELLS.basicBlock(channels, stride, widens);
    }

    private static Cells compile() {
        try {
            Notebook notebook = new Project(Project.SOURCE).notebook();
            String methods = notebook.cell("network-block-code").source() + "\n" + notebook.cell("network-resnet18").source();
            Path folder = CleanUp.newFolder("network-");
            Path source = Files.writeString(folder.resolve("OfTheNotebook.java"), "import java.util.*;\n"
                    + Files.readString(Project.SOURCE.resolve("support/imports.jsh"))
                    + "public class OfTheNotebook implements tutorial.testing.ResNet18.Cells {\n"
                    + methods.replaceAll("(?m)^(?=\\w)", "public ") + "\n}");
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
