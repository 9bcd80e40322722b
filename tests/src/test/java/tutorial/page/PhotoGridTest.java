package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoGridTest {
    @TempDir
    Path folder;

    @Test
    void eachRowHasItsTitleAndItsPhotosInOrder() throws IOException {
        Map<String, List<PhotoGrid.Tile>> rows = new LinkedHashMap<>();
        rows.put("wide and high", List.of(tile("a", 60, 30, Color.RED), tile("b", 30, 60, Color.BLUE)));
        rows.put("too many", Collections.nCopies(9, tile("c", 40, 40, Color.GREEN)));
        Picture picture = PhotoGrid.draw(rows);
        assertEquals(6 * 125, picture.width());
        assertEquals(2 * (18 + 125), picture.height());
        assertEquals("Photos: wide and high (2); too many (6)", picture.alt());
        BufferedImage grid = picture.image();
        assertEquals(2 * picture.width(), grid.getWidth(), "twice the size");
        assertEquals(Color.RED.getRGB(), at(grid, 60, 18 + 30));
        assertEquals(Color.WHITE.getRGB(), at(grid, 60, 18 + 70), "a wide photo is half as high");
        assertEquals(Color.BLUE.getRGB(), at(grid, 125 + 30, 18 + 60));
        assertEquals(Color.WHITE.getRGB(), at(grid, 2 * 125 + 30, 18 + 60));
        assertEquals(Color.GREEN.getRGB(), at(grid, 5 * 125 + 60, 143 + 18 + 60));
        assertNotEquals(0, inkIn(grid, 0, 0, 125, 18));
    }

    @Test
    void aPhotoKeepsTheDetailOfTwiceTheSize() throws IOException {
        BufferedImage stripes = new BufferedImage(238, 238, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 238; x += 2) {
            stripes.setRGB(x, 0, 1, 238, IntStream.generate(Color.WHITE::getRGB).limit(238).toArray(), 0, 1);
        }
        BufferedImage grid = PhotoGrid.draw(Map.of("row", List.of(tile("stripes", stripes)))).image();
        for (int x = 0; x < 238; x++) {
            assertEquals(x % 2 == 0 ? Color.WHITE.getRGB() : Color.BLACK.getRGB(), grid.getRGB(x, 2 * 18 + 100));
        }
    }

    @Test
    void captionsStandBelowThePhotosAndWithinTheirTile() throws IOException {
        PhotoGrid.Tile tile = new PhotoGrid.Tile(tile("a", 60, 60, Color.RED).photo(),
                "a caption that is far too long for its tile\nand a second line");
        Picture picture = PhotoGrid.draw(Map.of("row", List.of(tile)));
        assertEquals(18 + 125 + 2 * 18, picture.height());
        assertNotEquals(0, inkIn(picture.image(), 0, 18 + 125, 125, 18));
        assertEquals(0, inkIn(picture.image(), 125, 0, 125, 179));
    }

    @Test
    void rowsMayBeMissingOrEmpty() throws IOException {
        assertEquals(750, PhotoGrid.draw(Map.of()).width());
        assertEquals("Photos: <b>👟</b> (0)", PhotoGrid.draw(Map.of("<b>👟</b>", List.of())).alt());
    }

    @Test
    void aPhotoThatCannotBeReadIsNamed() throws IOException {
        Path text = Files.writeString(folder.resolve("text.jpg"), "text");
        for (Path bad : List.of(folder.resolve("none.jpg"), text)) {
            String message = assertThrows(IOException.class,
                    () -> PhotoGrid.draw(Map.of("row", List.of(new PhotoGrid.Tile(bad, ""))))).getMessage();
            assertTrue(message.startsWith(bad + ": ") && message.contains("path of a photo"), message);
        }
    }

    /** All in the pixels that the picture is shown at, of which its image has four each. */
    private static int at(BufferedImage image, int x, int y) {
        return image.getRGB(2 * x, 2 * y);
    }

    private static long inkIn(BufferedImage image, int left, int top, int width, int height) {
        return IntStream.of(image.getRGB(2 * left, 2 * top, 2 * width, 2 * height, null, 0, 2 * width))
                .filter(rgb -> rgb != Color.WHITE.getRGB()).count();
    }

    private PhotoGrid.Tile tile(String name, int width, int height, Color color) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.setColor(color);
        pen.fillRect(0, 0, width, height);
        return tile(name, image);
    }

    private PhotoGrid.Tile tile(String name, BufferedImage image) throws IOException {
        Path file = folder.resolve(name + ".png");
        ImageIO.write(image, "png", file.toFile());
        return new PhotoGrid.Tile(file, "");
    }
}
