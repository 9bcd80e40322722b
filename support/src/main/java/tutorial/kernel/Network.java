package tutorial.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * Has all downloads of this kernel go through the proxy that {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} or
 * Maven's {@code settings.xml} name, and those of libraries to the mirror of Maven Central that is named there. Java itself goes
 * by system properties alone. JJava reads Maven's settings, for its libraries; IJava does not.
 */
public final class Network {
    private static final String MIRROR = "support.mirror";
    private static final String DIRECT = "http.nonProxyHosts";      // for HTTPS too
    private static final String MAVEN_BY_PROPERTIES = "aether.connector.http.useSystemProperties";
    /** Would warn of that property on the terminal, once for every library. */
    private static final Logger MAVEN = Logger.getLogger("org.dflib.jjava.shaded.org.eclipse.aether.transport.http.HttpTransporter");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{env\\.(\\w+)}");
    private static final Pattern PROXY = Pattern.compile("(?:https?://)?(?:.*@)?([\\w.-]+|\\[[\\da-fA-F:]+])(?::(\\d+))?/*");

    private Network() {}

    /** To be called before the first library is fetched. A proxy that is set already, as by {@code -Dhttps.proxyHost}, stays. */
    public static void follow() {
        MAVEN.setLevel(Level.SEVERE);
        Map<String, String> properties = properties(System.getenv(), Path.of(System.getProperty("user.home"), ".m2", "settings.xml"));
        if (System.getProperty("https.proxyHost") != null || System.getProperty("http.proxyHost") != null) {
            properties.keySet().retainAll(Set.of(MIRROR));
            properties.put(MAVEN_BY_PROPERTIES, "true");
        }
        properties.forEach(System::setProperty);
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
                putProxy(properties, protocol, proxy.group(1), proxy.group(2) == null ? "80" : proxy.group(2));
                properties.put(MAVEN_BY_PROPERTIES, "true");
            }
        }
        String direct = either(environment, "no_proxy");
        if (!properties.isEmpty() && !direct.isEmpty()) {
            properties.put(DIRECT, "localhost|127.*|[::1]|" + Stream.of(direct.split("[\\s,]+"))
                    .map(host -> host.replaceFirst("^\\*?\\.", "").replaceFirst(":\\d+$", ""))
                    .map(host -> host.equals("*") ? host : host + "|*." + host).collect(Collectors.joining("|")));
        }
        if (Files.exists(settings)) {
            try {
                addFrom(settings, properties);
            } catch (SAXException | ParserConfigurationException | IOException e) {
                System.err.println(settings + ": its proxy and mirror are not used, since it cannot be read (" + e.getMessage() + ").");
            }
        }
        return properties;
    }

    /** Both spellings are in use. */
    private static String either(Map<String, String> environment, String name) {
        return environment.getOrDefault(name, environment.getOrDefault(name.toUpperCase(Locale.ROOT), "")).strip();
    }

    private static void putProxy(Map<String, String> properties, String protocol, String host, String port) {
        properties.put(protocol + ".proxyHost", host);
        properties.put(protocol + ".proxyPort", port);
    }

    private static void addFrom(Path settings, Map<String, String> properties)
            throws SAXException, ParserConfigurationException, IOException {
        DocumentBuilder reader = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        reader.setErrorHandler(new DefaultHandler());               // else it prints what it also throws
        Element root = reader.parse(settings.toFile()).getDocumentElement();
        if (properties.isEmpty()) {
            elements(root, "proxy").filter(proxy -> !text(proxy, "active").equals("false") && !text(proxy, "host").isEmpty())
                    .findFirst().ifPresent(proxy -> {
                for (String protocol : List.of("https", "http")) {      // Maven takes a proxy "http" for either
                    putProxy(properties, protocol, text(proxy, "host"), text(proxy, "port").isEmpty() ? "8080" : text(proxy, "port"));
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

    private static void tellIJava(String mirror) {
        try {
            RunningKernel.setMirror(mirror);
        } catch (ClassNotFoundException notIJava) {
            System.clearProperty(MIRROR);
        } catch (ReflectiveOperationException anotherIJava) {
            System.err.println("The mirror in Maven's settings.xml, " + mirror + ", is not used: this IJava knows no place for it.");
        }
    }
}
