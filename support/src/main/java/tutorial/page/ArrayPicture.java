package tutorial.page;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;

/** Shows arrays as grey pictures, side by side. The notebook calls it to show what a convolution makes of a picture. */
public final class ArrayPicture {
    private static final int GAP = 16;

    private ArrayPicture() {}

    /**
     * @param alt what is to be seen
     * @param arrays of two dimensions; the smallest number of each is black, the largest white
     */
    public static Picture sideBySide(String alt, NDArray... arrays) {
        int width = -GAP;
        int height = 0;
        for (NDArray array : arrays) {
            width += (int) array.getShape().get(1) + GAP;
            height = Math.max(height, (int) array.getShape().get(0));
        }
        BufferedImage all = new BufferedImage(2 * width, 2 * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = all.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, all.getWidth(), all.getHeight());
        int x = 0;
        for (NDArray array : arrays) {
            BufferedImage grey = grey(array);
            pen.drawImage(grey, x, 0, 2 * grey.getWidth(), 2 * grey.getHeight(), null);
            x += 2 * (grey.getWidth() + GAP);
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
            image.setRGB(i % width, i / width, new Color(shade, shade, shade).getRGB());
        }
        return image;
    }
}
