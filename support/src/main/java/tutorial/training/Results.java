package tutorial.training;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.nio.file.Path;
import java.util.Map;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tutorial.files.ResultsFolder;
import tutorial.machine.Machine;
import tutorial.photos.PhotoSplit;

/** The runs of the race as rows of results, see {@link ResultsFolder}. */
public final class Results {
    private Results() {}

    /**
     * A row for each run.
     *
     * @param predictions for the test set, where there is one, else for the photos trained on
     * @param peaks what each device can do at most
     * @param split the photos trained on, and the test set
     * @param weights that the runs began with, see {@link Weights#origin}
     */
    public static Table of(Race race, Settings settings, ByRun<Predictions> predictions,
            Map<TrainingDevice, Roofline> peaks, double flopPerImage, PhotoSplit split, String weights) {
        Table results = ResultsFolder.emptyTable().setName("This run");
        String date = LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString();
        for (Run run : race.runs()) {
            TrainingDevice on = run.on();
            Run lastEpoch = run.epoch(run.lastEpoch());
            Row row = results.appendRow();
            row.setString("date", date);
            row.setString("data", Path.of(settings.dataZip()).getFileName().toString());
            row.setInt("photos", split.training().size());
            row.setInt("epochs", settings.epochs());
            row.setInt("batch", settings.batchSize());
            row.setInt("image size", settings.imageSize());
            row.setString("weights", weights);
            row.setString("device", on.name());
            row.setString("processor", on.processor());
            row.setString("machine", Machine.summary());
            row.setString("data loading", run.key().loading().toString());
            row.setString("precision", Autocast.numbers(on.device(), race.format(on).precision()));
            row.setString("layout", race.format(on).layout().toString());
            row.setLong("images", run.images());
            row.setDouble("preparation, s", run.caching());
            row.setDouble("seconds", run.seconds());
            row.setDouble("wall clock, s", run.wallSeconds());
            row.setDouble("images/s", run.imagesPerSecond());
            row.setDouble("spread of images/s", run.rate().spread());
            row.setDouble("spread of compute only, images/s", race.computeOnly(on).rate().spread());
            row.setDouble("compute only, images/s", race.computeOnly(on).imagesPerSecond());
            row.setDouble("median step, ms", 1000 * run.medianStep());
            row.setDouble("spread of steps, ms", 1000 * run.spread());
            row.setDouble("waiting for data, %", 100 * race.waiting(run).share());
            row.setDouble("loss", lastEpoch.loss());
            row.setDouble("accuracy, %", 100 * lastEpoch.accuracy());
            if (run.weights() != null && !split.test().isEmpty()) {
                row.setDouble("test accuracy, %", 100 * predictions.get(run).accuracy());
            }
            row.setDouble("speed-up", race.speedUp(run));
            row.setDouble("speed-up, compute only", race.computeOnlySpeedUp(on));
            row.setDouble("TFLOP/s", run.imagesPerSecond() * flopPerImage / 1e12);
            if (peaks.containsKey(on)) {
                row.setDouble("peak, TFLOP/s", peaks.get(on).arithmetic().best() / 1e12);
                row.setDouble("memory bandwidth, GB/s", peaks.get(on).memory().best() / 1e9);
            }
            row.setString("software", Machine.software());
            run.gpu().writeTo(row);
            run.cpu().writeTo(row);
        }
        return results;
    }
}
