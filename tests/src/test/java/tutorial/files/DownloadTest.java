package tutorial.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server on this machine. */
class DownloadTest {
    private static final Download.Check ANYTHING = file -> {};

    private final byte[] content = new byte[1_000_000];
    private final AtomicInteger requests = new AtomicInteger();
    private final List<String> progress = new ArrayList<>();
    private HttpServer server;

    @TempDir
    Path folder;

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        new Random(1).nextBytes(content);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aFileArrivesWholeWithProgressAndIsFetchedOnce() throws IOException {
        URI from = serve("/model", exchange -> send(exchange, content.length, content.length));
        Path file = folder.resolve("data/model");
        assertEquals(file.toAbsolutePath(), Download.fetch(from, file, ANYTHING, progress::add));
        assertTrue(Arrays.equals(content, Files.readAllBytes(file)));
        assertEquals("1.0 MB, done", progress.get(progress.size() - 1));
        assertTrue(progress.get(0).matches("\\d\\.\\d of 1\\.0 MB"), progress.toString());
        Download.fetch(from, file, ANYTHING, progress::add);
        assertEquals(1, requests.get());
        assertEquals(List.of("model"), names(file.getParent()));
    }

    @Test
    void aRedirectIsFollowed() throws IOException {
        serve("/elsewhere", exchange -> send(exchange, content.length, content.length));
        URI from = serve("/model", exchange -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(302, -1);
        });
        assertEquals(content.length, Files.size(Download.fetch(from, folder.resolve("model"), ANYTHING, progress::add)));
        assertEquals(2, requests.get());
    }

    @Test
    void aMissingFileIsTold() throws IOException {
        URI from = serve("/model", exchange -> exchange.sendResponseHeaders(404, -1));
        assertTrue(refusal(from, ANYTHING).startsWith(from + ": the server answers 404"));
    }

    @Test
    void afterABreakItIsBegunAgain() throws IOException {
        URI from = serve("/model", exchange -> send(exchange, content.length, requests.get() == 1 ? 300_000 : content.length));
        Path file = Download.fetch(from, folder.resolve("model"), ANYTHING, progress::add);
        assertTrue(Arrays.equals(content, Files.readAllBytes(file)));
        assertEquals(2, requests.get());
    }

    /** As where the network is lost: nobody closes the connection. */
    @Test
    void afterASilenceItIsBegunAgain() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        URI from = serve("/model", exchange -> {
            boolean falls = requests.get() == 1;
            send(exchange, content.length, falls ? 300_000 : content.length);
            if (falls) {
                exchange.getResponseBody().flush();
                await(over);
            }
        });
        Path file = Download.fetch(from, folder.resolve("model"), ANYTHING, progress::add);
        over.countDown();
        assertTrue(Arrays.equals(content, Files.readAllBytes(file)));
        assertEquals(2, requests.get());
    }

    @Test
    void stopEndsASilenceToo() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        Thread reader = Thread.currentThread();
        URI from = serve("/model", exchange -> {
            send(exchange, content.length, 300_000);
            exchange.getResponseBody().flush();
            LockSupport.parkNanos(500_000_000L);
            reader.interrupt();
            await(over);
        });
        long begin = System.nanoTime();
        assertThrows(CancellationException.class, () -> Download.fetch(from, folder.resolve("model"), ANYTHING, progress::add));
        over.countDown();
        assertTrue(System.nanoTime() - begin < 4_000_000_000L, "before the silence would have ended it");
        assertEquals(List.of(), names(folder));
    }

    @Test
    void twoBreaksOrAWrongSizeAreTold() throws IOException {
        URI from = serve("/model", exchange -> send(exchange, content.length + 1, content.length));
        String message = refusal(from, ANYTHING);
        assertTrue(message.startsWith(from + ": the connection broke off twice ("), message);
        assertEquals(2, requests.get());
    }

    @Test
    void whatIsNotTheFileIsRefusedAndNotKept() throws IOException {
        URI from = serve("/model", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("<html>Log in to the Wi-Fi</html>".getBytes());
        });
        String message = refusal(from, SafeTensors::shapes);
        assertTrue(message.startsWith(from + ": what came is not the file asked for") && message.contains("HTML"), message);
    }

    @Test
    void withoutANetworkOneLineComesWithinFiveSeconds() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        URI from = URI.create("http://127.0.0.1:" + closed + "/model");
        long begin = System.nanoTime();
        assertTrue(refusal(from, ANYTHING).startsWith(from + ": cannot be reached ("));
        URI nowhere = URI.create("http://nowhere.invalid/model");
        assertTrue(refusal(nowhere, ANYTHING).startsWith(nowhere + ": "));
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI mute = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/model");
            assertTrue(refusal(mute, ANYTHING).startsWith(mute + ": cannot be reached (no answer within 5 seconds"));
        }
        assertTrue(System.nanoTime() - begin < 30_000_000_000L, "three refusals of five seconds at most");
    }

    @Test
    void stopEndsItAndLeavesNothing() throws Exception {
        URI from = serve("/model", exchange -> send(exchange, content.length, content.length));
        Thread.currentThread().interrupt();
        assertThrows(CancellationException.class, () -> Download.fetch(from, folder.resolve("model"), ANYTHING, progress::add));
        assertEquals(List.of(), names(folder));
    }

    @Test
    void theLeftOverOfAKilledDownloadIsRemovedButNotOneUnderWay() throws IOException {
        URI from = serve("/model", exchange -> send(exchange, content.length, content.length));
        Path old = Files.createFile(folder.resolve(".model-1.unfinished"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofMinutes(11))));
        Files.createFile(folder.resolve(".model-2.unfinished"));
        Download.fetch(from, folder.resolve("model"), ANYTHING, progress::add);
        assertEquals(List.of(".model-2.unfinished", "model"), names(folder));
    }

    private URI serve(String path, Handler handler) {
        server.createContext(path, exchange -> {
            requests.incrementAndGet();
            try (exchange) {
                handler.handle(exchange);
            }
        });
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private void send(HttpExchange exchange, int declared, int sent) throws IOException {
        exchange.sendResponseHeaders(200, declared);
        exchange.getResponseBody().write(content, 0, sent);
    }

    private String refusal(URI from, Download.Check check) throws IOException {
        Path file = folder.resolve("model");
        String message = assertThrows(IOException.class, () -> Download.fetch(from, file, check, progress::add)).getMessage();
        assertEquals(List.of(), names(folder));
        assertEquals(1, message.lines().count(), message);
        assertFalse(message.contains(".unfinished"), message);
        return message;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
