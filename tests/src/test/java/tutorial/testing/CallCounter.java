package tutorial.testing;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Method;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts, by the debugger's interface, how often a thread of another Java calls some methods. */
public final class CallCounter implements AutoCloseable {
    private final VirtualMachine java;
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    /** An option that lets this class look on. */
    public static String option(int port) {
        return "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:" + port;
    }

    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public CallCounter(int port, String thread, String type, List<String> methods) throws Exception {
        AttachingConnector socket = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(connector -> connector.name().equals("com.sun.jdi.SocketAttach")).findFirst().orElseThrow();
        Map<String, Connector.Argument> arguments = socket.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(String.valueOf(port));
        java = socket.attach(arguments);
        for (ReferenceType loaded : java.classesByName(type)) {
            for (Method method : loaded.methods()) {
                if (methods.contains(method.name())) {
                    BreakpointRequest request = java.eventRequestManager().createBreakpointRequest(method.location());
                    request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
                    request.enable();
                }
            }
        }
        Thread listener = new Thread(() -> listen(thread), "call counter");
        listener.setDaemon(true);
        listener.start();
    }

    /** By name of the method, since the last time that this was asked. */
    public Map<String, Integer> take() {
        Map<String, Integer> taken = Map.copyOf(counts);
        counts.clear();
        return taken;
    }

    private void listen(String thread) {
        try {
            while (true) {
                EventSet events = java.eventQueue().remove();
                for (Event event : events) {
                    if (event instanceof BreakpointEvent call && call.thread().name().equals(thread)) {
                        counts.merge(call.location().method().name(), 1, Integer::sum);
                    }
                }
                events.resume();
            }
        } catch (InterruptedException | VMDisconnectedException closed) {
            return;
        }
    }

    @Override
    public void close() {
        java.dispose();
    }
}
