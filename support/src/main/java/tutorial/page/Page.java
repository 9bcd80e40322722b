package tutorial.page;

import java.util.Map;

/** Puts pictures on the page, sharp on every screen and with a text for those who cannot see them. */
public final class Page {
    private Page() {}

    /**
     * Shows a picture at half its size in pixels.
     *
     * @param rendered what the kernel's {@code render} made of its image
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

    /** The kernel that this runs in: JJava or IJava. */
    private static Object running() throws ReflectiveOperationException {
        try {
            return Class.forName("org.dflib.jjava.kernel.JavaNotebookStatics").getMethod("kernel").invoke(null);
        } catch (ClassNotFoundException notJJava) {
            return Class.forName("io.github.spencerpark.ijava.IJava").getMethod("getKernelInstance").invoke(null);
        }
    }
}
