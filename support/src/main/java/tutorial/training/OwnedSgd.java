package tutorial.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.training.optimizer.Optimizer;
import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.HashMap;
import java.util.Map;

/**
 * Stochastic gradient descent with momentum, as DJL's {@code Sgd}, but in one operator, PyTorch's {@code _fused_sgd_}, and its momentum
 * is freed with its owner.
 *
 * <p>DJL's own copies the gradient first, and detaches the momentum, an array as large as the weights, from every manager:
 * nobody closes it then, and each training would leave 45 MB of native memory behind for ResNet-18.
 */
public final class OwnedSgd extends Optimizer {
    /** DJL has no method for it; null where PyTorch's library does not export it by this name, as on Windows. */
    private static final Function FUSED = Libtorch.find(
            "_ZN2at4_ops11_fused_sgd_4callEN3c108ArrayRefINS_6TensorEEES5_S5_ddddbbbRKSt8optionalIS4_ES9_");
    /** Of C++'s {@code std::optional<Tensor>}: a pointer, and whether it is one. */
    private static final int BYTES_OF_OPTIONAL = 16;

    private final NDManager owner;
    private final float learningRate;
    private final float momentum;
    /** By what gradients are too large, on their device; null where they are as they should be. */
    private final NDArray lossScale;
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
        this.learningRate = learningRate;
        this.momentum = momentum;
        this.lossScale = lossScale == 1 ? null : owner.create(new float[] {lossScale});
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
        NDArray velocity = momentum == 0 ? null : velocities.computeIfAbsent(parameterId, id -> ownedZeros(weights));
        if (FUSED == null) {                    // nor is there a loss scale, since Autocast needs what is missing, too
            NDArray movement = velocity == null ? gradient : velocity.muli(momentum).addi(gradient);
            weights.subi(movement.mul(learningRate));
            return;
        }
        // It is decided on the device: whoever reads whether the gradient is finite waits for it in every step.
        NDArray sum = lossScale == null ? null : gradient.sum();
        NDArray overflow = sum == null ? null : sum.sub(sum).isNaN().toType(DataType.FLOAT32, false);     // ∞ - ∞ is no number, either
        int no = Libtorch.truth(false);
        FUSED.invokeVoid(new Object[] {handle(weights), 1L, handle(gradient), 1L, velocity == null ? Pointer.NULL : handle(velocity),
            velocity == null ? 0L : 1L, 0.0, (double) momentum, (double) learningRate, 0.0, no, no, no,
            optional(lossScale), optional(overflow)});
    }

    /** A C++ {@code Tensor}, which also is a list of one. */
    private static Pointer handle(NDArray array) {
        return new Pointer(((PtNDArray) array).getHandle());
    }

    private static Memory optional(NDArray array) {
        Memory optional = new Memory(BYTES_OF_OPTIONAL);
        optional.clear();
        if (array != null) {
            optional.setPointer(0, handle(array).getPointer(0));
            optional.setByte(Long.BYTES, (byte) 1);
        }
        return optional;
    }

    private NDArray ownedZeros(NDArray like) {
        NDArray zeros = like.zerosLike();
        zeros.attach(owner);
        return zeros;
    }
}
