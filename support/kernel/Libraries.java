import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The libraries that the notebook's first cell fetches besides those it names itself. */
public final class Libraries {
    /**
     * SLF4J takes DJL's log lines, OSHI knows the machine's hardware, and TwelveMonkeys reads WebP and JPEGs for print (CMYK),
     * which Java's ImageIO alone does not. What these need is named too, since not every kernel finds it. Before its 3.15 WebP had
     * false colours; imageio-jpeg ends with 3.14.
     */
    public static final List<String> OTHERS = List.of(
            "org.slf4j:slf4j-simple:2.0.17",
            "com.github.oshi:oshi-core:6.9.0",
            "com.twelvemonkeys.common:common-lang:3.15.0",
            "com.twelvemonkeys.common:common-io:3.15.0",
            "com.twelvemonkeys.common:common-image:3.15.0",
            "com.twelvemonkeys.imageio:imageio-core:3.15.0",
            "com.twelvemonkeys.imageio:imageio-metadata:3.15.0",
            "com.twelvemonkeys.imageio:imageio-jpeg:3.14.0",
            "com.twelvemonkeys.imageio:imageio-webp:3.15.0");

    private Libraries() {}

    /** The dependencies as a pom.xml has them, from "group:artifact:version" or "group:artifact:version:classifier". */
    public static String pom(String... coordinates) {
        return Stream.of(coordinates).map(one -> one.split(":")).map(part -> "<dependency><groupId>" + part[0] + "</groupId><artifactId>"
                + part[1] + "</artifactId><version>" + part[2] + "</version>"
                + (part.length > 3 ? "<classifier>" + part[3] + "</classifier>" : "") + "</dependency>").collect(Collectors.joining());
    }
}
