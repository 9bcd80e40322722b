package tutorial.page;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/**
 * A picture for the page, as {@link Charts} and {@link PhotoGrid} draw it: at twice the size it is shown at, so that it is
 * sharp on a high-resolution screen.
 *
 * @param image two pixels for each CSS pixel
 * @param type in which it takes less: "image/jpeg" for photos, "image/png" for all else
 * @param alt what the picture says, for who cannot see it; plain text, to be escaped in HTML
 */
public record Picture(BufferedImage image, String type, String alt) {
    static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 14);

    Picture(BufferedImage image, String alt) {
        this(image, "image/png", alt);
    }

    /** The width to show it at, in CSS pixels. */
    public int width() {
        return image.getWidth() / 2;
    }

    /** The height to show it at, in CSS pixels. */
    public int height() {
        return image.getHeight() / 2;
    }

    /** A white image for a picture of this size in CSS pixels. */
    static BufferedImage blank(int width, int height) {
        BufferedImage image = new BufferedImage(2 * width, 2 * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, image.getWidth(), image.getHeight());
        pen.dispose();
        return image;
    }

    /** A pen that draws in CSS pixels. */
    static Graphics2D pen(BufferedImage image) {
        Graphics2D pen = image.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        pen.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        pen.setFont(FONT);
        pen.scale(2, 2);
        return pen;
    }

    /** A photo for a picture, so that its longer side is shown in this many CSS pixels; on white where it is transparent. */
    static BufferedImage fitted(BufferedImage photo, int side) {
        double scale = 2.0 * side / Math.max(photo.getWidth(), photo.getHeight());
        int width = (int) Math.max(1, Math.round(scale * photo.getWidth()));
        int height = (int) Math.max(1, Math.round(scale * photo.getHeight()));
        // Of a photo that shrinks, bicubic interpolation would take few pixels only, and averages make blocks of one that grows.
        Image scaled = scale > 1 ? photo : photo.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING);
        BufferedImage fitted = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = fitted.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        pen.drawImage(scaled, 0, 0, width, height, Color.WHITE, null);
        pen.dispose();
        return fitted;
    }
}
