package tutorial.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import tutorial.testing.Said;

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
        URI from = serve("/model", this::sendAll);
        Path file = folder.resolve("data/model");
        assertEquals(file, Download.fetch(from, file, ANYTHING, progress::add));
        assertTrue(Arrays.equals(content, Files.readAllBytes(file)));
        assertEquals("1.0 MB, done", progress.get(progress.size() - 1));
        assertTrue(progress.get(0).matches("\\d\\.\\d of 1\\.0 MB"), progress.toString());
        Download.fetch(from, file, ANYTHING, progress::add);
        assertEquals(1, requests.get());
        assertEquals(List.of("model"), names(file.getParent()));
    }

    @Test
    void aRedirectIsFollowed() throws IOException {
        serve("/elsewhere", this::sendAll);
        assertArrivesAfterTwoRequests(serve("/model", exchange -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(302, -1);
        }));
    }

    @Test
    void afterABreakItIsBegunAgain() throws IOException {
        assertArrivesAfterTwoRequests(serve("/model",
                exchange -> send(exchange, content.length, requests.get() == 1 ? 300_000 : content.length)));
    }

    /** As where the network is lost: nobody closes the connection. */
    @Test
    void afterASilenceItIsBegunAgain() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        assertArrivesAfterTwoRequests(serve("/model", exchange -> {
            if (requests.get() == 1) {
                sendAPartAndFallSilent(exchange, over);
            } else {
                sendAll(exchange);
            }
        }));
        over.countDown();
    }

    @Test
    void twoBreaksOrAWrongSizeAreTold() throws IOException {
        URI from = serve("/model", exchange -> send(exchange, content.length + 1, content.length));
        assertRefused(from, ANYTHING, "the connection broke off twice (");
        assertEquals(2, requests.get());
    }

    @Test
    void aMissingFileIsTold() throws IOException {
        assertRefused(serve("/model", exchange -> exchange.sendResponseHeaders(404, -1)), ANYTHING, "404");
    }

    @Test
    void whatIsNotTheFileIsRefusedAndNotKept() throws IOException {
        URI from = serve("/model", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("<html>Log in to the Wi-Fi</html>".getBytes());
        });
        assertRefused(from, SafeTensors::shapes, "HTML");
    }

    @Test
    void withoutANetworkOneLineComesWithinFiveSeconds() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        long begin = System.nanoTime();
        assertRefused(URI.create("http://127.0.0.1:" + closed + "/model"), ANYTHING, "cannot be reached (");
        assertRefused(URI.create("http://nowhere.invalid/model"), ANYTHING, "cannot be reached (");
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertRefused(URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/model"), ANYTHING, "no answer within 5 seconds");
        }
        assertTrue(System.nanoTime() - begin < 30_000_000_000L, "three refusals of five seconds at most");
    }

    @Test
    void stopEndsItAndLeavesNothing() throws IOException {
        URI from = serve("/model", this::sendAll);
        Thread.currentThread().interrupt();
        assertThrows(CancellationException.class, () -> fetch(from));
        assertEquals(List.of(), names(folder));
    }

    @Test
    void stopEndsASilenceToo() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        Thread reader = Thread.currentThread();
        URI from = serve("/model", exchange -> {
            new Thread(() -> {
                LockSupport.parkNanos(500_000_000L);
                reader.interrupt();
            }).start();
            sendAPartAndFallSilent(exchange, over);
        });
        long begin = System.nanoTime();
        assertThrows(CancellationException.class, () -> fetch(from));
        over.countDown();
        assertTrue(System.nanoTime() - begin < 4_000_000_000L, "before the silence would have ended it");
        assertEquals(List.of(), names(folder));
    }

    @Test
    void theLeftOverOfAKilledDownloadIsRemovedButNotOneUnderWay() throws IOException {
        Path old = Files.createFile(folder.resolve(".model-1.unfinished"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofMinutes(11))));
        Files.createFile(folder.resolve(".model-2.unfinished"));
        fetch(serve("/model", this::sendAll));
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

    private void sendAll(HttpExchange exchange) throws IOException {
        send(exchange, content.length, content.length);
    }

    private void send(HttpExchange exchange, int declared, int sent) throws IOException {
        exchange.sendResponseHeaders(200, declared);
        exchange.getResponseBody().write(content, 0, sent);
        exchange.getResponseBody().flush();
    }

    private void sendAPartAndFallSilent(HttpExchange exchange, CountDownLatch over) throws IOException {
        send(exchange, content.length, 300_000);
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Path fetch(URI from) throws IOException {
        return Download.fetch(from, folder.resolve("model"), ANYTHING, progress::add);
    }

    private void assertArrivesAfterTwoRequests(URI from) throws IOException {
        assertTrue(Arrays.equals(content, Files.readAllBytes(fetch(from))));
        assertEquals(2, requests.get());
    }

    private void assertRefused(URI from, Download.Check check, String word) throws IOException {
        Said.assertRefused(IOException.class, () -> Download.fetch(from, folder.resolve("model"), check, progress::add), from + ": ", word);
        assertEquals(List.of(), names(folder));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
