package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.WebElement;
import tutorial.testing.Lab;
import tutorial.testing.Notebook;
import tutorial.testing.Patience;
import tutorial.testing.Project;

/**
 * The notebook as a person has it, in JupyterLab in a browser: settings are typed, a training is stopped, all is run
 * again; then the page is looked at. Screenshots of every output, in both themes, go to {@code build/screenshots}.
 */
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JupyterLabTest {
    private static final Duration A_MOMENT = Patience.with(6);
    private static final Duration WHOLE_RUN = Patience.with(60);
    /** What the Web Content Accessibility Guidelines ask of text (level AA). */
    private static final double LEAST_CONTRAST = 4.5;
    private static final String IMAGE = ".jp-OutputArea-output img";

    private final Set<Integer> progress = new TreeSet<>();
    private Lab lab;
    private Notebook notebook;
    private String stoppedCell;
    private boolean theRestWasCollapsed;
    private double opacityOfRecorded;
    private double opacityOfOwn;

    @BeforeAll
    void trainStopAndRunAll(@TempDir Path temp) throws Exception {
        assumeTrue(Lab.chromeDriver().isPresent(), "needs ChromeDriver on the PATH (Debian: apt-get install chromium-driver)");
        Project project = Project.copyTo(temp.resolve("project"));
        notebook = project.notebook();
        lab = Lab.open(project, temp);
        lab.waitUntil("the kernel has started", A_MOMENT, lab::isReady);
        lab.type("int epochs = 1000;", "settings-main", "int epochs");
        lab.choose("Run", "Run All Above Selected Cell");
        lab.waitUntil("the set-up was run", WHOLE_RUN, () -> !lab.in("setup-machine", "style").isEmpty());
        lab.show(lab.cell("photos-table"));
        lab.screenshot("recorded");
        opacityOfRecorded = opacity("photos-table");
        opacityOfOwn = opacity("setup-machine");
        lab.choose("Edit", "Clear Outputs of All Cells");
        lab.type("int imageSize = 64;", "settings-main", "int imageSize");
        lab.type("boolean pretrained = false;", "settings-main", "boolean pretrained");
        theRestWasCollapsed = lab.isCollapsed("parameters");
        lab.expand("parameters");
        lab.type("double measureSeconds = 0;", "parameters", "double measureSeconds");
        lab.type("int sweepSeconds = 10;", "parameters", "int sweepSeconds");

        lab.choose("Run", "Run All Cells");
        lab.waitUntil("the progress line moves", WHOLE_RUN, () -> readProgress() >= 5);
        lab.pressStop();
        lab.waitUntil("the kernel is idle after stop", A_MOMENT, lab::isIdle);
        lab.show(lab.cell("race-cpu"));
        lab.screenshot("stopped");
        stoppedCell = lab.cell("race-cpu").getText();

        lab.type("int epochs = 2;", "settings-main", "int epochs");
        lab.choose("Run", "Run Selected Cell and All Below");   // that of the settings, where the line was typed
        lab.waitUntil("the last cell was run", WHOLE_RUN, () -> wasRun("others-rates"));
    }

    @AfterAll
    void close() {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void settingsThatOneRarelyNeedsAreCollapsed() {
        assertTrue(theRestWasCollapsed);
    }

    @Test
    void whatWasRecordedElsewhereIsPalerThanWhatWasRunHere() {
        assertEquals(1, opacityOfOwn);
        assertTrue(opacityOfRecorded < 0.6, "opacity " + opacityOfRecorded);
    }

    @Test
    void theStopButtonEndsTheTraining() {
        assertTrue(stoppedCell.contains("Evaluation interrupted."), stoppedCell);
        assertFalse(stoppedCell.contains("done in"), stoppedCell);
    }

    @Test
    void afterwardsAllOfItRunsWithTheSettingsTyped() throws IOException {
        for (Notebook.Cell cell : notebook.codeCells()) {
            if (lab.isCollapsed(cell.id())) {
                lab.expand(cell.id());
            }
            assertTrue(wasRun(cell.id()), () -> cell.id() + " was not run");
        }
        assertEquals(List.of(), lab.errors());
        assertTrue(lab.cell("race-cpu").getText().contains("epoch 2 of 2 · 384 of 384 images"), lab.cell("race-cpu").getText());
    }

    @Test
    void tablesAndChartsStandWhereTheSavedNotebookHasThem() {
        for (Notebook.Cell cell : notebook.codeCells()) {
            String saved = String.join("", cell.outputs().html());
            assertEquals(saved.split("<table", -1).length - 1, lab.in(cell.id(), ".jp-OutputArea-output table").size(), cell.id());
            assertEquals(cell.outputs().images().size(), lab.in(cell.id(), IMAGE).size(), cell.id());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Light", "Dark"})
    void everyOutputFitsALaptopAndIsLegible(String theme) throws IOException {
        lab.choose("Settings", "Theme", "JupyterLab " + theme);
        for (Notebook.Cell cell : notebook.codeCells()) {
            for (WebElement output : lab.in(cell.id(), ".jp-OutputArea-output")) {
                lab.show(output);
                lab.screenshot(theme.toLowerCase(Locale.ROOT) + "/" + cell.id());
                assertAll(cell.id(),
                        () -> assertEquals(List.of(), lab.ask("tooWide", output)),
                        () -> assertEquals(List.of(), lab.ask("tooFaint", output, LEAST_CONTRAST)));
            }
        }
    }

    /** Sharp on a high-resolution screen, and as wide as they were drawn for. */
    @Test
    void picturesAreShownAtHalfTheSizeThatTheyWereDrawnIn() throws IOException {
        for (Notebook.Cell cell : notebook.codeCells()) {
            for (WebElement shown : lab.in(cell.id(), IMAGE)) {
                BufferedImage drawn = image(shown);
                assertEquals(new Dimension(drawn.getWidth() / 2, drawn.getHeight() / 2), shown.getSize(), cell.id());
            }
        }
    }

    @Test
    void chartsAndGridsAreOnWhite() throws IOException {
        for (Notebook.Cell cell : notebook.codeCells()) {
            for (WebElement shown : cell.id().equals("network-pixels") ? List.<WebElement>of() : lab.in(cell.id(), IMAGE)) {
                Color corner = new Color(image(shown).getRGB(0, 0));
                assertTrue(Math.min(corner.getRed(), Math.min(corner.getGreen(), corner.getBlue())) > 250, () -> cell.id() + ": " + corner);
            }
        }
    }

    private static BufferedImage image(WebElement shown) throws IOException {
        String data = shown.getDomAttribute("src").replaceFirst("^data:image/\\w+;base64,", "");
        return ImageIO.read(new ByteArrayInputStream(Base64.getMimeDecoder().decode(data)));
    }

    private double opacity(String cell) {
        return Double.parseDouble(lab.in(cell, ".jp-OutputArea").get(0).getCssValue("opacity"));
    }

    /** How many different states of the progress bar have been seen. */
    private int readProgress() {
        for (WebElement bar : lab.in("race-cpu", "progress")) {
            progress.add(Integer.valueOf(bar.getDomAttribute("value")));
        }
        return progress.size();
    }

    private boolean wasRun(String id) {
        return lab.prompt(id).matches("\\d+");
    }
}
