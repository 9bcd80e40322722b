package tutorial.kernel;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** The libraries that the notebook's first cell fetches besides those it names itself. */
public final class Libraries {
    /**
     * SLF4J takes DJL's log lines, OSHI knows the machine's hardware, and TwelveMonkeys reads WebP, PNM and JPEGs for print
     * (CMYK), which Java's ImageIO alone does not (before its 3.15 WebP had false colours; imageio-jpeg ends with 3.14, imageio-pnm with
     * 3.13). What these need is named too, since not every kernel finds it. Commons Lang is for zips by Deflate64: Commons Compress, which comes with DJL,
     * unzips these with it, but DJL leaves it out.
     */
    public static final List<String> OTHERS = List.of(
            "org.apache.commons:commons-lang3:3.22.0",
            "org.slf4j:slf4j-simple:2.0.17",
            "com.github.oshi:oshi-core:6.9.0",
            "com.twelvemonkeys.common:common-lang:3.15.0",
            "com.twelvemonkeys.common:common-io:3.15.0",
            "com.twelvemonkeys.common:common-image:3.15.0",
            "com.twelvemonkeys.imageio:imageio-core:3.15.0",
            "com.twelvemonkeys.imageio:imageio-metadata:3.15.0",
            "com.twelvemonkeys.imageio:imageio-jpeg:3.14.0",
            "com.twelvemonkeys.imageio:imageio-pnm:3.13.1",
            "com.twelvemonkeys.imageio:imageio-webp:3.15.0");

    private static final int END_OF_ZIP = 22;

    private Libraries() {}

    /**
     * Removes from Maven's cache the jars that are no whole zips, as half of a download, so that they are fetched anew: one of them
     * on the class path would end the kernel's thread without a word on the page.
     */
    public static void removeBroken() throws IOException {
        removeBroken(Path.of(System.getProperty("user.home"), ".m2", "repository"), System.err::println);
    }

    static void removeBroken(Path repository, Consumer<String> tell) throws IOException {
        if (!Files.isDirectory(repository)) {
            return;
        }
        try (Stream<Path> jars = Files.find(repository, 20, (file, is) -> is.isRegularFile() && file.toString().endsWith(".jar"))) {
            for (Path jar : jars.filter(jar -> !isWhole(jar)).toList()) {
                try {
                    Files.delete(jar);
                    tell.accept(jar + " was no whole jar, so it is fetched anew.");
                } catch (IOException e) {
                    throw new IOException(jar + ": no whole jar. Delete it, and run this cell again.", e);
                }
            }
        }
    }

    /** A zip ends with its directory; what opens is whole for sure, and to open hundreds would take long. */
    private static boolean isWhole(Path jar) {
        try (RandomAccessFile file = new RandomAccessFile(jar.toFile(), "r")) {
            byte[] end = new byte[END_OF_ZIP];
            file.seek(Math.max(0, file.length() - END_OF_ZIP));
            file.readFully(end);
            if (new String(end, StandardCharsets.ISO_8859_1).startsWith("PK\5\6")) {
                return true;
            }
            new ZipFile(jar.toFile()).close();          // has a comment at its end
            return true;
        } catch (IOException damaged) {
            return damaged instanceof FileNotFoundException;        // not ours to read
        }
    }

    /**
     * Leptonica, for the libjpeg-turbo in it, which decodes photos; nothing on Windows, where it would write each into a file first.
     *
     * @return as a pom.xml has it
     */
    public static String leptonica() {
        return leptonica(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static String leptonica(String system, String processor) {
        String name = system.equals("Linux") ? "linux" : system.startsWith("Mac") ? "macosx" : null;
        String kind = processor.equals("aarch64") ? "arm64" : "x86_64";
        return name == null ? "" : pom("org.bytedeco:leptonica:1.87.0-1.5.14:" + name + "-" + kind);
    }

    /**
     * The dependencies as a pom.xml has them, from "group:artifact:version" or "group:artifact:version:classifier", and the
     * mirror of Maven Central that they shall come from, where the kernel has to be told.
     */
    public static String pom(String... coordinates) {
        String from = Network.mirror().map(url -> element("repository", element("id", "central") + element("url", url.replace("&", "&amp;"))))
                .orElse("");
        return from + Stream.of(coordinates).map(one -> one.split(":")).map(part -> element("dependency", element("groupId", part[0])
                + element("artifactId", part[1]) + element("version", part[2]) + (part.length > 3 ? element("classifier", part[3]) : "")))
                .collect(Collectors.joining());
    }

    private static String element(String name, String content) {
        return "<" + name + ">" + content + "</" + name + ">";
    }
}
