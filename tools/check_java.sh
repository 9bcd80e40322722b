#!/bin/sh
# Says in one line what is wrong with `java`: the kernel needs a JDK (a JRE has no JShell) of version 17 or later.
if ! command -v java >/dev/null; then
    echo "No java on the PATH. Install a JDK, version 17 or later (https://adoptium.net), or set JAVA_HOME." >&2
    exit 1
fi
version=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p')
case $version in
    1.*|9|1[0-6]) echo "java is version $version; the notebook needs a JDK 17 or later. Set JAVA_HOME to one." >&2; exit 1 ;;
esac
if ! java --list-modules | grep -q '^jdk.jshell'; then
    echo "This java is a JRE without JShell. Install a JDK, version 17 or later, or set JAVA_HOME to one." >&2
    exit 1
fi
