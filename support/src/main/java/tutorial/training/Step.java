package tutorial.training;

import java.util.Map;

/**
 * One step of a {@link Run}, as the {@link Recorder} timed it.
 *
 * @param epoch from 1
 * @param images in its batch
 * @param seconds that it took
 * @param wall seconds with the moments in which the clock stood still, such as drawing the progress line
 * @param parts seconds of each part of the step; where only stretches of several steps were timed, of waiting for data alone
 * @param loss the batch's mean cross-entropy
 * @param correct images of the batch that the network classified rightly
 */
public record Step(int epoch, int images, double seconds, double wall, Map<String, Double> parts, double loss, long correct) {
    /** Whether each of its parts was timed. */
    boolean isInParts() {
        return parts.containsKey(Run.COMPUTING);
    }

    /** Seconds of one part, 0 where the step does not have it. */
    public double part(String name) {
        return parts.getOrDefault(name, 0.0);
    }
}
