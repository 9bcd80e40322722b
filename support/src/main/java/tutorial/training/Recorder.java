package tutorial.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import tutorial.page.ProgressLine;

/**
 * Keeps the time of a run and what its steps gave; the loop of the notebook calls it.
 *
 * <p>Reading the loss after every step would stall a GPU: its queue runs empty while Java waits. So the results of several
 * steps stay on the device and are read together, and the time of such a stretch is shared evenly among its steps.
 */
public final class Recorder {
    private record Unread(int epoch, int images, NDArray lossAndCorrect) {}

    private final Run run;
    private final int photos;
    private final int stepsPerReading;
    private final Stopwatch watch;
    private final NDManager results;
    private final ProgressLine progress;
    private final List<Unread> unread = new ArrayList<>();
    private long images;

    /**
     * @param run gets the steps
     * @param photos in an epoch
     * @param stepsPerReading how many steps make a stretch
     * @param results owns what has not been read yet
     */
    public Recorder(Run run, int photos, int stepsPerReading, Stopwatch watch, NDManager results, ProgressLine progress) {
        this.run = run;
        this.photos = photos;
        this.stepsPerReading = stepsPerReading;
        this.watch = watch;
        this.results = results;
        this.progress = progress;
    }

    /** The clock of the run, which times the parts of a step. */
    public Stopwatch watch() {
        return watch;
    }

    /** Images trained on so far: the next batch's labels begin there. */
    public long images() {
        return images;
    }

    /**
     * Keeps the result of a step, unread.
     *
     * @param lossAndCorrect two numbers, which may be still to be computed
     */
    public void keep(int batchSize, NDArray lossAndCorrect) {
        lossAndCorrect.attach(results);
        unread.add(new Unread(1 + (int) (images / photos), batchSize, lossAndCorrect));
        images += batchSize;
    }

    /** Reads the results at the end of a stretch or of the run, and draws the progress line while the clock stands still. */
    public void readIfDue(boolean last) {
        if (unread.size() < stepsPerReading && !last) {
            return;
        }
        read();
        Run epoch = run.epoch(run.lastEpoch());
        progress.update(run.lastEpoch(), images, run.seconds(), epoch.loss(), epoch.accuracy());
        watch.start();
    }

    private void read() {
        float[] numbers = numbers(new NDList(unread.stream().map(Unread::lossAndCorrect).toList()));
        watch.lap("reading back");
        double seconds = watch.seconds() / unread.size();
        double wall = watch.secondsWithPause() / unread.size();
        for (int i = 0; i < unread.size(); i++) {
            run.steps().add(new Step(unread.get(i).epoch(), unread.get(i).images(), seconds, wall,
                    watch.parts(unread.size()), numbers[2 * i], (long) numbers[2 * i + 1]));
        }
        unread.clear();
    }

    /** The numbers of several arrays, brought here together; the arrays are closed. */
    static float[] numbers(NDList arrays) {
        try (NDManager scratch = arrays.getManager().newSubManager()) {
            arrays.attach(scratch);
            return NDArrays.concat(arrays).toFloatArray();
        }
    }
}
