package tutorial.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.Patience;
import tutorial.testing.SavedModel;
import tutorial.testing.Small;
import tutorial.testing.SparkExample;
import tutorial.testing.SparkInstallation;

/** The program of examples/spark. One class, since Maven builds it in one folder. */
public class SparkExampleTest {
    /** As docs/scale.md tells to start it; in a folder with the safetensors alone, while Classify has DJL's own file. */
    @Test
    @Tag("examples")
    public void eachPhotoHasARowWithTheAnswerOfClassifyOrTheReason(@TempDir Path folder) throws Exception {
        Path models = folder.resolve("models");
        SavedModel.in(models, 64);
        Path photos = Small.photos(folder.resolve("photos"), 12);
        SparkExample example = new SparkExample(folder);
        Path one;
        try (Stream<Path> files = Files.walk(photos)) {
            one = files.filter(Files::isRegularFile).findAny().orElseThrow();
        }
        Path below = Files.createDirectories(photos.resolve("of the year 2026"));
        Files.write(below.resolve("cut off ü.jpg"), Arrays.copyOf(Files.readAllBytes(one), 3000));
        Files.writeString(below.resolve("notes.txt"), "no photo");
        Files.createFile(below.resolve("empty.png"));
        Files.writeString(below.resolve(".hidden"), "not asked for");
        Path tensors = Files.createDirectories(folder.resolve("returned"));
        for (String file : List.of("resnet18.safetensors", "synset.txt")) {
            Files.copy(models.resolve(file), tensors.resolve(file));
        }

        String said = example.maven("compile", "exec:exec", "-Dfolders=returned photos answers");
        assumeFalse(SparkExample.isMissing(said), "Spark's libraries cannot be fetched here.");
        assertTrue(said.matches("(?s).*answers: 15 photos in [\\d.]+ s, of which 3 could not be read \\(see the column error\\).*"), said);

        List<SparkInstallation.Answer> answers = example.installation().answers(folder.resolve("answers"));
        List<String> found = answers.stream().map(SparkExample::asClassify).toList();
        assertEquals(15, found.size());
        assertEquals(example.classify("models", answers.stream().map(answer -> Path.of(answer.path().substring("file:".length()))).toList()), found);
        assertTrue(found.contains(below.resolve("empty.png") + ": cannot be read (empty file)"), found.toString());
        assertTrue(answers.stream().map(SparkInstallation.Answer::probability).distinct().count() > 6, "too alike to be told apart: " + found);
    }

    /** On a cluster: a master, two workers of one core each, and what is submitted to them. */
    @Nested
    @Tag("cluster")
    public class OnACluster {
        private static final int PHOTOS = 120;
        private static final int TASKS = 24;
        private static final Duration LONGEST = Patience.with(10);

        private record Worker(Process process, Path folder) {
            Stream<ProcessHandle> executors() {
                return process.descendants();
            }
        }

        @TempDir
        static Path folder;

        private static final List<Process> PROCESSES = new ArrayList<>();
        private static final List<Worker> WORKERS = new ArrayList<>();
        private static SparkInstallation spark;
        private static String master;
        private static List<String> expected;

        @BeforeAll
        public static void start() throws Exception {
            SavedModel.in(folder.resolve("models"), 64);
            Small.photos(folder.resolve("photos"), PHOTOS - 1);
            Files.writeString(folder.resolve("photos/notes.txt"), "no photo");
            SparkExample example = new SparkExample(folder);
            String said = example.maven("package");
            assertTrue(Files.exists(SparkExample.jar()), said);
            spark = example.installation();

            Path log = folder.resolve("master.log");
            PROCESSES.add(spark.start(log, "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0"));
            master = await(() -> found("Starting Spark master at (spark://\\S+)", log));
            for (int number = 1; number <= 2; number++) {
                Path work = folder.resolve("worker" + number);
                Process worker = spark.start(folder.resolve("worker" + number + ".log"), "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1",
                        "--webui-port", "0", "--cores", "1", "--memory", "1g", "--work-dir", work.toString(), master);
                PROCESSES.add(worker);
                WORKERS.add(new Worker(worker, work));
            }
            await(() -> found("(Successfully registered with master)", folder.resolve("worker1.log")));
            await(() -> found("(Successfully registered with master)", folder.resolve("worker2.log")));
            try (Stream<Path> files = Files.walk(folder.resolve("photos"))) {
                List<Path> photos = files.filter(Files::isRegularFile).sorted().toList();
                expected = example.classify("models", photos);
            }
        }

        @AfterAll
        public static void stop() {
            for (Worker worker : WORKERS) {
                worker.executors().forEach(ProcessHandle::destroyForcibly);
            }
            PROCESSES.forEach(Process::destroyForcibly);
        }

        @Test
        public void bothWorkersShareThePhotosAndAnswerAsClassifyDoes() throws Exception {
            Path answers = folder.resolve("answers");
            Path log = folder.resolve("quiet.log");
            String said = SparkInstallation.ended(submit(answers, log), log);
            assertTrue(said.contains(answers + ": " + PHOTOS + " photos in ") && said.contains(" s, of which 1 could not be read"), said);
            assertAnswers(answers);
            for (Worker worker : WORKERS) {
                assertTrue(executorsOf(worker) > 0, "each worker has an executor");
            }
            Process again = submit(answers, log);
            assertEquals(1, again.waitFor(), "answers that are there already are not overwritten");
            assertTrue(read(log).contains(answers + ": is there already. Delete it, or name another folder for the answers."), read(log));
        }

        @Test
        public void anExecutorKilledHalfWayLosesNothingAndDoesNothingTwice() throws Exception {
            Path answers = folder.resolve("answers after a kill");
            Path log = folder.resolve("kill.log");
            Process driver = submit(answers, log);
            Path done = answers.resolve("_temporary/0");
            await(() -> !driver.isAlive() || count(done, "task_.*") >= TASKS / 2 && WORKERS.get(0).executors().count() == 1 ? true : null);
            assertTrue(driver.isAlive(), () -> read(log));
            ProcessHandle victim = WORKERS.get(0).executors().findFirst().orElseThrow();
            victim.destroyForcibly();
            long doneAtTheKill = count(done, "task_.*");

            String said = SparkInstallation.ended(driver, log);
            assertTrue(doneAtTheKill < TASKS, "killed when all was done already");
            assertTrue(said.contains("Lost executor"), said);
            assertTrue(said.contains(answers + ": " + PHOTOS + " photos in ") && said.contains(" s, of which 1 could not be read"), said);
            assertAnswers(answers);
        }

        private Process submit(Path answers, Path log) throws IOException {
            return spark.start(log, "org.apache.spark.deploy.SparkSubmit", "--master", master, "--conf", "spark.default.parallelism=" + TASKS,
                    "--executor-memory", "1g", "--class", "ClassifyFolder", SparkExample.jar().toString(),
                    folder.resolve("models").toString(), folder.resolve("photos").toString(), answers.toString());
        }

        /** Each photo once; the answers come in the order of the paths, as what is expected does. */
        private void assertAnswers(Path answers) throws Exception {
            List<String> found = new ArrayList<>(spark.answers(answers).stream().map(SparkExample::asClassify).toList());
            Collections.sort(found);
            List<String> sorted = new ArrayList<>(expected);
            Collections.sort(sorted);
            assertEquals(PHOTOS, sorted.size());
            assertEquals(sorted, found);
        }

        private static long executorsOf(Worker worker) throws IOException {
            try (Stream<Path> folders = Files.walk(worker.folder, 2)) {
                return folders.filter(one -> one.getFileName().toString().matches("\\d+")).filter(one -> one.getParent().getFileName().toString().startsWith("app-")).count();
            }
        }

        private static String read(Path log) {
            try {
                return Files.readString(log);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static long count(Path folder, String name) throws IOException {
            if (!Files.exists(folder)) {
                return 0;
            }
            try (Stream<Path> files = Files.list(folder)) {
                return files.filter(file -> file.getFileName().toString().matches(name)).count();
            }
        }

        private static String found(String pattern, Path log) throws IOException {
            Matcher matcher = Pattern.compile(pattern).matcher(Files.exists(log) ? Files.readString(log) : "");
            return matcher.find() ? matcher.group(1) : null;
        }

        private static <T> T await(Callable<T> what) throws Exception {
            long end = System.nanoTime() + LONGEST.toNanos();
            while (System.nanoTime() < end) {
                T value = what.call();
                if (value != null) {
                    return value;
                }
                Thread.sleep(20);
            }
            throw new AssertionError("Not so within " + LONGEST);
        }
    }
}
