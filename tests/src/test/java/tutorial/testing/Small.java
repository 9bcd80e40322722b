package tutorial.testing;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
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
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import tutorial.training.FlatTrainer;
import tutorial.training.Format;
import tutorial.training.FrugalSequential;
import tutorial.training.Layout;
import tutorial.training.OwnedSgd;
import tutorial.training.Precision;

/** A small network with all kinds of layers of ResNet-18, on PyTorch's CPU library, and what a test wants to know of it. */
public final class Small {
    public static final int BATCH = 4;
    public static final Shape INPUT = new Shape(BATCH, 3, 16, 16);
    public static final int CLASSES = 5;

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
        try (NDManager manager = manager()) {
            manager.getEngine().setRandomSeed((int) seed);
            SequentialBlock network = network();
            network.initialize(manager, DataType.FLOAT32, INPUT);
            return bytes(network);
        }
    }

    public static byte[] bytes(SequentialBlock network) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        network.saveParameters(new DataOutputStream(bytes));
        return bytes.toByteArray();
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

    public static Model model(byte[] weights) throws Exception {
        Model model = Model.newInstance("small", Device.cpu());
        SequentialBlock network = network();
        network.loadParameters(model.getNDManager(), new DataInputStream(new ByteArrayInputStream(weights)));
        model.setBlock(network);
        return model;
    }

    public static DefaultTrainingConfig config(Optimizer optimizer) {
        return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()).optDevices(new Device[] {Device.cpu()}).optOptimizer(optimizer);
    }

    /** As the notebook's, with the momentum of its settings. */
    public static FlatTrainer trainer(Model model, Layout layout, float learningRate) {
        OwnedSgd sgd = new OwnedSgd(model.getNDManager(), learningRate, 0.9f);
        FlatTrainer trainer = new FlatTrainer(model, config(sgd), new Format(layout, Precision.FLOAT32));
        trainer.initialize(INPUT);
        return trainer;
    }

    /** The same for the same number; as decoders leave them, all channels of a pixel side by side. */
    public static NDArray pictures(NDManager manager, int number) {
        manager.getEngine().setRandomSeed(number);
        return manager.randomUniform(-1, 1, new Shape(BATCH, 16, 16, 3)).transpose(0, 3, 1, 2);
    }

    public static float learn(Trainer trainer, NDManager manager, int number) {
        NDArray loss = gradients(trainer, manager, number);
        trainer.step();
        return loss.toFloatArray()[0];
    }

    public static NDArray gradients(Trainer trainer, NDManager manager, int number) {
        NDArray labels = manager.create(new long[] {number % CLASSES, 1, 2, 3});
        try (GradientCollector collector = trainer.newGradientCollector()) {
            NDArray loss = trainer.getLoss().evaluate(new NDList(labels), trainer.forward(new NDList(pictures(manager, number))));
            collector.backward(loss);
            return loss;
        }
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
