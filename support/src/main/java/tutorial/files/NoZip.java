package tutorial.files;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Tells what a file is that could not be opened as a zip. */
final class NoZip {
    private static final String WEB_PAGE = "(?s)(\\xEF\\xBB\\xBF)?\\s*<.*";
    private static final Map<String, String> OTHER_ARCHIVES = Map.of("\u001f\u008b", "a gzip file, such as a .tar.gz",
            "Rar!", "a RAR archive", "7z\u00bc\u00af", "a 7z archive");

    /** What the library says of the last part of a split archive; how the first one begins; and the names of others. */
    private static final String IN_PARTS = "Too many disks";
    private static final String FIRST_PART = "PK\u0007\b";
    private static final String LATER_PART = "(?is).*\\.z\\d\\d+";
    private static final String CUT_PART = "(?is).*\\.\\d{3}";

    private NoZip() {}

    static OneLineException explained(Path zip, Exception e) throws IOException {
        return new OneLineException(zip, explanation(zip.getFileName().toString(), start(zip), reason(e)), e);
    }

    static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static String start(Path zip) throws IOException {
        try (InputStream in = new FileInputStream(zip.toFile())) {
            return new String(in.readNBytes(512), StandardCharsets.ISO_8859_1);
        }
    }

    private static String explanation(String name, String start, String reason) {
        if (reason.startsWith(IN_PARTS) || start.startsWith(FIRST_PART) || name.matches(LATER_PART)) {
            String stem = name.replaceFirst("\\.[^.]*$", "");
            return joinParts("zip -s 0 " + stem + ".zip --out " + stem + "-whole.zip", stem + "-whole.zip");
        }
        if (name.matches(CUT_PART)) {
            String whole = name.replaceFirst("\\.\\d+$", "");
            return joinParts("cat " + whole + ".0* > " + whole, whole);
        }
        if (start.isEmpty()) {
            return "is an empty file. Copy it anew";
        }
        if (start.startsWith("PK")) {
            return "is cut off or damaged (" + reason.replaceFirst(".*not a ZIP archive", "its end is missing") + "). Copy it anew";
        }
        if (start.matches(WEB_PAGE)) {
            return "is not a zip archive (it is a web page, HTML). Download the zip itself";
        }
        return OTHER_ARCHIVES.entrySet().stream().filter(archive -> start.startsWith(archive.getKey())).findFirst()
                .map(archive -> "is not a zip archive (it is " + archive.getValue() + "). Unpack it and pack the class folders into a zip")
                .orElse("is not a zip archive. Pack the class folders into a zip");
    }

    private static String joinParts(String command, String whole) {
        return "is one part of a split archive. Put all parts into one folder, join them there with \"" + command
                + "\", and set dataZip to " + whole;
    }
}
