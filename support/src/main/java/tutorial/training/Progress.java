package tutorial.training;

/**
 * How far a training has come.
 *
 * @param epoch the epoch, from 1
 * @param images trained so far, in all epochs
 * @param seconds so far
 * @param loss this epoch's mean loss so far
 * @param accuracy share of this epoch's images classified correctly, 0 to 1
 */
public record Progress(int epoch, int epochs, long images, long totalImages, double seconds, double loss, double accuracy) {}
