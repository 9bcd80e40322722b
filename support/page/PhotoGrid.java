import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Small pictures of photos, in rows with a title each. */
public final class PhotoGrid {
    /** A photo, and the lines that stand below it; may be empty. */
    public record Tile(Path photo, String caption) {}

    /** Of the square that a tile's picture fits into, in pixels. */
    static final int SIDE = 125;
    static final int COLUMNS = 6;
    private static final int GAP = 6;
    private static final int LINE = 18;

    private PhotoGrid() {}

    /**
     * Draws the first {@value #COLUMNS} tiles of each row, below its title.
     *
     * @throws IOException in one line that names the file, if a photo cannot be read
     */
    public static BufferedImage draw(Map<String, List<Tile>> rows) throws IOException {
        long lines = rows.values().stream().flatMap(List::stream).mapToLong(tile -> tile.caption.lines().count()).max().orElse(0);
        int height = (int) (LINE + SIDE + LINE * lines);
        BufferedImage grid = new BufferedImage(SIDE * COLUMNS, height * rows.size(), BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = grid.createGraphics();
        try {
            pen.setColor(Color.WHITE);
            pen.fillRect(0, 0, grid.getWidth(), grid.getHeight());
            pen.setColor(Color.BLACK);
            int y = 0;
            for (Map.Entry<String, List<Tile>> row : rows.entrySet()) {
                pen.drawString(row.getKey(), 2, y + LINE - GAP);
                List<Tile> tiles = row.getValue().subList(0, Math.min(COLUMNS, row.getValue().size()));
                for (int i = 0; i < tiles.size(); i++) {
                    draw(tiles.get(i), pen, SIDE * i, y + LINE);
                }
                y += height;
            }
        } finally {
            pen.dispose();
        }
        return grid;
    }

    public static BufferedImage read(Path photo) throws IOException {
        try {
            return ImageDecoder.read(photo, SIDE).image();
        } catch (FileNotFoundException e) {
            throw new IOException(photo + ": no such file. Give the path of a photo.", e);
        } catch (IOException e) {
            throw new IOException(photo + ": " + e.getMessage() + ". Give the path of a photo.", e);
        }
    }

    private static void draw(Tile tile, Graphics2D pen, int x, int y) throws IOException {
        BufferedImage photo = read(tile.photo);
        boolean wide = photo.getWidth() > photo.getHeight();
        Image small = photo.getScaledInstance(wide ? SIDE - GAP : -1, wide ? -1 : SIDE - GAP, Image.SCALE_AREA_AVERAGING);
        pen.drawImage(small, x, y, null);
        var whole = pen.getClip();   // a java.awt.Shape, whose import would hide DJL's in the notebook
        pen.clipRect(x, y, SIDE - GAP, Integer.MAX_VALUE - y);
        int baseline = y + SIDE + GAP;
        for (String line : tile.caption.lines().toList()) {
            pen.drawString(line, x + 2, baseline);
            baseline += LINE - GAP / 2;
        }
        pen.setClip(whole);
    }
}
