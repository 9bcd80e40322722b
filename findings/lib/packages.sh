# Sourced by the scripts beside it: a temporary folder, $work, that goes when the script ends, and what they install into it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# maven_packages GROUP:ARTIFACT:VERSION[:CLASSIFIER]...   Jars from Maven Central, with what they depend on, in $work/jars
maven_packages() {
    local package group artifact version classifier
    {
        echo '<project><modelVersion>4.0.0</modelVersion><groupId>findings</groupId><artifactId>one</artifactId><version>1</version><dependencies>'
        for package; do
            IFS=: read -r group artifact version classifier <<< "$package"
            echo "<dependency><groupId>$group</groupId><artifactId>$artifact</artifactId><version>$version</version>"
            [ -z "$classifier" ] || echo "<classifier>$classifier</classifier>"
            echo '</dependency>'
        done
        echo '</dependencies></project>'
    } > "$work/pom.xml"
    quietly mvn -B -f "$work/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
        -DoutputDirectory="$work/jars"
    printf 'Maven Central: %s\n' "$@"
}

# djl_packages [GROUP:ARTIFACT:VERSION...]   DJL 0.36.0 with PyTorch 2.7.1 for the CPU, and what else is named
djl_packages() {
    maven_packages ai.djl.pytorch:pytorch-engine:0.36.0 ai.djl.pytorch:pytorch-jni:2.7.1-0.36.0 \
        ai.djl.pytorch:pytorch-native-cpu:2.7.1:linux-x86_64 org.slf4j:slf4j-nop:2.0.17 "$@"
}

# python_packages NAME==VERSION...   Packages from PyPI in a virtual environment of their own, $work/venv
python_packages() {
    [ -d "$work/venv" ] || python3 -m venv "$work/venv"
    quietly "$work/venv/bin/pip" install --disable-pip-version-check "$@"
    printf 'PyPI: %s\n' "$@"
}

# run_java < Main.java   One file of Java, with $work/jars; a failed `assert` ends the script
run_java() {
    cat > "$work/Main.java"
    java -version 2>&1 | sed -n 1p
    (cd "$work" && DJL_CACHE_DIR=$work/djl OPT_OUT_TRACKING=true \
        java -ea -Djava.awt.headless=true -Dai.djl.offline=true -cp "$work/jars/*" Main.java)
}

# run_cells < CELLS   Cells, with a line ---- between two, in the Java kernel in $work/venv
run_cells() {
    local script
    script=$(realpath "$(dirname "${BASH_SOURCE[0]}")/run_cells.py")
    (cd "$work" && JUPYTER_PATH=$work/venv/share/jupyter JUPYTER_RUNTIME_DIR=$work "$work/venv/bin/python" "$script")
}

# run_jshell [OPTION]... < LINES   The same in the JDK's own jshell
run_jshell() {
    jshell -J-Djava.util.prefs.userRoot="$work" "$@" 2> "$work/log"
}

quietly() {
    "$@" > "$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }
}
