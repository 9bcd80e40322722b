import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.NativeLibrary;
import java.nio.file.Path;

/** What torchvision's networks do in place, as here: an array less is written, and read again, for each. */
public final class InPlace {
    /** DJL has no method for it; null where PyTorch's library does not export it by this name, as on Windows. */
    private static final com.sun.jna.Function RELU = find("_ZN2at4_ops5relu_4callERNS_6TensorE");

    private InPlace() {}

    /** Sets all negative numbers of an array to 0 and returns it, or else a new array where that cannot be done in place. */
    public static NDList relu(NDList arrays) {
        NDArray array = arrays.singletonOrThrow();
        // PyTorch would refuse these by a C++ exception, which ends the process.
        if (RELU == null || array.hasGradient() || array.getDataType() != DataType.FLOAT32) {
            return new NDList(array.getNDArrayInternal().relu());
        }
        RELU.invokeLong(new Object[] {((PtNDArray) array).getHandle()});
        return new NDList(array);
    }

    /** Adds the second array to the first and returns that. */
    public static NDList add(NDList first, NDList second) {
        return new NDList(first.singletonOrThrow().addi(second.singletonOrThrow()));
    }

    private static com.sun.jna.Function find(String symbol) {
        try {
            Path library = Path.of(LibUtils.getLibtorchPath(), System.mapLibraryName("torch_cpu"));
            return NativeLibrary.getInstance(library.toString()).getFunction(symbol);
        } catch (UnsatisfiedLinkError notThere) {
            return null;
        }
    }
}
