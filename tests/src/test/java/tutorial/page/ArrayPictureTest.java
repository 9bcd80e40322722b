package tutorial.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.awt.Color;
import org.junit.jupiter.api.Test;
import tutorial.testing.Small;

class ArrayPictureTest {
    @Test
    void theSmallestNumberIsBlackAndTheLargestWhiteInTheirPlaces() {
        try (NDManager manager = Small.manager()) {
            Picture picture = ArrayPicture.sideBySide("what is seen", manager.create(new float[] {-1, 0, 1, 3, 1, -1}, new Shape(2, 3)));
            assertEquals("what is seen", picture.alt());
            assertEquals(3, picture.width());
            assertEquals(2, picture.height());
            assertEquals(Color.BLACK.getRGB(), pixel(picture, 0, 0));
            assertEquals(new Color(64, 64, 64).getRGB(), pixel(picture, 1, 0));
            assertEquals(new Color(128, 128, 128).getRGB(), pixel(picture, 2, 0));
            assertEquals(Color.WHITE.getRGB(), pixel(picture, 0, 1));
            assertEquals(Color.BLACK.getRGB(), pixel(picture, 2, 1));
        }
    }

    @Test
    void arraysStandSideBySideOnWhiteEachWithItsOwnRange() {
        try (NDManager manager = Small.manager()) {
            NDArray tall = manager.create(new float[] {0, 100, 0}, new Shape(3, 1));
            NDArray wide = manager.create(new float[] {0, 1}, new Shape(1, 2));
            Picture picture = ArrayPicture.sideBySide("", tall, wide);
            int second = picture.width() - 2;
            assertEquals(3, picture.height());
            assertEquals(Color.WHITE.getRGB(), pixel(picture, 0, 1));
            assertEquals(Color.WHITE.getRGB(), pixel(picture, 1, 0), "the gap");
            assertEquals(Color.BLACK.getRGB(), pixel(picture, second, 0));
            assertEquals(Color.WHITE.getRGB(), pixel(picture, second + 1, 0));
            assertEquals(Color.WHITE.getRGB(), pixel(picture, second, 2), "below the lower one");
        }
    }

    /** Such as a channel of a photo, and a plane that is all the same. */
    @Test
    void bytesAndPlainPlanesAreShown() {
        try (NDManager manager = Small.manager()) {
            NDArray bytes = manager.create(new int[] {0, 255}).toType(DataType.UINT8, false).reshape(1, 2);
            assertEquals(Color.WHITE.getRGB(), pixel(ArrayPicture.sideBySide("", bytes), 1, 0));
            assertEquals(Color.BLACK.getRGB(), pixel(ArrayPicture.sideBySide("", manager.ones(new Shape(1, 2))), 1, 0));
        }
    }

    private static int pixel(Picture picture, int x, int y) {
        return picture.image().getRGB(2 * x, 2 * y);
    }
}
