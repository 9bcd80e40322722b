// Runs in the notebook's kernel, after reference_check.java: writes the reference's weights as a safetensors file with
// torchvision's names, a head for 1,000 classes and the counters of batch normalisation, and loads it as ImageNet's.
final class ImageNetCheck {
    static byte[] numbers(String type, float[] values) {
        var bytes = java.nio.ByteBuffer.allocate(values.length * (type.equals("F32") ? 4 : 2)).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            var halves = type.equals("F16") ? manager.create(values).toType(DataType.FLOAT16, false).toByteBuffer().order(bytes.order()) : null;
            for (float value : values) {
                if (type.equals("F32")) {
                    bytes.putFloat(value);
                } else {
                    bytes.putShort(halves.getShort());
                }
            }
        }
        return bytes.array();
    }

    static void write(Path file, String type, List<Map<String, Object>> tensors) throws IOException {
        var header = new TreeMap<String, Object>();
        var data = new ByteArrayOutputStream();
        for (int k = 0; k < tensors.size(); k++) {
            String name = (String) tensors.get(k).get("name");
            long[] shape = ((List<Double>) tensors.get(k).get("shape")).stream().mapToLong(Double::longValue).toArray();
            shape[0] = name.startsWith("fc.") ? 1000 : shape[0];
            int begin = data.size();
            data.writeBytes(numbers(type, ReferenceCheck.weights(k, name, shape, new Shape(shape).size())));
            header.put(name, Map.of("dtype", type, "shape", shape, "data_offsets", List.of(begin, data.size())));
        }
        header.put("bn1.num_batches_tracked", Map.of("dtype", "I64", "shape", List.of(), "data_offsets", List.of(data.size(), data.size() + 8)));
        data.writeBytes(new byte[8]);
        byte[] json = new com.google.gson.Gson().toJson(header).getBytes("UTF-8");
        try (var out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeLong(Long.reverseBytes(json.length));
            out.write(json);
            data.writeTo(out);
        }
    }

    static void run(Map<String, Object> reference, Path file) throws Exception {
        var tensors = (List<Map<String, Object>>) reference.get("tensors_in_order");
        for (String type : List.of("F32", "F16")) {
            write(file, type, tensors);
            double relative = type.equals("F32") ? 1e-4 : 1e-2;
            try (Model model = Model.newInstance("imagenet", Device.cpu()); NDManager manager = NDManager.newBaseManager(Device.cpu())) {
                byte[] loaded = Weights.initial(resnet18(4), new Shape(1, 3, ReferenceCheck.SIZE, ReferenceCheck.SIZE), seed, file);
                SequentialBlock network = Weights.into(resnet18(4), manager, loaded);
                var names = TorchNames.of(network);
                for (int k = 0; k < tensors.size(); k++) {
                    String name = (String) tensors.get(k).get("name");
                    if (!names.containsKey(name)) {
                        throw new AssertionError(name + " is not among " + names.keySet());
                    }
                    if (name.startsWith("fc.")) {
                        NDArray head = names.get(name).getArray();
                        head.set(java.nio.FloatBuffer.wrap(ReferenceCheck.weights(k, name, head.getShape().getShape(), head.size())));
                    }
                }
                try (Trainer trainer = ReferenceCheck.trainer(model, Device.cpu(), new Format(Layout.NHWC, Precision.FLOAT32), network)) {
                    ReferenceCheck.logits(trainer, manager, (List<List<Double>>) reference.get("eval_logits_batch0_before_training"), relative);
                }
            }
        }
        System.out.println("the logits of weights in float32 and float16 agree with PyTorch");
    }
}
ImageNetCheck.run(new com.google.gson.Gson().fromJson(Files.readString(Path.of("REFERENCE")), Map.class), Files.createTempFile("imagenet", ".safetensors"));
