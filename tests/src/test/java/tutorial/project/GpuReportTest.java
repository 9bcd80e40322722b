package tutorial.project;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tutorial.files.ResultsFolder;
import tutorial.testing.Project;

/** The page that gpu-check leaves, of figures made up. */
class GpuReportTest {
    @TempDir
    Path folder;

    private static final List<String> COLUMNS = List.of("date", "device", "processor", "machine", "software", "data loading", "images",
            "images/s", "compute only, images/s", "speed-up", "GPU utilisation, %", "GPU memory, peak MiB", "GPU power, W",
            "GPU clock, MHz", "GPU temperature, C", "GPU throttled, %");
    private static final String CPU = "2026-11-26T12:00:00,CPU,A CPU,8 cores,DJL,on the fly,1000,20,20,1,,,,,,\n";
    private static final String GPU = """
            2026-11-26T12:00:00,GPU,A GPU,8 cores,DJL,on the fly,1000,280,400,14,97.5,6000,68.25,1350,81,75
            2026-11-26T12:00:00,GPU,A GPU,8 cores,DJL,cached,1000,390,400,13,97.5,6000,68.25,1350,81,75
            """;

    @BeforeEach
    void measure() throws IOException {
        write("results", CPU + GPU);
        write("out/results-batch-128", CPU + GPU);
        Files.createDirectories(folder.resolve("out/tests"));
        Files.writeString(folder.resolve("out/tests/TEST-tutorial.notebook.GpuTest.xml"), """
                <testsuite><testcase name="learns"/><testcase name="fits"><failure>x</failure></testcase>
                <testcase name="asleep"><skipped/></testcase></testsuite>""");
    }

    private void write(String results, String rows) throws IOException {
        Path file = Files.createDirectories(folder.resolve(results)).resolve("2026-11-26.csv");
        Files.writeString(file, "\"" + String.join("\",\"", COLUMNS) + "\"\n" + rows);
    }

    @Test
    void theColumnsMadeUpHereAreThoseOfRealResults() {
        assertTrue(ResultsFolder.emptyTable().columnNames().containsAll(COLUMNS), COLUMNS.toString());
    }

    @Test
    void eachAimIsMetMissedOrNotTried() throws Exception {
        Path comparison = Files.writeString(folder.resolve("compared.csv"), """
                what,who,round,images/s
                "GPU: training step, compute only",PyTorch,1,400
                "GPU: training step, compute only",PyTorch,2,410
                "GPU: training step, compute only",PyTorch,3,1
                "GPU: training step, compute only","PyTorch, channels-last",1,200
                "GPU: training step, compute only","this notebook, NHWC",1,205
                "GPU: training step, compute only","this notebook, NCHW",1,396
                "GPU: training step, compute only","PyTorch, memory kept, bfloat16 autocast",1,700
                "GPU: training step, compute only","PyTorch, channels-last, memory kept, bfloat16 autocast",1,1000
                "GPU: training step, compute only","PyTorch, channels-last, memory kept, bfloat16 autocast + torch.compile",1,1500
                "GPU: training step, compute only","this notebook, NHWC, mixed",1,960
                "CPU: training step, compute only",PyTorch,1,8
                "CPU: training step, compute only","PyTorch, channels-last, memory kept",1,10
                "CPU: training step, compute only","this notebook, NHWC",1,10
                "CPU: training step, compute only","this notebook, NCHW",1,9
                "CPU: training step, compute only","PyTorch, channels-last, memory kept, bfloat16 autocast",1,20
                "CPU: training step, compute only","this notebook, NHWC, mixed",1,15
                "GPU: whole loop, 3 epochs","PyTorch, 0 workers",1,100
                "GPU: whole loop, 3 epochs","PyTorch, 8 workers",1,300
                "GPU: whole loop, 3 epochs","this notebook, on the fly",1,280
                """);
        Files.writeString(folder.resolve("compared.md"), "| the table of make compare |\n");
        String page = report("results", comparison.toString());
        assertAim(page, "met", "cached, fed rate against compute only", "0.975");
        assertAim(page, "met", "whole training, on the fly, against this CPU", "14");
        assertAim(page, "**missed**", "whole training, cached, against this CPU", "13");
        assertAim(page, "met", "GPU: training step, compute only, against PyTorch at its best", "0.99");
        assertAim(page, "met", "CPU: training step, compute only, against PyTorch at its best", "1");
        assertAim(page, "met", "GPU: training step, compute only, mixed, against PyTorch's autocast", "0.96");
        assertAim(page, "**missed**", "CPU: training step, compute only, mixed, against PyTorch's autocast", "0.75");
        assertAim(page, "**missed**", "CPU: training step, compute only, mixed, against its own float32", "1.5");
        assertAim(page, "**missed**", "GPU: whole loop, 3 epochs, on the fly, against PyTorch", "0.933");
        assertAim(page, "met", "GpuTest: learns", "");
        assertAim(page, "**missed**", "GpuTest: fits", "");
        assertAim(page, "not tried", "GpuTest: asleep", "");
        assertTrue(page.contains("## batch-128") && page.contains("| the table of make compare |"), page);
    }

    @Test
    void aGpuThatDidNotRaceIsMissed() throws Exception {
        write("other", CPU);
        String page = report("other");
        assertTrue(page.contains("| **missed** | the GPU races with both ways of data loading |"), page);
    }

    @Test
    void theGpusFiguresStandInTheTables() throws Exception {
        String page = report("results");
        assertTrue(page.contains("| 97.5 | 6000 | 68.25 | 1350 | 81 | 75 |"), page);
        assertTrue(page.contains("| not tried | the comparison with PyTorch |"), page);
    }

    private static void assertAim(String page, String outcome, String what, String measured) {
        assertTrue(page.contains("| " + outcome + " | " + what + " | " + (measured + " |").strip()), what + "\n" + page);
    }

    private String report(String results, String... comparison) throws IOException, InterruptedException {
        String[] arguments = Stream.concat(Stream.of(Project.SOURCE.resolve("tests/gpu_report.py").toString(), results, "out"),
                Stream.of(comparison)).toArray(String[]::new);
        String said = Project.finish(new Project(folder).program(Map.of(), "python3", arguments)).orFail();
        String page = Files.readString(folder.resolve("out/report.md"));
        assertTrue(said.startsWith(page), said);
        return page;
    }
}
