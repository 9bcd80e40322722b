package tutorial.training;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a device trains.
 *
 * @param layout of its arrays
 * @param precision of the numbers in them
 * @param changes to what DJL's own pieces do
 */
public record Format(Layout layout, Precision precision, Set<Change> changes) {
    /** With all changes of the race. */
    public Format(Layout layout, Precision precision) {
        this(layout, precision, Change.racing());
    }

    public boolean has(Change change) {
        return changes.contains(change);
    }

    Format with(Change change) {
        return new Format(layout, precision, Stream.concat(changes.stream(), Stream.of(change)).collect(Collectors.toUnmodifiableSet()));
    }

    /** The same without one of the changes, to measure what that brings. */
    public Format without(Change change) {
        return new Format(layout, precision, changes.stream().filter(other -> other != change).collect(Collectors.toUnmodifiableSet()));
    }
}
