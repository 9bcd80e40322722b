package tutorial.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import javax.imageio.ImageIO;
import org.jsoup.nodes.Entities;
import tech.tablesaw.api.Table;

/** Puts pictures on the page, sharp on every screen and with a text for those who cannot see them, and marks what is not of this kernel. */
public final class Page {
    private static final String SHOWN = "tutorial-shown";
    private static final String BY_THIS_KERNEL = "by-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);

    private Page() {}

    /** A style by which JupyterLab pales what stood in the page before: the run that came with it, or one's own of another kernel. */
    public static String paleUnlessOfThisKernel() {
        String outputs = ".jp-CodeCell:has(." + SHOWN + "):not(:has(." + BY_THIS_KERNEL + ")) .jp-OutputArea";
        return "<style>" + outputs + " { opacity: 0.5; } " + outputs + "::before { content: \"Recorded: this cell has not been run here yet.\"; "
                + "display: block; font-style: italic; padding: 4px; }</style>";
    }

    /**
     * Shows a picture at half its size in pixels.
     *
     * @param rendered what the kernel's {@code render} made of its image
     */
    public static void show(Picture picture, Object rendered) {
        try {
            show(running(), picture, rendered);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This kernel shows no pictures: it is neither JJava nor IJava.", e);
        }
    }

    static void show(Object kernel, Picture picture, Object rendered) throws ReflectiveOperationException {
        Map<String, Object> metadata = Map.of("width", picture.width(), "height", picture.height(), "alt", picture.alt());
        // Both kernels leave out the last bytes of a picture that they encode themselves.
        rendered.getClass().getMethod("putData", String.class, Object.class).invoke(rendered, picture.type(), encoded(picture));
        rendered.getClass().getMethod("putData", String.class, Object.class).invoke(rendered, "text/plain", picture.alt());
        rendered.getClass().getMethod("putMetaData", String.class, Object.class).invoke(rendered, picture.type(), metadata);
        kernel.getClass().getMethod("display", rendered.getClass()).invoke(kernel, rendered);
    }

    /**
     * What a cell shows, as HTML: a table, a text that is HTML already, or what a picture says, to be unfolded below it, since
     * Jupyter and GitHub show no alternative text of a picture.
     */
    public static String html(Object what) {
        String html = what instanceof Table table ? HtmlTable.of(table)
                : what instanceof Picture picture ? "<details><summary>In words</summary>" + Entities.escape(picture.alt()) + "</details>"
                : what.toString();
        return "<div class=\"" + SHOWN + " " + BY_THIS_KERNEL + "\">" + html + "</div>";
    }

    private static String encoded(Picture picture) {
        try (ByteArrayOutputStream file = new ByteArrayOutputStream()) {
            ImageIO.write(picture.image(), picture.type().replace("image/", ""), file);
            return Base64.getEncoder().encodeToString(file.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The kernel that this runs in: JJava or IJava. */
    private static Object running() throws ReflectiveOperationException {
        try {
            return Class.forName("org.dflib.jjava.kernel.JavaNotebookStatics").getMethod("kernel").invoke(null);
        } catch (ClassNotFoundException notJJava) {
            return Class.forName("io.github.spencerpark.ijava.IJava").getMethod("getKernelInstance").invoke(null);
        }
    }
}
