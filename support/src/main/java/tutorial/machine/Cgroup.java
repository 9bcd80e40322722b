package tutorial.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The control groups of Linux that this process is in, by which containers and services are limited. Elsewhere there are none.
 *
 * @param trees where the groups are as folders: one tree for each controller (version 1) or one in all (version 2)
 * @param own the file that names this process's place in them; a container may see only the part from there on
 */
record Cgroup(Path trees, Path own) {
    static final Cgroup OWN = new Cgroup(Path.of("/sys/fs/cgroup"), Path.of("/proc/self/cgroup"));
    private static final Pattern LINE = Pattern.compile("(?m)^\\d+:([^:]*):/?(?:\\.\\./?)*(.*)$");

    /**
     * The text of a file in each group that has it, from the innermost group outwards.
     *
     * @param controller as "cpu" or "memory"
     */
    List<String> read(String controller, String file) {
        List<String> texts = new ArrayList<>();
        try {
            for (MatchResult line : LINE.matcher(Files.readString(own)).results().toList()) {
                String controllers = line.group(1);
                if (controllers.isEmpty() || List.of(controllers.split(",")).contains(controller)) {
                    Path tree = trees.resolve(controllers);
                    for (Path group = tree.resolve(line.group(2)); group.startsWith(tree); group = group.getParent()) {
                        if (Files.exists(group.resolve(file))) {
                            texts.add(Files.readString(group.resolve(file)).strip());
                        }
                    }
                }
            }
            return texts;
        } catch (IOException notLinux) {
            return texts;
        }
    }
}
