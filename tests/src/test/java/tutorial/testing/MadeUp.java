package tutorial.testing;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tutorial.files.ResultsFolder;
import tutorial.photos.DataLoading;
import tutorial.photos.PhotoFolder;
import tutorial.training.Layout;
import tutorial.training.MeasuredRate;
import tutorial.training.Precision;
import tutorial.training.Race;
import tutorial.training.Rate;
import tutorial.training.Roofline;
import tutorial.training.Run;
import tutorial.training.Settings;
import tutorial.training.Step;
import tutorial.training.Throughput;
import tutorial.training.TrainingDevice;

/** Runs, rates, settings and photos that nobody measured or took, for tests of what is made of them. */
public final class MadeUp {
    /** Asked for nothing but its name. */
    public static final TrainingDevice GPU = new TrainingDevice("GPU", Device.gpu(0));
    public static final TrainingDevice STAND_IN = new TrainingDevice("CPU standing in for the GPU", Device.cpu());
    public static final int BATCH = 32;
    /** What the original trained on. */
    public static final long ORIGINAL_IMAGES = 6_621;

    private MadeUp() {}

    /** The notebook's own settings, but for some: each setting's name, followed by its value. */
    public static Settings settings(Object... changes) {
        Map<String, Object> values = new LinkedHashMap<>();
        put(values, "dataZip", "data/sneakers.zip", "epochs", 3, "batchSize", 32, "imageSize", 224, "secondDevice", "gpu0",
                "dataLoading", "both", "pretrained", true, "heldOut", 0.2, "maxUnzippedGB", 20.0, "maxSkippedShare", 0.5,
                "learningRate", 0.001f, "momentum", 0.9f, "seed", 2207L, "decoders", 2, "warmUpSteps", 2, "measureSeconds", 2.0,
                "stepsPerReading", 10, "layout", "faster", "precision", "float32", "sweepSeconds", 30,
                "pricePerHour", Map.of("CPU", 0.095, "T4", 0.445), "resultsFolder", "results", "modelsFolder", "models");
        put(values, changes);
        return Settings.of(values.entrySet().stream().flatMap(one -> Stream.of(one.getKey(), one.getValue())).toArray());
    }

    private static void put(Map<String, Object> values, Object... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
    }

    /** The CPU, and beside it some devices that train 5 times as fast, and 20 times on synthetic data. */
    public static Race race(TrainingDevice... others) {
        Race race = new Race(Stream.concat(Stream.of(TrainingDevice.CPU), Stream.of(others)).toList(), null, Precision.FLOAT32, true);
        race.add(TrainingDevice.CPU, Layout.NHWC, throughput(25));
        race.add(TrainingDevice.CPU, Layout.NCHW, throughput(20));
        race.add(run(TrainingDevice.CPU, DataLoading.ON_THE_FLY, 20));
        for (TrainingDevice on : others) {
            race.add(on, Layout.NHWC, throughput(500));
            race.add(on, Layout.NCHW, throughput(400));
            race.add(run(on, DataLoading.ON_THE_FLY, 100));
        }
        return race;
    }

    /** Two epochs of two steps, of which each part but the last takes its share of the time: 10, 20, 60 and 10 %. */
    public static Run run(TrainingDevice on, DataLoading loading, double rate) {
        return run(on, loading, rate, 1.4, 1.2, 1.0, 0.8);
    }

    /** The same with another loss for each step, two to an epoch. */
    public static Run run(TrainingDevice on, DataLoading loading, double rate, double... losses) {
        List<Step> steps = IntStream.range(0, losses.length)
                .mapToObj(i -> step(1 + i / 2, BATCH, BATCH / rate, losses[i], 8 * (1 + i / 2))).toList();
        return new Run(new Run.Key(on, loading), loading == DataLoading.CACHED ? 2 : 0, steps);
    }

    /** The same run, with weights that it has learned. */
    public static Run trained(Run run) {
        return new Run(run.key(), run.caching(), run.steps(), run.gpu(), run.cpu(), new byte[] {1, 2, 3});
    }

    public static Step step(int epoch, int images, double seconds, double loss, long correct) {
        Map<String, Double> parts = new LinkedHashMap<>();
        double[] shares = {0.1, 0.2, 0.6, 0.1, 0};
        for (int i = 0; i < shares.length; i++) {
            parts.put(Run.PARTS.get(i), shares[i] * seconds);
        }
        return new Step(epoch, images, seconds, 1.5 * seconds, parts, loss, correct);
    }

    /** A step of a stretch, of whose parts waiting alone is known: 10 %. */
    public static Step stretched(int images, double seconds, double loss) {
        return new Step(1, images, seconds, seconds, Map.of(Run.WAITING, 0.1 * seconds), loss, 0);
    }

    /** Whose repeats differ by a hundredth. */
    public static Throughput throughput(double rate) {
        return new Throughput(new Rate(rate, rate / 100), 1.25, Double.NaN, 1, 500);
    }

    /** A tenth below the best the median. */
    public static Roofline roofline(String numbers, double flops, double bytes) {
        return new Roofline(numbers, new MeasuredRate(flops, 0.9 * flops), new MeasuredRate(bytes, 0.9 * bytes));
    }

    /**
     * Results of a machine with a CPU and a GPU, in a folder for tests, since nothing that was not measured goes into results/:
     * each on the fly with as many images as the original, and cached with fewer.
     */
    public static void recordGpu(Path folder, String date, int imageSize, String precision) throws IOException {
        Table run = ResultsFolder.emptyTable();
        row(run, date, imageSize, "CPU", "on the fly", 20, 30, 1, 1, "float32");
        row(run, date, imageSize, "CPU", "cached", 40, 30, 1, 1, "float32");
        row(run, date, imageSize, "GPU", "on the fly", 100, 600, 5, 20, precision);
        row(run, date, imageSize, "GPU", "cached", 480, 600, 12, 20, precision);
        ResultsFolder.save(run, folder);
    }

    private static void row(Table run, String date, int imageSize, String device, String loading, double rate, double computeOnly,
            double speedUp, double computeOnlySpeedUp, String precision) {
        Row row = run.appendRow();
        long images = loading.equals("cached") ? 640 : ORIGINAL_IMAGES;
        Map.of("date", date, "device", device, "processor", device.equals("GPU") ? "A T4" : "A CPU",
                "machine", "8 cores, 30.0 GiB, Linux amd64", "data loading", loading, "precision", precision,
                "software", "DJL 0.36.0, PyTorch 2.7.1, Java 17").forEach(row::setString);
        row.setInt("image size", imageSize);
        row.setLong("images", images);
        Map.of("seconds", images / rate, "images/s", rate, "compute only, images/s", computeOnly, "speed-up", speedUp,
                "speed-up, compute only", computeOnlySpeedUp).forEach(row::setDouble);
    }

    /** One for each label. */
    public static List<PhotoFolder.Photo> photosOf(int... labels) {
        return IntStream.range(0, labels.length)
                .mapToObj(i -> new PhotoFolder.Photo(Path.of(i + ".png"), labels[i], "PNG", 4, 4, 100)).toList();
    }

    /** So many, each with its number as its label. */
    public static List<PhotoFolder.Photo> photos(int count) {
        return photosOf(IntStream.range(0, count).toArray());
    }
}
