package tutorial.photos;

import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEG;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegment;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegmentUtil;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.geom.AffineTransform;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.imageio.stream.ImageInputStream;

/**
 * How a camera was held, by the EXIF standard.
 *
 * @param tag from 1, upright, to 8
 */
record ExifOrientation(int tag) {
    static final ExifOrientation UPRIGHT = new ExifOrientation(1);
    private static final String EXIF = "Exif";
    private static final String EXIF_HEADER = EXIF + "\0\0";
    private static final int FIRST_CHUNK = 12;
    private static final int EXIF_CHUNK = 'E' | 'X' << 8 | 'I' << 16 | 'F' << 24;
    private static final int PNG_HEADER = 8;
    private static final int EXIF_CHUNK_OF_PNG = 'e' << 24 | 'X' << 16 | 'I' << 8 | 'f';
    private static final int MAX_EXIF = 65_535;

    /** That of a JPEG, PNG, TIFF or WebP; upright where it has none that makes sense. */
    static ExifOrientation of(String format, ImageInputStream in) {
        try {
            return switch (format) {
                case "JPEG" -> ofExif(exifOfJpeg(in));
                case "PNG" -> ofExif(exifOfPng(in));
                case "WEBP" -> ofExif(exifOfWebp(in));
                case "TIF" -> ofTiff(in);
                default -> UPRIGHT;
            };
        } catch (IOException | RuntimeException damaged) {
            return UPRIGHT;
        }
    }

    private static ExifOrientation ofExif(byte[] exif) throws IOException {
        int start = new String(exif, StandardCharsets.ISO_8859_1).startsWith(EXIF_HEADER) ? EXIF_HEADER.length() : 0;
        return ofTiff(new ByteArrayImageInputStream(exif, start, exif.length - start));
    }

    /** EXIF is a TIFF without a picture. */
    private static ExifOrientation ofTiff(ImageInputStream in) throws IOException {
        in.seek(0);
        Entry entry = new TIFFReader().read(in).getEntryById(TIFF.TAG_ORIENTATION);
        return entry != null && entry.getValue() instanceof Integer tag && tag >= 1 && tag <= 8 ? new ExifOrientation(tag) : UPRIGHT;
    }

    private static byte[] exifOfJpeg(ImageInputStream in) throws IOException {
        in.seek(0);
        List<JPEGSegment> segments = JPEGSegmentUtil.readSegments(in, JPEG.APP1, EXIF);
        return segments.isEmpty() ? new byte[0] : segments.get(0).segmentData().readAllBytes();
    }

    /** Goes through the chunks: length, name, content and checksum. */
    private static byte[] exifOfPng(ImageInputStream in) throws IOException {
        in.setByteOrder(ByteOrder.BIG_ENDIAN);
        in.seek(PNG_HEADER);
        long length = in.readUnsignedInt();
        while (in.readInt() != EXIF_CHUNK_OF_PNG) {
            in.seek(in.getStreamPosition() + length + Integer.BYTES);
            length = in.readUnsignedInt();
        }
        return read(in, length);
    }

    /** Goes through the chunks: name, length and content, padded to an even length. */
    private static byte[] exifOfWebp(ImageInputStream in) throws IOException {
        in.setByteOrder(ByteOrder.LITTLE_ENDIAN);
        in.seek(FIRST_CHUNK);
        while (in.readInt() != EXIF_CHUNK) {
            long length = in.readUnsignedInt();
            in.seek(in.getStreamPosition() + length + length % 2);
        }
        return read(in, in.readUnsignedInt());
    }

    private static byte[] read(ImageInputStream in, long length) throws IOException {
        byte[] exif = new byte[(int) Math.min(length, MAX_EXIF)];
        in.readFully(exif);
        return exif;
    }

    /** Whether the photo's width is the file's height. */
    boolean swapsSides() {
        return tag >= 5;
    }

    /** Turns and mirrors a picture of the file's width and height until it is upright. */
    AffineTransform transform(int width, int height) {
        boolean mirrorsX = tag == 2 || tag == 3 || tag == 7 || tag == 8;
        boolean mirrorsY = tag == 3 || tag == 4 || tag == 6 || tag == 7;
        AffineTransform transform = swapsSides() ? new AffineTransform(0, 1, 1, 0, 0, 0) : new AffineTransform();
        transform.translate(mirrorsX ? width : 0, mirrorsY ? height : 0);
        transform.scale(mirrorsX ? -1 : 1, mirrorsY ? -1 : 1);
        return transform;
    }
}
