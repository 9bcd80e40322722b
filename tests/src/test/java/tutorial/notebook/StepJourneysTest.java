package tutorial.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tutorial.testing.CallCounter;
import tutorial.testing.Kernel;
import tutorial.testing.LastCell;
import tutorial.testing.Project;

/**
 * What the notebook's own training step brings to the device and reads from there, counted by a debugger. It has a kernel of
 * its own, with no more than a training needs, since all takes three times as long where a debugger may look on.
 */
@Tag("kernel")
@ExtendWith(LastCell.class)
class StepJourneysTest {
    /** On a GPU each of these brings numbers there or waits for numbers from there. */
    private static final List<String> JOURNEYS = List.of("createNdFromByteBuffer", "getByteBuffer", "contentEqual", "to");

    /** Bytes become floats, and the number of right answers too: two calls of {@code to}, neither to another device. */
    @Test
    void tenStepsBringNothingToTheDeviceAndReadNothing(@TempDir Path temp) throws Exception {
        Project project = Project.copyTo(temp.resolve("project"));
        int port = CallCounter.freePort();
        try (Kernel kernel = project.kernel(Map.of("JJAVA_JVM_OPTS", CallCounter.option(port)))) {
            kernel.runAll(LiveNotebook.forATraining(project.notebook().codeCellsUntil("race-cpu")), LiveNotebook.QUICK).orFail();
            kernel.execute(StepTest.RUN).orFail();
            count(kernel, port);
        }
    }

    private static void count(Kernel kernel, int port) throws Exception {
        try (CallCounter calls = new CallCounter(port, "training", "ai.djl.pytorch.jni.JniUtils", JOURNEYS)) {
            for (String loading : List.of("ON_THE_FLY", "CACHED")) {
                kernel.execute("runOf(DataLoading." + loading + ", 2);").orFail();
                Map<String, Integer> ofTwoSteps = calls.take();
                assertTrue(ofTwoSteps.get("createNdFromByteBuffer") > 0 && ofTwoSteps.get("getByteBuffer") > 0, ofTwoSteps.toString());
                kernel.execute("runOf(DataLoading." + loading + ", 12);").orFail();
                Map<String, Integer> ofTenMore = new HashMap<>();
                calls.take().forEach((method, count) -> ofTenMore.put(method, count - ofTwoSteps.getOrDefault(method, 0)));
                ofTenMore.values().removeIf(count -> count == 0);
                assertEquals(Map.of("to", 2 * 10), ofTenMore, loading);
            }
        }
    }
}
