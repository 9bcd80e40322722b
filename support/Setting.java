/** Checks the notebook's settings: a bad value ends in one line that names the setting, its value and the remedy. */
public final class Setting {
    private Setting() {}

    /** @throws IllegalArgumentException unless {@code least <= value <= most} */
    public static void between(String name, long value, long least, long most) {
        require(value >= least && value <= most, name, value, "a whole number from " + least + " to " + most);
    }

    /** @throws IllegalArgumentException unless {@code 0 < value <= most}; NaN is refused too */
    public static void positive(String name, double value, double most) {
        require(value > 0 && value <= most, name, value, "a number above 0, at most " + most);
    }

    /** @throws IllegalArgumentException unless {@code 0 <= value < 1}; NaN is refused too */
    public static void fraction(String name, double value) {
        require(value >= 0 && value < 1, name, value, "at least 0 and below 1");
    }

    /** @throws IllegalArgumentException if the text is null or blank */
    public static void text(String name, String value) {
        require(value != null && !value.isBlank(), name, '"' + String.valueOf(value) + '"', "given");
    }

    /** @throws IllegalArgumentException unless the name is {@code cpu}, or {@code gpu} and a number */
    public static void device(String name, String value) {
        require(value != null && value.matches("cpu|gpu\\d{1,3}"), name, '"' + String.valueOf(value) + '"',
                "\"cpu\", or \"gpu0\" for the first GPU");
    }

    private static void require(boolean good, String name, Object value, String rule) {
        if (!good) {
            throw new IllegalArgumentException(
                    name + " = " + value + ": must be " + rule + ". Change it in section 3, Settings.");
        }
    }
}
