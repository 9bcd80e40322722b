package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

/** With a stand-in for the kernel and for what it renders; that both kernels have these methods is tested in them. */
class PageTest {
    private Rendered shown;

    public static final class Rendered {
        private String type;
        private Object metadata;
        private final Map<String, Object> data = new HashMap<>();

        public void putData(String type, Object data) {
            this.data.put(type, data);
        }

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
        Page.show(new Kernel(), new Picture(new BufferedImage(1400, 600, BufferedImage.TYPE_INT_RGB), "A chart"), rendered);
        assertEquals(rendered, shown);
        assertEquals("image/png", rendered.type);
        assertEquals(Map.of("width", 700, "height", 300, "alt", "A chart"), rendered.metadata);
        byte[] file = Base64.getDecoder().decode((String) rendered.data.get("image/png"));
        assertEquals("A chart", rendered.data.get("text/plain"));
        byte[] end = {'I', 'E', 'N', 'D', (byte) 0xAE, 0x42, 0x60, (byte) 0x82};
        assertArrayEquals(end, Arrays.copyOfRange(file, file.length - end.length, file.length), "all of the file");
    }

    @Test
    void whatAPictureSaysCanBeReadBelowIt() {
        Document html = Jsoup.parse(Page.html(new Picture(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), "a < b & <b>c</b>")));
        assertEquals("a < b & <b>c</b>", html.selectFirst("details").ownText());
    }

    /** By a class that the style of this kernel looks for. */
    @Test
    void whatThisKernelShowsIsToldFromWhatWasRecorded() {
        for (Object what : List.of("<b>text</b>", Table.create("A table"), new Picture(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), "x"))) {
            List<String> classes = List.copyOf(Jsoup.parse(Page.html(what)).body().child(0).classNames());
            assertEquals(2, classes.size());
            classes.forEach(name -> assertTrue(Page.paleUnlessOfThisKernel().contains("." + name), name));
        }
    }
}
