package tutorial.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tutorial.files.ResultsFolder;
import tutorial.testing.Project;

/** The page that gpu-check leaves, of figures made up. */
class GpuReportTest {
    @TempDir
    Path folder;

    @BeforeEach
    void measure() throws IOException {
        Table run = ResultsFolder.emptyTable();
        leg(run, "CPU", "on the fly", 20, 20, 1);
        leg(run, "GPU", "on the fly", 280, 400, 14);
        leg(run, "GPU", "cached", 390, 400, 13);
        ResultsFolder.save(run, folder.resolve("results"));
        ResultsFolder.save(run, folder.resolve("out/results-batch-128"));
        Files.createDirectories(folder.resolve("out/tests"));
        Files.writeString(folder.resolve("out/tests/TEST-GpuTest.xml"), """
                <testsuite><testcase name="learns"/><testcase name="fits"><failure>x</failure></testcase>
                <testcase name="asleep"><skipped/></testcase></testsuite>""");
    }

    @Test
    void eachAimIsMetMissedOrNotTried() throws Exception {
        Path comparison = Files.writeString(folder.resolve("compared.csv"), """
                what,who,round,images/s
                "GPU: training step, compute only",PyTorch,1,400
                "GPU: training step, compute only",PyTorch,2,410
                "GPU: training step, compute only",PyTorch,3,1
                "GPU: training step, compute only",this notebook,1,396
                "GPU: training step, compute only","PyTorch, channels-last, memory kept, bfloat16 autocast",1,1000
                "GPU: training step, compute only","PyTorch, channels-last, memory kept, bfloat16 autocast + torch.compile",1,1500
                "GPU: training step, compute only","this notebook, mixed",1,960
                "CPU: training step, compute only",PyTorch,1,8
                "CPU: training step, compute only","PyTorch, channels-last, memory kept",1,10
                "CPU: training step, compute only",this notebook,1,10
                "CPU: training step, compute only","PyTorch, channels-last, memory kept, bfloat16 autocast",1,20
                "CPU: training step, compute only","this notebook, mixed",1,15
                "GPU: whole loop, 3 epochs","PyTorch, 0 workers",1,100
                "GPU: whole loop, 3 epochs","PyTorch, 8 workers",1,300
                "GPU: whole loop, 3 epochs","this notebook, on the fly",1,280
                """);
        Files.writeString(folder.resolve("compared.md"), "| the table of make compare |\n");
        String page = report("results", comparison.toString());
        assertAim(page, "met", "cached, fed rate against compute only", "0.975");
        assertAim(page, "met", "whole training, on the fly, against this CPU", "14");
        assertAim(page, "**missed**", "whole training, cached, against this CPU", "13");
        assertAim(page, "met", "GPU: training step, compute only, against PyTorch", "0.99");
        assertAim(page, "met", "GPU: training step, compute only, mixed, against PyTorch's autocast", "0.96");
        assertAim(page, "**missed**", "CPU: training step, compute only, mixed, against PyTorch's autocast", "0.75");
        assertAim(page, "**missed**", "CPU: training step, compute only, mixed, against its own float32", "1.5");
        assertAim(page, "**missed**", "GPU: whole loop, 3 epochs, on the fly, against PyTorch", "0.933");
        assertTrue(page.contains("| met | GpuTest: learns | | passes |\n| **missed** | GpuTest: fits | | passes |\n| not tried | GpuTest: asleep | | passes |"), page);
        assertTrue(page.contains("## batch-128") && page.contains("| the table of make compare |"), page);
    }

    @Test
    void aGpuThatDidNotRaceIsMissed() throws Exception {
        Table run = ResultsFolder.emptyTable();
        leg(run, "CPU", "on the fly", 20, 20, 1);
        ResultsFolder.save(run, folder.resolve("other"));
        String page = report("other");
        assertTrue(page.contains("| **missed** | the GPU races with both ways of data loading |"), page);
    }

    @Test
    void theGpusFiguresStandInTheTables() throws Exception {
        String page = report("results");
        assertTrue(page.contains("| 97.5 | 6000.0 | 68.25 |") || page.contains("| 97.5 | 6000 | 68.25 |"), page);
        assertTrue(page.contains("| not tried | the comparison with PyTorch |"), page);
    }

    private static void assertAim(String page, String outcome, String what, String measured) {
        assertTrue(page.lines().anyMatch(line -> line.startsWith("| " + outcome + " | " + what + " | " + measured + " |")), what + "\n" + page);
    }

    private static void leg(Table run, String device, String loading, double rate, double ceiling, double speedup) {
        Row row = run.appendRow();
        row.setString("date", "2026-11-26T12:00:00");
        row.setString("device", device);
        row.setString("processor", device.equals("CPU") ? "A CPU" : "A GPU");
        row.setString("machine", "8 cores");
        row.setString("software", "DJL");
        row.setString("data loading", loading);
        row.setLong("images", 1000);
        row.setDouble("images/s", rate);
        row.setDouble("compute only, images/s", ceiling);
        row.setDouble("speed-up", speedup);
        if (device.equals("GPU")) {
            row.setDouble("GPU utilisation, %", 97.5);
            row.setDouble("GPU memory, peak MiB", 6000);
            row.setDouble("GPU power, W", 68.25);
        }
    }

    private String report(String results, String... comparison) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3", Project.SOURCE.resolve("tests/gpu_report.py").toString(),
                folder.resolve(results).toString(), folder.resolve("out").toString()));
        command.addAll(List.of(comparison));
        Process python = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(python.getInputStream().readAllBytes());
        assertEquals(0, python.waitFor(), said);
        String page = Files.readString(folder.resolve("out/report.md"));
        assertTrue(said.startsWith(page), said);
        return page;
    }
}
