package tutorial.photos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A folder's name that says which split it is, as test, x_train, trainingSet or fold 2.
 *
 * @param rest what the name says besides
 */
record SplitName(Kind kind, Set<String> rest) {
    enum Kind {
        TEST("(tests?|testing|teste|testes|prueba|pruebas|prova|essai|holdout)(set|data|images?)?|(测试|測試|テスト)\\p{L}*"),
        VALIDATION("(val|valid|valida[ct]\\w*|validierung|dev|eval|evaluation)(set|data|images?)?|(验证|驗證|検証)\\p{L}*"),
        TRAINING("(train|training|trainval|learn|learning|treino|entrena\\w+|apprentissage|pred|predict|predictions?)(set|data|images?)?"
                + "|(训练|訓練|学習)\\p{L}*"),
        FOLD("fold|part");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    private static final String AROUND = "seg|set|data|dataset|images?|imgs?|photos?|pictures?";

    static Optional<SplitName> of(String folder) {
        String[] words = folder.replaceAll("(?<=\\p{Ll})(?=\\p{Lu})", " ").toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{M}]+");
        for (String word : words) {
            for (Kind kind : Kind.values()) {
                if (word.matches(kind.word) && (kind != Kind.FOLD || folder.matches(".*\\d.*"))) {
                    Set<String> rest = new TreeSet<>(Arrays.asList(words));
                    rest.removeIf(other -> other.equals(word) || other.isEmpty() || other.matches(AROUND));
                    return Optional.of(new SplitName(kind, rest));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether the name says nothing but that. */
    static boolean isAll(String folder) {
        return of(folder).filter(name -> name.rest.isEmpty()).isPresent();
    }

    static boolean is(Kind kind, String folder) {
        return of(folder).filter(name -> name.kind == kind).isPresent();
    }

    /** Whether folders side by side are splits of one set: of different kinds, or folds, and besides all are named alike. */
    static boolean areAll(List<String> folders) {
        List<SplitName> names = new ArrayList<>();
        folders.forEach(folder -> of(folder).ifPresent(names::add));
        Stream<Kind> kinds = names.stream().map(SplitName::kind).distinct();
        return folders.size() > 1 && names.size() == folders.size()
                && (kinds.count() > 1 || names.get(0).kind == Kind.FOLD)
                && names.stream().map(SplitName::rest).filter(rest -> !rest.isEmpty()).distinct().count() <= 1;
    }
}
