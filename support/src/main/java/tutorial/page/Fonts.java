package tutorial.page;

import java.awt.font.FontRenderContext;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tutorial.photos.Count;

/** Whether this machine has the fonts that charts need, and those for the names of the classes. */
public final class Fonts {
    private static final String RESTART = " and restart the kernel.";
    private static final int NAMED = 3;

    private Fonts() {}

    /** @throws IllegalStateException with the remedy, where Java finds no font at all, as in a small container */
    public static void require() {
        try {
            Picture.FONT.getStringBounds("photo", new FontRenderContext(null, true, true));
        } catch (InternalError | LinkageError | RuntimeException noFonts) {     // which of them depends on the JDK
            throw new IllegalStateException("Java finds no fonts, and no chart can be drawn without. Install some (Debian, Ubuntu: "
                    + "apt-get install fontconfig fonts-dejavu-core; Fedora: dnf install fontconfig dejavu-sans-fonts)" + RESTART, noFonts);
        }
    }

    /** A line on names in a script that no font here has; empty where all can be shown. */
    static Optional<String> remark(Collection<String> names) {
        List<String> unshown = names.stream().filter(name -> Picture.FONT.canDisplayUpTo(name) >= 0).toList();
        return unshown.isEmpty() ? Optional.empty() : Optional.of("No font here shows all of "
                + unshown.stream().limit(NAMED).map(name -> "\"" + name + "\"").collect(Collectors.joining(", "))
                + (unshown.size() > NAMED ? " and " + Count.of(unshown.size() - NAMED, "other class") : "")
                + ": charts have boxes instead. Install one for this script (Debian, Ubuntu, for Chinese, Japanese and Korean: "
                + "apt-get install fonts-wqy-microhei)" + RESTART);
    }
}
