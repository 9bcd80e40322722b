package tutorial.testing;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import tutorial.training.Autocast;
import tutorial.training.FlatTrainer;
import tutorial.training.Format;
import tutorial.training.FrugalSequential;
import tutorial.training.Layout;
import tutorial.training.OwnedSgd;
import tutorial.training.Precision;
import tutorial.training.Weights;

/** A small network with all kinds of layers of ResNet-18, on PyTorch's CPU library, and what a test wants to know of it. */
public final class Small {
    public static final int BATCH = 4;
    public static final Shape INPUT = new Shape(BATCH, 3, 16, 16);
    public static final int CLASSES = 5;
    public static final float RATE = 0.1f;
    public static final float MOMENTUM = 0.9f;
    public static final Format FORMAT = new Format(Layout.NHWC, Precision.FLOAT32);

    static {
        System.setProperty("OPT_OUT_TRACKING", "true");
    }

    private Small() {}

    public static NDManager manager() {
        return NDManager.newBaseManager(Device.cpu());
    }

    public static SequentialBlock network() {
        return new FrugalSequential()
                .add(Conv2d.builder().setFilters(8).setKernelShape(new Shape(3, 3)).optBias(false).build())
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(Conv2d.builder().setFilters(8).setKernelShape(new Shape(1, 1)).build())
                .add(Pool.globalAvgPool2dBlock())
                .add(Linear.builder().setUnits(CLASSES).build());
    }

    public static byte[] randomWeights(long seed) throws IOException {
        return Weights.initial(network(), INPUT, seed, null);
    }

    /** Some of the pictures that come with the notebook, of all classes. */
    public static Path photos(Path folder, int count) throws IOException {
        Files.createDirectories(folder);
        try (ZipFile zip = new ZipFile(Project.SOURCE.resolve("data/sneakers.zip").toFile())) {
            List<? extends ZipEntry> all = zip.stream().filter(entry -> entry.getName().endsWith(".jpg")).toList();
            for (int i = 0; i < count; i++) {
                ZipEntry entry = all.get(i * all.size() / count);
                Path file = folder.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip.getInputStream(entry), file);
            }
        }
        return folder;
    }

    public static Model model() throws IOException {
        return model(randomWeights(1));
    }

    public static Model model(byte[] weights) throws IOException {
        Model model = Model.newInstance("small", Device.cpu());
        model.setBlock(Weights.into(network(), model.getNDManager(), weights));
        return model;
    }

    public static DefaultTrainingConfig config(Optimizer optimizer) {
        return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()).optDevices(new Device[] {Device.cpu()}).optOptimizer(optimizer);
    }

    /** As the notebook's, but for its learning rate. */
    public static FlatTrainer trainer(Model model) {
        return trainer(model, FORMAT);
    }

    public static FlatTrainer trainer(Model model, Format format) {
        OwnedSgd sgd = new OwnedSgd(model.getNDManager(), RATE, MOMENTUM);
        FlatTrainer trainer = new FlatTrainer(model, config(sgd), format);
        trainer.initialize(INPUT);
        return trainer;
    }

    /** The same for the same number; as decoders leave them, all channels of a pixel side by side. */
    public static NDArray pictures(NDManager manager, int number) {
        manager.getEngine().setRandomSeed(number);
        return manager.randomUniform(-1, 1, new Shape(BATCH, 16, 16, 3)).transpose(0, 3, 1, 2);
    }

    public static List<Float> losses(Trainer trainer, int steps) {
        List<Float> losses = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            try (NDManager manager = manager()) {
                losses.add(learn(trainer, manager, step));
            }
        }
        return losses;
    }

    /** A step with pictures of this number; its loss. */
    public static float learn(Trainer trainer, NDManager manager, int number) {
        return learn(trainer, pictures(manager, number), manager.create(new long[] {number % CLASSES, 1, 2, 3})).getFloat(0);
    }

    /** As the notebook's method of this name: the loss, and the number of right predictions. */
    public static NDArray learn(Trainer trainer, NDArray images, NDArray labels) {
        Precision precision = trainer instanceof FlatTrainer flat ? flat.format().precision() : Precision.FLOAT32;
        NDArray scores;
        NDArray loss;
        try (GradientCollector gradients = trainer.newGradientCollector()) {
            try (Autocast mixed = Autocast.of(images.getDevice(), precision)) {
                scores = mixed.float32(trainer.forward(new NDList(images)).head());
                loss = trainer.getLoss().evaluate(new NDList(labels), new NDList(scores));
            }
            gradients.backward(Autocast.scaled(loss, precision));
        }
        trainer.step();
        NDArray correct = scores.argMax(1).eq(labels).sum().toType(DataType.FLOAT32, false);
        return NDArrays.stack(new NDList(loss.stopGradient(), correct));
    }

    public static Profile profile(Runnable work) throws IOException {
        Path file = Files.createTempFile("profile", ".json");
        JniUtils.startProfile(false, false, false);
        try {
            work.run();
        } finally {
            JniUtils.stopProfile(file.toString());
        }
        Profile profile = Profile.read(file);
        Files.delete(file);
        return profile;
    }

    /** Arrays that a manager and those below it own. */
    public static int liveArrays(NDManager manager) throws ReflectiveOperationException {
        var resources = BaseNDManager.class.getDeclaredField("resources");
        resources.setAccessible(true);
        int arrays = 0;
        for (Object owned : ((Map<?, ?>) resources.get(manager)).values()) {
            arrays += owned instanceof NDArray ? 1 : owned instanceof NDManager child ? liveArrays(child) : 0;
        }
        return arrays;
    }
}
