package tutorial.training;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

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
        return changed(change, true);
    }

    /** The same without one of the changes, to measure what that brings. */
    public Format without(Change change) {
        return changed(change, false);
    }

    private Format changed(Change change, boolean has) {
        Set<Change> others = copy(changes);
        if (has) {
            others.add(change);
        } else {
            others.remove(change);
        }
        return new Format(layout, precision, Collections.unmodifiableSet(others));
    }

    private static Set<Change> copy(Collection<Change> changes) {
        Set<Change> copy = EnumSet.noneOf(Change.class);
        copy.addAll(changes);
        return copy;
    }
}
