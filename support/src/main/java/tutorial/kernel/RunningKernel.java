package tutorial.kernel;

import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.Field;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import jdk.jshell.JShell;

/** The kernel that this runs in, JJava or IJava. JJava hands its parts out; IJava keeps some of them private. */
final class RunningKernel {
    private RunningKernel() {}

    static JShell shell() throws ReflectiveOperationException {
        try {
            Object jJava = Class.forName("org.dflib.jjava.kernel.JavaNotebookStatics").getMethod("kernel").invoke(null);
            return (JShell) call(jJava, "getJShell");
        } catch (ClassNotFoundException notJJava) {
            return (JShell) call(part(iJava(), "evaluator"), "getShell");
        }
    }

    /** The jars and folders that the kernel's magics have added. */
    static List<Path> addedToClassPath() {
        URL[] added = ((URLClassLoader) RunningKernel.class.getClassLoader()).getURLs();
        return Arrays.stream(added).map(url -> Path.of(URI.create(url.toString()))).toList();
    }

    /**
     * Has IJava's {@code %maven} ask this mirror instead of Maven Central.
     *
     * @throws ClassNotFoundException if this is not IJava
     */
    static void setMirror(String mirror) throws ReflectiveOperationException {
        Object central = ((List<?>) part(call(iJava(), "getMavenResolver"), "repos")).get(0);
        central.getClass().getMethod("setRoot", String.class).invoke(central, mirror);
    }

    /** A JSON file, read by Gson, which both kernels bring. */
    static Map<?, ?> json(Path file) throws IOException, ReflectiveOperationException {
        try (Reader text = Files.newBufferedReader(file)) {
            Object gson = gson().getConstructor().newInstance();
            return (Map<?, ?>) gson.getClass().getMethod("fromJson", Reader.class, Class.class).invoke(gson, text, Map.class);
        }
    }

    private static Class<?> gson() throws ClassNotFoundException {
        try {
            return Class.forName("org.dflib.jjava.shaded.com.google.gson.Gson");
        } catch (ClassNotFoundException notJJava) {
            return Class.forName("com.google.gson.Gson");
        }
    }

    private static Object iJava() throws ReflectiveOperationException {
        return Class.forName("io.github.spencerpark.ijava.IJava").getMethod("getKernelInstance").invoke(null);
    }

    private static Object call(Object object, String method) throws ReflectiveOperationException {
        return object.getClass().getMethod(method).invoke(object);
    }

    private static Object part(Object object, String field) throws ReflectiveOperationException {
        Field found = object.getClass().getDeclaredField(field);
        found.setAccessible(true);
        return found.get(object);
    }
}
