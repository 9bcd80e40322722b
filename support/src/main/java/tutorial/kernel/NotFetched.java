package tutorial.kernel;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What to do where a library could not be fetched. */
final class NotFetched {
    private static final Pattern MAGIC = Pattern.compile("(?s)magic '(?:maven|loadFromPOM)'(?:.*dependency: (\\S+))?");
    private static final Pattern NO_LOCKS = Pattern.compile("(?i)no locks available|function not implemented|operation not supported");
    private static final Pattern NO_TRUST = Pattern.compile("PKIX|certificat|trustAnchors|SSLHandshake");

    private NotFetched() {}

    static Optional<String> hint(Throwable error) {
        Matcher magic = MAGIC.matcher(String.valueOf(error.getMessage()));
        if (!magic.find()) {
            return Optional.empty();
        }
        Throwable innermost = error;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String reason = String.valueOf(innermost.getMessage()).lines().findFirst().orElse("");
        return Optional.of((magic.group(1) == null ? "a library" : magic.group(1)) + " could not be fetched (" + reason + "). "
                + remedy(reason, System.getProperty("https.proxyHost"), System.getProperty("https.proxyPort")));
    }

    static String remedy(String reason, String proxyHost, String proxyPort) {
        String proxy = "the proxy " + proxyHost + ":" + proxyPort + " (of HTTPS_PROXY or of Maven's settings.xml)";
        if (NO_LOCKS.matcher(reason).find()) {
            return "The disk of your home folder has no file locks, which the kernel's library cache needs. Give Java a home on "
                    + "another disk: start Jupyter with JAVA_TOOL_OPTIONS=-Duser.home=FOLDER.";
        }
        if (reason.contains(".m2")) {
            return "See that this folder can be written to, or give Java another home: JJAVA_JVM_OPTS=-Duser.home=FOLDER.";
        }
        if (NO_TRUST.matcher(reason).find()) {
            return "What answers shows a certificate that Java does not trust, as a company's proxy or a virus scanner does. "
                    + "Add it to a copy of Java's certificates (docs/compatibility.md), and restart with "
                    + "JJAVA_JVM_OPTS=-Djavax.net.ssl.trustStore=FILE.";
        }
        if (proxyHost == null) {
            return "Connect to the network (behind a proxy: set HTTPS_PROXY=http://HOST:PORT and restart the kernel), "
                    + "see that the name is right, and run the cell again. Once fetched, it needs no network.";
        }
        if (reason.contains("407")) {
            return proxy.replaceFirst("t", "T") + " asks for a name and a password. Write them and the proxy into "
                    + "<proxies> of ~/.m2/settings.xml, unset HTTPS_PROXY and HTTP_PROXY, and restart the kernel.";
        }
        return "Connect to the network, see that " + proxy + " is right and answers, and run the cell again.";
    }
}
