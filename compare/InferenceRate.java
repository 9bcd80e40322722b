import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.nio.file.Path;

/** The rate of the network alone, as the examples open it; for inference.py. */
final class InferenceRate {
    private InferenceRate() {}

    /** @param arguments the model's folder, photos at once, seconds, precision, threads */
    public static void main(String[] arguments) throws Exception {
        System.setProperty("ai.djl.pytorch.num_threads", arguments[4]);
        int batch = Integer.parseInt(arguments[1]);
        try (Model model = Classify.open(Path.of(arguments[0]), Device.cpu(), arguments[3])) {
            NDArray photos = model.getNDManager().randomNormal(new Shape(batch, 224, 224, 3)).transpose(0, 3, 1, 2);
            rate(model, photos, 1);
            System.out.println(rate(model, photos, Double.parseDouble(arguments[2])));
        }
    }

    private static double rate(Model model, NDArray photos, double seconds) {
        long begin = System.nanoTime();
        int done = 0;
        while (System.nanoTime() - begin < seconds * 1e9) {
            try (NDManager scratch = model.getNDManager().newSubManager()) {
                NDArray same = photos.stopGradient();
                same.attach(scratch);
                model.getBlock().forward(new ParameterStore(scratch, false), new NDList(same), false).head().toFloatArray();
            }
            done += (int) photos.getShape().get(0);
        }
        return done / ((System.nanoTime() - begin) / 1e9);
    }
}
