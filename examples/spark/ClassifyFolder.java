import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.io.InputStream;
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
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
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
    /** What is done again where a machine is lost, about half a minute's work; and one Parquet file. */
    private static final int PHOTOS_A_TASK = 1000;
    /** Photos that go through the network together. */
    private static final int BATCH = 8;

    private ClassifyFolder() {}

    /** @param arguments the folder of the model, that of the photos, and the one to be made for the answers */
    public static void main(String[] arguments) {
        if (arguments.length != 3) {
            System.err.println("Usage: ClassifyFolder MODEL_FOLDER PHOTO_FOLDER ANSWERS");
            System.exit(2);
        }
        SparkConf conf = new SparkConf().setAppName("classify photos")
                .setIfMissing("spark.master", "local[*]").setIfMissing("spark.log.level", "WARN");
        try (SparkSession spark = SparkSession.builder().config(conf).getOrCreate()) {
            classify(spark, Path.of(arguments[0]), arguments[1], arguments[2]);
        } catch (IOException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void classify(SparkSession spark, Path model, String photos, String answers) throws IOException {
        var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Configuration hadoop = context.hadoopConfiguration();
        org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(answers);
        if (target.getFileSystem(hadoop).exists(target)) {
            throw new IOException(answers + ": is there already. Delete it, or name another folder for the answers.");
        }
        List<String> paths = list(new org.apache.hadoop.fs.Path(photos), hadoop);
        // Each executor fetches these once, and not with every task.
        Broadcast<Map<String, byte[]>> files = context.broadcast(read(model));
        Broadcast<SerializableConfiguration> settings = context.broadcast(new SerializableConfiguration(hadoop));
        int tasks = Math.max(context.defaultParallelism(), paths.size() / PHOTOS_A_TASK);
        var rows = context.parallelize(paths, tasks)
                .mapPartitions(some -> answers(some, Network.of(files.value()), settings.value().value()));
        long begin = System.nanoTime();
        spark.createDataFrame(rows, COLUMNS).write().parquet(answers);
        double seconds = (System.nanoTime() - begin) / 1e9;

        Dataset<Row> written = spark.read().parquet(answers);
        long unread = written.where("error IS NOT NULL").count();
        System.out.printf(Locale.ROOT, "%s: %d photos in %.1f s%s%n", answers, written.count(), seconds,
                unread == 0 ? "" : ", of which " + unread + " could not be read (see the column error)");
    }

    /** A saved model's files, by name. */
    private static Map<String, byte[]> read(Path model) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        for (Path file : ModelFolder.files(Classify.NAME, model)) {
            files.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
        return files;
    }

    private static List<String> list(org.apache.hadoop.fs.Path folder, Configuration hadoop) throws IOException {
        List<String> paths = new ArrayList<>();
        RemoteIterator<LocatedFileStatus> files = folder.getFileSystem(hadoop).listFiles(folder, true);
        while (files.hasNext()) {
            org.apache.hadoop.fs.Path file = files.next().getPath();
            if (!file.getName().startsWith(".")) {
                paths.add(file.toString());
            }
        }
        if (paths.isEmpty()) {
            throw new IOException(folder + ": has no files. Name a folder with photos in it.");
        }
        return paths;
    }

    /** The rows of one task. */
    private static Iterator<Row> answers(Iterator<String> paths, Network network, Configuration hadoop) throws IOException {
        List<Row> rows = new ArrayList<>();
        Path copy = Files.createTempFile("photo", null);
        try (var predictor = network.model.newPredictor(new Classify.PhotoTranslator(network.model, network.classes))) {
            Map<String, byte[]> batch = new LinkedHashMap<>();
            while (paths.hasNext()) {
                String path = paths.next();
                try {
                    batch.put(path, pixels(path, copy, Classify.photoSize(network.model), hadoop));
                } catch (IOException unread) {
                    rows.add(RowFactory.create(path, null, null, unread.getMessage()));
                }
                if (batch.size() == BATCH || !paths.hasNext() && !batch.isEmpty()) {
                    rows.addAll(answers(batch, predictor));
                    batch.clear();
                }
            }
        } finally {
            Files.delete(copy);
        }
        return rows.iterator();
    }

    /** @param copy takes the photo, which may lie on any file system that Spark reads, for a decoder that reads local files */
    private static byte[] pixels(String path, Path copy, int size, Configuration hadoop) throws IOException {
        var file = new org.apache.hadoop.fs.Path(path);
        try (InputStream in = file.getFileSystem(hadoop).open(file)) {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        return Classify.pixels(copy, size);
    }

    private static List<Row> answers(Map<String, byte[]> batch, Predictor<byte[], Classifications> predictor) {
        List<Row> rows = new ArrayList<>();
        try {
            Iterator<Classifications> found = predictor.batchPredict(List.copyOf(batch.values())).iterator();
            for (String path : batch.keySet()) {
                Classifications.Classification best = found.next().best();
                rows.add(RowFactory.create(path, best.getClassName(), best.getProbability(), null));
            }
            return rows;
        } catch (TranslateException e) {                                        // not the photos' fault: Spark tries again
            throw new IllegalStateException(batch.keySet() + ": " + e.getMessage(), e);
        }
    }

    /** One in an executor, however many tasks it has at once. */
    private record Network(Model model, List<String> classes) {
        private static Network loaded;

        static synchronized Network of(Map<String, byte[]> files) throws IOException {
            if (loaded == null) {
                // A task has its cores to itself; PyTorch would take all of the machine for each.
                String threads = SparkEnv.get().conf().get("spark.task.cpus", "1");
                System.setProperty("ai.djl.pytorch.num_threads", threads);
                System.setProperty("ai.djl.pytorch.num_interop_threads", threads);
                Path folder = Files.createTempDirectory("model");
                try {
                    for (Map.Entry<String, byte[]> file : files.entrySet()) {
                        Files.write(folder.resolve(file.getKey()), file.getValue());
                    }
                    loaded = new Network(Classify.open(folder), ModelFolder.classes(folder));
                } finally {
                    for (String file : files.keySet()) {
                        Files.deleteIfExists(folder.resolve(file));
                    }
                    Files.delete(folder);
                }
            }
            return loaded;
        }
    }
}
