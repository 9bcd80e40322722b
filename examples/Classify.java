//JAVA 17+
//DEPS ai.djl.pytorch:pytorch-engine:0.36.0
//DEPS ai.djl.pytorch:pytorch-jni:2.7.1-0.36.0
//DEPS ai.djl.pytorch:pytorch-native-cpu:2.7.1:${pytorch.platform:linux-x86_64}
//DEPS org.bytedeco:leptonica:1.87.0-1.5.14:${leptonica.platform:linux-x86_64}
//DEPS com.twelvemonkeys.imageio:imageio-jpeg:3.14.0
//DEPS com.twelvemonkeys.imageio:imageio-webp:3.15.0
//DEPS com.twelvemonkeys.imageio:imageio-pnm:3.13.1
//DEPS org.slf4j:slf4j-nop:2.0.17
//SOURCES ../support/src/main/java/tutorial/files/OneLineException.java
//SOURCES ../support/src/main/java/tutorial/files/SafeTensors.java
//SOURCES ../support/src/main/java/tutorial/machine/Allocator.java
//SOURCES ../support/src/main/java/tutorial/machine/CpuFeatures.java
//SOURCES ../support/src/main/java/tutorial/machine/Cuda.java
//SOURCES ../support/src/main/java/tutorial/machine/DriverLibrary.java
//SOURCES ../support/src/main/java/tutorial/machine/Gpu.java
//SOURCES ../support/src/main/java/tutorial/machine/PyTorchVersion.java
//SOURCES ../support/src/main/java/tutorial/photos/AntialiasedResize.java
//SOURCES ../support/src/main/java/tutorial/photos/DecodedAhead.java
//SOURCES ../support/src/main/java/tutorial/photos/DecoderPool.java
//SOURCES ../support/src/main/java/tutorial/photos/ExifOrientation.java
//SOURCES ../support/src/main/java/tutorial/photos/ImageDecoder.java
//SOURCES ../support/src/main/java/tutorial/photos/JpegHeader.java
//SOURCES ../support/src/main/java/tutorial/photos/TurboJpeg.java
//SOURCES ../support/src/main/java/tutorial/training/Autocast.java
//SOURCES ../support/src/main/java/tutorial/training/BatchNorm2d.java
//SOURCES ../support/src/main/java/tutorial/training/FrugalSequential.java
//SOURCES ../support/src/main/java/tutorial/training/InPlace.java
//SOURCES ../support/src/main/java/tutorial/training/Inference.java
//SOURCES ../support/src/main/java/tutorial/training/Libtorch.java
//SOURCES ../support/src/main/java/tutorial/training/ModelFolder.java
//SOURCES ../support/src/main/java/tutorial/training/Precision.java
//SOURCES ../support/src/main/java/tutorial/training/TorchNames.java

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tutorial.machine.Allocator;
import tutorial.photos.AntialiasedResize;
import tutorial.photos.DecodedAhead;
import tutorial.photos.ImageDecoder;
import tutorial.training.BatchNorm2d;
import tutorial.training.FrugalSequential;
import tutorial.training.InPlace;
import tutorial.training.Inference;
import tutorial.training.ModelFolder;
import tutorial.training.Precision;

/**
 * Says what is on photos, with a network that the notebook has trained and saved. From the project's folder:
 *
 * <pre>mvn -q -pl examples -am compile exec:java -Dexec.args="models/sneakers photo.jpg ..."
 * jbang examples/Classify.java models/sneakers photo.jpg ...</pre>
 *
 * <p>It computes in bfloat16 where the CPU does, which is several times as fast, else in float32; {@code --precision float32} before the
 * folder has it compute in float32 anywhere.
 */
public final class Classify {
    /** What the notebook names its model. */
    static final String NAME = "resnet18";
    /** Photos that go through the network together: larger batches are hardly faster and take more memory. */
    static final int BATCH = 8;
    private static final String PRECISION = "--precision";

    private Classify() {}

    /** @param arguments the folder of the model, and photos */
    public static void main(String[] arguments) {
        List<String> named = withoutPrecision(arguments);
        if (named.size() < 2) {
            System.err.println("Usage: Classify [" + PRECISION + " float32|bfloat16] MODEL_FOLDER PHOTO...");
            System.exit(2);
        }
        try {
            classify(Path.of(named.get(0)), precision(arguments), named.subList(1, named.size()));
        } catch (IOException | TranslateException | IllegalArgumentException | UnsupportedOperationException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** The arguments but for the precision. */
    static List<String> withoutPrecision(String[] arguments) {
        return List.of(arguments).subList(precisionIsGiven(arguments) ? 2 : 0, arguments.length);
    }

    private static boolean precisionIsGiven(String[] arguments) {
        return arguments.length > 1 && arguments[0].equals(PRECISION);
    }

    /** "float32" or "bfloat16"; null where none is given, for what is fastest. */
    static String precision(String[] arguments) {
        if (!precisionIsGiven(arguments)) {
            return null;
        }
        if (!List.of("float32", "bfloat16").contains(arguments[1])) {
            throw new IllegalArgumentException(PRECISION + " " + arguments[1] + ": there are float32 and bfloat16.");
        }
        return arguments[1];
    }

    private static void classify(Path folder, String precision, List<String> photos) throws IOException, TranslateException {
        List<String> classes = ModelFolder.classes(folder);
        try (Model model = open(folder, Device.cpu(), precision)) {
            int size = photoSize(model);
            List<String> batch = new ArrayList<>();
            List<byte[]> pixels = new ArrayList<>();
            try (var predictor = model.newPredictor(new PhotosTranslator(model, classes));
                    var decoded = new DecodedAhead<>(photos.iterator(), JniUtils.getNumThreads(), 2 * BATCH,
                            photo -> pixels(Path.of(photo), size))) {
                while (decoded.hasNext()) {
                    DecodedAhead.Decoded<String, byte[]> photo = decoded.next();
                    batch.add(photo.name() + (photo.error() == null ? "" : ": cannot be read (" + photo.error().getMessage() + ")"));
                    pixels.add(photo.pixels());
                    if (batch.size() == BATCH || !decoded.hasNext()) {
                        print(batch, pixels, predictor);
                        batch.clear();
                        pixels.clear();
                    }
                }
            }
        }
    }

    /** @param pixels of each photo; null for one that cannot be read, of which the name says so */
    private static void print(List<String> names, List<byte[]> pixels, Predictor<List<byte[]>, List<Classifications>> predictor)
            throws TranslateException {
        List<byte[]> read = pixels.stream().filter(one -> one != null).toList();
        var found = (read.isEmpty() ? List.<Classifications>of() : predictor.predict(read)).iterator();
        for (int i = 0; i < names.size(); i++) {
            System.out.println(names.get(i) + (pixels.get(i) == null ? "" : ": " + inWords(found.next().best())));
        }
    }

    private static String inWords(Classifications.Classification best) {
        return String.format(Locale.ROOT, "%s, %.1f %%", best.getClassName(), 100 * best.getProbability());
    }

    /**
     * The network with the weights that the notebook or {@code examples/distributed/train.py} has saved, made fast.
     *
     * @param precision "float32", "bfloat16" or null for what is fastest
     * @throws IOException in one line that names the file, if it is missing, damaged or of another network
     */
    static Model open(Path folder, Device device, String precision) throws IOException {
        System.setProperty("OPT_OUT_TRACKING", "true");        // else DJL reports each start to its makers
        System.setProperty("java.awt.headless", "true");       // else decoding some photos asks for a window system
        Allocator.keepMemory();
        Model model = Model.newInstance(NAME, device);
        if (System.getenv("OMP_NUM_THREADS") == null) {
            // Java knows the CPU quota of a container, PyTorch does not: its threads would wait for one another.
            JniUtils.setNumThreads(Math.min(JniUtils.getNumThreads(), Runtime.getRuntime().availableProcessors()));
        }
        try {
            model.setBlock(resnet18(ModelFolder.classes(folder).size()));
            ModelFolder.load(model, folder);
            Precision fastest = precision == null ? Inference.fastest(device)
                    : precision.equals("float32") ? Precision.FLOAT32 : Precision.MIXED;
            model.setBlock(Inference.of(model.getBlock(), fastest));
            return model;
        } catch (IOException | RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** Width and height of the photos that the network was trained on, in pixels. */
    static int photoSize(Model model) {
        return (int) model.describeInput().valueAt(0).get(2);
    }

    /** A photo as its network takes it: red, green and blue of each pixel, row by row. */
    static byte[] pixels(Path photo, int size) throws IOException {
        return AntialiasedResize.toRgb(ImageDecoder.read(photo, 2 * size).image(), size);
    }

    /** Makes of the {@link #pixels} of some photos what the network was trained on, and of its scores an answer for each. */
    record PhotosTranslator(Model model, List<String> classes) implements NoBatchifyTranslator<List<byte[]>, List<Classifications>> {
        @Override
        public NDList processInput(TranslatorContext context, List<byte[]> photos) {
            int size = photoSize(model);
            ByteBuffer bytes = ByteBuffer.allocateDirect(photos.size() * 3 * size * size);
            photos.forEach(bytes::put);
            NDArray pixels = context.getNDManager().create(bytes.flip(), new Shape(photos.size(), size, size, 3), DataType.UINT8);
            NDArray mean = context.getNDManager().create(numbers("mean"));
            NDArray deviation = context.getNDManager().create(numbers("deviation"));
            return new NDList(pixels.toType(DataType.FLOAT32, false).subi(mean).divi(deviation).transpose(0, 3, 1, 2));
        }

        @Override
        public List<Classifications> processOutput(TranslatorContext context, NDList scores) {
            NDArray probabilities = scores.head().softmax(1);
            return IntStream.range(0, (int) probabilities.getShape().get(0))
                    .mapToObj(photo -> new Classifications(classes, probabilities.get(photo))).toList();
        }

        /** In the pixels' 0 to 255. */
        private float[] numbers(String property) {
            double[] numbers = Stream.of(model.getProperty(property).split(" "))
                    .mapToDouble(number -> 255 * Double.parseDouble(number)).toArray();
            return new float[] {(float) numbers[0], (float) numbers[1], (float) numbers[2]};
        }
    }

    /** The network of the notebook, which explains it in "What the network does". */
    private static SequentialBlock resnet18(int classes) {
        return new FrugalSequential()
                .add(new FrugalSequential()
                        .add(convolution(64, 7, 2))
                        .add(InPlace::relu)
                        .add(Pool.maxPool2dBlock(new Shape(3, 3), new Shape(2, 2), new Shape(1, 1))))
                .add(stage(64, 1))
                .add(stage(128, 2))
                .add(stage(256, 2))
                .add(stage(512, 2))
                .add(new FrugalSequential()
                        .add(Pool.globalAvgPool2dBlock())
                        .add(Linear.builder().setUnits(classes).build()));
    }

    private static SequentialBlock stage(int channels, int stride) {
        return new FrugalSequential().add(basicBlock(channels, stride, stride > 1)).add(basicBlock(channels, 1, false));
    }

    private static SequentialBlock basicBlock(int channels, int stride, boolean widens) {
        Block residual = new FrugalSequential()
                .add(convolution(channels, 3, stride))
                .add(InPlace::relu)
                .add(convolution(channels, 3, 1));
        Block shortcut = widens ? convolution(channels, 1, stride) : Blocks.identityBlock();
        return new FrugalSequential()
                .add(new ParallelBlock(paths -> new NDList(paths.get(0).head().addi(paths.get(1).head())), List.of(residual, shortcut)))
                .add(InPlace::relu);
    }

    private static SequentialBlock convolution(int channels, int kernel, int stride) {
        return new FrugalSequential()
                .add(Conv2d.builder().setFilters(channels).setKernelShape(new Shape(kernel, kernel))
                        .optStride(new Shape(stride, stride)).optPadding(new Shape(kernel / 2, kernel / 2)).optBias(false).build())
                .add(new BatchNorm2d(1e-5f, 0.9f));
    }
}
