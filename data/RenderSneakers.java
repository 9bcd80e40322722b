import java.awt.*;
import java.awt.geom.*;
import java.awt.image.*;
import java.io.*;
import java.nio.file.*;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.*;
import java.util.stream.*;
import java.util.zip.*;
import javax.imageio.*;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Renders a labelled data set of sneakers: a zip with one folder of JPEGs per class. Each picture is drawn from
 * random numbers of its own, so that the same arguments and the same Java give the same bytes.
 *
 * <pre>java data/RenderSneakers.java [COUNT] [ZIP] [SEED]</pre>
 */
public class RenderSneakers {
    static final String USAGE = """
            Usage: java data/RenderSneakers.java [COUNT] [ZIP] [SEED]
              COUNT  how many pictures, shared evenly by the classes (default: 240)
              ZIP    the file to write (default: data/sneakers.zip)
              SEED   a whole number; each gives other pictures (default: 2207)""";

    record Photo(String name, byte[] jpeg) {}

    public static void main(String[] args) throws IOException {
        System.setProperty("java.awt.headless", "true");
        if (List.of(args).contains("--help")) {
            System.out.println(USAGE);
            return;
        }
        try {
            if (args.length > 3) {
                throw new IllegalArgumentException("One argument too many: " + args[3]);
            }
            int count = (int) wholeNumber("COUNT", args.length > 0 ? args[0] : "240", Sneaker.values().length, 20_000);
            Path zip = writableFile("ZIP", args.length > 1 ? args[1] : "data/sneakers.zip");
            long seed = wholeNumber("SEED", args.length > 2 ? args[2] : "2207", Long.MIN_VALUE, Long.MAX_VALUE);
            render(count, zip, seed);
        } catch (IllegalArgumentException problem) {
            System.err.println(problem.getMessage());
            System.exit(2);
        }
    }

    static long wholeNumber(String name, String text, long least, long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // answered below, as a number out of range is
        }
        throw new IllegalArgumentException(name + " must be a whole number from " + least + " to " + most + ", not: " + text);
    }

    static Path writableFile(String name, String text) {
        try {
            Path file = Path.of(text).toAbsolutePath();
            if (!Files.isDirectory(file) && Files.isDirectory(file.getParent()) && Files.isWritable(file.getParent())) {
                return file;
            }
        } catch (InvalidPathException notAPath) {
            // answered below, as a file that cannot be written is
        }
        throw new IllegalArgumentException(name + " must be a file, new or not, in a folder that may be written to, not: " + text);
    }

    static void render(int count, Path zip, long seed) throws IOException {
        long start = System.nanoTime();
        List<Photo> photos = IntStream.range(0, count).parallel().mapToObj(index -> photo(index, seed))
                .sorted(Comparator.comparing(Photo::name)).toList();
        Path unfinished = zip.resolveSibling(zip.getFileName() + ".part");
        try {
            store(photos, unfinished);
            Files.move(unfinished, zip, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        System.out.printf(Locale.ROOT, "%d images of %d classes, %.1f MB, in %.0f seconds%n",
                count, Sneaker.values().length, Files.size(zip) / 1e6, (System.nanoTime() - start) / 1e9);
    }

    static Photo photo(int index, long seed) {
        Sneaker sneaker = Sneaker.values()[index % Sneaker.values().length];
        String label = sneaker.name().toLowerCase(Locale.ROOT).replace('_', '-');
        String name = String.format(Locale.ROOT, "sneakers/%1$s/%1$s-%2$03d.jpg", label, index / Sneaker.values().length + 1);
        var random = new SplittableRandom(new SplittableRandom(seed).nextLong() + index);
        Pen pen = new Pen(random);
        sneaker.design.accept(pen);
        BufferedImage picture = new Camera(random).shoot(pen.parts);
        return new Photo(name, jpeg(picture, random.nextFloat(0.6f, 0.85f)));
    }

    static byte[] jpeg(BufferedImage picture, float quality) {
        var bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(quality);
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    static void store(List<Photo> photos, Path zip) throws IOException {
        try (var out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(zip)))) {
            out.setLevel(Deflater.NO_COMPRESSION); // JPEGs do not shrink
            for (Photo photo : photos) {
                ZipEntry entry = new ZipEntry(photo.name);
                entry.setTimeLocal(LocalDateTime.of(2020, 1, 1, 0, 0)); // the hour of writing would change the bytes
                out.putNextEntry(entry);
                out.write(photo.jpeg);
            }
        }
    }
}

/**
 * The classes. Each is designed facing right on a ground at y = 0, y pointing up, from the heel at about
 * x = 0 to the toe at about x = 1000, its parts from the farthest to the nearest.
 */
enum Sneaker {
    HIGH_TOP(pen -> {
        pen.fill(pen.lining, 30, "8,690! 90,744 220,768 330,752 400,704! 260,640 80,660");
        pen.fill(pen.trim, 100, "366,690! 336,780 376,818 424,800 448,748! 475,610 530,490 610,375 702,290! 640,250 500,380 410,560");
        pen.upper("28,70! 12,190 30,330 40,460 28,580 8,690! 70,706 160,686 250,672 330,698 388,742! "
                + "418,640 452,530 505,430 575,345 665,282! 740,262 815,248 890,222 958,178 992,118 994,66!");
        pen.panel(pen.trim, "-20,620! -20,740! 420,780! 420,660! 330,640 250,612 150,624 60,640!",
                "26,648! 150,634 250,622 330,650 390,664!");
        pen.panel(pen.trim, "-40,50! -40,330! 60,336 140,280 190,190 215,50!", "24,326! 60,325 130,272 180,186 203,80!");
        pen.panel(pen.trim, "320,800! 460,810! 730,270! 712,214! 600,250 500,335 425,445 368,570 330,700!",
                "344,698! 378,575 434,452 506,345 604,262 706,228!");
        pen.panel(pen.cap, "790,50! 765,140 812,300! 1040,300! 1040,50!", "798,80! 778,140 816,236!");
        pen.ornament(330, 265, 105);
        pen.laces("366,690 384,618 408,545 440,475 480,410 528,352 584,305 646,268",
                "408,742 424,668 446,590 478,510 522,440 574,380 632,328 690,290");
        pen.flatSole("26,0! 4,40 10,96! 300,92 700,92 992,98! 1008,60 982,6!", "12,62! 500,58 998,62!");
    }),
    LOW_TOP(pen -> {
        pen.fill(pen.lining, 30, "22,336! 100,385 220,396 330,388 392,366! 300,270 130,290");
        pen.fill(pen.trim, 100, "380,350! 362,420 396,456 446,444 472,406! 545,335 625,278 700,236! 600,200 450,280");
        pen.upper("30,84! 18,180 34,270 20,345! 70,364 130,334 200,296 280,292 345,330 392,374! "
                + "452,332 545,280 655,234! 740,224 830,214 905,192 962,154 994,112 994,84!");
        pen.panel(pen.trim, "-20,400! 84,400! 104,330 92,250! 40,240 -20,244!", "76,346! 94,320 84,258! 40,248!");
        pen.panel(pen.trim, "-20,60! -20,215! 100,220 190,180 240,60!", "26,206! 96,210 180,172 224,100!");
        pen.panel(pen.trim, "338,380! 420,420! 680,260! 712,190! 570,196 450,240 366,300!", "354,334! 374,306 456,250 574,206 690,202!");
        pen.panel(pen.cap, "780,60! 752,140 806,300! 1040,300! 1040,60!", "788,100! 766,140 800,208!");
        pen.ornament(340, 178, 70);
        pen.laces("386,332 442,294 502,260 566,232 634,212", "418,378 478,336 542,300 608,268 672,242");
        pen.flatSole("26,0! 2,50 10,112! 300,100 700,98 994,112! 1010,60 980,6!", "10,78! 500,70 1000,78!");
    }),
    RUNNER(pen -> {
        pen.fill(pen.lining, 30, "24,410! 110,420 230,425 330,440 388,440! 300,330 130,350");
        pen.fill(pen.trim, 100, "-4,380! -34,470 -8,530 34,520 70,430!");
        pen.fill(pen.trim, 100, "372,410! 346,480 382,526 438,500 466,452! 545,385 640,322 720,272! 560,250");
        pen.upper("10,120! -6,230 22,320 22,400 -6,474! 44,492 90,440 140,378 210,342 290,352 350,402 388,446! "
                + "446,392 540,338 660,280! 750,260 840,238 915,208 970,166 990,120!");
        pen.panel(pen.trim, "-40,100! -40,340! 60,346 130,300 180,230 300,150!", "16,334! 56,336 122,292 172,222 262,164!");
        pen.panel(pen.trim, "338,440! 420,480! 690,310! 730,236! 580,246 460,290 372,350!", "358,400! 380,358 464,300 582,256 708,246!");
        pen.panel(pen.cap, "560,100! 680,170 770,200 850,300! 1040,300! 1040,100!", "624,130! 686,162 780,194 848,226!");
        pen.ornament(410, 225, 80);
        pen.laces("388,390 444,346 506,308 574,280 646,264", "416,446 480,396 548,350 616,312 682,282");
        pen.wedgeSole("0,196! -36,130 -44,60 6,26! 140,2 300,0 520,0 720,8 860,30 950,64 1002,104 1016,150 996,178! "
                + "930,172 800,138 640,122 470,138 300,176 140,196!");
    }),
    SLIP_ON(pen -> {
        pen.fill(pen.lining, 30, "22,270! 110,312 250,326 380,322 462,302! 300,215 120,240");
        pen.upper("30,52! 14,140 28,220 18,282! 80,292 160,262 250,240 330,244 400,276 470,312! "
                + "560,300 660,276 765,242 865,202 945,150 990,96 990,52!");
        pen.panel(pen.trim, "-20,300! 80,300! 96,180 60,40! -20,40!", "68,280! 82,180 54,70!");
        pen.panel(pen.cap, "700,40! 740,120 800,300! 1040,300! 1040,40!", "716,60! 752,120 798,216!");
        pen.elastic("312,300! 300,232 352,150 400,140! 448,152 486,222 478,320!");
        pen.line(pen.trim, 13, 190, "18,282! 80,292 160,262 250,240 330,244 400,276 470,312!");
        pen.ornament(215, 140, 60);
        pen.flatSole("22,0! 4,30 12,64! 400,58 700,58 992,66! 1004,36 982,4!", "10,40! 500,36 998,40!");
    });

    final Consumer<Pen> design;

    Sneaker(Consumer<Pen> design) {
        this.design = design;
    }
}

/** A piece of a sneaker; its relief, from 0 to 255, says how far it stands out to catch the light. */
record Part(Shape shape, int color, int relief, boolean woven) {}

/** Draws one sneaker, in colours and proportions of its own. */
class Pen {
    static final int[] FABRICS = {0xF1EEE6, 0xE6D8BE, 0x2A2A2E, 0x55585E, 0x2A3A5C, 0x4F7097, 0x94B6D2, 0x355F4B, 0x93B09A,
            0x73744A, 0xD3A544, 0xDD7862, 0xAD3A40, 0x6C3042, 0xE0B4AC, 0xA294BC, 0xB5905F, 0x6E5040, 0x357A82};
    static final int[] RUBBERS = {0xF4F2EC, 0xF4F2EC, 0xEEE4CE, 0xD9D6D0, 0xB98552, 0x2C2C30};

    /** Outlines in per cent of their size. All classes wear them, for they must not tell one from another. */
    static final List<String> ORNAMENTS = List.of(
            "-75,-300! 15,-300! 75,150! -15,150!",
            "-110,-30! -60,25 0,0 60,-25 115,25! 110,55! 60,5 0,32 -60,55 -110,0!",
            "-20,90! 50,90! 20,20! 65,20! -50,-100! -12,-10! -60,-10!",
            "-100,-60! -50,40 110,60! 50,-40");

    final List<Part> parts = new ArrayList<>();
    final int fabric, trim, cap, accent, rubber, lace, lining;
    private final double lean, lift, keystone, wave, phase;
    private final SplittableRandom random;
    private Area upper;

    Pen(SplittableRandom random) {
        this.random = random;
        fabric = oneOf(FABRICS);
        trim = oneOf(FABRICS);
        accent = oneOf(FABRICS);
        rubber = oneOf(RUBBERS);
        cap = oneOf(trim, rubber, Rgb.scale(fabric, 0.95));
        lace = oneOf(0xF5F3EE, 0xF5F3EE, 0x303034, accent);
        lining = Rgb.scale(oneOf(fabric, 0x8A8580), 0.5);
        lean = random.nextDouble(-0.08, 0.08);
        lift = random.nextDouble(0.93, 1.08);
        keystone = random.nextDouble(-0.14, 0.14);
        wave = random.nextDouble(4, 14);
        phase = random.nextDouble(6.28);
    }

    void fill(int color, int relief, String outline) {
        add(color, relief, area(outline));
    }

    void line(int color, double width, int relief, String points) {
        add(color, relief, thick(curve(points, false), width));
    }

    void upper(String outline) {
        upper = area(outline);
        parts.add(new Part(upper, fabric, 130, random.nextInt(3) > 0));
    }

    /** A piece of leather sewn on the upper; some are of the upper's own colour. */
    void panel(int color, String outline, String seam) {
        int leather = oneOf(color, color, Rgb.scale(fabric, 0.93));
        add(leather, 152, within(upper, area(outline)));
        Stroke thread = new BasicStroke(4, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND, 1, new float[] {9, 9}, 0);
        Shape stitches = thread.createStrokedShape(curve(seam, false));
        add(oneOf(lace, Rgb.scale(leather, 0.6)), 170, within(upper, stitches));
    }

    void ornament(double x, double y, double size) {
        Area ornament = area(ORNAMENTS.get(random.nextInt(ORNAMENTS.size())));
        ornament.transform(new AffineTransform(size / 100, 0, 0, size / 100, x, y));
        add(oneOf(accent, accent, fabric), 155, within(upper, ornament));
    }

    /** The ribbed stretch of a slip-on and the seam before it. */
    void elastic(String outline) {
        int color = oneOf(0x26262A, Rgb.scale(trim, 0.75));
        Area stretch = within(upper, area(outline));
        add(color, 100, stretch);
        for (int x = 300; x < 500; x += 14) {
            add(Rgb.scale(color, 1.5), 135, within(stretch, new Rectangle(x, 0, 5, 500)));
        }
        line(Rgb.scale(fabric, 0.7), 5, 105, "480,306! 520,210 580,130 640,60!");
    }

    /** Laces from the eyelets over the tongue to its far side, and a bow on top. */
    void laces(String eyelets, String farSide) {
        Point2D[] near = points(eyelets);
        Point2D[] far = points(farSide);
        for (int i = near.length - 1; i >= 0; i--) {
            lace(150, new Line2D.Double(near[i], far[Math.min(i + 1, far.length - 1)]));
            add(Rgb.scale(trim, 0.4), 60, disc(near[i], 12));
            lace(200, new Line2D.Double(near[i], far[i]));
        }
        AffineTransform knot = AffineTransform.getTranslateInstance(far[0].getX(), far[0].getY());
        double droop = random.nextDouble(40, 80);
        for (int side : new int[] {-1, 1}) {
            Path2D loop = new Path2D.Double();
            loop.moveTo(0, 0);
            loop.curveTo(side * 60, 50, side * 130, -droop / 2, side * 80, -droop);
            loop.curveTo(side * 50, -droop, side * 30, -20, 0, 0);
            lace(215, knot.createTransformedShape(loop));
        }
        add(lace, 230, disc(far[0], 15));
    }

    private void lace(int relief, Shape line) {
        add(Rgb.scale(lace, 0.55), 120, thick(line, 25));
        add(lace, relief, thick(line, 17));
    }

    void flatSole(String outline, String stripe) {
        Area sole = area(outline);
        add(rubber, 165, sole);
        line(oneOf(accent, Rgb.scale(rubber, 0.75)), 8, 150, stripe);
        add(oneOf(Rgb.scale(rubber, 0.7), 0xB98552), 160, within(sole, new Rectangle(-200, 0, 1400, 20)));
    }

    /** The thick, carved foam of a runner on a tread of blocks. */
    void wedgeSole(String outline) {
        Area foam = area(outline);
        add(rubber, 170, foam);
        Area heel = area("-60,120! 100,124 260,100 400,44! 260,60 100,74 -60,80!");
        add(oneOf(accent, Rgb.scale(rubber, 0.8)), 150, within(foam, heel));
        line(Rgb.scale(rubber, 0.72), 8, 110, "-30,158! 140,152 330,118 520,84 700,80!");
        line(Rgb.scale(rubber, 0.72), 8, 110, "560,50! 720,66 860,96 960,132!");
        Area tread = within(foam, area("-100,-50! -100,60! 300,30! 700,40! 900,110! 1100,170! 1100,-50!"));
        tread.subtract(foam.createTransformedArea(AffineTransform.getTranslateInstance(0, 24)));
        for (int x = 60; x < 1000; x += 55) {
            tread.subtract(new Area(new Rectangle(x, -50, 8, 300)));
        }
        add(oneOf(Rgb.scale(trim, 0.7), 0x2C2C30), 180, tread);
    }

    private void add(int color, int relief, Shape shape) {
        parts.add(new Part(shape, color, relief, false));
    }

    private int oneOf(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static Area within(Area bounds, Shape shape) {
        Area area = new Area(shape);
        area.intersect(bounds);
        return area;
    }

    private static Shape thick(Shape line, double width) {
        return new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND).createStrokedShape(line);
    }

    private static Shape disc(Point2D center, double radius) {
        return new Ellipse2D.Double(center.getX() - radius, center.getY() - radius, 2 * radius, 2 * radius);
    }

    private Area area(String outline) {
        return new Area(curve(outline, true));
    }

    /** A smooth curve through the points "x,y x,y ..."; a "!" makes a corner. */
    private Path2D curve(String points, boolean closed) {
        Point2D.Double[] at = points(points);
        String[] words = points.split(" ");
        int count = at.length;
        Path2D path = new Path2D.Double();
        path.moveTo(at[0].x, at[0].y);
        for (int i = 0; i < (closed ? count : count - 1); i++) {
            int j = (i + 1) % count;
            Point2D.Double before = words[i].endsWith("!") ? at[i] : at[(i + count - 1) % count];
            Point2D.Double after = words[j].endsWith("!") ? at[j] : at[(j + 1) % count];
            double leave = at[i].distance(at[j]) / 3 / before.distance(at[j]);
            double arrive = at[i].distance(at[j]) / 3 / after.distance(at[i]);
            path.curveTo(at[i].x + leave * (at[j].x - before.x), at[i].y + leave * (at[j].y - before.y),
                    at[j].x + arrive * (at[i].x - after.x), at[j].y + arrive * (at[i].y - after.y), at[j].x, at[j].y);
        }
        return path;
    }

    private Point2D.Double[] points(String points) {
        return Stream.of(points.replace("!", "").split(" ")).map(point -> point.split(","))
                .map(xy -> bend(Integer.parseInt(xy[0]), Integer.parseInt(xy[1]))).toArray(Point2D.Double[]::new);
    }

    /** Leans, lifts, foreshortens and waves the design, so that no two sneakers are alike; the ground stays flat. */
    private Point2D.Double bend(double x, double y) {
        return new Point2D.Double(x + lean * y + wave * Math.sin(x / 170 + phase),
                y * (lift + keystone * (x - 500) / 1000) + 0.06 * wave * Math.min(y / 100, 4) * Math.sin(x / 210 - phase));
    }
}

/** What the sneaker stands or lies on: a texture from 0, dark, to 1, light; u and v count picture widths. */
record Surface(int dark, int light, DoubleBinaryOperator texture) {
    static final List<Surface> ALL = List.of(
            new Surface(0xB9BCC0, 0xF0F0EE, (u, v) -> 0.75),
            new Surface(0xD8CFC0, 0xF6F0E4, (u, v) -> 0.6 + 0.4 * cloud(2 * u, 2 * v)),
            new Surface(0x75767A, 0xB8B8B6, (u, v) -> 0.6 * cloud(4 * u, 4 * v) + 0.4 * cloud(36 * u, 36 * v)),
            new Surface(0x5A5C60, 0x9A9C9E, (u, v) -> 0.3 * cloud(5 * u, 5 * v) + 0.7 * noise(90 * u, 45 * v)),
            new Surface(0x2E5A26, 0x93B058, Surface::grass),
            new Surface(0x6B4428, 0xC79A66, Surface::boards),
            new Surface(0x98A4A8, 0xE4E6E2, Surface::tiles));

    private static double grass(double u, double v) {
        double bend = 4 * noise(5 * u, 5 * v);
        double blades = Math.max(noise(60 * u + 25 * v + bend, 12 * v), noise(60 * u - 35 * v - bend, 14 * v + 9));
        return blades * blades * (0.6 + 0.4 * cloud(6 * u, 6 * v));
    }

    private static double boards(double u, double v) {
        double board = Math.floor(6 * v);
        boolean gap = 6 * v - board < 0.035 || (0.9 * u + 0.37 * board) % 1 < 0.006;
        return gap ? 0 : 0.25 + 0.35 * noise(board, 0) + 0.4 * cloud(2.5 * u + 9 * board, 34 * v);
    }

    private static double tiles(double u, double v) {
        double column = Math.floor(3.2 * u);
        double row = Math.floor(3.2 * v);
        boolean joint = Math.min(3.2 * u - column, 3.2 * v - row) < 0.03;
        return joint ? 0.1 : 0.7 + 0.2 * noise(column, row) + 0.1 * cloud(5 * u, 5 * v);
    }

    private static double cloud(double u, double v) {
        return 0.55 * noise(u, v) + 0.3 * noise(2.1 * u + 7, 2.1 * v) + 0.15 * noise(4.3 * u, 4.3 * v + 3);
    }

    /** Random numbers from 0 to 1 at whole u and v, and a smooth way from each to the next. */
    private static double noise(double u, double v) {
        int x = (int) Math.floor(u);
        int y = (int) Math.floor(v);
        double s = (u - x) * (u - x) * (3 - 2 * (u - x));
        double t = (v - y) * (v - y) * (3 - 2 * (v - y));
        return (1 - t) * ((1 - s) * hash(x, y) + s * hash(x + 1, y)) + t * ((1 - s) * hash(x, y + 1) + s * hash(x + 1, y + 1));
    }

    private static double hash(int x, int y) {
        int hash = x * 374761393 + y * 668265263;
        hash = (hash ^ hash >>> 13) * 1274126177;
        return (hash >>> 16) / 65535.0;
    }
}

/** Colours as 0xRRGGBB. */
class Rgb {
    static int mix(int from, int to, double share) {
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int start = from >> shift & 255;
            int end = to >> shift & 255;
            mixed |= Math.max(0, Math.min(255, (int) (start + share * (end - start)))) << shift;
        }
        return mixed;
    }

    static int scale(int rgb, double factor) {
        return mix(0, rgb, factor);
    }
}

/** Takes the picture: the pose, the surroundings, the light and what the sensor makes of them. */
class Camera {
    private final SplittableRandom random;
    private final int width, height;
    private final double roll;
    private final boolean standing;

    Camera(SplittableRandom random) {
        this.random = random;
        boolean portrait = random.nextInt(8) == 0;
        width = portrait ? random.nextInt(400, 421) : random.nextInt(450, 531);
        height = portrait ? random.nextInt(440, 521) : random.nextInt(340, 401);
        roll = Math.toRadians(random.nextDouble(-9, 9));
        standing = random.nextInt(5) < 3;
    }

    BufferedImage shoot(List<Part> parts) {
        AffineTransform pose = pose(parts);
        int[] pixels = surroundings(pose);
        castShadow(pixels, pose, parts);
        light(pixels, layer(pose, parts, part -> new Color(part.color())), layer(pose, parts, Camera::reliefPaint));
        return develop(pixels);
    }

    /** Turns the design, facing left or right, and fits it into 80 to 95 % of the picture, near the middle. */
    private AffineTransform pose(List<Part> parts) {
        AffineTransform turn = AffineTransform.getRotateInstance(roll);
        turn.scale(random.nextBoolean() ? 1 : -1, -1);
        Rectangle2D box = new Rectangle2D.Double();
        for (Part part : parts) {
            box.add(turn.createTransformedShape(part.shape()).getBounds2D());
        }
        double scale = random.nextDouble(0.8, 0.95) * Math.min(width / box.getWidth(), height / box.getHeight());
        AffineTransform pose = AffineTransform.getTranslateInstance(
                (width - scale * box.getWidth()) * random.nextDouble(0.3, 0.7) - scale * box.getX(),
                (height - scale * box.getHeight()) * random.nextDouble(0.35, 0.65) - scale * box.getY());
        pose.scale(scale, scale);
        pose.concatenate(turn);
        return pose;
    }

    private BufferedImage layer(AffineTransform pose, List<Part> parts, Function<Part, Paint> paint) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setTransform(pose);
        for (Part part : parts) {
            graphics.setPaint(paint.apply(part));
            graphics.fill(part.shape());
        }
        graphics.dispose();
        return image;
    }

    private float[] alpha(BufferedImage image) {
        return image.getAlphaRaster().getSamples(0, 0, width, height, 0, (float[]) null);
    }

    /** The relief as a shade of grey. */
    private static Paint reliefPaint(Part part) {
        int gray = 0x10101;
        if (!part.woven()) {
            return new Color(gray * part.relief());
        }
        BufferedImage weave = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 4; i++) {
            weave.setRGB(i % 2, i / 2, gray * (part.relief() + (i == 1 || i == 2 ? 16 : -16)));
        }
        return new TexturePaint(weave, new Rectangle(22, 22));
    }

    private int[] surroundings(AffineTransform pose) {
        // Mostly studio backdrops, the first two: 24 training steps are few to learn to ignore a lawn.
        Surface surface = Surface.ALL.get(random.nextInt(random.nextInt(8) > 0 ? 2 : Surface.ALL.size()));
        int wall = Color.HSBtoRGB(random.nextFloat(), random.nextFloat(0.02f, 0.12f), random.nextFloat(0.6f, 0.95f));
        int dark = Rgb.mix(surface.dark(), wall, random.nextDouble(0.2));
        int light = Rgb.mix(surface.light(), wall, random.nextDouble(0.5));
        Point2D ground = pose.transform(new Point2D.Double(500, 0), null);
        double horizon = standing ? -height * random.nextDouble(0.25, 0.5) : Double.NEGATIVE_INFINITY;
        double haze = height * (random.nextInt(3) == 0 ? 0.3 : 0.01);
        AffineTransform level = AffineTransform.getRotateInstance(-roll);
        level.translate(-ground.getX(), -ground.getY());
        AffineTransform spread = AffineTransform.getTranslateInstance(random.nextDouble(20, 50), random.nextDouble(20, 50));
        spread.rotate(standing ? 0 : random.nextDouble(6.28));
        int[] pixels = new int[width * height];
        for (int i = 0; i < pixels.length; i++) {
            Point2D at = level.transform(new Point2D.Double(i % width, i / width), null);
            double down = at.getY();
            if (standing) {
                double far = 0.8 * height / (Math.max(0, down - horizon) + 0.25 * height);
                at.setLocation(0.9 * far * at.getX(), 1.6 * far * width);
            }
            spread.transform(new Point2D.Double(at.getX() / width, at.getY() / width), at);
            int floor = Rgb.mix(dark, light, surface.texture().applyAsDouble(at.getX(), at.getY()));
            pixels[i] = Rgb.mix(floor, wall, Math.max(0, Math.min(1, (horizon + haze - down) / haze)));
        }
        return pixels;
    }

    /** A standing sneaker darkens the ground under it; a lying one casts its own outline. */
    private void castShadow(int[] pixels, AffineTransform pose, List<Part> parts) {
        AffineTransform fall = AffineTransform.getTranslateInstance(random.nextInt(-12, 13), random.nextInt(4, 12));
        fall.concatenate(pose);
        Part underneath = new Part(new Ellipse2D.Double(0, -10, 1000, 70), 0, 0, false);
        float[] shadow = alpha(layer(fall, standing ? List.of(underneath) : parts, part -> Color.BLACK));
        float[] sharp = blur(shadow, random.nextInt(4, 8));
        float[] wide = blur(sharp, 16);
        double strength = random.nextDouble(0.5, 0.85) / 255;
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = Rgb.scale(pixels[i], 1 - strength * (0.6 * sharp[i] + 0.4 * wide[i]));
        }
    }

    /** Lays the sneaker on the picture, its relief lit from above, the left or the right. */
    private void light(int[] pixels, BufferedImage colors, BufferedImage reliefs) {
        int[] color = colors.getRGB(0, 0, width, height, null, 0, width);
        float[] alpha = alpha(colors);
        float[] relief = reliefs.getRaster().getSamples(0, 0, width, height, 0, (float[]) null);
        float[] seams = blur(relief, 1);
        float[] folds = blur(seams, 4);
        float[] body = blur(folds, 13);
        float[] depth = new float[pixels.length];
        for (int i = 0; i < depth.length; i++) {
            depth[i] = 0.012f * seams[i] + 0.035f * folds[i] + 0.12f * body[i];
        }
        double side = random.nextDouble(-0.6, 0.6);
        double above = random.nextDouble(-0.75, -0.4);
        double front = 0.75;
        double gloss = random.nextDouble(0.2);
        for (int i = width; i < pixels.length - width; i++) {
            if (alpha[i] == 0) {
                continue;
            }
            double dx = depth[i - 1] - depth[i + 1];
            double dy = depth[i - width] - depth[i + width];
            double facing = Math.max(0, dx * side + dy * above + front)
                    / Math.sqrt((side * side + above * above + front * front) * (dx * dx + dy * dy + 1));
            double crease = Math.max(0, folds[i] - relief[i]) / 255;
            int lit = Rgb.scale(color[i], (0.42 + 0.72 * facing) * (1 - 0.9 * crease));
            pixels[i] = Rgb.mix(pixels[i], Rgb.mix(lit, 0xFFFFFF, gloss * Math.pow(facing, 18)), alpha[i] / 255);
        }
    }

    /** Exposure, contrast, white balance, vignette and noise, and a lens that is not always sharp. */
    private BufferedImage develop(int[] pixels) {
        double exposure = random.nextDouble(0.88, 1.15);
        double contrast = random.nextDouble(0.82, 1.06);
        int tint = random.nextBoolean() ? 0xFFB060 : 0x60A8FF;
        double tinge = random.nextDouble(0.08);
        double vignette = random.nextDouble(0.15);
        double grain = random.nextDouble(0.01, 0.05);
        for (int i = 0; i < pixels.length; i++) {
            double corner = Math.pow(2.0 * (i % width) / width - 1, 2) + Math.pow(2.0 * i / pixels.length - 1, 2);
            double noise = grain * (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5);
            int seen = Rgb.scale(Rgb.mix(pixels[i], tint, tinge), exposure * (1 - vignette * corner) + noise);
            pixels[i] = Rgb.mix(0x808080, seen, contrast);
        }
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, width, height, pixels, 0, width);
        float soft = random.nextInt(3) == 0 ? random.nextFloat(0.11f) : 0;
        float[] lens = {soft, soft, soft, soft, 1 - 8 * soft, soft, soft, soft, soft};
        return new ConvolveOp(new Kernel(3, 3, lens), ConvolveOp.EDGE_NO_OP, null).filter(image, null);
    }

    private float[] blur(float[] map, int radius) {
        return blurRowsAndTurn(blurRowsAndTurn(map, width, height, radius), height, width, radius);
    }

    /** Averages along the rows and swaps rows with columns, so that doing it twice blurs both ways. */
    private static float[] blurRowsAndTurn(float[] map, int width, int height, int radius) {
        float[] turned = new float[map.length];
        for (int y = 0; y < height; y++) {
            double sum = 0;
            for (int x = -radius; x < radius; x++) {
                sum += map[y * width + Math.max(x, 0)];
            }
            for (int x = 0; x < width; x++) {
                sum += map[y * width + Math.min(x + radius, width - 1)];
                turned[x * height + y] = (float) (sum / (2 * radius + 1));
                sum -= map[y * width + Math.max(x - radius, 0)];
            }
        }
        return turned;
    }
}
