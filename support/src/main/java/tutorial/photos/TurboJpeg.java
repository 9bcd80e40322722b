package tutorial.photos;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Decodes JPEGs by libjpeg-turbo, which the library Leptonica brings. Its pixels are those of
 * the JDK and of Pillow. The JDK renders a progressive JPEG once for each of its ten or so scans, and takes five times as long for it.
 */
final class TurboJpeg {
    private static final int SILENT = 6;
    private static final int RTLD_LAZY = 1;         // not global: the JDK's decoder has functions of the same names
    private static final boolean LOADED = load();

    private TurboJpeg() {}

    /**
     * @param reduction each side becomes so many times smaller, in the decoder: 1, 2, 4 or 8
     * @return nothing if the library is not there, or warns of anything in this file: then the JDK's decoder has to judge it
     */
    static Optional<BufferedImage> decode(byte[] jpeg, int reduction) {
        if (!LOADED) {
            return Optional.empty();
        }
        IntByReference warnings = new IntByReference();
        Pointer pix = pixReadMemJpeg(jpeg, jpeg.length, 0, reduction, warnings, 0);
        if (pix == null) {
            return Optional.empty();
        }
        try {
            return warnings.getValue() == 0 ? Optional.of(image(pix)) : Optional.empty();
        } finally {
            pixDestroy(new PointerByReference(pix));
        }
    }

    /** Its rows are of ints: a pixel each, 0xRRGGBB00, or four grey ones, the first in the highest byte. */
    private static BufferedImage image(Pointer pix) {
        BufferedImage image = new BufferedImage(pixGetWidth(pix), pixGetHeight(pix), BufferedImage.TYPE_3BYTE_BGR);
        byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        boolean grey = pixGetDepth(pix) == 8;
        int[] row = new int[pixGetWpl(pix)];
        Pointer rows = pixGetData(pix);
        int to = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            rows.read((long) Integer.BYTES * row.length * y, row, 0, row.length);
            for (int x = 0; x < image.getWidth(); x++) {
                int pixel = grey ? 0x01010100 * (row[x / 4] >>> 24 - x % 4 * 8 & 0xFF) : row[x];
                bgr[to++] = (byte) (pixel >> 8);
                bgr[to++] = (byte) (pixel >> 16);
                bgr[to++] = (byte) (pixel >> 24);
            }
        }
        return image;
    }

    /** Not on Windows, where Leptonica would write each photo into a file first. */
    private static boolean load() {
        String name = Platform.isLinux() ? "linux-%s/libleptonica.so.6" : Platform.isMac() ? "macosx-%s/libleptonica.6.dylib" : "";
        String resource = "/org/bytedeco/leptonica/" + String.format(name, Platform.isARM() ? "arm64" : "x86_64");
        try {
            String file = Native.extractFromResourcePath(resource, TurboJpeg.class.getClassLoader()).getPath();
            Native.register(TurboJpeg.class, NativeLibrary.getInstance(file, Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY)));
            setMsgSeverity(SILENT);
            return true;
        } catch (IOException | UnsatisfiedLinkError notHere) {
            return false;
        }
    }

    private static native Pointer pixReadMemJpeg(byte[] data, long size, int colourMap, int reduction, IntByReference warnings, int hint);

    private static native int pixGetWidth(Pointer pix);

    private static native int pixGetHeight(Pointer pix);

    private static native int pixGetDepth(Pointer pix);

    /** Ints in a row. */
    private static native int pixGetWpl(Pointer pix);

    private static native Pointer pixGetData(Pointer pix);

    private static native void pixDestroy(PointerByReference pix);

    private static native int setMsgSeverity(int severity);
}
