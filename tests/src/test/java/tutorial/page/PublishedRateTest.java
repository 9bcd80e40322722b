package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tutorial.testing.Said.assertSays;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tutorial.files.ResultsFolder;
import tutorial.testing.Project;

class PublishedRateTest {
    static final Path FILE = Project.SOURCE.resolve("docs/published-gpus.csv");

    @TempDir
    Path folder;

    @Test
    void eachRateOfTheProjectsFileHasItsConditionsAndItsSource() throws IOException {
        Table file = Table.read().csv(FILE.toFile());
        assertTrue(file.rowCount() <= 15, "more than a reader can use");
        for (Row row : file) {
            assertTrue(Set.of("A", "B").contains(row.getString("grade")), row.toString());
            for (String column : List.of("framework", "data", "in the timing", "path")) {
                assertFalse(row.getString(column).isBlank(), column + " of " + row);
            }
            assertTrue(row.getString("repository").matches("[\\w.-]+/[\\w.-]+"), row.toString());
            assertTrue(row.getString("version").matches("[0-9a-f]{7,40} \\(\\d{4}-\\d\\d-\\d\\d\\)"), row.toString());
        }
        List<String> labels = PublishedRate.read(FILE).stream().map(PublishedRate::label).toList();
        assertEquals(labels.size(), Set.copyOf(labels).size(), labels.toString());
        assertTrue(labels.contains("RTX 3090, mixed, NHWC, batch 512") && labels.contains("NVIDIA T4, float32, NCHW, batch 12"), labels.toString());
    }

    /** Rows of tables that link the file. */
    @Test
    void theReadmeHasTheRatesOfTheFile() throws IOException {
        List<PublishedRate> rates = PublishedRate.read(FILE);
        List<String> rows = Files.readAllLines(Project.SOURCE.resolve("README.md")).stream()
                .filter(line -> line.startsWith("|") && line.contains("](docs/published-gpus.csv)")).toList();
        assertEquals(2, rows.size());
        String readme = Files.readString(Project.SOURCE.resolve("README.md"));
        Matcher own = Pattern.compile("\\| \\*\\*([\\d.]+)\\*\\* \\|").matcher(readme);
        assertTrue(own.find());
        for (String row : rows) {
            long rate = Long.parseLong(row.split("\\|")[1].replaceAll("\\D", ""));
            long times = Math.round(rate / Double.parseDouble(own.group(1)));
            assertTrue(readme.contains(" " + times + " times"), row + ": ×" + times);
            assertTrue(rates.stream().anyMatch(one -> Math.round(one.imagesPerSecond()) == rate && row.contains(one.gpu())
                    && one.lowerBound() == row.contains("or more")), row);
        }
    }

    /** As the notebook and docs/results.md say. */
    @Test
    void anotherT4TrainedFiveTimesAsFastAsTheOriginals() throws IOException {
        double original = ResultsFolder.read(AnswerTest.ORIGINAL).row(1).getDouble("images/s");
        assertTrue(PublishedRate.read(FILE).stream().filter(one -> one.gpu().equals("NVIDIA T4")).allMatch(one -> one.imagesPerSecond() > 5 * original));
    }

    @Test
    void aFileThatIsNotThereIsToldInALine() {
        assertSays(toldOf(folder.resolve("none.csv")), "none.csv: there is no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GPU,images/s\nT4,322\n", "\0\1PNG", "<html>\n<b>404</b>\n</html>"})
    void aFileThatIsDamagedIsToldInALine(String content) throws IOException {
        assertSays(toldOf(Files.writeString(folder.resolve("damaged.csv"), content)), "damaged.csv: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {",322,", ",-1,", ",fast,", ",,"})
    void aRowWithoutARateIsToldInALine(String rate) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(FILE));
        lines.set(1, lines.get(1).replace(",322,", rate));
        Path file = Files.write(folder.resolve("rates.csv"), lines);
        if (rate.equals(",322,")) {
            assertEquals(322, PublishedRate.read(file).get(0).imagesPerSecond());
        } else {
            toldOf(file);
        }
    }

    private static String toldOf(Path file) {
        List<String> told = new ArrayList<>();
        assertEquals(List.of(), PublishedRate.readOrTell(file, told::add));
        assertEquals(1, told.size());
        assertEquals(1, told.get(0).lines().count(), told.get(0));
        return told.get(0);
    }
}
