package tutorial.files;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.UnicodePathExtraField;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

/**
 * The names of a zip's entries. An entry may say that its name is UTF-8, by a flag or by Info-ZIP's field "Unicode Path".
 * Names that say nothing are read as UTF-8 if all of them can be, as macOS writes them, and else as CP437, DOS's encoding.
 * That may be wrong, but has one character for each byte: different names stay different.
 */
public final class ZipNames {
    private static final Charset CP437 = Charset.forName("IBM437");

    /** Perhaps none: in Shift-JIS, GBK and Big5 the second byte of a character may be that of a backslash. */
    private static final Pattern DOUBTFUL_BACKSLASH = Pattern.compile("(?<=\\P{ASCII})\\\\");

    /** Is in no name of CP437, and separates folders on no system. */
    private static final String FULL_WIDTH_BACKSLASH = "\uff3c";

    private final boolean areUtf8;

    private ZipNames(boolean areUtf8) {
        this.areUtf8 = areUtf8;
    }

    public static ZipNames of(List<ZipArchiveEntry> entries) {
        return new ZipNames(entries.stream().allMatch(entry -> said(entry).or(() -> utf8(entry.getRawName())).isPresent()));
    }

    /** The whole name of an entry, with the folders that it is in. */
    public String of(ZipArchiveEntry entry) {
        return said(entry).or(() -> areUtf8 ? utf8(entry.getRawName()) : Optional.empty()).orElseGet(
                () -> DOUBTFUL_BACKSLASH.matcher(new String(entry.getRawName(), CP437)).replaceAll(FULL_WIDTH_BACKSLASH));
    }

    /** Whether the name may be wrong. */
    public boolean isGuessed(ZipArchiveEntry entry) {
        return !areUtf8 && said(entry).isEmpty() && !StandardCharsets.US_ASCII.newEncoder().canEncode(of(entry));
    }

    private static Optional<String> said(ZipArchiveEntry entry) {
        if (entry.getExtraField(UnicodePathExtraField.UPATH_ID) instanceof UnicodePathExtraField path
                && path.getNameCRC32() == checksum(entry.getRawName())) {       // else a tool changed the name and left the field
            return utf8(path.getUnicodeName());
        }
        return entry.getGeneralPurposeBit().usesUTF8ForNames() ? utf8(entry.getRawName()) : Optional.empty();
    }

    private static long checksum(byte[] name) {
        CRC32 sum = new CRC32();
        sum.update(name);
        return sum.getValue();
    }

    private static Optional<String> utf8(byte[] name) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
