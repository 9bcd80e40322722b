package tutorial.photos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tutorial.files.SafeUnzip;
import tutorial.photos.PhotoFolder.Photo;
import tutorial.testing.Project;

/** Zips in the shape of those that people reported trouble with. Skipped where they do not lie beside the project. */
class ReportedZipsTest {
    @TempDir
    private Path temp;

    /** @param right photos of each class to train on and to test on; files set aside; or what the refusal says */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            01-copies-in-a-class    | mugs 28+4, plates 28+4; 0
            03-plantvillage-3       | color/, grayscale/ and segmented/ hold folders of the same names
            04-tiny-imagenet        | n01443537 10+2, n01629819 10+2, n01641577 10+2; 18
            05-ham10000             | labels are in HAM10000_metadata.csv
            06-asl                  | A 10+2, B 10+2, C 10+2; 3
            06-entrenamiento        | gato 12+4, perro 12+4; 0
            06-intel                | cat 12+4, dog 12+4; 0
            06-learn                | cat 12+4, dog 12+4; 0
            06-trainval             | cat 12+4, dog 12+4; 0
            06-treino               | cat 12+4, dog 12+4; 0
            07-photos-20261126T101500Z-1-001 | boots 16+4, clogs 16+4, loafers 16+4; 0
            07-photos-20261126T101500Z-1-002 | boots 16+4, clogs 16+4, loafers 16+4; 0
            09-stanford-dogs        | n02085620-Chihuahua 10+2, n02085782-Japanese_spaniel 10+2, n02085936-Maltese_dog 10+2; 0
            09-dogs-flat            | n02085620-Chihuahua 10+2, n02085782-Japanese_spaniel 10+2, n02085936-Maltese_dog 10+2; 0
            10-gtsrb-ppm            | 00000 10+2, 00001 10+2, 00002 10+2; 0
            10-faces-pgm            | s1 8+2, s2 8+2, s3 8+2; 0
            10-mixed-ppm            | a 13+3, b 13+3; 0
            10-jp2                  | JPEG 2000 is not supported: convert
            10-tga                  | TGA is not supported: convert
            12-malaria              | Parasitized 12+3, Uninfected 12+3; 30
            16-case                 | Cat 12+0, Dog 12+0, cat 0+4, dog 0+4; 0
            18-github-zip-examples-beside | 0 7+1, 1 7+1, 2 7+1, 3 7+1; 4
            r-gtsrb-kaggle          | 0 10+2, 1 10+2, 2 10+2; 12
            r-lfs                   | git lfs pull
            r-live                  | cats 8+2, dogs 8+2; 2
            """)
    void zips(String name, String right) throws IOException {
        Path zip = Project.SHARED_DATA.resolve("reports/round3").resolve(name + ".zip");
        assumeTrue(Files.exists(zip), "no " + zip + " beside the project");
        String found;
        try {
            found = found(PhotoFolder.scan(SafeUnzip.extract(zip, temp, 1, line -> {}), 0.5));
        } catch (IOException e) {
            assertTrue(e.getMessage().contains(right), e.getMessage());
            return;
        }
        assertEquals(right, found);
    }

    private static String found(PhotoFolder photos) {
        PhotoSplit split = photos.split(0.2, 42);
        List<String> classes = new ArrayList<>();
        for (int label : IntStream.range(0, photos.classNames().size()).toArray()) {
            classes.add(photos.classNames().get(label) + " " + count(split.training(), label) + "+" + count(split.test(), label));
        }
        return String.join(", ", classes) + "; " + photos.skipped().size();
    }

    private static long count(List<Photo> photos, int label) {
        return photos.stream().filter(photo -> photo.label() == label).count();
    }
}
