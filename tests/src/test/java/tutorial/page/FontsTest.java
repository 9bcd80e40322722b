package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FontsTest {
    /** No font has them: they are for private use. */
    private static final String UNKNOWN = "\uE123\uF8F0";

    public static void main(String[] none) {
        try {
            Fonts.require();
            System.out.println("fonts");
        } catch (IllegalStateException refused) {
            System.out.println(refused.getMessage());
        }
    }

    @Test
    void thisMachineHasFonts() {
        Fonts.require();
        assertEquals(Optional.empty(), Fonts.remark(List.of("sneaker", "Größe", "all")));
    }

    @Test
    void namesThatNoFontShowsAreTold() {
        String remark = Fonts.remark(List.of("sneaker", "1" + UNKNOWN)).orElseThrow();
        assertTrue(remark.contains("\"1" + UNKNOWN + "\"") && remark.contains("apt-get install") && !remark.contains("sneaker"), remark);
        assertTrue(Fonts.remark(List.of(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)).orElseThrow().contains("and 2 other classes"));
    }

    /** As in a small container: fontconfig's settings name an empty folder. */
    @Test
    void withoutAnyFontOneLineNamesTheRemedy(@TempDir Path temp) throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "elsewhere the system has fonts");
        Path settings = Files.writeString(temp.resolve("fonts.conf"), "<?xml version=\"1.0\"?><fontconfig><dir>" + temp
                + "/none</dir><cachedir>" + temp + "/cache</cachedir></fontconfig>");
        ProcessBuilder java = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-Djava.awt.headless=true",
                "-Duser.home=" + temp, "-cp", System.getProperty("java.class.path"), FontsTest.class.getName());
        java.environment().put("FONTCONFIG_FILE", settings.toString());
        Process withoutFonts = java.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String told = withoutFonts.inputReader().lines().collect(Collectors.joining("\n"));
        assertTrue(told.startsWith("Java finds no fonts") && told.contains("apt-get install fontconfig"), told);
        assertEquals(1, told.lines().count(), told);
    }
}
