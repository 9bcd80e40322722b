package tutorial.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SupportClassesTest {
    /** Too long for a damage to fall outside the class that has it. */
    private static final String TEXT = IntStream.range(0, 5000).mapToObj(String::valueOf).collect(Collectors.joining());

    @TempDir
    Path folder;
    @TempDir
    Path cache;
    private final List<String> progress = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void writeSources() throws IOException {
        file("one/A.java", "package one; public class A { two.B b = new two.B(); public String toString() { return \"" + TEXT + "\"; } }");
        file("two/B.java", "package two; public class B { one.A a; }");
    }

    @Test
    void sourcesAreCompiledOnceForAllKernels() throws Exception {
        Path jar = compiled();
        assertEquals(cache, jar.getParent());
        assertLoads(jar);
        assertEquals(jar, compiled());
        assertEquals(1, progress.size(), progress::toString);
    }

    @Test
    void otherSourcesAndOtherLibrariesMakeAnotherJar() throws IOException {
        Path library = Files.copy(compiled(), folder.resolve("library.jar"));
        Set<Path> jars = Set.of(compiled(), SupportClasses.compiled(folder, List.of(library), cache, progress::add));
        file("two/B.java", "package two; public class B {}");
        assertEquals(3, Stream.concat(jars.stream(), Stream.of(compiled())).distinct().count());
        assertEquals(3, progress.size());
    }

    @Test
    void aChangeAfterTheKernelTookTheClassesAsksForARestart() throws IOException {
        Path taken = compiled();
        file("two/B.java", "package two; public class B { int b; }");
        String message = assertThrows(IllegalStateException.class, () -> compiledIn(taken)).getMessage();
        assertTrue(message.contains("Restart the kernel"), message);
        writeSources();
        assertEquals(taken, compiledIn(taken, Files.createFile(folder.resolve("added-since.jar"))));
    }

    @Test
    void copiesThatJupyterKeepsAreNoSources() throws IOException {
        file("one/.ipynb_checkpoints/A-checkpoint.java", "class A {}");
        assertEquals(Set.of(folder.resolve("one/A.java"), folder.resolve("two/B.java")), SupportClasses.sources(folder).keySet());
    }

    @Test
    void anErrorNamesFileAndLineAndMayBeMended() throws Exception {
        file("two/B.java", "package two;\n@Deprecated(forRemoval = true) class Old {}\npublic class B extends Nothing {}");
        file("two/C.java", "package two;\nclass C extends Old { two.three.Old old; }");
        String message = assertThrows(IOException.class, this::compiled).getMessage();
        assertTrue(message.matches(".*\\.java:[23]: .*") && message.lines().count() == 1, message);
        Files.delete(folder.resolve("two/C.java"));
        writeSources();
        assertLoads(compiled());
    }

    /** Of which as much is left, with one bit changed in a class. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1})
    void aDamagedJarIsMadeAnew(double left) throws Exception {
        Path jar = compiled();
        byte[] bytes = Files.readAllBytes(jar);
        bytes[bytes.length / 2] ^= 1;
        Files.write(jar, Arrays.copyOf(bytes, (int) (left * bytes.length)));
        assertEquals(jar, compiled());
        assertEquals(2, progress.size());
        assertLoads(jar);
    }

    @Test
    void aFolderInTheJarsPlaceIsPassedBy() throws Exception {
        Path jar = compiled();
        Files.delete(jar);
        Files.createFile(Files.createDirectory(jar).resolve("file"));
        assertLoads(compiled());
    }

    /** A home folder that is a file, one that Java does not know, and one in which even the administrator makes no file. */
    @ParameterizedTest
    @ValueSource(strings = {"/dev/null/.cache", "?/.cache", "/proc/.cache"})
    void withoutACacheTheClassesAreCompiledEachTime(Path none) throws Exception {
        Path classes = SupportClasses.compiled(folder, List.of(), none, progress::add);
        assertLoads(classes);
        assertLoads(SupportClasses.compiled(folder, List.of(), none, progress::add));
        assertEquals(2, progress.size());
        assertFalse(Files.exists(none));
        assertEquals(classes, compiledIn(classes), "the notebook is run again");
    }

    @Test
    void kernelsThatStartAtOnceAllGetTheClasses() throws Exception {
        List<Path> jars = IntStream.range(0, 4).parallel().mapToObj(kernel -> {
            try {
                return compiled();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }).toList();
        for (Path jar : jars) {
            assertLoads(jar);
        }
        assertEquals(Set.copyOf(jars), Set.copyOf(cached()));
    }

    @Test
    void theCacheKeepsTheJarsThatWereUsedLast() throws IOException {
        Path used = compiled();
        Files.setLastModifiedTime(used, FileTime.fromMillis(0));
        compiled();
        for (int day = 1; day <= 9; day++) {
            Path old = Files.createFile(cache.resolve("tutorial-support-" + day + ".jar"));
            Files.setLastModifiedTime(old, FileTime.fromMillis(day * 86_400_000L));
        }
        Path other = Files.createFile(cache.resolve("of another program"));
        file("two/B.java", "package two; public class B { int changed; }");
        Path last = compiled();
        List<Path> kept = cached();
        assertEquals(9, kept.size(), kept::toString);
        assertTrue(kept.containsAll(List.of(used, last, other, cache.resolve("tutorial-support-9.jar"))), kept::toString);
    }

    private Path compiled() throws IOException {
        return compiledIn();
    }

    /** In a kernel that has these on its class path. */
    private Path compiledIn(Path... classPath) throws IOException {
        return SupportClasses.compiled(folder, List.of(classPath), cache, progress::add);
    }

    private List<Path> cached() throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.toList();
        }
    }

    private static void assertLoads(Path classes) throws Exception {
        try (var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            assertEquals(TEXT, loader.loadClass("one.A").getConstructor().newInstance().toString());
        }
    }

    private void file(String name, String source) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
    }
}
