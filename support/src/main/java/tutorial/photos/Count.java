package tutorial.photos;

/** Numbers of things in a sentence. */
public final class Count {
    private Count() {}

    /** Such as 1 file, 2 files, 2 classes. */
    public static String of(long count, String noun) {
        return count + " " + (count == 1 ? noun : noun.endsWith("s") ? noun + "es" : noun + "s");
    }
}
