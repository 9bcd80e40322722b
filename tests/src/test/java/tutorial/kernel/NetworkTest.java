package tutorial.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tutorial.files.Download;

class NetworkTest {
    private static final String SETTINGS = """
            <settings xmlns="http://maven.apache.org/SETTINGS/1.2.0">
              <mirrors>
                <mirror><id>other</id><url>http://other.test/</url><mirrorOf>spring</mirrorOf></mirror>
                <mirror><id>ours</id><url>http://mirror.test/central/?a=1&amp;b=2</url><mirrorOf>*,!spring</mirrorOf></mirror>
              </mirrors>
              <proxies>
                <proxy><active>false</active><host>old.test</host><port>1</port></proxy>
                <proxy><protocol>http</protocol><host>proxy.test</host><port>3128</port><nonProxyHosts>*.ours.test</nonProxyHosts></proxy>
              </proxies>
            </settings>""";

    @TempDir
    Path temp;

    @AfterEach
    void forget() {
        for (String name : List.of("http.proxyHost", "http.proxyPort", "aether.connector.http.useSystemProperties", "support.mirror")) {
            System.clearProperty(name);
        }
    }

    @ParameterizedTest
    @CsvSource({"http://proxy.test:3128, proxy.test, 3128", "proxy.test:3128/, proxy.test, 3128", "https://proxy.test, proxy.test, 80",
        "http://user:p%40ss@10.0.0.1:8080, 10.0.0.1, 8080", "'http://[::1]:8080', '[::1]', 8080"})
    void theEnvironmentsProxyIsJavas(String proxy, String host, String port) {
        String maven = "aether.connector.http.useSystemProperties";
        assertEquals(Map.of("https.proxyHost", host, "https.proxyPort", port, maven, "true"), properties(Map.of("HTTPS_PROXY", proxy)));
        assertEquals(Map.of("http.proxyHost", host, "http.proxyPort", port, maven, "true"),
                properties(Map.of("http_proxy", proxy, "HTTP_PROXY", "other:1")));
    }

    @Test
    void whatIsNoProxyOfThisKindIsPassedOver() {
        assertEquals(Map.of(), properties(Map.of("HTTPS_PROXY", "socks5://proxy.test:1080", "NO_PROXY", "*")));
        assertEquals(Map.of(), properties(Map.of("HTTPS_PROXY", " ")));
    }

    @Test
    void hostsWithoutAProxyAreNamedAsJavaDoes() {
        assertEquals("localhost|127.*|[::1]|ours.test|*.ours.test|b.test|*.b.test|*",
                properties(Map.of("HTTPS_PROXY", "proxy:1", "no_proxy", ".ours.test, b.test:443,*")).get("http.nonProxyHosts"));
    }

    @Test
    void mavensSettingsNameProxyAndMirror() throws IOException {
        Path settings = Files.writeString(temp.resolve("settings.xml"), SETTINGS);
        assertEquals(Map.of("https.proxyHost", "proxy.test", "https.proxyPort", "3128", "http.proxyHost", "proxy.test", "http.proxyPort",
                "3128", "http.nonProxyHosts", "*.ours.test", "support.mirror", "http://mirror.test/central/?a=1&b=2"),
                Network.properties(Map.of(), settings));
        assertEquals("first.test", Network.properties(Map.of("HTTPS_PROXY", "first.test"), settings).get("https.proxyHost"));
        assertEquals(Map.of(), Network.properties(Map.of(), Files.writeString(settings, "<settings><proxies>")), "not to be read");
        assertEquals(Map.of(), Network.properties(Map.of(), Files.writeString(settings, "<settings/>")));
    }

    @ParameterizedTest
    @CsvSource({"central, true", "*, true", "external:*, true", "'a, central', true", "'*,!central', false", "spring, false", "'', false"})
    void mirrorsOfCentralAreToldFromOthers(String mirrorOf, boolean ofCentral) {
        assertEquals(ofCentral, Network.isOfCentral(mirrorOf));
    }

    @Test
    void thePomNamesTheMirror() {
        String dependency = "<dependency><groupId>a</groupId><artifactId>b</artifactId><version>1</version></dependency>";
        assertEquals(dependency, Libraries.pom("a:b:1"));
        System.setProperty("support.mirror", "http://mirror.test/?a=1&b=2");
        assertEquals("<repository><id>central</id><url>http://mirror.test/?a=1&amp;b=2</url></repository>" + dependency,
                Libraries.pom("a:b:1"));
    }

    /** Through a proxy that stands for the whole internet, since the host does not exist. */
    @Test
    void downloadsGoThroughTheProxy() throws IOException {
        List<URI> asked = new CopyOnWriteArrayList<>();
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI());
            exchange.sendResponseHeaders(200, 3);
            exchange.getResponseBody().write(new byte[] {1, 2, 3});
            exchange.close();
        });
        proxy.start();
        try {
            properties(Map.of("HTTP_PROXY", "http://127.0.0.1:" + proxy.getAddress().getPort())).forEach(System::setProperty);
            URI from = URI.create("http://nowhere.invalid/weights");
            Path file = Download.fetch(from, temp.resolve("weights"), ignored -> {}, line -> {});
            assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(file));
            try (var in = from.toURL().openStream()) {                                  // as DJL downloads
                assertEquals(3, in.readAllBytes().length);
            }
            assertEquals(List.of(from, from), asked);
        } finally {
            proxy.stop(0);
        }
    }

    private Map<String, String> properties(Map<String, String> environment) {
        return Network.properties(environment, temp.resolve("none.xml"));
    }
}
