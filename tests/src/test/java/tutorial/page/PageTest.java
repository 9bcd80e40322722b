package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** With a stand-in for the kernel and for what it renders; that both kernels have these methods is tested in them. */
class PageTest {
    private Rendered shown;

    public static final class Rendered {
        private String type;
        private Object metadata;

        public void putMetaData(String type, Object metadata) {
            this.type = type;
            this.metadata = metadata;
        }
    }

    public final class Kernel {
        public void display(Rendered rendered) {
            shown = rendered;
        }
    }

    @Test
    void aPictureIsShownAtHalfItsSizeInPixelsAndWithItsText() throws ReflectiveOperationException {
        Rendered rendered = new Rendered();
        Page.show(new Kernel(), rendered, "image/png", new Picture(new BufferedImage(1400, 600, BufferedImage.TYPE_INT_RGB), "A chart"));
        assertEquals(rendered, shown);
        assertEquals("image/png", rendered.type);
        assertEquals(Map.of("width", 700, "height", 300, "alt", "A chart"), rendered.metadata);
    }
}
