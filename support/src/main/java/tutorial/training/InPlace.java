package tutorial.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import com.sun.jna.Function;

/** What torchvision's networks do in place, as here: an array less is written, and read again, for each. */
public final class InPlace {
    /** DJL has no method for it; null where PyTorch's library does not export it by this name, as on Windows. */
    private static final Function RELU = Libtorch.find("_ZN2at4_ops5relu_4callERNS_6TensorE");

    private InPlace() {}

    /** Sets all negative numbers of an array to 0 and returns it, or else a new array where that cannot be done in place. */
    public static NDList relu(NDList arrays) {
        NDArray array = arrays.singletonOrThrow();
        // PyTorch would refuse the others by a C++ exception, which ends the process.
        if (RELU == null || array.hasGradient() || !isFloating(array.getDataType())) {
            return new NDList(array.getNDArrayInternal().relu());
        }
        RELU.invokeLong(new Object[] {((PtNDArray) array).getHandle()});
        return new NDList(array);
    }

    /** Of what PyTorch's operators make, DJL does not know the type of bfloat16 alone. */
    private static boolean isFloating(DataType type) {
        return type.isFloating() || type == DataType.UNKNOWN;
    }
}
