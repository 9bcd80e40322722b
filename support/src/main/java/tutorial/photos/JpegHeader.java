package tutorial.photos;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The header of a JPEG, made such that every decoder gets the same colours from it, those of Pillow and torchvision: no colour profile
 * is applied, and three components are YCbCr unless a marker or their names say otherwise.
 *
 * @param width in pixels, as stored; 0 if nothing says it
 * @param height in pixels, as stored
 * @param progressive whether it comes in scans, from coarse to fine
 * @param file the whole file
 */
record JpegHeader(int width, int height, boolean progressive, byte[] file) {
    private static final int START_OF_SCAN = 0xDA;
    private static final int PROGRESSIVE = 0xC2;
    private static final int APP0 = 0xE0;
    private static final int APP2 = 0xE2;
    private static final int APP14 = 0xEE;
    private static final String RGB = "RGB";
    private static final String JFIF = "\u00FF\u00E0\0\20JFIF\0\1\1\0\0\1\0\1\0\0";

    /** Of a file that begins as a JPEG does, be it whole or not. */
    static JpegHeader of(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        ByteArrayOutputStream segments = new ByteArrayOutputStream();
        int width = 0;
        int height = 0;
        boolean progressive = false;
        boolean namesItsColours = false;
        int at = 2;
        int marker;
        while (at + 4 <= file.length && file[at] == -1 && (marker = file[at + 1] & 0xFF) != START_OF_SCAN) {
            int length = marker == 0xFF ? 1 : 2 + in.getChar(at + 2);           // any number of FF may stand before a marker
            int end = Math.min(file.length, at + length);
            String content = new String(file, Math.min(end, at + 4), Math.max(0, end - at - 4), StandardCharsets.ISO_8859_1);
            namesItsColours |= marker == APP0 && content.startsWith("JFIF\0") || marker == APP14 && content.startsWith("Adobe");
            if (isStartOfFrame(marker) && content.length() >= 6) {
                progressive = marker == PROGRESSIVE;
                height = in.getChar(at + 5);
                width = in.getChar(at + 7);
                namesItsColours |= content.charAt(5) != RGB.length() || names(content).equals(RGB);
            }
            if (marker != APP2 || !content.startsWith("ICC_PROFILE\0")) {
                segments.write(file, at, end - at);
            }
            at = end;
        }
        boolean same = segments.size() == at - 2 && (namesItsColours || width == 0);
        return new JpegHeader(width, height, progressive,
                same ? file : joined(file, namesItsColours ? "" : JFIF, segments.toByteArray(), at));
    }

    private static boolean isStartOfFrame(int marker) {
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    /** Of the components: a letter or number each. */
    private static String names(String frame) {
        StringBuilder names = new StringBuilder();
        for (int i = 6; i < frame.length(); i += 3) {
            names.append(frame.charAt(i));
        }
        return names.toString();
    }

    private static byte[] joined(byte[] file, String first, byte[] segments, int rest) {
        return ByteBuffer.allocate(2 + first.length() + segments.length + file.length - rest).put(file, 0, 2)
                .put(first.getBytes(StandardCharsets.ISO_8859_1)).put(segments).put(file, rest, file.length - rest).array();
    }
}
