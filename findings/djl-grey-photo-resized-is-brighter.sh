#!/usr/bin/env bash
# Guess: to make a photo of one grey smaller leaves it as grey as it was.
# What happens: Image.resize makes a grey photo of 8 bits brighter, 64 becomes 137, and a second resize 194. The same grey in
#   a colour photo stays. A network trained on one kind sees other pixels in the other. Grey with 16 bits or with transparency
#   is 137 as soon as it is read.
# DJL 0.36.0 on the JDK: getScaledInstance hands the pixels on as sRGB, for which Java 2D takes TYPE_BYTE_GRAY to be linear,
#   and drawing them into a grey image again does not convert them back.
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/api/src/main/java/ai/djl/modality/cv/BufferedImageFactory.java#L178
#   https://docs.oracle.com/en/java/javase/17/docs/api/java.desktop/java/awt/color/ColorSpace.html#CS_GRAY
. "$(dirname "$0")/lib/packages.sh"
djl_packages

run_java << 'JAVA'
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDManager;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import javax.imageio.ImageIO;

class Main {
    static final int GREY = 64;

    /** 8 x 8 pixels of the same grey. */
    static BufferedImage photo(int type) {
        BufferedImage pixels = new BufferedImage(8, 8, type);
        for (int i = 0; i < 64 * pixels.getRaster().getNumBands(); i++) {
            pixels.getRaster().setSample(i % 8, i / 8 % 8, i / 64, GREY);
        }
        return pixels;
    }

    /** It, as a PNG, as DJL reads it. */
    static Image read(BufferedImage pixels) throws Exception {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(pixels, "png", png);
        return ImageFactory.getInstance().fromInputStream(new ByteArrayInputStream(png.toByteArray()));
    }

    /** A grey photo that is not of 8 bits alone: with transparency, or with 16 bits, where the same grey is 64 * 257. */
    static BufferedImage otherGrey(boolean transparency) {
        ComponentColorModel model = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_GRAY), transparency, false,
                transparency ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
                transparency ? DataBuffer.TYPE_BYTE : DataBuffer.TYPE_USHORT);
        BufferedImage pixels = new BufferedImage(model, model.createCompatibleWritableRaster(8, 8), false, null);
        for (int i = 0; i < 64; i++) {
            pixels.getRaster().setPixel(i % 8, i / 8, transparency ? new int[] {GREY, 255} : new int[] {GREY * 257});
        }
        return pixels;
    }

    static int level(NDManager manager, Image image) {
        return image.toNDArray(manager).toUint8Array()[0];
    }

    public static void main(String[] args) throws Exception {
        try (NDManager manager = NDManager.newBaseManager()) {
            for (int type : new int[] {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_BYTE_GRAY}) {
                boolean grey = type == BufferedImage.TYPE_BYTE_GRAY;
                Image photo = read(photo(type)), half = photo.resize(4, 4, true), quarter = half.resize(2, 2, true);
                int before = level(manager, photo), after = level(manager, half), twice = level(manager, quarter);
                System.out.printf("%s photo: %d, resized %d, resized again %d%n", grey ? "grey" : "colour", before, after, twice);
                assert before == GREY;
                assert grey ? after > 120 && twice > 180 : after == GREY && twice == GREY;
            }
            int sixteen = level(manager, read(otherGrey(false))), transparency = level(manager, read(otherGrey(true)));
            System.out.println("grey photo of 16 bits: " + sixteen + ", grey with transparency: " + transparency);
            assert sixteen > 120 && transparency > 120;
        }
    }
}
JAVA
