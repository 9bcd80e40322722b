package tutorial.training;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a section of the notebook made of each run of the race.
 *
 * @param <T> what it made
 */
public final class ByRun<T> {
    private final String section;
    private final Map<Run, T> made = new LinkedHashMap<>();

    /** @param section its heading */
    public ByRun(String section) {
        this.section = section;
    }

    public void put(Run run, T of) {
        made.put(run, of);
    }

    /** @throws IllegalStateException in one line, if the run took the place of the one that the section knew */
    public T get(Run run) {
        if (!made.containsKey(run)) {
            throw new IllegalStateException(run.name() + " was run after \"" + section + "\". Run that section again.");
        }
        return made.get(run);
    }

    public Set<Run> runs() {
        return made.keySet();
    }

    public Collection<T> values() {
        return made.values();
    }
}
