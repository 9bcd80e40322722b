package tutorial.training;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Which settings each stage of the notebook was made with. Cells can be run in any order: one that would build on a stage made
 * with other settings is refused, since its figures would be of neither.
 */
public final class Prepared {
    private final Set<Stage> begun = EnumSet.noneOf(Stage.class);
    private final Map<Stage, Settings> done = new EnumMap<>(Stage.class);

    /**
     * Begins a stage, or begins it anew.
     *
     * @param now the settings as they are
     * @return these
     * @throws IllegalStateException in one line, if a stage before was made with others or has not come to its end
     */
    public Settings begin(Stage stage, Settings now) {
        for (Stage before : begun) {
            if (before.compareTo(stage) < 0) {
                requireMadeWith(now, before);
            }
        }
        if (done.containsKey(stage) && now.differing(done.get(stage), stage.madeFrom()) != null) {
            done.remove(stage);
        }
        begun.add(stage);
        return now;
    }

    /** Ends a stage, begun or not: what it makes is there, made with these settings. Refuses what {@link #begin} does. */
    public void end(Stage stage, Settings now) {
        done.put(stage, begin(stage, now));
    }

    private void requireMadeWith(Settings now, Stage before) {
        String section = '"' + before.section() + '"';
        Settings then = done.get(before);
        if (then == null) {
            throw new IllegalStateException(section + " has not come to its end with these settings. Run it first, and what is below it.");
        }
        String name = now.differing(then, before.madeFrom());
        if (name != null) {
            throw new IllegalStateException(now.inWords(name) + " now, but " + section + " was run with " + then.inWords(name)
                    + ". Run it again, and what is below it.");
        }
    }
}
