//JAVA 17+
//DEPS ai.djl.pytorch:pytorch-engine:0.36.0
//DEPS ai.djl.pytorch:pytorch-jni:2.7.1-0.36.0
//DEPS ai.djl.pytorch:pytorch-native-cpu:2.7.1:${pytorch.platform:linux-x86_64}
//DEPS com.twelvemonkeys.imageio:imageio-jpeg:3.14.0
//DEPS com.twelvemonkeys.imageio:imageio-webp:3.15.0
//DEPS com.twelvemonkeys.imageio:imageio-pnm:3.13.1
//DEPS org.slf4j:slf4j-nop:2.0.17
//SOURCES ../support/src/main/java/tutorial/training/ModelFolder.java
//SOURCES ../support/src/main/java/tutorial/files/SafeTensors.java
//SOURCES ../support/src/main/java/tutorial/training/TorchNames.java
//SOURCES ../support/src/main/java/tutorial/photos/AntialiasedResize.java
//SOURCES ../support/src/main/java/tutorial/photos/ExifOrientation.java
//SOURCES ../support/src/main/java/tutorial/photos/ImageDecoder.java
//SOURCES ../support/src/main/java/tutorial/photos/JpegHeader.java
//SOURCES ../support/src/main/java/tutorial/photos/TurboJpeg.java

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tutorial.training.ModelFolder;
import tutorial.photos.AntialiasedResize;
import tutorial.photos.ImageDecoder;

/**
 * Says what is on photos, with a network that the notebook has trained and saved. From the project's folder:
 *
 * <pre>mvn -q -pl examples -am compile exec:java -Dexec.args="models/sneakers photo.jpg ..."
 * jbang examples/Classify.java models/sneakers photo.jpg ...</pre>
 */
public final class Classify {
    /** What the notebook names its model. */
    static final String NAME = "resnet18";

    private Classify() {}

    /** @param arguments the folder of the model, and photos */
    public static void main(String[] arguments) {
        if (arguments.length < 2) {
            System.err.println("Usage: Classify MODEL_FOLDER PHOTO...");
            System.exit(2);
        }
        try {
            classify(Path.of(arguments[0]), List.of(arguments).subList(1, arguments.length));
        } catch (IOException | TranslateException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void classify(Path folder, List<String> photos) throws IOException, TranslateException {
        List<String> classes = ModelFolder.classes(folder);
        try (Model model = open(folder); var predictor = model.newPredictor(new PhotoTranslator(model, classes))) {
            for (String photo : photos) {
                System.out.println(photo + ": " + answer(predictor, Path.of(photo), photoSize(model)));
            }
        }
    }

    /** The network with the weights that the notebook or {@code examples/distributed/train.py} has saved. */
    static Model open(Path folder) throws IOException {
        System.setProperty("OPT_OUT_TRACKING", "true");        // else DJL reports each start to its makers
        Model model = Model.newInstance(NAME);
        if (System.getenv("OMP_NUM_THREADS") == null) {
            // Java knows the CPU quota of a container, PyTorch does not: its threads would wait for one another.
            JniUtils.setNumThreads(Math.min(JniUtils.getNumThreads(), Runtime.getRuntime().availableProcessors()));
        }
        try {
            model.setBlock(resnet18(ModelFolder.classes(folder).size()));
            ModelFolder.load(model, folder);
            return model;
        } catch (IOException | RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static String answer(Predictor<byte[], Classifications> predictor, Path photo, int size) throws TranslateException {
        try {
            Classifications.Classification best = predictor.predict(pixels(photo, size)).best();
            return String.format(Locale.ROOT, "%s, %.1f %%", best.getClassName(), 100 * best.getProbability());
        } catch (IOException e) {
            return "cannot be read (" + e.getMessage() + ")";
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

    /** Makes of {@link #pixels} what the network was trained on, and of its scores an answer. */
    record PhotoTranslator(Model model, List<String> classes) implements Translator<byte[], Classifications> {
        @Override
        public NDList processInput(TranslatorContext context, byte[] rgb) {
            int size = photoSize(model);
            NDArray pixels = context.getNDManager().create(ByteBuffer.wrap(rgb), new Shape(size, size, 3), DataType.UINT8);
            NDArray mean = context.getNDManager().create(numbers("mean"));
            NDArray deviation = context.getNDManager().create(numbers("deviation"));
            return new NDList(pixels.toType(DataType.FLOAT32, false).div(255).sub(mean).div(deviation).transpose(2, 0, 1));
        }

        @Override
        public Classifications processOutput(TranslatorContext context, NDList scores) {
            return new Classifications(classes, scores.head().softmax(0));
        }

        private float[] numbers(String property) {
            double[] numbers = Stream.of(model.getProperty(property).split(" ")).mapToDouble(Double::parseDouble).toArray();
            return new float[] {(float) numbers[0], (float) numbers[1], (float) numbers[2]};
        }
    }

    /** The network of the notebook, which explains it in "What the network does". */
    private static SequentialBlock resnet18(int classes) {
        return new SequentialBlock()
                .add(new SequentialBlock()
                        .add(convolution(64, 7, 2))
                        .add(Activation::relu)
                        .add(Pool.maxPool2dBlock(new Shape(3, 3), new Shape(2, 2), new Shape(1, 1))))
                .add(stage(64, 1))
                .add(stage(128, 2))
                .add(stage(256, 2))
                .add(stage(512, 2))
                .add(new SequentialBlock()
                        .add(Pool.globalAvgPool2dBlock())
                        .add(Linear.builder().setUnits(classes).build()));
    }

    private static SequentialBlock stage(int channels, int stride) {
        return new SequentialBlock().add(basicBlock(channels, stride, stride > 1)).add(basicBlock(channels, 1, false));
    }

    private static SequentialBlock basicBlock(int channels, int stride, boolean widens) {
        Block residual = new SequentialBlock()
                .add(convolution(channels, 3, stride))
                .add(Activation::relu)
                .add(convolution(channels, 3, 1));
        Block shortcut = widens ? convolution(channels, 1, stride) : Blocks.identityBlock();
        return new SequentialBlock()
                .add(new ParallelBlock(
                        paths -> new NDList(NDArrays.add(paths.get(0).head(), paths.get(1).head())), List.of(residual, shortcut)))
                .add(Activation::relu);
    }

    private static SequentialBlock convolution(int channels, int kernel, int stride) {
        return new SequentialBlock()
                .add(Conv2d.builder().setFilters(channels).setKernelShape(new Shape(kernel, kernel))
                        .optStride(new Shape(stride, stride)).optPadding(new Shape(kernel / 2, kernel / 2)).optBias(false).build())
                .add(BatchNorm.builder().optEpsilon(1e-5f).optMomentum(0.9f).build());
    }
}
