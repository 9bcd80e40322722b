package tutorial.kernel;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    private Libraries() {}

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
