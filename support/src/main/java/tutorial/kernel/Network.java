package tutorial.kernel;

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
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Has all downloads of this kernel take the way that other programs are told to take: through the proxy that
 * {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} or Maven's {@code settings.xml} name, and for libraries from the
 * mirror of Maven Central that is named there. Java itself goes by properties alone. JJava reads Maven's settings, for its
 * libraries; IJava does not.
 */
public final class Network {
    private static final String MIRROR = "support.mirror";
    private static final String HOST = ".proxyHost";
    private static final String PORT = ".proxyPort";
    private static final String DIRECT = "http.nonProxyHosts";      // for HTTPS too
    private static final String MAVEN_BY_PROPERTIES = "aether.connector.http.useSystemProperties";
    /** Would warn of that property on the terminal, once for every library. */
    private static final Logger MAVEN = Logger.getLogger("org.dflib.jjava.shaded.org.eclipse.aether.transport.http.HttpTransporter");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{env\\.(\\w+)}");
    private static final Pattern PROXY = Pattern.compile("(?:https?://)?(?:.*@)?([\\w.-]+|\\[[\\da-fA-F:]+])(?::(\\d+))?/*");

    private Network() {}

    /** To be called before the first library is fetched. A proxy that is set already, as by {@code -Dhttps.proxyHost}, stays. */
    public static void follow() {
        Path settings = Path.of(System.getProperty("user.home"), ".m2", "settings.xml");
        MAVEN.setLevel(Level.SEVERE);
        boolean isSet = Stream.of("https", "http").anyMatch(protocol -> System.getProperty(protocol + HOST) != null);
        properties(System.getenv(), settings).forEach((name, value) -> {
            if (!isSet || name.equals(MIRROR)) {
                System.setProperty(name, value);
            }
        });
        if (isSet) {
            System.setProperty(MAVEN_BY_PROPERTIES, "true");
        }
        mirror().ifPresent(Network::tellIJava);
    }

    /** The mirror of Maven Central, if there is one and this kernel has to be told. */
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
        if (!properties.isEmpty()) {
            properties.put(MAVEN_BY_PROPERTIES, "true");
        }
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
            DocumentBuilder reader = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            reader.setErrorHandler(new DefaultHandler());           // else it prints what it also throws
            root = reader.parse(settings.toFile()).getDocumentElement();
        } catch (SAXException | ParserConfigurationException | IOException e) {
            System.err.println(settings + ": its proxy and mirror are not used, since it cannot be read (" + e.getMessage() + ").");
            return;
        }
        if (properties.isEmpty()) {
            elements(root, "proxy").filter(proxy -> !text(proxy, "active").equals("false") && !text(proxy, "host").isEmpty())
                    .findFirst().ifPresent(proxy -> {
                for (String protocol : List.of("https", "http")) {      // Maven takes a proxy "http" for either
                    properties.put(protocol + HOST, text(proxy, "host"));
                    properties.put(protocol + PORT, text(proxy, "port").isEmpty() ? "8080" : text(proxy, "port"));
                }
                if (!text(proxy, "nonProxyHosts").isEmpty()) {
                    properties.put(DIRECT, text(proxy, "nonProxyHosts").replace(',', '|'));
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
        return elements(parent, name).map(element -> VARIABLE.matcher(element.getTextContent().strip())
                .replaceAll(found -> Matcher.quoteReplacement(System.getenv().getOrDefault(found.group(1), "")))).findFirst().orElse("");
    }

    /** Its {@code %maven} asks Maven Central first, at an address that can only be set from inside. */
    private static void tellIJava(String mirror) {
        try {
            Object kernel = Class.forName("io.github.spencerpark.ijava.IJava").getMethod("getKernelInstance").invoke(null);
            Object resolver = kernel.getClass().getMethod("getMavenResolver").invoke(kernel);
            Field repositories = resolver.getClass().getDeclaredField("repos");
            repositories.setAccessible(true);
            Object central = ((List<?>) repositories.get(resolver)).get(0);
            central.getClass().getMethod("setRoot", String.class).invoke(central, mirror);
        } catch (ClassNotFoundException notIJava) {
            System.clearProperty(MIRROR);
        } catch (ReflectiveOperationException anotherIJava) {
            System.err.println("The mirror in Maven's settings.xml, " + mirror + ", is not used: this IJava knows no place for it.");
        }
    }
}
