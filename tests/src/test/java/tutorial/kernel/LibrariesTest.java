package tutorial.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LibrariesTest {
    @TempDir
    Path repository;

    @Test
    void halfAJarIsRemovedAndNamed() throws IOException {
        Path folder = Files.createDirectories(repository.resolve("org/a/b/1.0"));
        byte[] jar = jar("");
        List<Path> whole = List.of(Files.write(folder.resolve("b-1.0.jar"), jar), Files.write(folder.resolve("c.jar"), jar("a comment")),
                Files.write(folder.resolve("b-1.0.pom"), new byte[3]));
        List<Path> broken = List.of(Files.write(folder.resolve("half.jar"), Arrays.copyOf(jar, jar.length / 2)),
                Files.write(folder.resolve("half-with-comment.jar"), Arrays.copyOf(jar("a comment"), jar.length - 30)),
                Files.write(folder.resolve("empty.jar"), new byte[0]),
                Files.writeString(folder.resolve("page.jar"), "<html>Sign in to the network</html>"),
                Files.write(folder.resolve("zeros.jar"), new byte[4096]));
        List<String> told = new ArrayList<>();
        Libraries.removeBroken(repository, told::add);
        whole.forEach(file -> assertTrue(Files.exists(file), file.toString()));
        broken.forEach(file -> assertFalse(Files.exists(file), file.toString()));
        broken.forEach(file -> assertTrue(told.stream().anyMatch(line -> line.contains(file.toString())), told::toString));
        assertEquals(broken.size(), told.size());
        Libraries.removeBroken(repository.resolve("none"), told::add);
    }

    @ParameterizedTest
    @CsvSource({"Linux, amd64, linux-x86_64", "Linux, aarch64, linux-arm64", "Mac OS X, aarch64, macosx-arm64", "Windows 11, amd64, ''"})
    void leptonicaIsFetchedForThisMachine(String system, String processor, String classifier) {
        assertEquals(classifier, Libraries.leptonica(system, processor).replaceFirst(".*<classifier>(.*)</classifier>.*", "$1"));
    }

    private static byte[] jar(String comment) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setComment(comment);
            zip.putNextEntry(new ZipEntry("A.class"));
            zip.write(new byte[1000]);
        }
        return bytes.toByteArray();
    }
}
