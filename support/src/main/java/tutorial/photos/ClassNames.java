package tutorial.photos;

import java.text.Normalizer;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Names of classes as a person compares them. */
final class ClassNames {
    private ClassNames() {}

    /** The same for names that differ only by case, the way in which accents are stored, or blanks and the like (not 1_0 and 10). */
    static String key(String name) {
        String key = Normalizer.normalize(name, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT)
                .replaceAll("(?<!\\d)[\\s_-]+|[\\s_-]+(?!\\d)", "");
        return key.isEmpty() ? name : key;
    }

    /** Names that are the same to a person, in groups. */
    static List<List<String>> alike(Collection<String> names) {
        return names.stream().collect(Collectors.groupingBy(ClassNames::key, TreeMap::new, Collectors.toList())).values().stream()
                .filter(group -> group.size() > 1).toList();
    }
}
