package tutorial.training;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.file.Path;

/** What PyTorch's C++ library exports and DJL has no method for, by its names there. Only for where DJL has loaded PyTorch. */
final class Libtorch {
    private static final Function CONTEXT = find("_ZN2at13globalContextEv");
    private static final Function TF32 = find("_ZNK2at7Context14allowTF32CuDNNEv");
    private static final Function SET_TF32 = find("_ZN2at7Context17setAllowTF32CuDNNEb");
    private static final Function BENCHMARK = find("_ZNK2at7Context14benchmarkCuDNNEv");
    private static final Function SET_BENCHMARK = find("_ZN2at7Context17setBenchmarkCuDNNEb");
    private static final Function TF32_OF_PRODUCTS = find("_ZNK2at7Context15allowTF32CuBLASEv");
    private static final Function SET_TF32_OF_PRODUCTS = find("_ZN2at7Context18setAllowTF32CuBLASEb");

    private Libtorch() {}

    /** A function; null where the library does not export it by this name, as on Windows. */
    public static Function find(String symbol) {
        Engine.getInstance();                           // loads the library
        try {
            Path library = Path.of(LibUtils.getLibtorchPath(), System.mapLibraryName("torch_cpu"));
            return NativeLibrary.getInstance(library.toString()).getFunction(symbol);
        } catch (UnsatisfiedLinkError notThere) {
            return null;
        }
    }

    /** Truth as C++ takes it: of a Java boolean, JNA sends four bytes that it does not understand. */
    static int truth(boolean value) {
        return value ? 1 : 0;
    }

    /** C++ sets one byte of what it answers, and leaves the rest as it was. */
    static boolean truth(int answer) {
        return (answer & 0xff) != 0;
    }

    /** Whether {@link #setTf32} and {@link #setCudnnBenchmark} can be called. */
    static boolean hasSwitches() {
        return CONTEXT != null && TF32 != null && SET_TF32 != null && BENCHMARK != null && SET_BENCHMARK != null;
    }

    /**
     * Whether convolutions may round what they multiply to TF32, on GPUs that can, as PyTorch has it by default. It counts for
     * the whole process.
     *
     * @return what it was
     */
    static boolean setTf32(boolean allowed) {
        return set(allowed, TF32, SET_TF32);
    }

    /**
     * Whether cuDNN tries its algorithms out for each new shape, for the whole process. PyTorch's default is no.
     *
     * @return what it was
     */
    static boolean setCudnnBenchmark(boolean on) {
        return set(on, BENCHMARK, SET_BENCHMARK);
    }

    /** Whether {@link #setTf32OfProducts} can be called. */
    static boolean hasTf32SwitchOfProducts() {
        return CONTEXT != null && TF32_OF_PRODUCTS != null && SET_TF32_OF_PRODUCTS != null;
    }

    /** The same for matrix products, which by default may not. */
    static boolean setTf32OfProducts(boolean allowed) {
        return set(allowed, TF32_OF_PRODUCTS, SET_TF32_OF_PRODUCTS);
    }

    private static boolean set(boolean allowed, Function getter, Function setter) {
        Pointer context = CONTEXT.invokePointer(new Object[0]);
        boolean before = truth(getter.invokeInt(new Object[] {context}));
        setter.invokeVoid(new Object[] {context, truth(allowed)});
        return before;
    }
}
