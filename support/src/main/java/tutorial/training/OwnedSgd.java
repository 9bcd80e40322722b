package tutorial.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
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
    /** Null where gradients are not scaled, and do not overflow. */
    private final NDArray momentumLessOne;
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
     * As {@link #OwnedSgd(NDManager, float, float)}, for gradients that are so many times too large. If one of its numbers was too large
     * for float16, that step changes nothing, as with PyTorch's {@code GradScaler}.
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
        this.momentumLessOne = lossScale == 1 ? null : numbers.create(momentum - 1);
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
        if (momentumLessOne != null) {
            updateIfFinite(parameterId, weights, gradient);
            return;
        }
        NDArray movement = gradient.muli(learningRate);
        if (momentum != null) {
            movement = velocity(parameterId, weights).muli(momentum).addi(movement);
        }
        weights.subi(movement);
    }

    /** It is decided on the device: whoever reads whether the gradient is finite waits for it in every step. */
    private void updateIfFinite(String parameterId, NDArray weights, NDArray gradient) {
        NDArray sum = gradient.sum();
        NDArray isFinite = sum.sub(sum).isNaN().logicalNot();                  // ∞ - ∞ is no number, either
        NDArray one = isFinite.toType(DataType.FLOAT32, false);                // or 0
        Shape all = gradient.getShape();
        NDArray movement = NDArrays.where(isFinite.broadcast(all), gradient.muli(learningRate), sum.zerosLike().broadcast(all));
        if (momentum == null) {
            weights.subi(movement);
            return;
        }
        NDArray velocity = velocity(parameterId, weights).muli(one.mul(momentumLessOne).addi(one.onesLike())).addi(movement);
        try (NDArray moved = velocity.mul(one)) {
            weights.subi(moved);
        }
    }

    private NDArray velocity(String parameterId, NDArray weights) {
        return velocities.computeIfAbsent(parameterId, id -> ownedZeros(weights));
    }

    private NDArray ownedZeros(NDArray like) {
        NDArray zeros = like.zerosLike();
        zeros.attach(owner);
        return zeros;
    }
}
