// Runs in the notebook's kernel, after the notebook: holds its resnet18(4), its trainer with the optimiser, and its step against what
// PyTorch 2.7.1 and torchvision 0.22.1 compute from the same closed formula. REFERENCE is the path of resnet18_reference.json; the last
// three numbers say how far the logits before training, the losses and the logits after training may be from PyTorch's.
final class ReferenceCheck {
    static final int BATCH = 8, SIZE = 96;

    static float[] noise(long stream, long size, double scale, double shift) {
        float[] values = new float[(int) size];
        for (int i = 0; i < size; i++) {
            double u = new java.util.SplittableRandom((stream << 32) + i).nextDouble();
            values[i] = (float) (shift + scale * (Math.sqrt(3) * (2 * u - 1)));
        }
        return values;
    }

    static float[] weights(int k, String name, long[] shape, long size) {
        if (shape.length == 4) {
            return noise(k, size, Math.sqrt(2.0 / (shape[1] * shape[2] * shape[3])), 0);
        } else if (shape.length == 2) {
            return noise(k, size, Math.sqrt(1.0 / shape[1]), 0);
        } else if (name.endsWith("running_mean")) {
            return noise(k, size, 0.1, 0);
        } else if (name.endsWith("running_var")) {
            return noise(k, size, 0.2, 1);
        }
        return name.endsWith("weight") ? noise(k, size, 0.1, 1) : noise(k, size, 0.05, 0);
    }

    static NDArray images(NDManager manager, int step) {
        return manager.create(noise(1000 + step, BATCH * 3L * SIZE * SIZE, 1, 0), new Shape(BATCH, 3, SIZE, SIZE));
    }

    static void near(String what, double expected, double actual, double relative) {
        if (!(Math.abs(actual - expected) <= relative * Math.max(1, Math.abs(expected)))) {
            throw new AssertionError(what + ": PyTorch " + expected + ", DJL " + actual);
        }
    }

    static void logits(Trainer trainer, NDManager manager, List<List<Double>> expected, double relative) {
        float[] actual = trainer.evaluate(new NDList(images(manager, 0))).head().toFloatArray();
        for (int b = 0; b < BATCH; b++) {
            for (int c = 0; c < 4; c++) {
                near("logit " + b + "," + c, expected.get(b).get(c), actual[4 * b + c], relative);
            }
        }
    }

    /** The notebook's, but for four classes and with this network's weights. */
    static Trainer trainer(Model model, Device device, Format format, SequentialBlock network) throws Exception {
        byte[] weightsBefore = weights;
        int classesBefore = classCount;
        var bytes = new ByteArrayOutputStream();
        network.saveParameters(new DataOutputStream(bytes));
        try {
            weights = bytes.toByteArray();
            classCount = 4;
            return newTrainer(model, device, format);
        } finally {
            weights = weightsBefore;
            classCount = classesBefore;
        }
    }

    static void run(Map<String, Object> reference, Format format, Device device, double before, double losses, double after)
            throws Exception {
        try (Model model = Model.newInstance("reference", device); NDManager manager = NDManager.newBaseManager(device)) {
            SequentialBlock network = resnet18(4);
            network.initialize(manager, DataType.FLOAT32, new Shape(BATCH, 3, SIZE, SIZE));
            var tensors = (List<Map<String, Object>>) reference.get("tensors_in_order");
            int k = 0;
            for (var parameter : network.getParameters().values()) {
                NDArray array = parameter.getArray();
                String name = (String) tensors.get(k).get("name");
                long[] shape = ((List<Double>) tensors.get(k).get("shape")).stream().mapToLong(Double::longValue).toArray();
                if (!Arrays.equals(shape, array.getShape().getShape())) {
                    throw new AssertionError("tensor " + k + ", " + name + ": " + array.getShape());
                }
                array.set(java.nio.FloatBuffer.wrap(weights(k++, name, shape, array.size())));
            }
            if (k != tensors.size()) {
                throw new AssertionError(k + " tensors, PyTorch has " + tensors.size());
            }
            try (Trainer trainer = trainer(model, device, format, network)) {
                logits(trainer, manager, (List<List<Double>>) reference.get("eval_logits_batch0_before_training"), before);
                var expected = (List<Double>) reference.get("training_losses_per_step");
                for (int step = 0; step < expected.size(); step++) {
                    long[] labels = new long[BATCH];
                    for (int b = 0; b < BATCH; b++) {
                        labels[b] = (b + step) % 4;
                    }
                    NDArray lossAndCorrect = learn(trainer, format, images(manager, step), manager.create(labels), Stopwatch.ofWholes());
                    near("loss of step " + step, expected.get(step), lossAndCorrect.getFloat(0), losses);
                }
                logits(trainer, manager, (List<List<Double>>) reference.get("eval_logits_batch0_after_training"), after);
                System.out.println(k + " tensors, the logits before, " + expected.size() + " losses and the logits after training agree with PyTorch");
            }
        }
    }
}
learningRate = 0.001f;
momentum = 0.9f;
for (Layout layout : Layout.values()) {
    for (Set<Change> changes : List.of(Set.<Change>of(), Set.of(Change.ONE_ARRAY), Set.of(Change.IN_PLACE), EnumSet.allOf(Change.class))) {
        ReferenceCheck.run(new com.google.gson.Gson().fromJson(Files.readString(Path.of("REFERENCE")), Map.class),
            new Format(layout, settings().precision(), changes), Device.cpu(), 1e-4, 1e-3, 1e-2);
    }
}
