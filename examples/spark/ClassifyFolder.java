import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import tutorial.photos.DecodedAhead;
import tutorial.training.ModelFolder;

/**
 * Says what is on each photo in a folder and those below it, with a network that the notebook has trained and saved: on all
 * cores of this machine, or on a cluster of Apache Spark. The answers go into a folder of Parquet files, a row for each
 * photo: its path, and either class and probability or the reason why it could not be read.
 *
 * <p>See docs/scale.md for how to start it.
 */
public final class ClassifyFolder {
    private static final StructType COLUMNS = StructType.fromDDL("path STRING, class STRING, probability DOUBLE, error STRING");
    /** What is done again where a machine is lost, seconds of work; and one Parquet file. */
    private static final int PHOTOS_A_TASK = 1000;
    /** For each task: on S3 or HDFS most of the time is waiting. */
    private static final int READERS = 4;
    private static final long PROGRESS_SECONDS = 10;

    private ClassifyFolder() {}

    /** @param arguments the folder of the model, that of the photos, and the one to be made for the answers */
    public static void main(String[] arguments) {
        List<String> folders = Classify.withoutPrecision(arguments);
        if (folders.size() != 3) {
            System.err.println("Usage: ClassifyFolder [--precision float32|bfloat16] MODEL_FOLDER PHOTO_FOLDER ANSWERS");
            System.exit(2);
        }
        SparkConf conf = new SparkConf().setAppName("classify photos")
                .setIfMissing("spark.master", "local[*]").setIfMissing("spark.log.level", "WARN");
        try {
            String precision = Classify.precision(arguments);
            Map<String, byte[]> model = read(Path.of(folders.get(0)));
            try (SparkSession spark = SparkSession.builder().config(conf).getOrCreate()) {
                Network.requireSound(Path.of(folders.get(0)), precision);
                classify(spark, model, precision, folders.get(1), folders.get(2));
            }
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void classify(SparkSession spark, Map<String, byte[]> model, String precision, String photos, String answers)
            throws IOException {
        var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Configuration hadoop = context.hadoopConfiguration();
        org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(answers);
        if (target.getFileSystem(hadoop).exists(target)) {
            throw new IOException(answers + ": is there already. Delete it, or name another folder for the answers.");
        }
        Broadcast<SerializableConfiguration> settings = context.broadcast(new SerializableConfiguration(hadoop));
        long begin = System.nanoTime();
        List<String> paths = list(photos, context, settings);
        System.out.printf(Locale.ROOT, "%s: %d files, listed in %.1f s%n", photos, paths.size(), seconds(begin));
        // Each executor fetches these once, and not with every task.
        Broadcast<Map<String, byte[]>> files = context.broadcast(model);
        LongAccumulator done = spark.sparkContext().longAccumulator("photos");
        int tasks = Math.max(context.defaultParallelism(), paths.size() / PHOTOS_A_TASK);
        var rows = context.parallelize(paths, tasks)
                .mapPartitions(some -> answers(some, Network.of(files.value(), precision), settings.value().value(), done));
        long start = System.nanoTime();
        Timer progress = tellEvery(PROGRESS_SECONDS, () -> told(done.value(), seconds(start)) + " of " + paths.size());
        try {
            spark.createDataFrame(rows, COLUMNS).write().parquet(answers);
        } finally {
            progress.cancel();
        }
        double seconds = seconds(start);

        Dataset<Row> written = spark.read().parquet(answers);
        long unread = written.where("error IS NOT NULL").count();
        System.out.println(answers + ": " + told(written.count(), seconds)
                + (unread == 0 ? "" : ", of which " + unread + " could not be read (see the column error)"));
    }

    private static String told(long photos, double seconds) {
        return String.format(Locale.ROOT, "%d photos in %.1f s, %.1f images/s", photos, seconds, photos / seconds);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** In the driver's log; counted when a task is over. */
    private static Timer tellEvery(long seconds, Supplier<String> line) {
        Timer timer = new Timer("progress", true);
        timer.scheduleAtFixedRate(new TimerTask() {
            @Override
            public void run() {
                System.err.println(line.get());
            }
        }, seconds * 1000, seconds * 1000);
        return timer;
    }

    /** A saved model's files, by name. */
    private static Map<String, byte[]> read(Path model) throws IOException {
        ModelFolder.classes(model);
        Map<String, byte[]> files = new HashMap<>();
        for (Path file : ModelFolder.files(Classify.NAME, model)) {
            files.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
        return files;
    }

    /** What is in a folder. */
    private record Listing(List<String> files, List<String> folders) implements Serializable {
        static Listing of(String folder, Configuration hadoop) throws IOException {
            Listing listing = new Listing(new ArrayList<>(), new ArrayList<>());
            org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(folder);
            RemoteIterator<FileStatus> children = path.getFileSystem(hadoop).listStatusIterator(path);
            while (children.hasNext()) {
                FileStatus child = children.next();
                if (child.isDirectory()) {
                    listing.folders.add(child.getPath().toString());
                } else if (!child.getPath().getName().startsWith(".")) {
                    listing.files.add(child.getPath().toString());
                }
            }
            return listing;
        }
    }

    /** All files in a folder and below: level by level, where the folders of one level are listed by all executors. */
    private static List<String> list(String photos, JavaSparkContext context, Broadcast<SerializableConfiguration> settings)
            throws IOException {
        List<String> paths = new ArrayList<>();
        List<Listing> level = List.of(Listing.of(photos, settings.value().value()));
        while (!level.isEmpty()) {
            level.forEach(listing -> paths.addAll(listing.files));
            List<String> folders = level.stream().flatMap(listing -> listing.folders.stream()).toList();
            level = folders.isEmpty() ? List.of() : context.parallelize(folders, Math.min(folders.size(), 4 * context.defaultParallelism()))
                    .map(folder -> Listing.of(folder, settings.value().value())).collect();
        }
        if (paths.isEmpty()) {
            throw new IOException(photos + ": has no files. Name a folder with photos in it.");
        }
        return paths;
    }

    /** The rows of one task. */
    private static Iterator<Row> answers(Iterator<String> paths, Network network, Configuration hadoop, LongAccumulator done)
            throws IOException {
        List<Row> rows = new ArrayList<>();
        int size = Classify.photoSize(network.model);
        Map<String, byte[]> batch = new LinkedHashMap<>();
        try (var predictor = network.model.newPredictor(new Classify.PhotosTranslator(network.model, network.classes));
                var decoded = new DecodedAhead<>(paths, READERS, 2 * Classify.BATCH, path -> pixels(path, size, hadoop))) {
            while (decoded.hasNext()) {
                var photo = decoded.next();
                if (photo.error() == null) {
                    batch.put(photo.name(), photo.pixels());
                } else {
                    rows.add(RowFactory.create(photo.name(), null, null, photo.error().getMessage()));
                }
                if (batch.size() == Classify.BATCH || !decoded.hasNext() && !batch.isEmpty()) {
                    rows.addAll(answers(batch, predictor));
                    batch.clear();
                }
                done.add(1);
            }
        }
        return rows.iterator();
    }

    /** A photo on any file system that Spark reads. The decoder reads local files, so that of another is copied. */
    private static byte[] pixels(String path, int size, Configuration hadoop) throws IOException {
        var file = new org.apache.hadoop.fs.Path(path);
        FileSystem files = file.getFileSystem(hadoop);
        if (files instanceof LocalFileSystem local) {
            return Classify.pixels(local.pathToFile(file).toPath(), size);
        }
        Path copy = Files.createTempFile("photo", null);
        try {
            try (InputStream in = files.open(file)) {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            return Classify.pixels(copy, size);
        } finally {
            Files.delete(copy);
        }
    }

    private static List<Row> answers(Map<String, byte[]> batch, Predictor<List<byte[]>, List<Classifications>> predictor) {
        try {
            List<Row> rows = new ArrayList<>();
            Iterator<Classifications> found = predictor.predict(List.copyOf(batch.values())).iterator();
            for (String path : batch.keySet()) {
                Classifications.Classification best = found.next().best();
                rows.add(RowFactory.create(path, best.getClassName(), best.getProbability(), null));
            }
            return rows;
        } catch (TranslateException e) {                                        // not the photos' fault: Spark tries again
            throw new IllegalStateException(batch.keySet() + ": " + e.getMessage(), e);
        }
    }

    /** One for each device in an executor, however many tasks it has at once. */
    private record Network(Model model, List<String> classes) {
        private static final Map<Device, Network> LOADED = new HashMap<>();

        static synchronized Network of(Map<String, byte[]> files, String precision) throws IOException {
            limitThreads();
            Device device = device(TaskContext.get().resourcesJMap().get("gpu"));
            if (!LOADED.containsKey(device)) {
                Path folder = Files.createTempDirectory("model");
                try {
                    for (Map.Entry<String, byte[]> file : files.entrySet()) {
                        Files.write(folder.resolve(file.getKey()), file.getValue());
                    }
                    LOADED.put(device, new Network(Classify.open(folder, device, precision), ModelFolder.classes(folder)));
                } finally {
                    for (String file : files.keySet()) {
                        Files.deleteIfExists(folder.resolve(file));
                    }
                    Files.delete(folder);
                }
            }
            return LOADED.get(device);
        }

        /** Before any task, so that a bad model costs no more than a line. */
        static void requireSound(Path folder, String precision) throws IOException {
            limitThreads();
            Classify.open(folder, Device.cpu(), precision).close();
        }

        /** A task has its cores to itself; PyTorch would take all of the machine for each. Read once, when PyTorch is loaded. */
        private static void limitThreads() {
            String threads = SparkEnv.get().conf().get("spark.task.cpus", "1");
            System.setProperty("ai.djl.pytorch.num_threads", threads);
            System.setProperty("ai.djl.pytorch.num_interop_threads", threads);
        }

        /** The GPU that Spark has given to the task, where PyTorch can use one. */
        private static Device device(ResourceInformation gpus) {
            if (gpus == null) {
                return Device.cpu();
            }
            int visible = Engine.getInstance().getGpuCount();
            int number = Integer.parseInt(gpus.addresses()[0]);
            if (number >= visible) {
                System.err.println("Spark has given this task GPU " + number + ", but PyTorch sees " + visible
                        + " GPUs. The CPU computes.");
                return Device.cpu();
            }
            return Device.gpu(number);
        }
    }
}
