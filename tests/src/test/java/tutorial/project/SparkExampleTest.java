package tutorial.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.Patience;
import tutorial.testing.Project;
import tutorial.testing.ResNet18;
import tutorial.testing.Small;
import tutorial.testing.SparkExample;

/** The program of examples/spark. One class, since Maven builds it in one folder. */
class SparkExampleTest {
    /** As docs/scale.md tells to start it; in a folder with the safetensors alone, while Classify has DJL's own file. */
    @Test
    @Tag("examples")
    void eachPhotoHasARowWithTheAnswerOfClassifyOrTheReason(@TempDir Path folder) throws Exception {
        Path models = folder.resolve("models");
        ResNet18.save(models, 64);
        Path photos = Small.photos(folder.resolve("photos"), 12);
        SparkExample example = new SparkExample(folder);
        Path one = files(photos).get(0);
        Path below = Files.createDirectories(photos.resolve("of the year 2026"));
        Files.write(below.resolve("cut off ü.jpg"), Arrays.copyOf(Files.readAllBytes(one), 3000));
        Files.writeString(below.resolve("notes.txt"), "no photo");
        Files.createFile(below.resolve("empty.png"));
        ImageIO.write(new BufferedImage(80, 60, BufferedImage.TYPE_USHORT_GRAY), "png", below.resolve("grey.png").toFile());
        Files.writeString(below.resolve(".hidden"), "not asked for");
        Path tensors = Files.createDirectories(folder.resolve("returned"));
        for (String file : List.of("resnet18.safetensors", "synset.txt")) {
            Files.copy(models.resolve(file), tensors.resolve(file));
        }

        String said = example.maven("compile", "exec:exec", "-Dfolders=returned photos answers").output();
        boolean missing = said.matches("(?s).*Could not (resolve dependencies|transfer artifact|find artifact).*");
        assumeFalse(missing, "Spark's libraries cannot be fetched here.");
        assertTrue(said.matches("(?s).*answers: 16 photos in [\\d.]+ s, [\\d.]+ images/s, of which 3 could not be read .*"), said);

        example.installSpark();
        List<SparkExample.Answer> answers = example.answers(folder.resolve("answers"));
        List<String> found = answers.stream().map(SparkExample.Answer::line).toList();
        assertEquals(16, found.size());
        assertEquals(example.classify("models", answers.stream().map(SparkExample.Answer::photo).toList()), found);
        assertTrue(found.contains(below.resolve("empty.png") + ": cannot be read (empty file)"), found.toString());
        long probabilities = answers.stream().map(SparkExample.Answer::probability).distinct().count();
        assertTrue(probabilities > 6, "too alike to be told apart: " + found);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** On a cluster: a master, two workers of one core each, and what is submitted to them. */
    @Nested
    @Tag("cluster")
    class OnACluster {
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
        private static SparkExample example;
        private static String master;
        private static List<String> expected;

        @BeforeAll
        static void start() throws Exception {
            ResNet18.save(folder.resolve("models"), 64);
            Small.photos(folder.resolve("photos"), PHOTOS - 1);
            Files.writeString(folder.resolve("photos/notes.txt"), "no photo");
            example = new SparkExample(folder);
            String said = example.maven("package").output();
            assertTrue(Files.exists(SparkExample.JAR), said);
            example.installSpark();

            Path log = folder.resolve("master.log");
            PROCESSES.add(example.startSpark(log, "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "0",
                    "--webui-port", "0"));
            master = await(() -> found("Starting Spark master at (spark://\\S+)", log));
            Path gpus = withGpu(3);
            for (String name : List.of("worker1", "worker2")) {
                Path work = folder.resolve(name);
                Process worker = example.startSpark(Path.of(work + ".log"), "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1",
                        "--webui-port", "0", "--cores", "1", "--memory", "1g", "--work-dir", work.toString(),
                        "--properties-file", gpus.toString(), master);
                PROCESSES.add(worker);
                WORKERS.add(new Worker(worker, work));
            }
            for (Worker worker : WORKERS) {
                await(() -> found("(Successfully registered with master)", Path.of(worker.folder + ".log")));
            }
            expected = example.classify("models", files(folder.resolve("photos"))).stream().sorted().toList();
            assertEquals(PHOTOS, expected.size());
        }

        @AfterAll
        static void stop() {
            for (Worker worker : WORKERS) {
                worker.executors().forEach(ProcessHandle::destroyForcibly);
            }
            PROCESSES.forEach(Process::destroyForcibly);
        }

        @Test
        void bothWorkersShareThePhotosAndAnswerAsClassifyDoes() throws Exception {
            Path answers = folder.resolve("answers");
            Path log = folder.resolve("quiet.log");
            assertAnswers(answers, Project.finish(submit(answers, log), log).orFail());
            for (Worker worker : WORKERS) {
                try (Stream<Path> executors = Files.walk(worker.folder, 2)) {
                    assertTrue(executors.anyMatch(one -> one.toString().matches(".*/app-[^/]*/\\d+")), "each worker has an executor");
                }
            }
            Project.Finished again = Project.finish(submit(answers, log), log);
            assertEquals(1, again.exitCode(), "answers that are there already are not overwritten");
            assertTrue(again.output().contains(answers + ": is there already."), again.output());
        }

        @Test
        void anExecutorKilledHalfWayLosesNothingAndDoesNothingTwice() throws Exception {
            Path answers = folder.resolve("answers after a kill");
            Path log = folder.resolve("kill.log");
            Process driver = submit(answers, log);
            Path done = answers.resolve("_temporary/0");
            await(() -> !driver.isAlive() || tasks(done) >= TASKS / 2 && WORKERS.get(0).executors().count() == 1 ? true : null);
            assertTrue(driver.isAlive(), Files.readString(log));
            WORKERS.get(0).executors().findFirst().orElseThrow().destroyForcibly();
            assertTrue(tasks(done) < TASKS, "killed when all was done already");

            String said = Project.finish(driver, log).orFail();
            assertTrue(said.contains("Lost executor"), said);
            assertAnswers(answers, said);
        }

        /** Spark hands out GPUs by what a script tells; this one's is not there, so that the CPU stands in for it. */
        @Test
        void aTaskIsGivenTheGpuOfItsWorker() throws Exception {
            Path answers = folder.resolve("answers with GPUs");
            Path log = folder.resolve("gpu.log");
            assertAnswers(answers, Project.finish(submit(answers, log, "--conf", "spark.executor.resource.gpu.amount=1",
                    "--conf", "spark.task.resource.gpu.amount=1"), log).orFail());
            assertTrue(gpusTold().contains("GPU 3, but PyTorch sees 0"), gpusTold());
        }

        private static Path withGpu(int number) throws IOException {
            Path script = Files.writeString(folder.resolve("gpus.sh"), "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"" + number
                    + "\"]}'\n");
            assertTrue(script.toFile().setExecutable(true));
            return Files.writeString(folder.resolve("worker.conf"),
                    "spark.worker.resource.gpu.amount 1\nspark.worker.resource.gpu.discoveryScript " + script + "\n");
        }

        /** What the executors have said of GPUs. */
        private static String gpusTold() throws IOException {
            StringBuilder told = new StringBuilder();
            for (Worker worker : WORKERS) {
                try (Stream<Path> logs = Files.walk(worker.folder, 3)) {
                    for (Path log : logs.filter(one -> one.endsWith("stderr")).toList()) {
                        Files.readAllLines(log).stream().filter(line -> line.contains("this task GPU")).forEach(told::append);
                    }
                }
            }
            return told.toString();
        }

        private Process submit(Path answers, Path log, String... options) throws IOException {
            List<String> arguments = new ArrayList<>(List.of("org.apache.spark.deploy.SparkSubmit", "--master", master,
                    "--conf", "spark.default.parallelism=" + TASKS, "--executor-memory", "1g", "--class", "ClassifyFolder"));
            arguments.addAll(List.of(options));
            arguments.addAll(List.of(SparkExample.JAR.toString(), folder + "/models", folder + "/photos", answers.toString()));
            return example.startSpark(log, arguments.toArray(String[]::new));
        }

        /** Each photo once. */
        private void assertAnswers(Path answers, String said) throws Exception {
            assertTrue(said.matches("(?s).*" + answers + ": " + PHOTOS + " photos in .* s, .* images/s, of which 1 could not be read.*"), said);
            assertEquals(expected, example.answers(answers).stream().map(SparkExample.Answer::line).sorted().toList());
        }

        private static long tasks(Path folder) throws IOException {
            if (!Files.exists(folder)) {
                return 0;
            }
            try (Stream<Path> files = Files.list(folder)) {
                return files.filter(file -> file.getFileName().toString().startsWith("task_")).count();
            }
        }

        private static String found(String pattern, Path log) throws IOException {
            Matcher matcher = Pattern.compile(pattern).matcher(Files.exists(log) ? Files.readString(log) : "");
            return matcher.find() ? matcher.group(1) : null;
        }

        private static <T> T await(Callable<T> what) throws Exception {
            for (long end = System.nanoTime() + LONGEST.toNanos(); System.nanoTime() < end; Thread.sleep(20)) {
                T value = what.call();
                if (value != null) {
                    return value;
                }
            }
            throw new AssertionError("Not so within " + LONGEST);
        }
    }
}
