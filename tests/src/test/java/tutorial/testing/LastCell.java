package tutorial.testing;

import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/** A test that fails says in its last lines which cell was run last, how it begins and what it put out. */
public final class LastCell
        implements BeforeTestExecutionCallback, TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
    @Override
    public void beforeTestExecution(ExtensionContext test) {
        Kernel.forgetLastCell();
    }

    @Override
    public void handleTestExecutionException(ExtensionContext test, Throwable failure) throws Throwable {
        throw told(failure);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext test, Throwable failure) throws Throwable {
        throw told(failure);
    }

    private static Throwable told(Throwable failure) {
        return failure instanceof TestAbortedException || Kernel.lastCell().isEmpty() ? failure
                : new AssertionError(failure.getMessage() + "\nThe last cell: " + Kernel.lastCell(), failure);
    }
}
