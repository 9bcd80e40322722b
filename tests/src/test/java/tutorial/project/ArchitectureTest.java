package tutorial.project;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tutorial.kernel.Libraries;
import tutorial.testing.Notebook;
import tutorial.testing.Project;

/** What a package of support/ may know of the others, keep in static fields and make public. */
class ArchitectureTest {
    /** From the bottom up: each knows only those before it, so there is no circle. */
    private static final List<String> ORDER = List.of("files", "machine", "photos", "training", "page");
    /** And kernel, which knows no other package, since it is compiled before the libraries are there; and none knows it. */
    private static final List<String> PACKAGES = List.of("files", "machine", "photos", "training", "page", "kernel");

    /** State that belongs to the process, and why. */
    private static final Map<String, String> STATIC_STATE = Map.of(
            "machine.TrainingThread$Own.THREAD", "malloc keeps the memory of this one thread",
            "machine.TrainingThread.ONE_AT_A_TIME", "PyTorch's threads are the process's: two trainings would time each other",
            "machine.TrainingThread.stopRequested", "the kernel has one stop button",
            "machine.TrainingThread.stoppedAt", "the cells that wait behind a stopped one come from the kernel, one by one",
            "photos.ImageDecoder.FREE_KILOBYTES", "all threads that decode share Java's heap");

    /** Maven leaves classes whose source is gone. */
    private static final JavaClasses SUPPORT = new ClassFileImporter()
            .importUrl(Libraries.class.getProtectionDomain().getCodeSource().getLocation())
            .that(describe("have a source", one -> Files.exists(Project.SOURCE.resolve("support/src/main/java")
                    .resolve(one.getPackageName().replace('.', '/')).resolve(one.getSource().orElseThrow().getFileName().orElseThrow()))));

    @Test
    void eachPackageHasItsPlaceInTheOrder() {
        assertEquals(Set.copyOf(PACKAGES),
                SUPPORT.stream().map(one -> one.getPackageName().replace("tutorial.", "")).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @FieldSource("PACKAGES")
    void aPackageKnowsOnlyThoseBelowIt(String name) {
        List<String> known = ORDER.subList(0, Math.max(0, ORDER.indexOf(name)));
        String[] unknown = PACKAGES.stream().filter(other -> !other.equals(name) && !known.contains(other))
                .map(other -> "tutorial." + other).toArray(String[]::new);
        noClasses().that().resideInAPackage("tutorial." + name).should().dependOnClassesThat().resideInAnyPackage(unknown).check(SUPPORT);
    }

    @Test
    void whatIsStaticDoesNotChange() {
        Set<String> state = SUPPORT.stream().flatMap(one -> one.getFields().stream()).filter(ArchitectureTest::isState)
                .map(field -> field.getFullName().replace("tutorial.", "")).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(STATIC_STATE.keySet()), state);
    }

    /** Of a collection the value is looked at, since those that cannot be changed have the same types. */
    private static boolean isState(JavaField field) {
        JavaClass type = field.getRawType();
        if (!has(field, JavaModifier.STATIC) || has(field, JavaModifier.SYNTHETIC)) {
            return false;
        }
        if (has(field, JavaModifier.FINAL) && (type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class))) {
            return !value(field).getClass().getName().startsWith("java.util.ImmutableCollections$");
        }
        return !has(field, JavaModifier.FINAL) || type.isArray() || type.isAssignableTo(ThreadLocal.class)
                || type.getPackageName().startsWith("java.util.concurrent");
    }

    private static Object value(JavaField field) {
        try {
            Field itself = field.reflect();
            itself.setAccessible(true);
            return itself.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** By another package, a cell of the notebook, what the kernel loads or an example; or in the signature of what is. */
    @Test
    void onlyWhatIsUsedElsewhereIsPublic() throws IOException {
        String users = codeOfUsers();
        Predicate<String> isNamed = code -> Pattern.compile("\\b" + code + "\\b").matcher(users).find();
        List<JavaClass> open = SUPPORT.stream().filter(ArchitectureTest::isOpen).toList();
        Set<JavaClass> inSignatures = new HashSet<>();
        Set<String> unused = new TreeSet<>();
        for (JavaMember member : open.stream().flatMap(one -> one.getMembers().stream()).toList()) {
            JavaClass owner = member.getOwner();
            String code = member.getName().equals("<init>") ? "new " + owner.getSimpleName() : member.getName();
            Stream<JavaClass> from = member.getAccessesToSelf().stream().map(JavaAccess::getOriginOwner);
            if (!has(member, JavaModifier.PUBLIC)) {
                continue;
            }
            if (isGiven(member) || isNamed.test(code) || isElsewhere(from, owner)) {
                inSignatures.addAll(member.getAllInvolvedRawTypes());
            } else {
                unused.add(member.getFullName());
            }
        }
        for (JavaClass one : open) {
            Stream<JavaClass> from = one.getDirectDependenciesToSelf().stream().map(Dependency::getOriginClass);
            if (!isNamed.test(one.getSimpleName()) && !isElsewhere(from, one) && !inSignatures.contains(one)) {
                unused.removeIf(member -> member.startsWith(one.getName() + "."));
                unused.add(one.getName());
            }
        }
        assertEquals(Set.of(), unused, "can be package-private");
    }

    private static boolean isOpen(JavaClass one) {
        return one.getModifiers().contains(JavaModifier.PUBLIC) && one.getEnclosingClass().map(ArchitectureTest::isOpen).orElse(true);
    }

    private static boolean isElsewhere(Stream<JavaClass> users, JavaClass used) {
        return users.anyMatch(user -> !user.getPackage().equals(used.getPackage()));
    }

    /** Public without a word in the source, as parts of records and enums, or since a supertype says so. */
    private static boolean isGiven(JavaMember member) {
        JavaClass owner = member.getOwner();
        return has(member, JavaModifier.SYNTHETIC) || owner.isInterface()
                || owner.isRecord() && (member.getName().equals("<init>") || owner.tryGetField(member.getName()).isPresent())
                || owner.isEnum() && (member instanceof JavaField || member.getName().matches("values|valueOf"))
                || member instanceof JavaCodeUnit method && Stream.of(owner.getAllRawSuperclasses(), owner.getAllRawInterfaces())
                        .flatMap(Collection::stream).flatMap(above -> above.getMethods().stream())
                        .anyMatch(above -> above.getName().equals(method.getName())
                                && above.getRawParameterTypes().size() == method.getRawParameterTypes().size());
    }

    private static boolean has(JavaMember member, JavaModifier modifier) {
        return member.getModifiers().contains(modifier);
    }

    /** The code of the notebook's cells, of what the kernel loads, of the examples and of the comparison with PyTorch. */
    private static String codeOfUsers() throws IOException {
        StringBuilder code = new StringBuilder();
        new Project(Project.SOURCE).notebook().codeCells().stream().map(Notebook.Cell::source).forEach(code::append);
        for (String folder : List.of("support", "examples", "examples/spark", "compare")) {
            try (Stream<Path> files = Files.list(Project.SOURCE.resolve(folder))) {
                for (Path file : files.filter(one -> one.toString().matches(".*\\.(jsh|java|py)")).toList()) {
                    code.append(Files.readString(file));
                }
            }
        }
        return code.toString();
    }
}
