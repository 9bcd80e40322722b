package tutorial.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tutorial.testing.Said;

class ZipPartsTest {
    private final List<String> told = new ArrayList<>();
    @TempDir
    private Path data;

    @ParameterizedTest
    @CsvSource({"photos-20261126T101500Z-1-001.zip, photos-20261126T101500Z-1-002.zip", "photos-001.zip, photos-002.zip",
            "photos_part1.zip, photos_part2.zip", "photos.part01.zip, photos.part02.zip", "photos part 1.zip, photos part 2.ZIP",
            "photos (part 1).zip, photos (part 2).zip", "photos-1-of-2.zip, photos-2-of-2.zip", "part1.zip, part2.zip"})
    void partsAreTakenTogetherWhicheverIsAskedFor(String one, String other) throws IOException {
        zip(one, "photos/boots/1.jpg", "photos/clogs/1.jpg");
        zip(other, "photos/clogs/2.jpg", "photos/loafers/1.jpg");
        zip("other-photos-001.zip", "photos/sandals/1.jpg");
        for (String name : List.of(one, other)) {
            assertEquals(List.of("photos/boots/1.jpg", "photos/clogs/1.jpg", "photos/clogs/2.jpg", "photos/loafers/1.jpg"),
                    extracted(name));
        }
        assertTrue(told.get(0).contains(one + ", ") && told.get(0).contains(other + ": taken together"), told.toString());
    }

    @ParameterizedTest
    @CsvSource({"sneakers-2207.zip, sneakers-2755.zip", "run1.zip, run2.zip", "set-1.zip, set-2.zip", "apartment1.zip, apartment2.zip"})
    void setsOfTheirOwnAreNot(String one, String other) throws IOException {
        zip(one, "a/1.jpg");
        zip(other, "a/2.jpg");
        assertEquals(List.of("a/1.jpg"), extracted(one));
        assertEquals(List.of(), told);
    }

    @Test
    void aPartAloneIsToldAndTakenAnewWithOneThatComesLater() throws IOException {
        zip("photos-001.zip", "a/1.jpg");
        assertEquals(List.of("a/1.jpg"), extracted("photos-001.zip"));
        assertTrue(told.get(0).contains("no other part lies beside it"), told.toString());
        zip("photos-003.zip", "a/3.jpg");
        assertEquals(List.of("a/1.jpg", "a/3.jpg"), extracted("photos-001.zip"));
        assertTrue(told.get(1).contains("Missing, by the numbers: 2."), told.toString());
    }

    @Test
    void ofADamagedPartTheNameIsTold() throws IOException {
        zip("photos-001.zip", "a/1.jpg");
        Files.writeString(data.resolve("photos-002.zip"), "PK damaged");
        Said.assertRefused(IOException.class, () -> extracted("photos-001.zip"), "photos-002.zip: is cut off or damaged");
    }

    @Test
    void allPartsTogetherMayUnzipToSoMuch() throws IOException {
        zip("photos-001.zip", "a/1.jpg");
        zip("photos-002.zip", "a/2.jpg");
        Said.assertRefused(IOException.class, () -> SafeUnzip.extract(data.resolve("photos-001.zip"), data, 10e-9, told::add),
                "photos-002.zip: unzips to more than");
    }

    /** As where the disk of the project is too small. */
    @Test
    void aFolderThatIsALinkIsUnzippedToWhereItLeads() throws IOException {
        zip("set.zip", "a/1.jpg");
        Path large = Files.createDirectories(data.resolve("large/disk"));
        Files.createSymbolicLink(data.resolve("set"), large);
        for (int again = 0; again < 2; again++) {
            assertEquals(List.of("a/1.jpg"), extracted("set.zip"));
            assertTrue(Files.isSymbolicLink(data.resolve("set")) && Files.exists(large.resolve("a/1.jpg")), "in place of the link");
        }
    }

    private List<String> extracted(String name) throws IOException {
        Path folder = SafeUnzip.extract(data.resolve(name), data, 1, told::add);
        Path place = folder.toRealPath();
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(file -> file.toString().endsWith(".jpg")).map(file -> place.relativize(file).toString().replace('\\', '/'))
                    .sorted().toList();
        }
    }

    private void zip(String name, String... entries) throws IOException {
        try (OutputStream file = Files.newOutputStream(data.resolve(name)); ZipOutputStream zip = new ZipOutputStream(file)) {
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(entry.getBytes());
            }
        }
    }
}
