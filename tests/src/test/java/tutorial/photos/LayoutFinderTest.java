package tutorial.photos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layouts as public data sets and people have them, each with the reading that is right. */
class LayoutFinderTest {
    @TempDir
    private Path temp;

    /**
     * @param tree folders with a number of photos, and other files; {x,y} is for both
     * @param right the classes; after a slash the splits; after a minus what is set aside; or what the refusal says
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            classes in folders around them | a/b/{cats,dogs}=5 a/readme.txt | cats dogs
            imagenette | imagenette2/train/{n01,n02}=9 imagenette2/val/{n01,n02}=4 imagenette2/noisy.csv | n01 n02 / train val
            Food-101 | food-101/images/{apple_pie,waffles}=5 food-101/meta/train.json food-101/README.txt | apple_pie waffles
            CUB-200 | CUB/images/{001.Albatross,002.Auklet}=4 CUB/attributes/a.txt CUB/parts/p.txt CUB/classes.txt | 001.Albatross \
            002.Auklet
            CUB-200 with segmentations | CUB/images/{001.A,002.B}=4 CUB/a.txt segmentations/{001.A,002.B}=4 | refused CUB/ and \
            segmentations/ hold folders of the same names
            Stanford Cars | cars_train/cars_train=8 cars_test/cars_test=8 devkit/meta.mat | refused without a folder for each class
            Intel | seg_train/seg_train/{sea,ice}=9 seg_test/seg_test/{sea,ice}=3 seg_pred/seg_pred=7 | ice sea / seg_test seg_train - \
            seg_pred
            PlantVillage of Kaggle | PlantVillage/{Potato,Tomato}=5 PlantVillage/PlantVillage/{Potato,Tomato}=5 | Potato Tomato - \
            PlantVillage
            chest X-ray, twice | chest/train/{ill,well}=9 chest/test/{ill,well}=3 chest/val/{ill,well}=1 chest/chest/train/{ill,well}=9 \
            chest/chest/test/{ill,well}=3 chest/chest/val/{ill,well}=1 | ill well / test train val - chest
            new plant diseases, twice | New/New/train/{a,b}=9 New/New/valid/{a,b}=2 new2/New/train/{a,b}=9 new2/New/valid/{a,b}=2 \
            test/test=4 | a b / train valid - new2 test
            Fruits-360 | f/Training/{Apple,Pear}=9 f/Test/{Apple,Pear}=3 f/test-multiple_fruits=5 f/papers/p.pdf | Apple Pear / Test \
            Training - test-multiple_fruits
            HAM10000 | {HAM10000_images_part_1,HAM10000_images_part_2}=9 meta.csv | refused meta.csv
            numbered parts, a table | {images_001,images_002}=9 Data_Entry.csv | refused Data_Entry.csv
            lettered parts, a table | {set_a,set_b}=9 labels.csv:file,label;set_a/8.jpg,cat | refused labels.csv
            lettered classes, a table | {type_a,type_b}=9 labels.csv:file,label;8.jpg,type_a | type_a type_b
            numbered classes | {c0,c1,c2}=9 | c0 c1 c2
            numbered classes, a table of them | {c0,c1}=9 names.csv:c0,safe;c1,phone | c0 c1
            State Farm | imgs/train/{c0,c1}=5 imgs/test=30 driver_imgs_list.csv:c0,imgs_train_c0_0.jpg | c0 c1 - test
            tiny-imagenet | t/train/{n1,n2}/images=9 t/{val,test}/images=4 t/words.txt t/val/val.txt | n1 n2 - test val
            GTSRB | GTSRB/Final_Training/Images/{00000,00001}=5 GTSRB/Readme.txt GTSRB/Final_Training/Images/00000/GT.csv | 00000 00001
            GTSRB of Kaggle | Train/{0,1}=9 Test=8 Meta=2 Train.csv Test.csv Meta.csv | 0 1 - Meta Test
            ASL | asl_alphabet_train/asl_alphabet_train/{A,B}=9 asl_alphabet_test/asl_alphabet_test=2 | A B - asl_alphabet_test
            BreakHis | breast/benign/SOB/adenosis/p1/{40X,100X}=3 breast/benign/SOB/tubular/p2/40X=3 \
            breast/malignant/SOB/ductal/p3/40X=3 breast/malignant/SOB/lobular/p4/40X=3 | benign malignant
            magnifications | 40X/benign=6 40X/malignant=9 100X/benign=6 100X/malignant=9 200X/benign=6 200X/malignant=8 | refused hold \
            folders of the same names
            renditions | p/color/Apple=5 p/color/Corn=6 p/grayscale/Apple=5 p/grayscale/Corn=6 p/segmented/Apple=5 p/segmented/Corn=6 | \
            refused color/, grayscale/ and segmented/
            EuroSAT | EuroSAT/{Forest,River}=5 EuroSAT/train.csv EuroSATallBands/{Forest,River}=5 EuroSATallBands/train.csv | refused \
            EuroSAT/ and EuroSATallBands/
            MNIST in folders | trainingSet/trainingSet/{0,1}=9 trainingSample/trainingSample/{0,1}=1 testSet/testSet=7 | 0 1 / \
            trainingSample trainingSet - testSet
            cats and dogs, filtered | cd/train/{cats,dogs}=9 cd/validation/{cats,dogs}=4 cd/vectorize.py | cats dogs / train validation
            dogs vs. cats, flat | train=9 test1=5 sampleSubmission.csv | refused without a folder for each class
            Caltech-101 | caltech/101_ObjectCategories/{ant,bass}=4 caltech/Annotations/ant/1.mat | ant bass
            Oxford pets | images=9 annotations/trimaps=9 annotations/xmls/1.xml | refused name no class
            COVID radiography | {COVID,Normal}/{images,masks}=5 | refused name no class
            images in each class | {COVID,Normal}/images=5 | COVID Normal
            MVTec | bottle/train/good=9 bottle/test/{good,broken}=2 bottle/ground_truth/broken=2 | refused name no class
            Office-31 | amazon/images/{mug,pen}=9 dslr/images/mug=4 dslr/images/pen=3 webcam/images/mug=8 webcam/images/pen=5 | refused \
            hold folders of the same names
            another language | apprendimento/{gatto,cane}=9 collaudo/{gatto,cane}=3 | cane gatto / apprendimento collaudo
            other names | cats_dogs_train/{cat,dog}=9 cats_dogs_eval/{cat,dog}=3 | cat dog / cats_dogs_eval cats_dogs_train
            two words for one split | {trainval,test}/{cat,dog}=5 | cat dog / test trainval
            Spanish | data/{entrenamiento,validacion}/{gato,perro}=5 | gato perro / entrenamiento validacion
            parts | p/part1/boots=5 p/part1/clogs=2 p/part2/{clogs,loafers}=5 | boots clogs loafers / part1 part2
            left and right shoes | nike/{left,right}=5 adidas/left=6 adidas/right=4 | refused adidas/ and nike/ are the classes, put an \
            empty file named classes-here into
            left and right, as told | nike/{left,right}=5 adidas/left=6 adidas/right=4 classes-here | adidas nike
            one rendition, as told | p/color/Apple=5 p/color/Corn=6 p/gray/Apple=5 p/gray/Corn=6 p/color/classes-here.txt | Apple Corn
            splits, as told | {a,b}/{x,y}=5 a/classes-here b/classes-here | x y / a b
            classes in splits | nike/train=9 nike/test=3 puma/train=9 puma/test=3 | nike puma / test test train train
            a test among the classes | {cat,dog}=9 test/cat=2 test/dog=3 | cat dog / test
            made from others | raw/cat=17 raw/dog=18 more/cat=17:_flipped more/cat=17:_turned more/dog=18:_flipped more/dog=18:_turned \
            | refused more/ and raw/ hold folders of the same names
            others of the same names | {cat,dog}=9 augmented/cat=20 augmented/dog=30 | refused augmented/ holds folders of the same names
            species and breeds | cats/{siamese,persian}=5 dogs/{poodle,beagle}=5 | cats dogs
            one class is divided | cats=9 dogs/{poodle,beagle}=3 birds=9 | birds cats dogs
            examples beside | digits/Dataset/{0,1}=8 digits/Examples=4 digits/README.md | 0 1 - Examples
            to predict beside | known/{cat,dog}=8 to_predict=9 | cat dog - to_predict
            a repository | repo/backend/app.py repo/backend/data/{cat,dog}=20 repo/frontend/public=1 repo/frontend/src/assets=1 \
            repo/frontend/src/App.js | cat dog - frontend
            a cover beside | shoes/{nike,puma}=8 .=1 | nike puma
            splits, renditions in them | train/{color,gray}/{a,b}=9 test/{color,gray}/{a,b}=2 | refused color/ and gray/ hold folders \
            of the same names
            folds, splits in them | fold_1/train/{a,b}=5 fold_1/test/{a,b}=2 fold_2/train/{a,b}=5 fold_2/test/{a,b}=2 | refused in \
            fold_1/ there are splits again
            a split of one class | train/{ants,bees}=9 val/ants=4 | ants bees / train val
            names that differ by case | train/{Cat,Dog}=9 test/{cat,dog}=3 | Cat Dog cat dog / test train
            trains | {bullet_train,steam_train}=5 | bullet_train steam_train
            """)
    void layouts(String title, String tree, String right) throws IOException {
        make(tree);
        String found;
        try {
            found = found(PhotoLayout.of(Folder.read(temp)));
        } catch (IOException e) {
            found = "refused " + e.getMessage();
        }
        if (right.startsWith("refused ")) {
            assertTrue(found.startsWith("refused ") && found.contains(right.substring("refused ".length())), found);
        } else {
            assertEquals(right, found);
        }
    }

    private void make(String tree) throws IOException {
        for (String item : tree.split(" ")) {
            Matcher either = Pattern.compile("\\{(.*?)\\}").matcher(item);
            if (either.find()) {
                for (String one : either.group(1).split(",")) {
                    make(new StringBuilder(item).replace(either.start(), either.end(), one).toString());
                }
            } else {
                makeOne(item);
            }
        }
    }

    /** Photos with the same content where the folders from the second on are the same, as copies of a set have. */
    private void makeOne(String item) throws IOException {
        String[] parts = item.split("[=:]");
        Path path = temp.resolve(parts[0]);
        if (!item.contains("=")) {
            Files.createDirectories(path.getParent());
            Files.writeString(path, parts.length > 1 ? parts[1].replace(';', '\n') : "x");
            return;
        }
        Files.createDirectories(path);
        String content = item.replaceFirst("^(PlantVillage(/PlantVillage)?|chest(/chest)?|new2/New|New/New)/", "");
        for (int i = 0; i < Integer.parseInt(parts[1]); i++) {
            Files.writeString(path.resolve(i + (parts.length > 2 ? parts[2] : "") + ".jpg"), content + i);
        }
    }

    private String found(PhotoLayout layout) throws IOException {
        TreeSet<String> classes = new TreeSet<>();
        try (var files = Files.walk(temp)) {
            for (Path file : files.filter(ImageFiles::isNamedAsImage).toList()) {
                String name = layout.className(file);
                if (name != null) {
                    classes.add(name);
                }
            }
        }
        return String.join(" ", classes) + names(" / ", layout.splits()) + names(" - ", layout.setAside());
    }

    private static String names(String before, List<Folder> folders) {
        return folders.isEmpty() ? "" : before + folders.stream().map(Folder::name).sorted().collect(Collectors.joining(" "));
    }
}
