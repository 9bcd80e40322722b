package tutorial.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream.UnicodeExtraFieldPolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** By the folders that a zip becomes. */
class ZipNamesTest {
    private static final Charset SHIFT_JIS = Charset.forName("Shift_JIS");

    @TempDir
    private Path data;
    private Path zip;
    private Path folder;
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void paths() {
        zip = data.resolve("sneakers.zip");
        folder = data.resolve("sneakers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "IBM437"})
    void namesWithTheFlagOrOfDosAreKept(String charset) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes, Charset.forName(charset))) {
            out.putNextEntry(new ZipEntry("Schuhgröße/né.jpg"));
        }
        unzip(bytes.toByteArray());
        assertEquals(Set.of("Schuhgröße/né.jpg"), Zips.filesIn(folder));
    }

    @Test
    void emojiAreKept() throws IOException {
        unzip(Zips.of("👟 sneakers/🏃‍♀️ 1.jpg"));
        assertEquals(Set.of("👟 sneakers/🏃‍♀️ 1.jpg"), Zips.filesIn(folder));
    }

    @Test
    void utf8WithoutTheFlagIsKept() throws IOException {
        assertEquals(Set.of("靴", "Schuhgröße"), classes(StandardCharsets.UTF_8, UnicodeExtraFieldPolicy.NEVER, "靴", "Schuhgröße"));
        assertEquals(List.of(), told);
    }

    /** The second byte of some characters is a backslash: one that separates folders would leave two classes. */
    @Test
    void theFieldUnicodePathIsTaken() throws IOException {
        String[] names = {"ソックス", "ソール", "靴"};
        assertEquals(Set.of(names), classes(SHIFT_JIS, UnicodeExtraFieldPolicy.ALWAYS, names));
        assertEquals(List.of(), told);
    }

    @Test
    void aUnicodePathThatBelongsToAnotherNameIsNotTaken() throws IOException {
        byte[] bytes = Zips.ofClasses(StandardCharsets.US_ASCII, UnicodeExtraFieldPolicy.ALWAYS, List.of("shoes"));
        unzip(Zips.renamed(bytes, "shoes/1.jpgu", "boots/1.jpgu"));
        assertEquals(Set.of("boots"), Zips.namesIn(folder));
    }

    @ParameterizedTest
    @CsvSource({"Shift_JIS, 'ソックス,ソール,靴,表,能,ｱソ,ｱ'", "GBK, '鞋,靴子,誠,俓'", "Big5, '鞋,功,許,蓋'", "EUC-KR, '신발,운동화'",
            "windows-1251, 'туфли,сапоги'", "windows-1252, 'Schuhgröße,Schuhgrösse'"})
    void classesInAnUnknownEncodingStayApartAndThePageSaysSo(String encoding, String names) throws IOException {
        String[] classes = names.split(",");
        Set<String> unzipped = classes(Charset.forName(encoding), UnicodeExtraFieldPolicy.NEVER, classes);
        assertEquals(classes.length, unzipped.size(), unzipped.toString());
        assertEquals(1, told.size());
        String one = told.get(0).replaceFirst("(?s).*, as \"([^\"]+)/1.jpg\" may.*", "$1");
        assertTrue(unzipped.contains(one), told.get(0));
        assertTrue(told.get(0).contains(zip.toString()) && told.get(0).contains("UTF-8"), told.get(0));

        unzip();
        assertEquals(2, told.size(), "told again when the cell is run again");
        Files.move(folder.resolve(one), folder.resolve("renamed"));
        unzip();
        assertEquals(2, told.size(), "not told to who has renamed the folder");
    }

    @Test
    void whatIsToldIsHtmlOfOneLine() throws IOException {
        classes(StandardCharsets.ISO_8859_1, UnicodeExtraFieldPolicy.NEVER, "<b>\u00e9 & \t more", "nike");
        assertTrue(told.get(0).contains("\"&lt;b>Θ &amp;   more/1.jpg\""), told.get(0));
    }

    private Set<String> classes(Charset charset, UnicodeExtraFieldPolicy policy, String... names) throws IOException {
        unzip(Zips.ofClasses(charset, policy, List.of(names)));
        return Zips.namesIn(folder);
    }

    private void unzip(byte[] bytes) throws IOException {
        Files.write(zip, bytes);
        unzip();
    }

    private void unzip() throws IOException {
        SafeUnzip.extract(zip, data, 1, told::add);
    }
}
