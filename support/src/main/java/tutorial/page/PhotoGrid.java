package tutorial.page;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tutorial.photos.ImageDecoder;

/** Small pictures of photos, in rows with a title each. */
public final class PhotoGrid {
    /** A photo, and the lines that stand below it; may be empty. */
    public record Tile(Path photo, String caption) {}

    public static final int COLUMNS = 6;
    /** Of the square that a tile's picture fits into, in CSS pixels. */
    private static final int SIDE = 125;
    private static final int GAP = 6;
    /** What a line of a caption may be wide. */
    static final int ROOM = SIDE - GAP - 4;
    private static final int LINE = 18;

    private PhotoGrid() {}

    /**
     * Draws the first {@value #COLUMNS} tiles of each row, below its title.
     *
     * @throws IOException in one line that names the file, if a photo cannot be read
     */
    public static Picture draw(Map<String, List<Tile>> rows) throws IOException {
        long lines = rows.values().stream().flatMap(List::stream).mapToLong(tile -> tile.caption.lines().count()).max().orElse(0);
        int height = (int) (LINE + SIDE + LINE * lines);
        BufferedImage grid = Picture.blank(SIDE * COLUMNS, Math.max(1, height * rows.size()));
        Graphics2D pen = Picture.pen(grid);
        pen.setColor(Color.BLACK);
        List<String> titles = Labels.of(List.copyOf(rows.keySet()));
        List<String> said = new ArrayList<>();
        for (List<Tile> tiles : rows.values()) {
            String title = titles.get(said.size());
            int y = height * said.size();
            int shown = Math.min(COLUMNS, tiles.size());
            pen.setFont(Picture.FONT.deriveFont(Font.BOLD));
            pen.drawString(title, 2, y + LINE - GAP);
            pen.setFont(Picture.FONT);
            for (int i = 0; i < shown; i++) {
                draw(tiles.get(i), pen, SIDE * i, y + LINE);
            }
            said.add(title + " (" + shown + ")");
        }
        return new Picture(grid, "image/jpeg", "Photos: " + String.join("; ", said));
    }

    private static void draw(Tile tile, Graphics2D pen, int x, int y) throws IOException {
        pen.drawImage(Picture.fitted(read(tile.photo), SIDE - GAP), new AffineTransform(0.5, 0, 0, 0.5, x, y), null);
        int baseline = y + SIDE + GAP;
        for (String line : tile.caption.lines().toList()) {
            pen.drawString(Labels.shortened(line, ROOM), x + 2, baseline);
            baseline += LINE - GAP / 2;
        }
    }

    /** A photo at about the size of a tile, or one line that names it and says what to do. */
    public static BufferedImage read(Path photo) throws IOException {
        try {
            return ImageDecoder.read(photo, 2 * SIDE).image();
        } catch (IOException e) {
            String why = e instanceof FileNotFoundException ? "no such file" : e.getMessage();
            throw new IOException(photo + ": " + why + ". Give the path of a photo.", e);
        }
    }
}
