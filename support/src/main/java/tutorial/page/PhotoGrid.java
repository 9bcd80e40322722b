package tutorial.page;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import tutorial.photos.ImageDecoder;

/** Small pictures of photos, in rows with a title each. */
public final class PhotoGrid {
    /** A photo, and the lines that stand below it; may be empty. */
    public record Tile(Path photo, String caption) {}

    /** Of the square that a tile's picture fits into, in CSS pixels. */
    static final int SIDE = 125;
    public static final int COLUMNS = 6;
    private static final int GAP = 6;
    /** What a line of a caption may be wide. */
    public static final int ROOM = SIDE - GAP - 4;
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
        StringJoiner alt = new StringJoiner("; ", "Photos: ", "");
        List<String> titles = Labels.of(List.copyOf(rows.keySet()));
        Graphics2D pen = Picture.pen(grid);
        try {
            int row = 0;
            for (List<Tile> all : rows.values()) {
                List<Tile> tiles = all.subList(0, Math.min(COLUMNS, all.size()));
                String title = titles.get(row);
                int y = height * row++;
                pen.setColor(Color.BLACK);
                pen.setFont(Picture.FONT.deriveFont(Font.BOLD));
                pen.drawString(title, 2, y + LINE - GAP);
                pen.setFont(Picture.FONT);
                for (int i = 0; i < tiles.size(); i++) {
                    draw(tiles.get(i), pen, SIDE * i, y + LINE);
                }
                alt.add(title + " (" + tiles.size() + ")");
            }
        } finally {
            pen.dispose();
        }
        return new Picture(grid, alt.toString());
    }

    /** A photo at about the size of a tile, or one line that names it and says what to do. */
    public static BufferedImage read(Path photo) throws IOException {
        try {
            return ImageDecoder.read(photo, 2 * SIDE).image();
        } catch (FileNotFoundException e) {
            throw new IOException(photo + ": no such file. Give the path of a photo.", e);
        } catch (IOException e) {
            throw new IOException(photo + ": " + e.getMessage() + ". Give the path of a photo.", e);
        }
    }

    private static void draw(Tile tile, Graphics2D pen, int x, int y) throws IOException {
        BufferedImage small = Picture.fitted(read(tile.photo), SIDE - GAP);
        var whole = pen.getTransform();
        pen.scale(0.5, 0.5);   // one pixel of the photo, one of the grid
        pen.drawImage(small, 2 * x, 2 * y, null);
        pen.setTransform(whole);
        int baseline = y + SIDE + GAP;
        for (String line : tile.caption.lines().toList()) {
            pen.drawString(Labels.shortened(line, 60, ROOM), x + 2, baseline);
            baseline += LINE - GAP / 2;
        }
    }
}
