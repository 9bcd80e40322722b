package tutorial.testing;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** JupyterLab as {@code make lab} opens it, in a browser of a laptop's size, and what a person's hands do there. */
public final class Lab implements AutoCloseable {
    private static final boolean ROOT = System.getProperty("user.name").equals("root");
    private static final Duration A_MOMENT = Patience.with(2);
    private static final int WIDTH = 1366;
    private static final int HEIGHT = 768;
    private static final String COLLAPSED = ".jp-Placeholder-content";
    private static final Pattern ADDRESS = Pattern.compile("http://localhost\\S+/lab(\\?token=\\w+)");
    /** Every cell is in the page, not only those in view; and nothing is fetched from the network. */
    private static final Map<String, String> LAB_SETTINGS = Map.of(
            "notebook-extension/tracker", "{\"windowingMode\": \"none\"}",
            "apputils-extension/notification", "{\"fetchNews\": \"false\", \"checkForUpdates\": false}");

    private final Process server;
    private final ChromeDriver browser;
    private final Notebook notebook;
    private final Path log;

    private Lab(Process server, ChromeDriver browser, Notebook notebook, Path log) {
        this.server = server;
        this.browser = browser;
        this.notebook = notebook;
        this.log = log;
    }

    /** ChromeDriver, which finds its browser by itself. */
    public static Optional<Path> chromeDriver() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(folder -> Path.of(folder, "chromedriver"))
                .filter(Files::isExecutable).findFirst();
    }

    /** @param temp an empty folder, for what JupyterLab and the browser remember */
    public static Lab open(Project project, Path temp) throws IOException, InterruptedException {
        for (Map.Entry<String, String> setting : LAB_SETTINGS.entrySet()) {
            Path file = temp.resolve("settings/@jupyterlab").resolve(setting.getKey() + ".jupyterlab-settings");
            Files.createDirectories(file.getParent());
            Files.writeString(file, setting.getValue());
        }
        Path log = temp.resolve("lab.log");
        String how = "LAB_OPTIONS=--no-browser --port=0" + (ROOT ? " --allow-root" : "");
        Process server = project.beginToMake(log, Map.of(
                "JUPYTERLAB_SETTINGS_DIR", temp.resolve("settings").toString(),
                "JUPYTERLAB_WORKSPACES_DIR", temp.resolve("workspaces").toString(),
                "JUPYTER_CONFIG_DIR", temp.resolve("config").toString(),
                "JUPYTER_RUNTIME_DIR", temp.resolve("runtime").toString()), "lab", how);
        try {
            String address = address(server, log);
            ChromeOptions options = new ChromeOptions().addArguments("--headless=new", "--disable-gpu", "--disable-quic",
                    "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    "--user-data-dir=" + temp.resolve("browser"));
            if (ROOT) {
                options.addArguments("--no-sandbox");
            }
            ChromeDriver browser = new ChromeDriver(new ChromeDriverService.Builder()
                    .usingDriverExecutable(chromeDriver().orElseThrow().toFile()).withEnvironment(CleanUp.environment()).build(), options);
            browser.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                    Map.of("width", WIDTH, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
            browser.get(address.replace("/lab?", "/lab/tree/" + Project.NOTEBOOK + "?"));
            return new Lab(server, browser, project.notebook(), log);
        } catch (RuntimeException | IOException | InterruptedException e) {
            stop(server);
            throw e;
        }
    }

    /** With its token. */
    private static String address(Process server, Path log) throws IOException, InterruptedException {
        for (long end = System.nanoTime() + Patience.with(6).toNanos(); System.nanoTime() < end && server.isAlive();) {
            Matcher address = ADDRESS.matcher(Files.readString(log));
            if (address.find()) {
                return address.group();
            }
            Thread.sleep(100);
        }
        throw new IOException("JupyterLab did not start:\n" + Files.readString(log));
    }

    /** All cells are in the page, and the kernel has answered. JJava's status is unknown until it has run a cell. */
    public boolean isReady() {
        return all(".jp-Notebook .jp-Cell").size() == notebook.cells().size()
                && all(".jp-Toolbar-kernelName").stream().noneMatch(name -> name.getText().equals("No Kernel"))
                && (isIdle() || !all(".jp-Notebook-ExecutionIndicator[data-status=unknown]").isEmpty());
    }

    public boolean isIdle() {
        return !all(".jp-Notebook-ExecutionIndicator[data-status=idle]").isEmpty();
    }

    public void waitUntil(String what, Duration atMost, BooleanSupplier condition) throws IOException {
        try {
            new WebDriverWait(browser, atMost, Duration.ofMillis(100)).ignoring(StaleElementReferenceException.class)
                    .until(anything -> condition.getAsBoolean());
        } catch (TimeoutException e) {
            screenshot("failed");
            throw new AssertionError("Waited in vain until " + what + ", see build/screenshots/failed.png. Errors in the page: "
                    + errors() + "\nJupyterLab's log:\n" + Files.readString(log));
        }
    }

    /** What stands on red. */
    public List<String> errors() {
        return all(".jp-Notebook [data-mime-type='application/vnd.jupyter.stderr']").stream().map(WebElement::getText).toList();
    }

    public WebElement cell(String id) {
        int inThePage = notebook.cells().stream().map(Notebook.Cell::id).toList().indexOf(id);
        return all(".jp-Notebook .jp-Cell").get(inThePage);
    }

    public List<WebElement> in(String cell, String css) {
        return cell(cell).findElements(By.cssSelector(css));
    }

    public List<WebElement> all(String css) {
        return browser.findElements(By.cssSelector(css));
    }

    /** The number that a cell was run as, a star while it waits or runs, or an empty text, as also while its code is collapsed. */
    public String prompt(String cell) {
        return in(cell, ".jp-InputPrompt").get(0).getText().replaceAll("[\\[\\]: ]", "");
    }

    public void type(String line, String cell, String overTheLineThatBegins) throws IOException {
        WebElement old = in(cell, ".cm-line").stream()
                .filter(shown -> shown.getText().startsWith(overTheLineThatBegins)).findFirst().orElseThrow();
        show(old);
        old.click();
        new Actions(browser).sendKeys(Keys.HOME).keyDown(Keys.SHIFT).sendKeys(Keys.END).keyUp(Keys.SHIFT).sendKeys(line).perform();
        waitUntil(line + " is typed", A_MOMENT, () -> in(cell, ".cm-content").get(0).getText().lines().anyMatch(line::equals));
    }

    public boolean isCollapsed(String cell) {
        return !in(cell, COLLAPSED).isEmpty();
    }

    /** Opens a cell whose code is collapsed. */
    public void expand(String cell) throws IOException {
        WebElement placeholder = in(cell, COLLAPSED).get(0);
        show(placeholder);
        placeholder.click();
        waitUntil(cell + " is open", A_MOMENT, () -> !isCollapsed(cell) && !in(cell, ".cm-line").isEmpty());
    }

    public void choose(String menu, String... items) throws IOException {
        click("lm-MenuBar-itemLabel", menu);
        for (String item : items) {
            click("lm-Menu-itemLabel", item);
        }
    }

    private void click(String kind, String label) throws IOException {
        By entry = By.xpath("//*[contains(@class, '" + kind + "')][text() = '" + label + "']");
        waitUntil(label + " is in the menu", A_MOMENT, () -> !browser.findElements(entry).isEmpty());
        browser.findElement(entry).click();
    }

    public void pressStop() {
        browser.findElement(By.cssSelector("[data-command='notebook:interrupt-kernel']")).click();
    }

    /** Scrolls there. */
    public void show(WebElement element) {
        browser.executeScript("arguments[0].scrollIntoView({block: 'center'})", element);
    }

    /** Calls a function of {@code page_checks.js}. */
    public Object ask(String function, Object... arguments) throws IOException {
        try (InputStream checks = Lab.class.getResourceAsStream("/page_checks.js")) {
            return browser.executeScript(new String(checks.readAllBytes(), StandardCharsets.UTF_8)
                    + "return " + function + "(...arguments)", arguments);
        }
    }

    /** Into {@code build/screenshots}. */
    public void screenshot(String name) throws IOException {
        Path file = Project.SOURCE.resolve("build/screenshots").resolve(name + ".png");
        Files.createDirectories(file.getParent());
        Files.write(file, browser.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() {
        browser.quit();
        stop(server);
    }

    /** JupyterLab asks its kernels to end; who is slow to, must. */
    private static void stop(Process server) {
        List<ProcessHandle> all = Stream.concat(server.descendants(), Stream.of(server.toHandle())).toList();
        all.forEach(ProcessHandle::destroy);
        for (ProcessHandle process : all) {
            process.onExit().completeOnTimeout(process, A_MOMENT.toSeconds(), TimeUnit.SECONDS).join();
            process.destroyForcibly();
        }
    }
}
