#!/usr/bin/env bash
# Guess: ImageFolder makes a class of each folder that has photos in it. torchvision's refuses a folder without any
#   (https://docs.pytorch.org/vision/0.22/generated/torchvision.datasets.ImageFolder.html).
# What happens: every folder is a class, also an empty one and one that has text alone. With it, the numbers of the classes after
#   it shift: a network trained where a tool has left a folder has another class at each output.
# DJL 0.36.0 with PyTorch 2.7.1:
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/basicdataset/src/main/java/ai/djl/basicdataset/cv/classification/ImageFolder.java#L110
. "$(dirname "$0")/lib/packages.sh"
djl_packages ai.djl:basicdataset:0.36.0

run_java << 'JAVA'
import ai.djl.basicdataset.cv.classification.ImageFolder;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

class Main {
    static ImageFolder read(Path folder) throws Exception {
        ImageFolder photos = ImageFolder.builder().setRepositoryPath(folder).setSampling(1, false).build();
        photos.prepare();
        return photos;
    }

    static long labelOfClog(ImageFolder photos) throws Exception {
        try (NDManager manager = NDManager.newBaseManager()) {
            long label = -1;
            for (Batch batch : photos.getData(manager)) {
                label = Math.max(label, batch.getLabels().head().getLong());
            }
            System.out.println("classes " + photos.getSynset() + ", the label of the photo of a clog is " + label);
            return label;
        }
    }

    public static void main(String[] args) throws Exception {
        Path folder = Path.of("photos");
        for (String name : List.of("boot", "clog")) {
            Files.createDirectories(folder.resolve(name));
            ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", folder.resolve(name).resolve("1.png").toFile());
        }
        assert labelOfClog(read(folder)) == 1;
        Files.createDirectory(folder.resolve("cache"));
        System.out.println("an empty folder, cache, beside them:");
        ImageFolder photos = read(folder);
        assert photos.getSynset().equals(List.of("boot", "cache", "clog"));
        assert labelOfClog(photos) == 2;
    }
}
JAVA
