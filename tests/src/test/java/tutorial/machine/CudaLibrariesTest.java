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
    private static final String ELSEWHERE = "cpu/linux-x86_64/native/lib/" + TORCH + ".gz";

    private final Map<String, byte[]> published = new LinkedHashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private HttpServer server;

    @TempDir
    Path cache;

    @BeforeEach
    void start() throws IOException {
        System.setProperty("DJL_CACHE_DIR", cache.toString());
        String lib = "cu128/linux-x86_64/native/lib/";
        published.put(ELSEWHERE, packed("for the CPU"));
        published.put(lib + "libcudart-218eec4c.so.12.gz", packed("runtime"));
        published.put(lib + "libc10%2Bcu.so.gz", packed("c10"));
        published.put(lib + TORCH + ".gz", packed("torch"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getRawPath().replaceFirst("^/2\\.7\\.1/", "");
            byte[] body = path.equals("files.txt") ? String.join("\n", published.keySet()).getBytes(StandardCharsets.UTF_8) : published.get(path);
            asked.add(exchange.getRequestMethod() + " " + path);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            if (body != null && head) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            }
            exchange.sendResponseHeaders(body == null ? 404 : 200, body == null || head ? -1 : body.length);
            if (body != null && !head) {
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
    void theBuildComesWholeToWhereDjlLooksAndItIsSaidBeforehand() throws IOException {
        CudaLibraries libraries = libraries("cu128");
        assertFalse(libraries.areThere());
        libraries.fetch(said::add);
        assertTrue(libraries.areThere());
        Path folder = cache.resolve("pytorch/2.7.1-cu128-linux-x86_64");
        assertEquals(folder, libraries.folder());
        assertEquals(List.of("libc10+cu.so", "libcudart-218eec4c.so.12", TORCH), names(folder));
        assertEquals("torch", Files.readString(folder.resolve(TORCH)));
        assertEquals(List.of(folder.getFileName().toString()), names(cache.resolve("pytorch")));
        assertTrue(said.get(0).matches("Fetching PyTorch with CUDA, once: 3 files, 0\\.0 GB, from (localhost|127\\.0\\.0\\.1) to " + folder), said.get(0));
        assertTrue(said.stream().anyMatch(line -> line.contains(" · file 3, " + TORCH + ": ")), said.toString());
        assertEquals("PyTorch with CUDA is in " + folder + ".", said.get(said.size() - 1));
    }

    @Test
    void whatIsThereIsNotAskedForAgain() throws IOException {
        libraries("cu128").fetch(said::add);
        asked.clear();
        said.clear();
        libraries("cu128").fetch(said::add);
        assertEquals(List.of(), asked);
        assertEquals(List.of(), said);
    }

    @Test
    void afterABreakItGoesOnWithWhatIsMissing() throws IOException {
        String torch = "cu128/linux-x86_64/native/lib/" + TORCH + ".gz";
        byte[] whole = published.put(torch, "cut off".getBytes(StandardCharsets.UTF_8));
        assertThrows(IOException.class, () -> libraries("cu128").fetch(said::add));
        assertFalse(libraries("cu128").areThere());
        published.put(torch, whole);
        asked.clear();
        libraries("cu128").fetch(said::add);
        assertTrue(libraries("cu128").areThere());
        assertEquals(List.of("GET files.txt", "GET " + torch), asked.stream().filter(request -> request.startsWith("GET")).toList());
    }

    @Test
    void aBuildThatIsNotPublishedIsNamed() {
        String message = assertThrows(IOException.class, () -> libraries("cu999").fetch(said::add)).getMessage();
        assertTrue(message.endsWith("files.txt: has no build cu999/linux-x86_64/"), message);
    }

    private CudaLibraries libraries(String flavour) {
        URI site = URI.create("http://" + server.getAddress().getHostString() + ":" + server.getAddress().getPort() + "/2.7.1/");
        return new CudaLibraries(site, "2.7.1", flavour, "linux-x86_64");
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
