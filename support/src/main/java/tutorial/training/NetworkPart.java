package tutorial.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A part of the network, of which training steps were timed by themselves: forward, backward and optimiser.
 *
 * @param flop floating-point operations of a step, see {@link Flops}
 * @param bytes that a step has to move at least, see {@link Flops}
 * @param seconds that the fastest step took
 */
public record NetworkPart(String name, double flop, double bytes, double seconds) {
    private static final double LEAST_SECONDS = 0.3;
    private static final float MOMENTUM = 0.9f;

    /** FLOP for each byte. */
    public double intensity() {
        return flop / bytes;
    }

    /** FLOP/s. */
    public double rate() {
        return flop / seconds;
    }

    /**
     * Times each of a network's children on noise.
     *
     * @param network without weights
     * @param weights that it is given
     * @param names of its children
     * @param image what the first takes, as (1, 3, size, size)
     * @param images in a step
     * @param synchronise waits for the device
     */
    public static List<NetworkPart> measure(SequentialBlock network, byte[] weights, List<String> names, Shape image, int images,
            TrainingDevice on, Format format, Runnable synchronise) throws IOException {
        try (NDManager owner = NDManager.newBaseManager(on.device())) {
            return measure(Weights.into(network, owner, weights).getChildren().values(), names, image, images, on, format, synchronise);
        }
    }

    private static List<NetworkPart> measure(List<Block> blocks, List<String> names, Shape image, int images, TrainingDevice on,
            Format format, Runnable synchronise) {
        List<NetworkPart> parts = new ArrayList<>();
        Iterator<String> name = names.iterator();
        Shape input = image;
        for (Block part : blocks) {
            boolean first = parts.isEmpty();
            Flops work = Flops.of(part, input, first);
            parts.add(new NetworkPart(name.next(), work.ofStep(images), work.bytesOfStep(images, format.precision()),
                    seconds(part, new Shape(images, input.get(1), input.get(2), input.get(3)), first, on, format, synchronise)));
            input = part.getOutputShapes(new Shape[] {input})[0];
        }
        return parts;
    }

    private static double seconds(Block part, Shape input, boolean first, TrainingDevice on, Format format, Runnable synchronise) {
        try (Model model = Model.newInstance("part", on.device())) {
            model.setBlock(part);
            NDManager manager = model.getNDManager();
            // A rate of 0: weights that followed no loss would grow beyond all numbers, which some processors compute slowly.
            Optimizer sgd = new OwnedSgd(manager, 0, MOMENTUM);
            var config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()).optOptimizer(sgd).optDevices(new Device[] {on.device()});
            try (FlatTrainer trainer = new FlatTrainer(model, config, format)) {
                NDArray noise = format.layout().arrange(manager.randomNormal(
                        new Shape(input.get(0), input.get(2), input.get(3), input.get(1))).transpose(0, 3, 1, 2));
                return 1 / MeasuredRate.of(1, LEAST_SECONDS, new DeviceClock(on, synchronise), () -> step(trainer, noise, first)).best();
            }
        }
    }

    private static void step(FlatTrainer trainer, NDArray noise, boolean first) {
        try (NDManager scratch = trainer.getManager().newSubManager()) {
            NDArray input = noise.stopGradient();
            input.tempAttach(scratch);
            input.setRequiresGradient(!first);                  // photos need none
            NDArray loss;
            try (GradientCollector gradients = trainer.newGradientCollector()) {
                try (Autocast mixed = Autocast.of(noise.getDevice(), trainer.format().precision())) {
                    loss = mixed.float32(trainer.forward(new NDList(input)).head().sum());
                }
                gradients.backward(loss);
            }
            trainer.step();
        }
    }
}
