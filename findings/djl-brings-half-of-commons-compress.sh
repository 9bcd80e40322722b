#!/usr/bin/env bash
# Guess: a library that comes with another one, as Commons Compress with DJL, comes with what it needs. Maven resolves that.
# What happens: DJL excludes Commons Lang, which Commons Compress 1.27.1 declares as required. To read a tar archive works, to
#   write one ends in NoClassDefFoundError, an Error that no `catch (IOException e)` catches. It compiles all the same, and works
#   once some other dependency brings Commons Lang.
# DJL 0.36.0 with Commons Compress 1.27.1:
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/api/build.gradle.kts#L10
#   The same error in another project with that version: https://github.com/dcm4che/dcm4chee-arc-light/issues/4660
. "$(dirname "$0")/lib/packages.sh"

program() {
    run_java << 'JAVA'
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

class Main {
    public static void main(String[] args) throws Exception {
        try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(Files.readAllBytes(Path.of("one.tar"))))) {
            System.out.println("read:  " + in.getNextEntry().getName());
        }
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(new ByteArrayOutputStream())) {
            out.putArchiveEntry(new TarArchiveEntry("one.txt"));
            out.closeArchiveEntry();
            System.out.println("write: works");
        } catch (LinkageError e) {
            System.out.println("write: " + e);
        }
    }
}
JAVA
}

echo one > "$work/one.txt"
tar -cf "$work/one.tar" -C "$work" one.txt
maven_packages ai.djl:api:0.36.0 org.slf4j:slf4j-nop:2.0.17
program | tee "$work/with-djl"
rm -r "$work/jars"
maven_packages org.apache.commons:commons-compress:1.27.1
program | tee "$work/alone"
grep -qx 'read:  one.txt' "$work/with-djl"
grep -q 'write: java.lang.NoClassDefFoundError: org/apache/commons/lang3/' "$work/with-djl"
grep -qx 'write: works' "$work/alone"
