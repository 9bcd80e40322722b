package tutorial.machine;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.LibUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which PyTorch computes. */
public final class PyTorchVersion {
    static final String VERSION = "2.7.1";

    private PyTorchVersion() {}

    /** The one that DJL brings. */
    public static String expected() {
        return VERSION;
    }

    /** Of the PyTorch that DJL loads. */
    public static String loaded() {
        Engine.getInstance();
        return of(Path.of(LibUtils.getLibtorchPath()), LibUtils.getVersion());
    }

    /** As PyTorch's own files tell it: {@code version.py} of a Python package, {@code build-version} of libtorch. */
    static String of(Path libraryFolder, String otherwise) {
        Path parent = libraryFolder.toAbsolutePath().getParent();
        for (Path file : List.of(parent.resolve("version.py"), parent.resolve("build-version"))) {
            try {
                Matcher version = Pattern.compile("\\d+\\.\\d+\\.\\d+[\\w.+-]*").matcher(Files.readString(file));
                if (version.find()) {
                    return version.group();
                }
            } catch (IOException noSuchFile) {
                continue;
            }
        }
        return otherwise;
    }
}
