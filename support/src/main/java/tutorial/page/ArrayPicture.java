package tutorial.page;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.Stream;

/** Shows arrays as grey pictures, side by side. The notebook calls it to show what a convolution makes of a picture. */
public final class ArrayPicture {
    private static final int GAP = 16;

    private ArrayPicture() {}

    /**
     * @param alt what is to be seen
     * @param arrays of two dimensions; the smallest number of each is black, the largest white
     */
    public static Picture sideBySide(String alt, NDArray... arrays) {
        List<BufferedImage> greys = Stream.of(arrays).map(ArrayPicture::grey).toList();
        int width = greys.stream().mapToInt(grey -> grey.getWidth() + GAP).sum() - GAP;
        BufferedImage all = Picture.blank(width, greys.stream().mapToInt(BufferedImage::getHeight).max().orElse(0));
        Graphics2D pen = Picture.pen(all);
        int x = 0;
        for (BufferedImage grey : greys) {
            pen.drawImage(grey, x, 0, null);
            x += grey.getWidth() + GAP;
        }
        pen.dispose();
        return new Picture(all, alt);
    }

    private static BufferedImage grey(NDArray array) {
        int height = (int) array.getShape().get(0);
        int width = (int) array.getShape().get(1);
        NDArray floats = array.toType(DataType.FLOAT32, false);
        float least = floats.min().getFloat();
        float range = Math.max(floats.max().getFloat() - least, 1e-6f);
        float[] numbers = floats.toFloatArray();
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < numbers.length; i++) {
            int shade = Math.round(255 * (numbers[i] - least) / range);
            image.setRGB(i % width, i / width, 0x10101 * shade);
        }
        return image;
    }
}
