package tutorial.photos;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Predicate;

/** Which files may be photos, by their names and first bytes, and why one of them cannot be read. */
final class ImageFiles {
    private static final Predicate<String> IMAGE = Folder.named(".*\\.(jpe?g|jpe|jfif|png|gif|bmp|dib|webp|hei[cf]|avif|tiff?"
            + "|p[pgbna]m|jp2|j2k|jpf|jpx|jxl|tga|ico|psd|svg)");

    /** A video's thumbnail, which is a JPEG, and what cameras store beside a JPEG, which begins like TIFF. */
    private static final Predicate<String> BESIDE_PHOTO = Folder.named(".*\\.(thm|dng|cr2|nef|nrw|arw|sr2|orf|rw2|pef|srw|raw)");
    private static final String IMAGE_START = "(?s)(\u00ff\u00d8\u00ff|\u0089PNG|GIF8|RIFF....WEBP|II\\*\0|MM\0\\*"
            + "|....ftyp(avif|hei.|hev.|mif1|msf1)).*";
    private static final String LFS_POINTER = "version https://git-lfs";
    private static final String CONVERT = " is not supported: convert it to PNG, as ImageMagick's mogrify -format png does";

    private ImageFiles() {}

    /** Whether a file is named or begins like an image. */
    static boolean mayBePhoto(Path file) {
        if (isNamedAsImage(file)) {
            return true;
        }
        if (BESIDE_PHOTO.test(Folder.name(file))) {
            return false;
        }
        try {
            String start = start(file);
            return start.matches(IMAGE_START) || isBmp(start, Files.size(file));
        } catch (IOException unreadable) {
            return false;
        }
    }

    static boolean isNamedAsImage(Path file) {
        return IMAGE.test(Folder.name(file));
    }

    /** After two letters stands the file's size, which no text has there. */
    private static boolean isBmp(String start, long size) {
        return start.startsWith("BM") && start.length() >= 6
                && ByteBuffer.wrap(start.getBytes(StandardCharsets.ISO_8859_1)).order(ByteOrder.LITTLE_ENDIAN).getInt(2) == size;
    }

    /** Why a file could not be read, in a few words, the same for all such files. */
    static String reason(Path file, IOException e) {
        if (!Files.isReadable(file)) {
            return "no permission to read it";
        }
        try {
            String start = start(file);
            String format = otherFormat(start, Folder.name(file).toLowerCase(Locale.ROOT));
            if (start.startsWith(LFS_POINTER)) {
                return "Git LFS has the photo, this is its pointer: run git lfs pull where it comes from, and zip that";
            }
            if (format != null) {
                return format + CONVERT;
            }
        } catch (IOException unreadable) {
            // told below
        }
        return e.getMessage() == null ? e.getClass().getSimpleName()
                : e.getMessage().replace(file.toString(), "").replaceFirst("^[ :(]*(.*?)[ )]*$", "$1").strip();
    }

    private static String otherFormat(String start, String name) {
        if (start.matches("(?s)\0\0\0\fjP  .*|\u00ffO\u00ffQ.*")) {
            return "JPEG 2000";
        }
        if (start.matches("(?s)\0\0\0\fJXL .*|\u00ff\n.*")) {
            return "JPEG XL";
        }
        if (start.startsWith("8BPS")) {
            return "PSD (Photoshop)";
        }
        if (start.startsWith("\0\0\1\0")) {
            return "ICO";
        }
        if (name.endsWith(".svg")) {
            return "SVG";
        }
        return name.endsWith(".tga") && start.matches("(?s).[\0\1][\1-\u000b].*") ? "TGA" : null;
    }

    private static String start(Path file) throws IOException {
        try (InputStream in = new FileInputStream(file.toFile())) {
            return new String(in.readNBytes(32), StandardCharsets.ISO_8859_1);
        }
    }
}
