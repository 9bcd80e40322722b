package tutorial.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.machine.Machine;
import tutorial.machine.TrainingThread;
import tutorial.photos.PhotoDataset;
import tutorial.photos.PhotoFolder;
import tutorial.testing.MadeUp;
import tutorial.testing.Small;

/** With a small network, and the notebook's loop without its clock. */
class RunnerTest {
    private static final int SIZE = 16;
    private static final List<PhotoFolder.Photo> PHOTOS = MadeUp.photosOf(IntStream.range(0, 10).map(i -> i % 5).toArray());

    private final Order order = new Order(PHOTOS, 4, 7, 2);
    private final List<String> shown = new ArrayList<>();
    private byte[] weights;

    @BeforeEach
    void draw() throws Exception {
        weights = Small.randomWeights(1);
    }

    @Test
    void aRunHasTheStepsOfAllEpochsAndNoneOfTheWarmUp() throws Exception {
        Run run = runner(3).run("on the fly", order, true, shown::add);
        assertEquals(List.of(4, 4, 2, 4, 4, 2), run.steps().stream().map(Step::images).toList());
        assertEquals("CPU, on the fly", run.name());
        assertEquals(Machine.cpu(), run.processor());
        assertTrue(run.inParts());
        assertEquals(0, run.caching());
        assertTrue(shown.get(shown.size() - 1).contains("20 of 20 images"), shown.toString());
    }

    @Test
    void whateverTheDataLoadingAndTheWarmUpARunLearnsTheSame() throws Exception {
        List<Double> expected = losses(runner(2).run("on the fly", order, true, shown::add));
        assertTrue(expected.get(4) < expected.get(0), expected.toString());
        Run cached = runner(0).run("cached", order, true, shown::add);
        assertEquals(expected, losses(cached));
        assertTrue(cached.caching() > 0);
    }

    @Test
    void onlyAWholeTrainingLeavesItsWeights() throws Exception {
        Runner runner = runner(1);
        runner.run("cached", order, true, shown::add);
        byte[] learned = runner.learned();
        assertTrue(learned.length == weights.length && !Arrays.equals(weights, learned));
        Run part = runner.run("cached", order.first(2), true, shown::add);
        assertEquals(2, part.steps().size());
        assertTrue(runner.learned() == null, "those of the run before");
    }

    /** Before anything is drawn that could fail. */
    @Test
    void aWholeTrainingSavesItsNetworkAtOnce(@TempDir Path folder) throws Exception {
        List<String> classes = List.of("a", "b", "c", "d", "e");
        Runner runner = runner(0).savingTo(folder, classes, shown::add);
        runner.run("cached", order.first(2), true, shown::add);
        assertEquals(0, folder.toFile().list().length, "not yet trained");
        runner.run("cached", order, true, shown::add);
        assertEquals(classes, ModelFolder.classes(folder));
        try (Model model = Model.newInstance("resnet18", Device.cpu())) {
            model.setBlock(Small.network());
            ModelFolder.load(model, folder);
            var network = Small.network();
            network.loadParameters(model.getNDManager(), new DataInputStream(new ByteArrayInputStream(runner.learned())));
            for (int i = 0; i < network.getParameters().size(); i++) {
                assertEquals(network.getParameters().valueAt(i).getArray(), model.getBlock().getParameters().valueAt(i).getArray());
            }
            assertEquals("0.485 0.456 0.406", model.getProperty("mean"));
        }
        Path taken = Files.writeString(folder.resolve("taken"), "").resolve("models");
        assertEquals(6, runner(0).savingTo(taken, classes, shown::add).run("cached", order, true, html -> {}).steps().size());
        assertTrue(shown.get(shown.size() - 1).startsWith("<b>The network is not saved yet.</b> " + taken), shown.toString());
    }

    @Test
    void memoryThatIsFullIsToldInOneLine() {
        Runner runner = new Runner("CPU", Device.cpu(), dataset(), SIZE, 0, 10).with(this::newTrainer, (trainer, labels, batches, recorder) -> {
            throw new EngineException("DefaultCPUAllocator: can't allocate memory");
        }, () -> {}, images -> {});
        String message = assertThrows(IllegalStateException.class, () -> runner.run("on the fly", order, true, shown::add)).getMessage();
        assertTrue(message.startsWith("CPU: out of memory at batchSize = 4. Set batchSize = 2"), message);
    }

    private static List<Double> losses(Run run) {
        return run.steps().stream().map(Step::loss).toList();
    }

    private Runner runner(int warmUpSteps) {
        return new Runner("CPU", Device.cpu(), dataset(), SIZE, warmUpSteps, 10).with(this::newTrainer, RunnerTest::train, () -> {}, images -> {});
    }

    private static PhotoDataset dataset() {
        return new PhotoDataset(PHOTOS, 2, RunnerTest::pixels);
    }

    /** Each class has a colour of its own. */
    private static NDArray pixels(NDManager manager, Path photo) {
        int label = Integer.parseInt(photo.toString().replace(".png", "")) % 5;
        return manager.create(new int[] {50 * label, 200 - 40 * label, label % 2 * 200}).toType(DataType.UINT8, false)
                .reshape(1, 1, 3).broadcast(new Shape(SIZE, SIZE, 3));
    }

    private Trainer newTrainer(Model model) throws Exception {
        var network = Small.network();
        network.loadParameters(model.getNDManager(), new DataInputStream(new ByteArrayInputStream(weights)));
        model.setBlock(network);
        Trainer trainer = new FlatTrainer(model, Small.config(new OwnedSgd(model.getNDManager(), 0.1f, 0.9f)), true);
        trainer.initialize(Small.INPUT);
        return trainer;
    }

    private static void train(Trainer trainer, NDArray labels, Iterator<Batch> batches, Recorder recorder) {
        for (recorder.watch().start(); batches.hasNext(); TrainingThread.checkStop()) {
            Batch batch = batches.next();
            NDArray images = batch.getData().head().toType(DataType.FLOAT32, false).div(255).transpose(0, 3, 1, 2);
            long from = recorder.images();
            NDArray truth = labels.get(images.getManager(), new NDIndex("{}:{}", from, from + batch.getSize()));
            recorder.keep(batch.getSize(), learn(trainer, images, truth));
            batch.close();
            recorder.readIfDue(!batches.hasNext());
        }
    }

    private static NDArray learn(Trainer trainer, NDArray images, NDArray labels) {
        NDArray scores;
        NDArray loss;
        try (GradientCollector gradients = trainer.newGradientCollector()) {
            scores = trainer.forward(new NDList(images)).head();
            loss = trainer.getLoss().evaluate(new NDList(labels), new NDList(scores));
            gradients.backward(loss);
        }
        trainer.step();
        NDArray correct = scores.argMax(1).eq(labels).sum().toType(DataType.FLOAT32, false);
        return NDArrays.stack(new NDList(loss.stopGradient(), correct));
    }
}
