package tutorial.files;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

/**
 * The names of a zip's entries. An entry may say that its name is UTF-8, by a flag or by Info-ZIP's field "Unicode Path".
 * Names that say nothing are read as UTF-8 if all of them can be, as macOS writes them, and else as CP437, DOS's encoding.
 * That may be wrong, but has one character for each byte: different names stay different.
 */
final class ZipNames {
    private static final Charset CP437 = Charset.forName("IBM437");

    /** Perhaps none: in Shift-JIS, GBK and Big5 the second byte of a character may be that of a backslash. */
    private static final Pattern DOUBTFUL_BACKSLASH = Pattern.compile("(?<=\\P{ASCII})\\\\");

    /** Is in no name of CP437, and separates folders on no system. */
    private static final String FULL_WIDTH_BACKSLASH = "\uff3c";

    private final boolean areUtf8;

    ZipNames(List<ZipArchiveEntry> entries) {
        areUtf8 = entries.stream().allMatch(entry -> isSaid(entry) || isUtf8(entry.getRawName()));
    }

    /** The whole name of an entry, with the folders that it is in. */
    String of(ZipArchiveEntry entry) {
        if (isSaid(entry)) {
            return entry.getName();
        }
        return areUtf8 ? new String(entry.getRawName(), StandardCharsets.UTF_8)
                : DOUBTFUL_BACKSLASH.matcher(new String(entry.getRawName(), CP437)).replaceAll(FULL_WIDTH_BACKSLASH);
    }

    /** Whether the name may be wrong. */
    boolean isGuessed(ZipArchiveEntry entry) {
        return !areUtf8 && !isSaid(entry) && !StandardCharsets.US_ASCII.newEncoder().canEncode(of(entry));
    }

    private static boolean isSaid(ZipArchiveEntry entry) {
        return entry.getNameSource() != ZipArchiveEntry.NameSource.NAME;
    }

    private static boolean isUtf8(byte[] name) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
