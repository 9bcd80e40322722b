package tutorial.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.optimizer.Optimizer;
import java.util.HashMap;
import java.util.Map;

/**
 * Stochastic gradient descent with momentum, as DJL's {@code Sgd}, but in place, and its momentum is freed with its owner.
 *
 * <p>DJL's own copies the gradient first, and detaches the momentum, an array as large as the weights, from every manager:
 * nobody closes it then, and each training would leave 45 MB of native memory behind for ResNet-18.
 */
public final class OwnedSgd extends Optimizer {
    private final NDManager owner;
    private final NDArray learningRate;
    private final NDArray momentum;
    private final Map<String, NDArray> velocities = new HashMap<>();

    /**
     * @param owner the momentum is closed with it, e.g. the model's manager
     * @param learningRate the same for all steps
     * @param momentum 0 (none) to below 1
     */
    public OwnedSgd(NDManager owner, float learningRate, float momentum) {
        this(owner, learningRate, momentum, 1);
    }

    /**
     * As {@link #OwnedSgd(NDManager, float, float)}, for gradients that are so many times too large.
     *
     * @param lossScale by what the loss was multiplied, see {@link Autocast#lossScale}; a power of two changes no digit
     */
    public OwnedSgd(NDManager owner, float learningRate, float momentum, float lossScale) {
        super(sgd());
        this.owner = owner;
        // Numbers on the CPU go along with the orders to a GPU; a Java number would be copied there first, each time.
        NDManager numbers = owner.newSubManager(Device.cpu());
        this.learningRate = numbers.create(learningRate / lossScale);
        this.momentum = momentum == 0 ? null : numbers.create(momentum);
    }

    /**
     * Moves the weights against the gradient, which is used up by it.
     *
     * @throws IllegalArgumentException if the weights record what is done with them, as those of DJL's own trainer do
     */
    @Override
    public void update(String parameterId, NDArray weights, NDArray gradient) {
        if (weights.hasGradient()) {
            throw new IllegalArgumentException("OwnedSgd adjusts the weights of a FlatTrainer, not those of DJL's own Trainer.");
        }
        NDArray movement = gradient.muli(learningRate);
        if (momentum != null) {
            movement = velocities.computeIfAbsent(parameterId, id -> ownedZeros(weights)).muli(momentum).addi(movement);
        }
        weights.subi(movement);
    }

    private NDArray ownedZeros(NDArray like) {
        NDArray zeros = like.zerosLike();
        zeros.attach(owner);
        return zeros;
    }
}
