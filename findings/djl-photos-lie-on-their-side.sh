#!/usr/bin/env bash
# Guess: ImageFactory.fromFile, and ImageFolder with it, turns a photo as the camera says that it was held, as every viewer does,
#   and OpenCV's imread (https://docs.opencv.org/4.11.0/d4/da8/group__imgcodecs.html), which DJL can use as well.
# What happens: nothing is turned. A portrait photo of a phone, 4 x 6 pixels when looked at, comes as 6 x 4, on its side. The same
#   photo saved anew by a program that turned it comes upright, so one set of photos has both.
# DJL 0.36.0 on the JDK, whose ImageIO leaves EXIF's orientation to the caller:
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/api/src/main/java/ai/djl/modality/cv/BufferedImageFactory.java#L60
. "$(dirname "$0")/lib/packages.sh"
maven_packages ai.djl:api:0.36.0 com.drewnoakes:metadata-extractor:2.19.0 org.slf4j:slf4j-nop:2.0.17

run_java << 'JAVA'
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import com.drew.imaging.ImageMetadataReader;
import com.drew.metadata.exif.ExifIFD0Directory;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

class Main {
    /** EXIF with one entry: orientation 6, to be turned by 90 degrees clockwise. */
    static byte[] exif() {
        ByteBuffer segment = ByteBuffer.allocate(36);
        segment.putShort((short) 0xFFE1).putShort((short) 34).put("Exif\0\0MM\0*".getBytes(StandardCharsets.US_ASCII)).putInt(8);
        segment.putShort((short) 1).putShort((short) 0x112).putShort((short) 3).putInt(1).putShort((short) 6).putShort((short) 0).putInt(0);
        return segment.array();
    }

    public static void main(String[] args) throws Exception {
        BufferedImage lying = new BufferedImage(6, 4, BufferedImage.TYPE_INT_RGB);     // as the sensor lies when the phone is upright
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream(), photo = new ByteArrayOutputStream();
        ImageIO.write(lying, "jpeg", jpeg);
        photo.write(jpeg.toByteArray(), 0, 2);
        photo.write(exif());
        photo.write(jpeg.toByteArray(), 2, jpeg.size() - 2);
        Path file = Files.write(Path.of("portrait.jpg"), photo.toByteArray());

        ExifIFD0Directory camera = ImageMetadataReader.readMetadata(file.toFile()).getFirstDirectoryOfType(ExifIFD0Directory.class);
        System.out.println("the camera: " + camera.getDescription(ExifIFD0Directory.TAG_ORIENTATION));
        Image read = ImageFactory.getInstance().fromFile(file);
        System.out.println("DJL reads it as " + read.getWidth() + " x " + read.getHeight() + ", one looks at 4 x 6");
        assert camera.getInt(ExifIFD0Directory.TAG_ORIENTATION) == 6;
        assert read.getWidth() == 6 && read.getHeight() == 4;
    }
}
JAVA
