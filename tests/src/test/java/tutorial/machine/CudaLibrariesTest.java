package tutorial.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server on this machine that publishes as DJL's does. */
class CudaLibrariesTest {
    private static final String TORCH = System.mapLibraryName("torch");
    private static final String LIB = "cu128/linux-x86_64/native/lib/";

    private final Map<String, byte[]> published = new LinkedHashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private HttpServer server;

    @TempDir
    Path cache;

    @BeforeEach
    void start() throws IOException {
        System.setProperty("DJL_CACHE_DIR", cache.toString());
        published.put("cpu/linux-x86_64/native/lib/" + TORCH + ".gz", packed("for the CPU"));
        published.put(LIB + "libcudart-218eec4c.so.12.gz", packed("runtime"));
        published.put(LIB + "libc10%2Bcu.so.gz", packed("c10"));
        published.put(LIB + TORCH + ".gz", packed("torch"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getRawPath().replaceFirst("^/2\\.7\\.1/", "");
            byte[] list = String.join("\n", published.keySet()).getBytes(StandardCharsets.UTF_8);
            byte[] body = path.equals("files.txt") ? list : published.get(path);
            asked.add(path);
            exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
            if (body != null) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        System.clearProperty("DJL_CACHE_DIR");
    }

    @Test
    void aBuildComesWholeToWhereDjlLooks() throws IOException {
        CudaLibraries libraries = libraries("cu128");
        assertFalse(libraries.areThere());
        libraries.fetch(told::add);
        assertTrue(libraries.areThere());
        Path folder = cache.resolve("pytorch/2.7.1-cu128-linux-x86_64");
        assertEquals(folder, libraries.folder());
        assertEquals(List.of("libc10+cu.so", "libcudart-218eec4c.so.12", TORCH), names(folder));
        assertEquals("torch", Files.readString(folder.resolve(TORCH)));
        assertEquals(List.of(folder.getFileName().toString()), names(cache.resolve("pytorch")));
        assertTrue(told.get(0).contains("several gigabytes") && told.get(0).contains("to " + folder), told.get(0));
        assertTrue(told.stream().anyMatch(line -> line.contains("file 3 of 3, " + TORCH + ": ")), told.toString());
    }

    @Test
    void aBuildThatIsThereIsNotFetchedAgain() throws IOException {
        libraries("cu128").fetch(told::add);
        asked.clear();
        told.clear();
        libraries("cu128").fetch(told::add);
        assertEquals(List.of(), asked);
        assertEquals(List.of(), told);
    }

    @Test
    void afterABreakWhatIsMissingIsFetched() throws IOException {
        String torch = LIB + TORCH + ".gz";
        byte[] whole = published.put(torch, "cut off".getBytes(StandardCharsets.UTF_8));
        assertThrows(IOException.class, () -> libraries("cu128").fetch(told::add));
        assertFalse(libraries("cu128").areThere());
        published.put(torch, whole);
        asked.clear();
        libraries("cu128").fetch(told::add);
        assertTrue(libraries("cu128").areThere());
        assertEquals(List.of("files.txt", torch), asked);
    }

    @Test
    void aBuildThatIsNotPublishedIsNamed() {
        String message = assertThrows(IOException.class, () -> libraries("cu999").fetch(told::add)).getMessage();
        assertTrue(message.endsWith("files.txt: has no build cu999/linux-x86_64/"), message);
    }

    private CudaLibraries libraries(String flavour) {
        URI site = URI.create("http://" + server.getAddress().getHostString() + ":" + server.getAddress().getPort() + "/2.7.1/");
        return new CudaLibraries(site, flavour, "linux-x86_64");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static byte[] packed(String content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
